using SelfHelpPortal.Client;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

public class ReleaseTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    [Fact]
    public async Task Online_the_license_is_gone_here_and_free_for_another_computer()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var pc = await new LicensedPc(portal, "ALT").ActivatedAsync(key);
        var file = pc.State.License!;

        (await pc.Client.ReleaseAsync()).ShouldBe("RELEASED", succeeded: true);

        pc.Restart().Status.ShouldBe(LicenseCondition.NoLicense, LicenseCodes.NoLicense);
        pc.Client.PendingRelease.ShouldBeNull();
        pc.Client.ActivationKey.ShouldBe(key);
        pc.Told.ShouldBe(["released NO_LICENSE"]);
        (await pc.Client.ReleaseAsync()).ShouldBe(LicenseCodes.NoLicense, succeeded: false);
        pc.Client.ImportLicense(file).ShouldBe(LicenseCodes.AlreadyReleased, succeeded: false);
        using var next = await new LicensedPc(portal, "NEU").ActivatedAsync(key);
    }

    /// <summary>
    /// The policy takes money for a dead PC, and the license was activated twice: the code counts a day later, and nobody is stranded.
    /// </summary>
    [Fact]
    public async Task After_activating_again_a_code_is_kept_until_it_counts()
    {
        var key = await portal.LicenseAsync(ApiPortal.Pos);
        using var pc = await new LicensedPc(portal, "ALT", ApiPortal.Pos).ActivatedAsync(key);
        (await pc.Client.ActivateAsync()).ShouldBe("VALID", succeeded: true);

        // Online nothing has happened: the license is still here.
        var early = (await pc.Client.ReleaseAsync()).ShouldBe("TOO_SOON", succeeded: false);
        early.NextAllowedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(portal.Clock.Now.AddHours(24).ToUnixTimeSeconds()));
        pc.Status.IsUsable.ShouldBeTrue();

        // Offline the license is gone and the code stays.
        pc.Client.ReleaseOffline().ShouldBe(LicenseCodes.ReleasedHere, succeeded: true);
        (await pc.Client.CheckInAsync()).ShouldBe("TOO_SOON", succeeded: false);
        (await pc.Client.ActivateAsync()).ShouldBe("TOO_SOON", succeeded: false);
        pc.Restart().Client.PendingRelease.ShouldNotBeNull();
        portal.Clock.Advance(TimeSpan.FromHours(24));
        (await pc.Client.CheckInAsync()).ShouldBe("RELEASED", succeeded: true);
        pc.Client.PendingRelease.ShouldBeNull();
        using var next = await new LicensedPc(portal, "NEU", ApiPortal.Pos).ActivatedAsync(key);
    }

    [Fact]
    public async Task Without_a_connection_nothing_happens_until_the_user_decides()
    {
        using var pc = await ActiveAsync();
        pc.Wire.IsCut = true;

        (await pc.Client.ReleaseAsync()).ShouldBe(LicenseCodes.NoConnection, succeeded: false);

        pc.Status.IsUsable.ShouldBeTrue();
        pc.Client.PendingRelease.ShouldBeNull();
    }

    [Theory]
    [InlineData("en", "Activation key")]
    [InlineData("de", "Aktivierungsschlüssel")]
    public async Task Offline_the_code_is_stored_and_saved_and_frees_the_seat(string language, string label)
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var pc = await new LicensedPc(portal, "ALT", language: language).ActivatedAsync(key);
        pc.Wire.IsCut = true;
        var stick = Path.Combine(pc.Folder, "stick.txt");

        pc.Client.ReleaseOffline(stick).ShouldBe(LicenseCodes.ReleasedHere, succeeded: true);

        pc.Restart().Status.ShouldBe(LicenseCondition.Released, LicenseCodes.ReleasedHere);
        var pending = pc.Client.PendingRelease!;
        pending.Link.ShouldEndWith(pending.LastFour);
        pending.ReleasePage.AbsolutePath.ShouldBe("/release");
        var saved = await File.ReadAllTextAsync(stick);
        saved.ShouldContain($"{label}: {key}");
        saved.ShouldContain(pending.VerificationCode);
        pc.Client.ReleaseOffline().ShouldBe(LicenseCodes.ReleasedHere, succeeded: true);
        pc.Client.PendingRelease.ShouldBe(pending);

        using var browser = new Browser(portal.Portal);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", key));
        await browser.SubmitAsync(("VerificationCode", pending.VerificationCode));
        browser.Outcome.ShouldBe("released");
        using var next = await new LicensedPc(portal, "NEU").ActivatedAsync(key);

        // Online again, the old computer hears that the portal knows.
        pc.Wire.IsCut = false;
        (await pc.Client.CheckInAsync()).ShouldBe("RELEASED", succeeded: true);
        pc.Client.PendingRelease.ShouldBeNull();
    }

    [Fact]
    public async Task The_link_frees_the_seat_too()
    {
        using var pc = await ActiveAsync();
        pc.Client.ReleaseOffline().Succeeded.ShouldBeTrue();
        var link = new Uri(pc.Client.PendingRelease!.Link);
        var address = new Uri(pc.Client.PendingRelease.Link);
        pc.Client.PendingRelease.Link.ShouldStartWith($"{address.Scheme}://{address.Authority}/D/", Case.Sensitive);
        address.Segments[^1].ShouldBe(address.Segments[^1].ToUpperInvariant());

        using var phone = new Browser(portal.Portal);
        await phone.GetAsync(link.PathAndQuery);
        phone.Outcome.ShouldBe("ready");
        await phone.SubmitAsync();
        phone.Outcome.ShouldBe("released");
    }

    [Fact]
    public async Task A_stick_that_cannot_be_written_costs_nothing()
    {
        using var pc = await ActiveAsync();

        pc.Client.ReleaseOffline(Path.Combine(pc.Folder, "no-such-folder", "stick.txt"))
            .ShouldBe(LicenseCodes.FileNotWritten, succeeded: false);

        pc.Status.IsUsable.ShouldBeTrue();
    }

    [Fact]
    public async Task When_the_answer_is_lost_the_code_stays_until_the_portal_is_heard()
    {
        using var pc = await ActiveAsync();
        pc.Wire.LosesAnswers = true;

        (await pc.Client.ReleaseAsync()).ShouldBe(LicenseCodes.ReleasedHere, succeeded: false);
        pc.Restart().Status.ShouldBe(LicenseCondition.Released, LicenseCodes.ReleasedHere);
        pc.Client.PendingRelease.ShouldNotBeNull();

        pc.Wire.LosesAnswers = false;
        (await pc.Client.ReleaseAsync()).ShouldBe("RELEASED", succeeded: true);
        pc.Client.PendingRelease.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"code":"VALID"}""")]
    [InlineData("<html>Please sign in</html>")]
    public async Task Whoever_else_answers_does_not_make_the_code_go_away(string answer)
    {
        using var pc = await ActiveAsync();
        pc.Wire.Change = (_, _) => answer;

        (await pc.Client.ReleaseAsync()).ShouldBe(LicenseCodes.ReleasedHere, succeeded: false);

        pc.Client.PendingRelease.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_locked_license_stays_where_it_is()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var old = await new LicensedPc(portal, "ALT").ActivatedAsync(key);
        await portal.ReleaseByKeyAsync(old);
        using var next = await new LicensedPc(portal, "NEU").ActivatedAsync(key);
        await old.Client.CheckInAsync();

        var refused = (await next.Client.ReleaseAsync()).ShouldBe("LOCKED_ILLEGAL", succeeded: false);
        refused.CaseNumber.ShouldStartWith("F-");
        next.Client.PendingRelease.ShouldBeNull();
        await next.Client.CheckInAsync();
        next.Client.ReleaseOffline().ShouldBe("LOCKED_ILLEGAL", succeeded: false);

        await portal.ChangeAsync(
            next, license => license.Unlock(license.OpenFlag(FlagKind.Sighting)!, portal.Clock.Now).Succeeded.ShouldBeTrue());
        (await next.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
        next.Status.IsUsable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_code_that_was_given_away_never_fits_the_next_activation_on_the_same_computer()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var pc = await new LicensedPc(portal, "ALT").ActivatedAsync(key);
        pc.Client.ReleaseOffline();
        var code = pc.Client.PendingRelease!.VerificationCode;

        pc.Wire.IsCut = true;
        (await pc.Client.ActivateAsync()).ShouldBe(LicenseCodes.ReleasedHere, succeeded: false);
        pc.Wire.IsCut = false;
        (await pc.Client.ActivateAsync()).ShouldBe("VALID", succeeded: true);

        pc.Client.ReleaseOffline();
        pc.Client.PendingRelease!.VerificationCode.ShouldNotBe(code);
    }

    [Fact]
    public async Task Another_license_on_the_same_computer_gives_the_first_one_back()
    {
        var (first, second) = (await portal.LicenseAsync(ApiPortal.Beam), await portal.LicenseAsync(ApiPortal.Beam));
        using var pc = await new LicensedPc(portal, "PROJEKTOR-1").ActivatedAsync(first);

        await pc.ActivatedAsync(second);

        pc.Status.License!.KeyLastFive.ShouldBe(second[^5..]);
        pc.Client.PendingRelease.ShouldBeNull();
        using var other = await new LicensedPc(portal, "PROJEKTOR-2").ActivatedAsync(first);
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
    }

    private async Task<LicensedPc> ActiveAsync() =>
        await new LicensedPc(portal, "PROJEKTOR-1").ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));
}
