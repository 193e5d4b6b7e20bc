using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Files;

/// <summary>T24: 0 of the changed files accepted, all genuine ones accepted. Ten times as many in the long run.</summary>
public sealed class ForgeryTests : IDisposable
{
    private readonly Es256Key _license = Es256Key.Create(SignaturePurpose.License);
    private readonly Es256Key _other = Es256Key.Create(SignaturePurpose.License);
    private readonly Es256Key _answer = Es256Key.Create(SignaturePurpose.Answer);
    private readonly VerificationKeys _keys;

    public ForgeryTests() => _keys = new VerificationKeys([_license.ToPublic(), _other.ToPublic(), _answer.ToPublic()]);

    public void Dispose()
    {
        _license.Dispose();
        _other.Dispose();
        _answer.Dispose();
    }

    [Fact]
    public void Every_genuine_file_is_accepted_with_all_its_claims()
    {
        var random = new Seeded();
        for (var i = 0; i < Effort.Times(1_000, 10_000); i++)
        {
            var file = Sample.License(random);
            var read = LicenseFile.Read(file.Write(_license), _keys);
            read.IsGenuine.ShouldBeTrue($"seed {random.Seed}, file {i}: {read.Fault}");
            read.Claims!.ShouldBeEquivalentTo(file);
        }
    }

    [Fact]
    public void No_mutation_is_accepted()
    {
        var random = new Seeded();
        var made = new Dictionary<string, int>();
        for (var i = 0; i < Effort.Times(10_000, 100_000); i++)
        {
            var genuine = Compact(Sample.License(random).Write(_license));
            var (kind, changed) = Mutate(genuine, random);
            made[kind] = made.GetValueOrDefault(kind) + 1;
            changed.ShouldNotBe(genuine);
            LicenseFile.Read(Armor.Wrap(ArmorKind.License, changed), _keys).IsGenuine.ShouldBeFalse(
                $"seed {random.Seed}, mutation {i} ({kind}):\n{changed}");
        }

        made.Count.ShouldBe(Mutations.Length);
    }

