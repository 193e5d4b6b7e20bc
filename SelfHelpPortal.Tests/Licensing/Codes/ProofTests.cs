using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

/// <summary>Codes, tokens and proofs made with the release secret: the right secret, handle, generation and purpose, or nothing.</summary>
public class ProofTests
{
    private const string Handle = "MHWSY169FV7B2";
    private const string OtherHandle = "X7V8WF4TZ6AJG";
    private static readonly byte[] Secret = Convert.FromHexString(Vectors.All.QrTokens[0].ReleaseSecretHex);
    private static readonly byte[] OtherSecret = Convert.FromHexString(Vectors.All.QrTokens[1].ReleaseSecretHex);

    [Fact]
    public void A_verification_code_fits_one_activation()
    {
        var code = VerificationCode.Compute(Secret, Handle, 1);
        code.Matches(Secret, Handle, 1).ShouldBeTrue();
        code.Matches(OtherSecret, Handle, 1).ShouldBeFalse();
        code.Matches(Secret, OtherHandle, 1).ShouldBeFalse();
        code.Matches(Secret, Handle, 2).ShouldBeFalse();
    }

    [Fact]
    public void An_emergency_code_fits_one_activation_and_year()
    {
        var code = EmergencyCode.Compute(Secret, Handle, 1, 2026);
        code.Matches(Secret, Handle, 1, 2026).ShouldBeTrue();
        code.Matches(OtherSecret, Handle, 1, 2026).ShouldBeFalse();
        code.Matches(Secret, OtherHandle, 1, 2026).ShouldBeFalse();
        code.Matches(Secret, Handle, 2, 2026).ShouldBeFalse();
        code.Matches(Secret, Handle, 1, 2027).ShouldBeFalse();
    }

