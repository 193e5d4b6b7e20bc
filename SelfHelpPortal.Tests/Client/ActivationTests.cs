using SelfHelpPortal.Client;
using SelfHelpPortal.Tests.Http.Api;

namespace SelfHelpPortal.Tests.Client;

public class ActivationTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    [Fact]
    public async Task A_license_is_bound_to_the_computer_and_kept_over_restarts()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var pc = new LicensedPc(portal, "PROJEKTOR-1");
        pc.Status.ShouldBe(LicenseCondition.NoLicense, LicenseCodes.NoLicense);

        await pc.ActivatedAsync(key.ToLowerInvariant().Replace('-', ' '));

        var status = pc.Restart().Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
        status.IsUsable.ShouldBeTrue();
        status.License!.Customer.ShouldBe("Muster Gastro GmbH");
        status.License.KeyLastFive.ShouldBe(key[^5..]);
        status.License.Seats.ShouldBe(1);
        pc.Client.ActivationKey.ShouldBe(key.ToLowerInvariant().Replace('-', ' '));
        pc.Told.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_computer_again_costs_nothing_and_another_one_hears_who_has_the_seat()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var pc = await new LicensedPc(portal, "PROJEKTOR-1").ActivatedAsync(key);
        using var other = new LicensedPc(portal, "PROJEKTOR-2");

        (await pc.Client.ActivateAsync(key)).ShouldBe("VALID", succeeded: true);
        var refused = (await other.Client.ActivateAsync(key)).ShouldBe("TOO_MANY_ACTIVATIONS", succeeded: false);

        refused.Computers.ShouldHaveSingleItem().ShouldContain("…");
        refused.ReleasePage!.AbsolutePath.ShouldBe("/release");
        refused.Message.ShouldNotBeNullOrEmpty();
        other.Status.ShouldBe(LicenseCondition.NoLicense, LicenseCodes.NoLicense);
        other.Client.ActivationKey.ShouldBeNull();
    }

    [Theory]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH", "UNKNOWN_KEY")]
    [InlineData("  ", LicenseCodes.NoKey)]
    [InlineData(null, LicenseCodes.NoKey)]
    public async Task A_key_that_opens_nothing_leaves_nothing(string? key, string code)
    {
        using var pc = new LicensedPc(portal, "PROJEKTOR-1");

        (await pc.Client.ActivateAsync(key)).ShouldBe(code, succeeded: false);

        pc.Status.ShouldBe(LicenseCondition.NoLicense, LicenseCodes.NoLicense);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_fetched_by_asking_again()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var pc = new LicensedPc(portal, "PROJEKTOR-1");
        pc.Wire.LosesAnswers = true;
        (await pc.Client.ActivateAsync(key)).ShouldBe(LicenseCodes.NoConnection, succeeded: false);
        pc.Restart().Status.ShouldBe(LicenseCondition.NoLicense, LicenseCodes.ActivationUnfinished);

        pc.Wire.LosesAnswers = false;
        (await pc.Client.ActivateAsync()).ShouldBe("VALID", succeeded: true);

        pc.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
    }

    [Fact]
    public async Task A_computer_without_any_component_is_told_so_before_a_seat_is_taken()
    {
        using var pc = new LicensedPc(portal, "CONTAINER") { Parts = [] };

        (await pc.Client.ActivateAsync(await portal.LicenseAsync(ApiPortal.Beam))).ShouldBe(LicenseCodes.NoHardware, succeeded: false);
    }

    [Fact]
    public async Task A_wrong_product_is_the_portals_answer()
    {
        using var pc = new LicensedPc(portal, "KASSE-1", ApiPortal.Pos);

        (await pc.Client.ActivateAsync(await portal.LicenseAsync(ApiPortal.Beam)))
            .ShouldBe("WRONG_PRODUCT", succeeded: false).Message.ShouldNotBeNull();
    }

    [Fact]
    public void Only_https_or_the_same_computer_is_talked_to() =>
        Should.Throw<ArgumentException>(
            () => new LicenseClient(
                new()
                {
                    Portal = new("http://licenses.example.org"),
                    Product = "p",
                    VerificationKeys = """{"keys":[]}""",
                    StateFile = "s"
                }));

    [Fact]
    public void Keys_that_are_none_are_noticed_at_once() =>
        Should.Throw<ArgumentException>(
            () => new LicenseClient(
                new() { Portal = new("https://licenses.example.org"), Product = "p", VerificationKeys = "none", StateFile = "s" }));
}
