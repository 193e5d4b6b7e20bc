using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Client;
using SelfHelpPortal.Features.Staff.SeedDemo;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Client;

public class OfflineTests(ApiPortal portal) : IClassFixture<ApiPortal>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(RequestKind.Info, "info")]
    [InlineData(RequestKind.Activate, "activate")]
    public async Task A_request_file_says_what_the_portal_asks_for(RequestKind kind, string word)
    {
        using var pc = await ActiveAsync();

        RequestFile.TryRead(pc.Client.RequestText(kind), out var file, out _).ShouldBeTrue();

        file.Kind.ShouldBe(word);
        (file.Product, file.PcName, file.HardwareCode).ShouldBe((ApiPortal.Beam, pc.Name, pc.Client.HardwareCode));
        file.ActivationKey.ShouldBe(kind == RequestKind.Activate ? pc.Client.ActivationKey : null);
        file.Mac.ShouldBeNull();
    }

    [Fact]
    public void The_mail_and_the_page_carry_the_hardware_code()
    {
        using var pc = new LicensedPc(portal, "KASSE-NEU", ApiPortal.Pos, "de");
        pc.Client.TransferPage.PathAndQuery.ShouldBe($"/transfer?product=muster-pos&hw={pc.Client.HardwareCode}");
        var (subject, body) = pc.Client.RequestMail();
        subject.ShouldContain("KASSE-NEU");
        body.ShouldContain(pc.Client.HardwareCode);
        body.ShouldContain("Hardwarecode");
        pc.Client.SaveRequestFile(Path.Combine(pc.Folder, "kasse.lshreq"), RequestKind.Info).Succeeded.ShouldBeTrue();
        pc.Client.SaveRequestFile(Path.Combine(pc.Folder, "nowhere", "kasse.lshreq"), RequestKind.Info)
            .ShouldBe(LicenseCodes.FileNotWritten, succeeded: false);
    }

    [Fact]
    public async Task A_license_file_is_taken_on_the_computer_it_was_made_for_and_only_there()
    {
        using var pc = await ActiveAsync();
        var file = pc.State.License!;
        File.Delete(pc.StateFile);
        using var other = new LicensedPc(portal, "PROJEKTOR-2");
        using var foreign = new LicensedPc(portal, pc.Name, ApiPortal.Pos);

        other.Client.ImportLicense(file).ShouldBe(LicenseCodes.AnotherComputer, succeeded: false);
        foreign.Client.ImportLicense(file).ShouldBe(LicenseCodes.WrongProduct, succeeded: false);
        pc.Client.ImportLicense("no license").ShouldBe(LicenseCodes.BadFile, succeeded: false);
        pc.Client.ImportLicense("Guten Tag,\r\n\r\n> " + file.Replace("\n", "\r\n> ", StringComparison.Ordinal))
            .ShouldBe("VALID", succeeded: true);

        pc.Restart().Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
        pc.Client.ActivationKey.ShouldBeNull();
        pc.Client.ImportLicense(file).ShouldBe("VALID", succeeded: true);
        (await pc.Client.CheckInAsync()).ShouldBe("VALID", succeeded: true);
    }

    [Fact]
    public async Task An_older_file_cannot_take_the_place_of_a_newer_activation()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam, seats: 2);
        using var pc = await new LicensedPc(portal, "PROJEKTOR-1").ActivatedAsync(key);
        var first = pc.State.License!;
        await portal.ReleaseByKeyAsync(pc);
        File.Delete(pc.StateFile);
        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        await pc.Restart().ActivatedAsync(key);

        pc.Client.ImportLicense(first).ShouldBe(LicenseCodes.AlreadyReleased, succeeded: false);

        pc.State.License.ShouldNotBe(first);
    }

    [Fact]
    public async Task A_program_that_is_never_online_goes_on_until_the_blocklist_names_it()
    {
        using var pc = await ActiveAsync();
        pc.CheckInsRequired = false;
        pc.ClockIsOff = 400 * Day;
        pc.Restart().Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid).UsableUntil.ShouldBeNull();
        var claims = LicenseFile.Read(pc.State.License, Keys).Claims!;
        var key = portal.Portal.Services.GetRequiredService<SigningKeys>().For(SignaturePurpose.Blocklist);
        using var forger = Es256Key.Create(SignaturePurpose.Blocklist);

        pc.Client.ImportBlocklist(new Blocklist(7, pc.Now, []).Write(key)).Succeeded.ShouldBeTrue();
        pc.Client.ImportBlocklist(new Blocklist(9, pc.Now, [new(claims.Handle, claims.Generation)]).Write(forger))
            .ShouldBe(LicenseCodes.BadFile, succeeded: false);
        pc.Client.ImportBlocklist(new Blocklist(6, pc.Now, [new(claims.Handle, claims.Generation)]).Write(key))
            .ShouldBe(LicenseCodes.BadFile, succeeded: false);
        pc.Status.IsUsable.ShouldBeTrue();
        pc.Client.ImportBlocklist(new Blocklist(8, pc.Now, [new(claims.Handle, claims.Generation)]).Write(key)).Succeeded.ShouldBeTrue();

        pc.Status.ShouldBe(LicenseCondition.Blocked, LicenseCodes.Blocklisted);
        pc.Told.ShouldBe(["locked BLOCKLISTED"]);

        pc.Client.ImportBlocklist(new Blocklist(9, pc.Now, []).Write(key)).Succeeded.ShouldBeTrue();
        pc.Status.ShouldBe(LicenseCondition.Valid, LicenseCodes.Valid);
    }

    [Fact]
    public async Task An_emergency_code_lets_a_locked_computer_run_for_72_hours_once_a_year()
    {
        var key = await portal.LicenseAsync(ApiPortal.Beam);
        using var old = await new LicensedPc(portal, "ALT").ActivatedAsync(key);
        await portal.ReleaseByKeyAsync(old);
        using var pc = await new LicensedPc(portal, "NEU").ActivatedAsync(key);
        await old.Client.CheckInAsync();
        await pc.Client.CheckInAsync();
        pc.Status.ShouldBe(LicenseCondition.Locked, "LOCKED_ILLEGAL");
        var claims = LicenseFile.Read(pc.State.License, Keys).Claims!;
        string CodeOf(int year) => EmergencyCode.Compute(claims.ReleaseSecret, claims.Handle, claims.Generation, year).ToString();

        pc.Client.EnterEmergencyCode(CodeOf(portal.Clock.Now.Year + 1)).ShouldBe(LicenseCodes.WrongEmergencyCode, succeeded: false);
        pc.Client.EnterEmergencyCode(CodeOf(portal.Clock.Now.Year)).ShouldBe(LicenseCodes.Emergency, succeeded: true);

        pc.Status.ShouldBe(LicenseCondition.Warning, LicenseCodes.Emergency).UsableUntil.ShouldBe(portal.Clock.Now.AddHours(72));
        (await pc.Client.CheckInAsync()).ShouldBe("LOCKED_ILLEGAL", succeeded: false);
        pc.Status.IsUsable.ShouldBeTrue();
        pc.ClockIsOff = TimeSpan.FromHours(72);
        pc.Status.ShouldBe(LicenseCondition.Locked, "LOCKED_ILLEGAL");
        pc.Client.EnterEmergencyCode(CodeOf(portal.Clock.Now.Year)).ShouldBe(LicenseCodes.WrongEmergencyCode, succeeded: false);
    }

    [Fact]
    public async Task The_code_of_the_customers_page_is_taken_offline_and_an_online_computer_needs_none()
    {
        var key = await portal.LicenseAsync(ApiPortal.Pos);
        using var old = await new LicensedPc(portal, "KASSE-ALT", ApiPortal.Pos).ActivatedAsync(key);
        await portal.ReleaseByKeyAsync(old);
        using var pc = await new LicensedPc(portal, "KASSE-NEU", ApiPortal.Pos).ActivatedAsync(key);
        await portal.ChangeAsync(pc, license =>
        {
            // Three working days on which the old one was used.
            var seen = license.Activations.Single(a => !a.IsActive);
            for (var day = 0; day < 3; day++)
            {
                var at = portal.Clock.Now.AddSeconds(1).AddDays(day - 2);
                license.DetectConcurrentUse(seen, seen.HardwareCode, SeedDemo.Products[0].Policies, new(portal.Clock.Now, true, true),
                    "F-9001", at).ShouldNotBeNull();
            }
        });
        await pc.Client.CheckInAsync();
        pc.Status.ShouldBe(LicenseCondition.Locked, "LOCKED_ILLEGAL");
        using var owner = new Browser(portal.Portal, "de");
        await owner.GetAsync(await FlagLinkAsync("F-9001"));
        await owner.SubmitAsync(owner.Page.QuerySelectorAll("main form").OfType<AngleSharp.Html.Dom.IHtmlFormElement>().Last(),
            ("Act", "emergency"), ("Confirmed", "yes"));
        var code = owner.Page.QuerySelector("#emergency-code")!.TextContent;
        var until = portal.Clock.Now.AddHours(72);

        pc.Wire.IsCut = true;
        pc.Client.EnterEmergencyCode(code).ShouldBe(LicenseCodes.Emergency, succeeded: true);
        pc.Status.ShouldBe(LicenseCondition.Warning, LicenseCodes.Emergency).UsableUntil.ShouldBe(until);
        pc.Wire.IsCut = false;
        (await pc.Client.CheckInAsync()).ShouldBe("VALID_GRACE", succeeded: true);
        pc.Status.ShouldBe(LicenseCondition.Warning, "VALID_GRACE").UsableUntil.ShouldBe(until);
        pc.State.NextCheckIn!.Value.ShouldBeLessThanOrEqualTo(portal.Clock.Now.AddDays(1));
        pc.ClockIsOff = TimeSpan.FromHours(72);
        pc.Status.ShouldBe(LicenseCondition.OutOfTouch, LicenseCodes.OutOfTouch);
        pc.ClockIsOff = TimeSpan.Zero;

        portal.Clock.Advance(TimeSpan.FromHours(72));
        (await pc.Client.CheckInAsync()).ShouldBe("LOCKED_ILLEGAL", succeeded: false);
        pc.Status.IsUsable.ShouldBeFalse();
    }

    private async Task<string> FlagLinkAsync(string number)
    {
        await using var db = portal.Portal.Open();
        var flag = await db.Flags.Where(f => f.Number == number).Select(f => f.Id).SingleAsync();
        var token = SecretLinks.Issue(db, LinkPurpose.Flag, flag, portal.Clock.Now);
        await db.SaveChangesAsync();
        return $"/flag/{token}";
    }

    private VerificationKeys Keys => VerificationKeys.FromJwks(portal.Portal.Services.GetRequiredService<SigningKeys>().Jwks.Span);

    private async Task<LicensedPc> ActiveAsync() =>
        await new LicensedPc(portal, "PROJEKTOR-1").ActivatedAsync(await portal.LicenseAsync(ApiPortal.Beam));
}