    [Fact]
    public void A_token_reads_back_in_any_case() => Prop.ForAll(Generated.Secret, Gen.Choose(1, 255).ToArbitrary(), (secret, generation) =>
    {
        var handle = Handles.New();
        var token = ReleaseLink.Token(secret, handle, generation);
        foreach (var spelling in new[] { token, token.ToLowerInvariant() })
        {
            ReleaseLink.TryParse(spelling, out var link).ShouldBeTrue();
            (link!.Handle, link.Generation, link.Normalized, link.LastFour).ShouldBe((handle, generation, token, token[^4..]));
            link.Verify(secret).ShouldBeTrue();
            link.Verify(OtherSecret).ShouldBeFalse();
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_changed_token_is_genuine()
    {
        var token = ReleaseLink.Token(Secret, Handle, 1);
        for (var place = 0; place < token.Length; place++)
        {
            foreach (var wrong in CodeAlphabet.Symbols.Where(symbol => symbol != token[place]))
            {
                var changed = token[..place] + wrong + token[(place + 1)..];
                (ReleaseLink.TryParse(changed, out var link) && link.Verify(Secret)).ShouldBeFalse(changed);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("06J7K7R4S5ZCXC81AGMA7K0XTJA5NQH")]
    [InlineData("06J7K7R4S5ZCXC81AGMA7K0XTJA5NQHG0")]
    [InlineData("0AJ7K7R4S5ZCXC81AGMA7K0XTJA5NQHG")] // version 2
    [InlineData("06J7K7R4S5ZCXC8UAGMA7K0XTJA5NQHG")]
    public void What_is_no_genuine_token_is_refused(string? token) =>
        (ReleaseLink.TryParse(token, out var link) && link.Verify(Secret)).ShouldBeFalse();

    [Theory]
    [InlineData(")")]
    [InlineData(">")]
    [InlineData("\".")]
    [InlineData(",")]
    [InlineData("”")]
    public void What_stands_behind_a_link_in_a_mail_is_no_part_of_it(string behind)
    {
        ReleaseLink.TryParse(ReleaseLink.Token(Secret, Handle, 1) + behind, out var link).ShouldBeTrue();
        link!.Verify(Secret).ShouldBeTrue();
    }

    [Fact]
    public void Generation_zero_is_no_token()
    {
        byte[] bytes = [1, .. Handles.ToBytes(Handle), 0, .. new byte[10]];
        ReleaseLink.TryParse(CodeAlphabet.Encode(bytes), out _).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => ReleaseLink.Token(Secret, Handle, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => ReleaseLink.Token(Secret, Handle, 256));
    }

    [Fact]
    public void A_device_proof_covers_all_it_is_made_of()
    {
        var proof = DeviceProof.Compute(DeviceProof.Check, Handle, 1, "n0", 1790000000, Secret);
        DeviceProof.Verify(proof, DeviceProof.Check, Handle, 1, "n0", 1790000000, Secret).ShouldBeTrue();
        DeviceProof.Verify(proof, DeviceProof.Release, Handle, 1, "n0", 1790000000, Secret).ShouldBeFalse();
        DeviceProof.Verify(proof, DeviceProof.Check, OtherHandle, 1, "n0", 1790000000, Secret).ShouldBeFalse();
        DeviceProof.Verify(proof, DeviceProof.Check, Handle, 2, "n0", 1790000000, Secret).ShouldBeFalse();
        DeviceProof.Verify(proof, DeviceProof.Check, Handle, 1, "n1", 1790000000, Secret).ShouldBeFalse();
        DeviceProof.Verify(proof, DeviceProof.Check, Handle, 1, "n0", 1790000001, Secret).ShouldBeFalse();
        DeviceProof.Verify(proof, DeviceProof.Check, Handle, 1, "n0", 1790000000, OtherSecret).ShouldBeFalse();
        DeviceProof.Verify(proof[..^1], DeviceProof.Check, Handle, 1, "n0", 1790000000, Secret).ShouldBeFalse();
        DeviceProof.Verify(null, DeviceProof.Check, Handle, 1, "n0", 1790000000, Secret).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(600, false)]
    [InlineData(-600, false)]
    [InlineData(601, true)]
    [InlineData(-601, true)]
    public void A_clock_may_be_ten_minutes_off(long seconds, bool isOff)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
        DeviceProof.IsClockOff(now.ToUnixTimeSeconds() + seconds, now).ShouldBe(isOff);
        DeviceProof.IsClockOff(long.MinValue, now).ShouldBeTrue();
        DeviceProof.IsClockOff(long.MaxValue, now).ShouldBeTrue();
    }

    [Theory]
    [InlineData("0U")]
    [InlineData("U0")]
    [InlineData("0!")]
    [InlineData("00 ")]
    public void What_is_no_symbol_stands_for_no_bytes(string symbols) => CodeAlphabet.TryDecode(symbols, out _).ShouldBeFalse();

    [Fact]
    public void A_handle_has_one_spelling_only()
    {
        Handles.TryParse(Handle.ToLowerInvariant(), out var handle).ShouldBeTrue();
        handle.ShouldBe(Handle);
        Handles.TryParse(Handle[..^1] + "3", out _).ShouldBeFalse("the padding bit is set");
        Handles.TryParse(Handle[..^1], out _).ShouldBeFalse();
        Handles.TryParse(Handle + "0", out _).ShouldBeFalse();
        Handles.TryParse(null, out _).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => Handles.ToBytes(Handle[..^1] + "3"));
    }

    [Fact]
    public void Handles_and_secrets_are_new_each_time()
    {
        Enumerable.Range(0, 1000).Select(_ => Handles.New()).Distinct().Count().ShouldBe(1000);
        Enumerable.Range(0, 1000).Select(_ => Convert.ToHexString(ReleaseSecret.New())).Distinct().Count().ShouldBe(1000);
        ReleaseSecret.New().Length.ShouldBe(20);
    }

    [Fact]
    public void Bytes_read_back() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        CodeAlphabet.TryDecode(CodeAlphabet.Encode(bytes), out var read).ShouldBeTrue();
        read.ShouldBe(bytes);
    }).QuickCheckThrowOnFailure();
}
