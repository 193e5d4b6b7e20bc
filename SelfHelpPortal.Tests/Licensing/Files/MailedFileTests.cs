using System.Text;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Files;

/// <summary>
/// Request and license files that went through mail programs, editors and hands: 300 in each run, 10,000 with <c>SELFHELP_LONG=1</c>.
/// </summary>
public sealed class MailedFileTests : IDisposable
{
    /// <summary>In the order in which they happen.</summary>
    private static readonly IReadOnlyList<(string Name, Func<Seeded, string, string> Apply)> Ways =
    [
        ("dashes escaped by a signer", (_, text) =>
            string.Join("\n", text.Split('\n').Select(line => line.StartsWith('-') ? "- " + line : line))),
        ("a dash lost", (random, text) => text.Replace("-----", random.Of(["----", "---"]))),
        ("dashes made longer", (random, text) =>
            text.Replace("-----", random.Of(["\u2014\u2013", "\u2014\u2014-", "\u2013\u2013\u2013\u2013\u2013"]))),
        ("blanks at line ends", (random, text) => text.Replace("\n", random.Of([" \n", "\u00A0\n", "  \n"]))),

        // A line with a letter of two bytes and a blank less is as long as one that was folded by bytes.
        ("no blanks at line ends", (_, text) => text.Any(c => c >= 0x80)
            ? text
            : string.Join("\n", text.Split('\n').Select(line => line.TrimEnd(' ')))),
        ("tags at line ends", (random, text) => text.Replace("\n", random.Of(["<br>\n", "<br/>\r\n", "<BR>\n"]))),
        ("paragraphs", (_, text) => string.Concat(text.TrimEnd('\n').Split('\n').Select(line => $"<p>{line}</p>\n"))),
        ("no-break blanks in the frame", (_, text) => text.Replace(" LSHP ", "\u00A0LSHP\u00A0")),
        ("empty lines", (_, text) => text.Replace("\n", "\n\n")),
        ("twice", (random, text) => text + random.Of(["", "\n", "\nund noch einmal:\n"]) + text),
        ("a mail around", (_, text) => "Guten Tag,\n\nanbei die Datei von Kasse 3 (a=b).\n\n" + text + "\n-- \nMuster GmbH\n"),
        ("indented", (random, text) => In(text, random.Of(["    ", "\t", "  "]))),
        ("quoted", (random, text) => In(text, random.Of(["> ", "> > ", ">> ", "| "]))),
        ("quoted once more", (_, text) => In(text, "> ")),
        ("quoted-printable", (_, text) => QuotedPrintable(text)),
        ("line ends of another system", (random, text) => text.Replace("\n", random.Of(["\r\n", "\r"]))),
        ("a byte order mark", (_, text) => "\uFEFF" + text),
    ];

    private static readonly string[] Names =
        ["KASSE Łódź", "Kasse 2  im Laden", "Büro & Lager <1>", "a > b", "- Kasse -", "\"Neu\" ", "x=y=", "K"];

