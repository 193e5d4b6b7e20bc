using SelfHelpPortal.Components.Kit;
using SelfHelpPortal.Features.Account;

namespace SelfHelpPortal.Tests.Account;

public class TotpTests
{
    // RFC 6238, appendix B: the seed "12345678901234567890", SHA-1, here the last six of eight digits.
    private const string Seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void The_codes_are_those_of_the_standard(long seconds, string code) =>
        Totp.Code(Seed, DateTimeOffset.FromUnixTimeSeconds(seconds)).ShouldBe(code);

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_clock_may_be_wrong_by_one_step(int steps, bool accepted)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

        var step = Totp.StepOf(Seed, Totp.Code(Seed, now.AddSeconds(30 * steps)), now);

        step.ShouldBe(accepted ? Totp.StepAt(now) + steps : null);
    }

    [Theory]
    [InlineData("005 924", true)]
    [InlineData(" 005924 ", true)]
    [InlineData("05924", false)]
    [InlineData("0059244", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("abcdef", false)]
    public void What_people_type_around_the_digits_does_not_matter(string? typed, bool accepted) =>
        Totp.StepOf(Seed, typed, DateTimeOffset.FromUnixTimeSeconds(1234567890)).HasValue.ShouldBe(accepted);

    [Fact]
    public void Seeds_are_long_and_differ()
    {
        var seeds = Enumerable.Range(0, 100).Select(_ => Totp.NewSeed()).ToList();

        seeds.Distinct().Count().ShouldBe(100);
        seeds.ShouldAllBe(s => s.Length == 32 && s.All("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".Contains));
    }

    [Fact]
    public void The_picture_holds_what_the_app_needs()
    {
        var address = Totp.Address("Muster GmbH", "clerk@team.example", Seed);

        address.ShouldBe($"otpauth://totp/Muster%20GmbH:clerk%40team.example?secret={Seed}&issuer=Muster%20GmbH&digits=6&period=30");
        var qr = AuthenticatorQr.From(address);
        qr.Size.ShouldBeGreaterThan(29);
        qr.Path.ShouldStartWith("M4 4h7v1h-7z");
    }
}
