using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>
/// Codes as they arrive: 300 of them mutilated in each run, 10,000 with <c>SELFHELP_LONG=1</c>; and texts that hold none, 20,000 and a
/// million, of which nothing may be read as one.
/// </summary>
public class MutilationTests
{
    private static readonly string[] Words =
        ("der die das Kasse Kassen Hardware Code Drucker defekt seit gestern bitte helfen Schlüssel Donnerstag Ende Eingabe ein eine Herr "
            + "Herz Haus Hilfe Deckel Dienst Email Etage Kunde Kundendienst kaputt Kabel Dank Danke Gruss Einzelhandel 030 1234567 "
            + "04.12.2026 K-10442 L-6004 2026-00042 H7 E3 D-10115 Berlin Musterstrasse 3 EUR 49,90 "
            + "version 12.4 the key does not work help desk till "
            + "computer has died DE123456789 00:1A:2B:3C:4D:5E 8f14e45f-ceea-467f-a8d9-3c1b5b6f1e2a").Split(' ');

    [Fact]
    public void A_right_code_survives_what_happens_to_it()
    {
        var random = new Seeded();
        for (var i = Effort.Times(300, 10_000); i > 0; i--)
        {
            var kind = random.Of(GroupedCode.Kinds);
            var code = Code(random, kind);
            var text = Mutilation.Apply(random, GroupedCode.Format(code), out var how);
            var (read, problem) = Generated.Read((char)kind, text);
            read.ShouldBe(code, $"seed {random.Seed}: {how}\n{text}\n{problem}");

            // In a field for another code it is named as what it is.
            var other = GroupedCode.Kinds.First(k => k != kind);
            Generated.Read((char)other, text).Problem.Seen.ShouldBe(kind, $"seed {random.Seed} read as {other}: {how}\n{text}");
        }
    }

    /// <summary>What the long run found: a line end beside the letter of the link.</summary>
    [Theory]
    [InlineData("> https://muster.example/=\n> D/{0}")]
    [InlineData("https://muster.example/D=\r\n/{0}")]
    [InlineData("https://muster.example/\n>> D\n>> /\n>> {0}")]
    [InlineData("/d/{0}")]
    public void A_link_that_is_broken_at_its_letter_is_read(string text)
    {
        var token = ReleaseLink.Token(new Seeded().Bytes(ReleaseSecret.ByteLength), CodeAlphabet.Encode(new byte[8]), 1);
        var broken = string.Concat(token.AsSpan(0, 13), "\n> ", token.AsSpan(13));
        ReleaseLink.TryParse(text.Replace("{0}", broken), out var read).ShouldBeTrue();
        read!.Normalized.ShouldBe(token);
    }

    [Fact]
    public void A_link_and_a_reference_survive_it_too()
    {
        var random = new Seeded();
        for (var i = Effort.Times(300, 10_000); i > 0; i--)
        {
            var token = ReleaseLink.Token(
                random.Bytes(ReleaseSecret.ByteLength), CodeAlphabet.Encode(random.Bytes(8)), 1 + random.Below(255));
            var link = $"{random.Of(["https://muster.example/D/", "HTTPS://MUSTER.EXAMPLE/D/", "muster.example/d/"])}{token}";
            var mailed = Around(random, random.Below(2) == 0 ? link : link.ToLowerInvariant(), out var how);
            ReleaseLink.TryParse(mailed, out var read).ShouldBeTrue($"seed {random.Seed}: {how}\n{mailed}");
            read!.Normalized.ShouldBe(token);

            var reference = RequestReference.New();
            var text = Around(random, reference.ToString(), out how);
            RequestReference.TryParse(text, out var found).ShouldBeTrue($"seed {random.Seed}: {how}\n{text}");
            found.ShouldBe(reference, text);
        }

        static string Around(Seeded random, string text, out string how)
        {
            var names = new List<string>();
            for (var step = random.Below(4); step > 0; step--)
            {
                var (name, apply) = random.Of(Mutilation.OfTheText);
                names.Add(name);
                text = apply(random, text);
            }

            how = string.Join(", ", names);
            return text;
        }
    }

    [Fact]
    public void A_wrong_code_is_never_read_as_a_right_one()
    {
        var random = new Seeded();
        for (var i = Effort.Times(20_000, 1_000_000); i > 0; i--)
        {
            var text = random.Below(2) == 0 ? Prose(random) : Mistyped(random);
            foreach (var kind in GroupedCode.Kinds)
            {
                Generated.Read((char)kind, text).Normalized.ShouldBeNull($"seed {random.Seed} as {kind}: {text}");
            }
        }
    }

    /// <summary>
    /// What is counted is the memory asked for, which no other program on the machine changes; what is made once for all texts counts
    /// little.
    /// </summary>
    [Fact]
    public void Twice_the_text_takes_twice_the_work()
    {
        const int Noise = 512 * 1024;
        foreach (var unit in (string[])
            ["K ", "K0-", "KDHE ", "D", "D0", "<a ", "<br>", "> ", "=\r\n", "&amp;", "\uFDFA", ": ", "M", "/D/0", "-----BEGIN ", "\u200B",
                "K\u200B", "“"])
        {
            Work(unit, 16);
            var length = Effort.Times(16 * 1024, 64 * 1024);
            (double half, double whole) = (Work(unit, length / 2), Work(unit, length));
            whole.ShouldBeLessThan((2.6 * half) + Noise, $"{unit}: {half} bytes for half of {length} characters, {whole} for all");
        }

        static long Work(string unit, int length)
        {
            var text = string.Concat(Enumerable.Repeat(unit, length / unit.Length));
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var kind in GroupedCode.Kinds)
            {
                Generated.Read((char)kind, text);
            }

            _ = ReleaseLink.TryParse(text, out _);
            _ = RequestReference.TryParse(text, out _);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static string Prose(Seeded random) =>
        string.Join(random.Of([" ", " ", "\n", "-", ", "]), Enumerable.Range(0, 5 + random.Below(40)).Select(_ => random.Of(Words)));

    /// <summary>A code with one wrong symbol, or with two neighbors swapped: what check symbols find for sure.</summary>
    private static string Mistyped(Seeded random)
    {
        var code = Code(random, random.Of(GroupedCode.Kinds));
        var place = 1 + random.Below(code.Length - 1);
        var mistyped = random.Below(2) == 0 && code[place] != code[place - 1]
            ? Generated.Swap(code, place - 1, place)
            : code[..place] + CodeAlphabet.Symbols[(CodeAlphabet.ValueOf(code[place]) + 1 + random.Below(31)) % 32] + code[(place + 1)..];
        return random.Of(["", "Code: ", "Guten Tag, der Code ist "]) + GroupedCode.Format(mistyped) + random.Of(["", ".", " bitte"]);
    }

    private static string Code(Seeded random, CodeKind kind)
    {
        var data = GroupedCode.LengthOf(kind) / GroupedCode.GroupLength * GroupedCode.DataPerGroup;
        return GroupedCode.Complete(
            kind, string.Concat(Enumerable.Range(1, data - 1).Select(_ => CodeAlphabet.Symbols[random.Below(32)])));
    }
}