    private readonly Es256Key _key = Es256Key.Create(SignaturePurpose.License);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Files_are_read_after_whatever_happened_to_them()
    {
        var random = new Seeded();
        var keys = new VerificationKeys([_key.ToPublic()]);
        for (var i = Effort.Times(300, 10_000); i > 0; i--)
        {
            var request = Request(random);
            var text = Mailed(random, request.Write(), out var how);
            RequestFile.TryRead(text, out var read, out var problem).ShouldBeTrue($"seed {random.Seed}, {problem}: {how}\n{text}");
            read.ShouldBe(request, $"seed {random.Seed}: {how}\n{text}");

            var license = Sample.License() with { Customer = random.Of(Names) };
            text = Mailed(random, license.Write(_key), out how);
            var verified = LicenseFile.Read(text, keys);
            verified.IsGenuine.ShouldBeTrue($"seed {random.Seed}, {verified.Fault}: {how}\n{text}");
            verified.Claims!.SaysTheSameAs(license).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_request_file_on_one_line_is_read()
    {
        var request = Request(new Seeded());
        RequestFile.TryRead(request.Write().TrimEnd('\n').Replace('\n', ' '), out var file, out _).ShouldBeTrue();
        file.ShouldBe(request);
    }

    /// <summary>As <c>fold -w 64 </c>does it, and as a program that folds elsewhere.</summary>
    [Fact]
    public void A_request_file_folded_by_bytes_is_read()
    {
        var request = Request(new Seeded()) with { PcName = "Büro Łódź Kasse" };
        var lines = request.Write().Split('\n')[1..^2];
        var json = string.Concat(lines);
        foreach (var columns in (int[])[64, 63, 70])
        {
            var folded = new StringBuilder();
            var bytes = 0;
            foreach (var symbol in json)
            {
                bytes += Encoding.UTF8.GetByteCount([symbol]);
                if (bytes > columns)
                {
                    folded.Append('\n');
                    bytes = Encoding.UTF8.GetByteCount([symbol]);
                }

                folded.Append(symbol);
            }

            var text = $"-----BEGIN LSHP REQUEST-----\n{folded}\n-----END LSHP REQUEST-----\n";
            RequestFile.TryRead(text, out var file, out _).ShouldBeTrue();
            file.ShouldBe(request, $"{columns} columns");
        }
    }

    [Fact]
    public void Two_requests_that_differ_are_none()
    {
        var request = Request(new Seeded());
        RequestFile.TryRead(request.Write() + request.Write(), out _, out _).ShouldBeTrue();
        RequestFile.TryRead(request.Write() + (request with { PcName = "another" }).Write(), out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_file_is_read_in_every_encoding_that_editors_save()
    {
        var text = Request(new Seeded()).Write();
        foreach (var encoding in (Encoding[])[new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            FileText.Of([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]).ShouldBe(text, encoding.WebName);
        }

        FileText.Of([0x4B, 0xE4, 0x73]).ShouldBeNull();
        FileText.Of([0xFF, 0xFE, 0x00, 0xD8]).ShouldBeNull("half a surrogate pair");
        FileText.Of([]).ShouldBeEmpty();
    }

    /// <summary>
    /// What is counted is the memory asked for, which no other program on the machine changes; what is made once for all texts counts
    /// little.
    /// </summary>
    [Fact]
    public void Twice_the_text_takes_twice_the_work()
    {
        const int Noise = 512 * 1024;
        foreach (var unit in (string[])["-", "\u2014", "----BEGIN LSHP REQUEST----\n", "> ", "----BEGIN ", "x", "=\n", "<br>", " ",
            "----BEGIN LSHP REQUEST----\nx\n----END LSHP REQUEST----\n"])
        {
            Work(unit, 256);
            (double half, double whole) = (Work(unit, 16 * 1024), Work(unit, 32 * 1024));
            whole.ShouldBeLessThan((2.6 * half) + Noise, $"{unit}: {half} bytes for 16 Ki characters, {whole} for 32 Ki");
        }

        static long Work(string unit, int length)
        {
            var text = string.Concat(Enumerable.Repeat(unit, length / unit.Length));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Armor.TryUnwrap(ArmorKind.License, text, out _);
            Armor.TryUnwrap(ArmorKind.Request, text, out _);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static string Mailed(Seeded random, string text, out string how)
    {
        var names = new List<string>();
        foreach (var way in Enumerable.Range(0, random.Below(5)).Select(_ => random.Below(Ways.Count)).Distinct().Order())
        {
            names.Add(Ways[way].Name);
            text = Ways[way].Apply(random, text);
        }

        how = string.Join(", ", names);
        return text;
    }

    /// <summary>As a mail is sent: every byte beyond ASCII and the equals sign in hexadecimal, lines of at most 76 columns.</summary>
    private static string QuotedPrintable(string text)
    {
        var mailed = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            var column = 0;
            foreach (var symbol in Encoding.UTF8.GetBytes(line).Select(b => b is < 0x80 and not (byte)'=' ? $"{(char)b}" : $"={b:X2}"))
            {
                if (column + symbol.Length > 75)
                {
                    mailed.Append("=\n");
                    column = 0;
                }

                mailed.Append(symbol);
                column += symbol.Length;
            }

            mailed.Append('\n');
        }

        return mailed.ToString();
    }

    private static string In(string text, string mark) => string.Join("\n", text.Split('\n').Select(line => mark + line));

    private static RequestFile Request(Seeded random) => new()
    {
        Version = 1,
        Kind = random.Of(["activate", "release", "info"]),
        Product = "muster-pos",
        ActivationKey = random.Below(2) == 0 ? null : "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH",
        HardwareCode = "H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN",
        PcName = string.Concat(Enumerable.Range(0, 1 + random.Below(4)).Select(_ => random.Of(Names))),
        AppVersion = "1.0.7",
        Created = DateTimeOffset.UnixEpoch.AddDays(20_000),
        Nonce = "q3Zf0Vbq",
    };
}
