using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Tests.Licensing.Files;

/// <summary>The last value that is taken and the first that is refused, and what is written to the letter.</summary>
public class EdgeTests
{
    private static readonly JsonTypeInfo<string> Text = (JsonTypeInfo<string>)JsonSerializerOptions.Default.GetTypeInfo(typeof(string));
    private static readonly JsonSerializerOptions Seconds = new() { Converters = { new UnixSeconds() } };

    [Theory]
    [InlineData(ArmorKind.License, "LICENSE")]
    [InlineData(ArmorKind.Request, "REQUEST")]
    public void A_frame_has_its_two_lines_and_no_empty_one(ArmorKind kind, string word)
    {
        var line = new string('x', Armor.Columns);

        Armor.Wrap(kind, line + line).ShouldBe($"-----BEGIN LSHP {word}-----\n{line}\n{line}\n-----END LSHP {word}-----\n");
    }

    [Fact]
    public void The_longest_text_is_looked_at_and_one_character_more_is_not()
    {
        var text = Armor.Wrap(ArmorKind.License, "content").PadRight(Armor.MaxLength);

        Armor.TryUnwrap(ArmorKind.License, text, out var content).ShouldBeTrue();
        content.ShouldBe("content");
        Armor.TryUnwrap(ArmorKind.License, text + " ", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_request_file_of_8_KB_is_read_and_one_byte_more_is_not()
    {
        var text = RequestFileTests.Sample.Write();
        text += new string(' ', RequestFile.MaxBytes - Encoding.UTF8.GetByteCount(text));

        RequestFile.TryRead(text, out var file, out _).ShouldBeTrue();
        file.ShouldBe(RequestFileTests.Sample);
        RequestFile.TryRead(text + " ", out _, out var problem).ShouldBeFalse();
        problem.ShouldBe(RequestFileProblem.TooLarge);
    }

    [Theory]
    [InlineData("activate", true)]
    [InlineData("release", true)]
    [InlineData("info", true)]
    [InlineData("", false)]
    [InlineData("Info", false)]
    public void A_request_has_one_of_three_kinds(string kind, bool isOne) =>
        RequestFile.TryRead((RequestFileTests.Sample with { Kind = kind }).Write(), out _, out _).ShouldBe(isOne);

    [Fact]
    public void A_text_that_is_meant_as_a_request_file_is_known_by_its_frame()
    {
        RequestFile.LooksLikeOne("> -----BEGIN LSHP REQUEST-----").ShouldBeTrue();
        RequestFile.LooksLikeOne("H1011-2BATA").ShouldBeFalse();
    }

    [Fact]
    public void The_longest_signed_text_is_verified_and_nothing_longer_is()
    {
        // Only lengths of base64url exist, so the purpose is taken whose header leaves such a length.
        foreach (var purpose in SignaturePurposes.All)
        {
            using var key = Es256Key.Create(purpose);
            var room = Jws.MaxLength - key.HeaderSegment.Length - 2 - 86;
            if (room % 4 != 1)
            {
                var bytes = (room / 4 * 3) + (room % 4) - (room % 4 == 0 ? 0 : 1);
                Verify(key, bytes).IsGenuine.ShouldBeTrue();
                Verify(key, bytes + 1).Fault.ShouldBe(FileFault.Malformed);
            }
        }

        static Verified<string> Verify(Es256Key key, int bytes)
        {
            var payload = Encoding.UTF8.GetBytes('"' + new string('x', bytes - 2) + '"');
            return Jws.Verify(Jws.Sign(payload, key), key.Purpose, new VerificationKeys([key]), Text);
        }
    }

    [Theory]
    [InlineData(SignaturePurpose.License, "lshp-license+jwt")]
    [InlineData(SignaturePurpose.Answer, "lshp-answer+jwt")]
    [InlineData(SignaturePurpose.Blocklist, "lshp-blocklist+jwt")]
    public void What_is_signed_names_its_purpose(SignaturePurpose purpose, string type)
    {
        using var key = Es256Key.Create(purpose);
        var header = StrictBase64Url.Decode(Jws.Sign("{}"u8, key).Split('.')[0]);

        JsonDocument.Parse(header!).RootElement.GetProperty("typ").GetString().ShouldBe(type);
    }

    [Fact]
    public void A_published_key_is_for_signatures()
    {
        using var key = Es256Key.Create(SignaturePurpose.License);

        JsonDocument.Parse(VerificationKeys.ToJwks([key])).RootElement.GetProperty("keys")[0].GetProperty("use").GetString()
            .ShouldBe("sig");
        key.ToPem().ShouldEndWith("-----END PRIVATE KEY-----\n");
    }

    [Theory]
    [InlineData(31, 32)]
    [InlineData(32, 33)]
    public void A_point_with_a_coordinate_of_another_length_is_refused_in_words(int x, int y) =>
        Should.Throw<CryptographicException>(() => Es256Key.FromPublicPoint("license-1", new byte[x], new byte[y]))
            .Message.ShouldBe("The public key is no point of P-256: two coordinates of 32 bytes were expected.");

    [Theory]
    [InlineData("-62135596800", "0001-01-01T00:00:00Z")]
    [InlineData("253402300799", "9999-12-31T23:59:59Z")]
    public void The_first_and_the_last_second_can_be_read(string seconds, string time)
    {
        JsonSerializer.Deserialize<DateTimeOffset>(seconds, Seconds)
            .ShouldBe(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));
        Should.Throw<JsonException>(
            () => JsonSerializer.Deserialize<DateTimeOffset>(seconds[0] == '-' ? "-62135596801" : "253402300800", Seconds));
    }

    [Theory]
    [InlineData("AA", true)]
    [InlineData("AB", false)]
    [InlineData("AA ", false)]
    [InlineData(" AA", false)]
    [InlineData("A A", false)]
    [InlineData("AAA=", false)]
    [InlineData("AAB", false)]
    public void Each_value_has_one_text(string text, bool isIt) => (StrictBase64Url.Decode(text) is not null).ShouldBe(isIt);

    [Fact]
    public void Letters_of_other_languages_are_written_as_they_are() =>
        JsonSerializer.Serialize(RequestFileTests.Sample, FilesJson.Plain.RequestFile).ShouldContain(RequestFileTests.Sample.PcName);

    [Fact]
    public void Two_files_say_the_same_when_only_their_making_differs()
    {
        var file = Sample.License();
        var again = file with { FileId = "another", IssuedAt = file.IssuedAt.AddDays(1), NotBefore = file.NotBefore.AddDays(1) };

        file.SaysTheSameAs(again).ShouldBeTrue();
        file.SaysTheSameAs(again with { Seats = file.Seats + 1 }).ShouldBeFalse();
        file.SaysTheSameAs(again with { ReleaseSecret = new byte[ReleaseSecret.ByteLength] }).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no frame")]
    [InlineData("-----BEGIN LSHP LICENSE-----\n-----END LSHP LICENSE-----\n")]
    public void A_text_without_a_frame_is_no_license(string? text)
    {
        using var key = Es256Key.Create(SignaturePurpose.License);

        LicenseFile.Read(text, new VerificationKeys([key])).Fault.ShouldBe(FileFault.Malformed);
    }

    [Fact]
    public void The_last_claims_that_can_be_meant_are_taken_and_the_first_that_cannot_are_not()
    {
        using var key = Es256Key.Create(SignaturePurpose.License);
        var file = Sample.License();
        foreach (var sound in (LicenseFile[])
        [
            file with { Generation = 1 }, file with { Generation = 255 }, file with { Seats = 1 }, file with { CheckIn = new(1, 0) },
        ])
        {
            Read(sound).IsGenuine.ShouldBeTrue();
        }

        foreach (var broken in (LicenseFile[])
        [
            file with { Generation = 0 }, file with { Generation = 256 }, file with { Seats = 0 }, file with { CheckIn = new(0, 0) },
                file with { CheckIn = new(1, -1) },
            file with { ReleaseSecret = new byte[ReleaseSecret.ByteLength - 1] },
            file with { ReleaseSecret = new byte[ReleaseSecret.ByteLength + 1] },
            file with { Handle = file.Handle.ToLowerInvariant() }, file with { Handle = file.Handle + "0" },
        ])
        {
            Read(broken).Fault.ShouldBe(FileFault.BadClaims);
        }

        Verified<LicenseFile> Read(LicenseFile written) => LicenseFile.Read(written.Write(key), new VerificationKeys([key]));
    }
}