    /// <summary>
    /// The control: with the signature made anew, the same machinery accepts a changed file, so it is the signature that refuses above.
    /// </summary>
    [Fact]
    public void A_changed_file_that_is_signed_anew_is_accepted()
    {
        var parts = Compact(Sample.License().Write(_license)).Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("\"seats\":", "\"seats\":1");
        LicenseFile.Read(Armor.Wrap(ArmorKind.License, Jws.Sign(Encoding.UTF8.GetBytes(payload), _license)),
            _keys).IsGenuine.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"alg":"ES256","alg":"ES256","kid":"KID","typ":"lshp-license+jwt"}""", FileFault.Malformed)]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"lshp-license+jwt","jwk":{}}""", FileFault.Malformed)]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"lshp-license+jwt","crit":["x"]}""", FileFault.Malformed)]
    [InlineData("""{"alg":"ES256","kid":"KID"}""", FileFault.Malformed)]
    [InlineData("""{"alg":null,"kid":"KID","typ":"lshp-license+jwt"}""", FileFault.Malformed)]
    [InlineData("""{"alg":"none","kid":"KID","typ":"lshp-license+jwt"}""", FileFault.WrongAlgorithm)]
    [InlineData("""{"alg":"HS256","kid":"KID","typ":"lshp-license+jwt"}""", FileFault.WrongAlgorithm)]
    [InlineData("""{"alg":"es256","kid":"KID","typ":"lshp-license+jwt"}""", FileFault.WrongAlgorithm)]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"lshp-answer+jwt"}""", FileFault.WrongType)]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"JWT"}""", FileFault.WrongType)]
    [InlineData("""{"alg":"ES256","kid":"license-unknown","typ":"lshp-license+jwt"}""", FileFault.UnknownKey)]
    [InlineData("""{"alg":"ES256","kid":"ANSWER","typ":"lshp-license+jwt"}""", FileFault.ForeignKey)]
    public void Each_wrong_header_is_refused_for_its_own_reason_even_when_signed(string header, FileFault fault)
    {
        var key = header.Contains("ANSWER", StringComparison.Ordinal) ? _answer : _license;
        var forged = Signed(header.Replace("KID", _license.Kid).Replace("ANSWER", _answer.Kid),
            Payload(Compact(Sample.License().Write(_license))), key);
        var read = LicenseFile.Read(Armor.Wrap(ArmorKind.License, forged), _keys);
        (read.IsGenuine, read.Fault).ShouldBe((false, fault));
    }

    [Theory]
    [InlineData("\"gen\":", "\"gen\":0,\"was\":")]
    [InlineData("\"gen\":", "\"gen\":256,\"was\":")]
    [InlineData("\"gen\":", "\"gen\":\"1\",\"was\":")]
    [InlineData("\"gen\":", "\"gen\":1.5,\"was\":")]
    [InlineData("\"gen\":", "\"gen\":1,\"gen\":")]
    [InlineData("\"gen\":", "\"was\":")]
    [InlineData("\"act\":\"", "\"act\":\"x")]
    [InlineData("\"seats\":", "\"seats\":-")]
    [InlineData("\"iat\":", "\"iat\":99999999999")]
    [InlineData("\"iat\":", "\"iat\":true,\"was\":")]
    [InlineData("\"rs\":\"", "\"rs\":\"AAAA")]
    [InlineData("\"rs\":\"", "\"rs\":\"+\",\"was\":\"")]
    [InlineData("\"channels\":\"8\"", "\"channels\":\"8\",\"channels\":\"80\"")]
    [InlineData("\"every\":", "\"every\":0,\"was\":")]
    [InlineData("\"sub\":\"", "\"sub\":null,\"was\":\"")]
    [InlineData("{\"iss\"", "[{\"iss\"")]
    public void Signed_but_impossible_claims_are_refused(string what, string becomes)
    {
        var payload = Payload(Compact(Sample.License().Write(_license)));
        payload.ShouldContain(what);
        var read = LicenseFile.Read(
            Armor.Wrap(ArmorKind.License, Jws.Sign(Encoding.UTF8.GetBytes(payload.Replace(what, becomes)), _license)), _keys);
        (read.IsGenuine, read.Fault).ShouldBe((false, FileFault.BadClaims));
    }

    [Fact]
    public void Claims_of_a_newer_portal_are_skipped()
    {
        var payload = Payload(Compact(Sample.License().Write(_license))).Replace("{\"iss\"", "{\"newer\":[{\"a\":1}],\"iss\"");
        LicenseFile.Read(Armor.Wrap(ArmorKind.License, Jws.Sign(Encoding.UTF8.GetBytes(payload), _license)),
            _keys).IsGenuine.ShouldBeTrue();
    }

    [Fact]
    public void One_kind_of_signed_text_never_passes_for_another()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1_795_000_000);
        var answer = new CheckInAnswer("n-1", at, "0123456789ABC", 3, false, "RELEASED");
        var text = answer.Write(_answer);
        CheckInAnswer.Read(text, "n-1", _keys).Claims.ShouldBe(answer);
        CheckInAnswer.Read(text, "n-2", _keys).Fault.ShouldBe(FileFault.BadClaims);
        LicenseFile.Read(Armor.Wrap(ArmorKind.License, text), _keys).Fault.ShouldBe(FileFault.ForeignKey);
        Blocklist.Read(text, _keys).Fault.ShouldBe(FileFault.ForeignKey);
        CheckInAnswer.Read(Compact(Sample.License().Write(_license)), "n-1", _keys).Fault.ShouldBe(FileFault.ForeignKey);

        using var key = Es256Key.Create(SignaturePurpose.Blocklist);
        var list = new Blocklist(7, at, [new BlockedActivation("0123456789ABC", 3), new BlockedActivation("ZYXWVTSRQPNMK", 255)]);
        var read = Blocklist.Read(list.Write(key), new VerificationKeys([key]));
        read.Claims!.Sequence.ShouldBe(7);
        read.Claims.IssuedAt.ShouldBe(at);
        read.Claims.Blocked.ShouldBe(list.Blocked);
    }

    private static readonly string[] Mutations =
        ["bit", "symbol", "cut", "grown", "alg", "kid", "typ", "claim", "claim twice", "other signature", "other key", "other purpose",
            "tail bits", "blank"];

    private (string Kind, string Text) Mutate(string genuine, Seeded random)
    {
        var kind = random.Of(Mutations);
        var parts = genuine.Split('.');
        var header = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0]));
        var payload = Payload(genuine);
        return (kind, kind switch
        {
            "bit" => Flip(parts, random),
            "symbol" => Replace(genuine, random.Below(genuine.Length), random.Of("ABCXYZabcxyz019-_.=+/ ".ToCharArray())),
            "cut" => random.Below(2) == 0 ? genuine[..random.Below(genuine.Length)] : genuine.Remove(random.Below(genuine.Length - 1), 1),
            "grown" => genuine.Insert(random.Below(genuine.Length + 1), random.Of(["A", ".", "AA", "AAAA", "=", ".AAAA"])),
            "alg" => With(parts, 0, header.Replace("ES256", random.Of(["none", "HS256", "RS256", "ES384", "es256", ""]))),
            "kid" => With(parts, 0,
                header.Replace(_license.Kid, random.Of([_other.Kid, _answer.Kid, "license-", "license-0", _license.Kid + "0", ""]))),
            "typ" => With(parts, 0,
                header.Replace("lshp-license+jwt", random.Of(["lshp-answer+jwt", "JWT", "lshp-license", "LSHP-LICENSE+JWT", ""]))),
            "claim" => With(parts, 1, payload.Replace("\"seats\":", "\"seats\":9")),
            "claim twice" => With(parts, 1, payload.Replace("{\"iss\"", "{\"seats\":99,\"iss\"")),
            "other signature" => parts[0] + "." + parts[1] + "." + Compact(Sample.License(random).Write(_license)).Split('.')[2],
            "other key" => Signed(header, payload, _other),
            "other purpose" => Signed(random.Below(2) == 0 ? header : header.Replace(_license.Kid, _answer.Kid), payload, _answer),
            "tail bits" => TailBits(parts),
            _ => genuine.Insert(1 + random.Below(genuine.Length - 1), random.Of(["\0", "\u200B", "\u00A0", "%20"])) is var text
            && text.Contains('\u00A0', StringComparison.Ordinal) ? text + "A" : text,
        });
    }

    private static string Flip(string[] parts, Seeded random)
    {
        var part = random.Below(3);
        var bytes = Base64Url.DecodeFromChars(parts[part]);
        bytes[random.Below(bytes.Length)] ^= (byte)(1 << random.Below(8));
        var changed = (string[])parts.Clone();
        changed[part] = Base64Url.EncodeToString(bytes);
        return string.Join('.', changed);
    }

    /// <summary>The last symbol of a signature has four bits that stand for nothing.</summary>
    private static string TailBits(string[] parts)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var last = Alphabet[Alphabet.IndexOf(parts[2][^1], StringComparison.Ordinal) | 1];
        return parts[0] + "." + parts[1] + "." + parts[2][..^1] + last;
    }

    private static string Replace(string text, int at, char symbol) =>
        text[at] == symbol ? text[..at] + "~" + text[(at + 1)..] : text[..at] + symbol + text[(at + 1)..];

    private static string With(string[] parts, int part, string json)
    {
        var changed = (string[])parts.Clone();
        changed[part] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
        return string.Join('.', changed);
    }

    private static string Payload(string compact) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(compact.Split('.')[1]));

    private static string Compact(string armored) =>
        Armor.TryUnwrap(ArmorKind.License, armored, out var text) ? text : throw new InvalidOperationException();

    /// <summary>Signs any header, as an attacker would who holds this key.</summary>
    private static string Signed(string header, string payload, Es256Key key)
    {
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "."
            + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(key.ToPem());
        return text + "." + Base64Url.EncodeToString(ecdsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }
}
