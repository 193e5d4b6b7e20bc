using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Machine.CheckIn;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What staff say about a case when they resolve it, what they do beside that, opening it again, and incidents.</summary>
public sealed class CaseActTests(StaffGround ground) : StaffPageContext(ground)
{
    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task What_it_was_is_kept_beside_what_it_was_taken_for()
    {
        var (_, number) = await RepairedAsync();

        (await UnlockAsync(number, new(FlagCause.SecondPc))).ShouldBe(StaffResult.Done);

        var flag = await ReadAsync(number);
        (flag.Cause, flag.Verdict).ShouldBe((FlagCause.SecondPc, FlagCause.RepairedPc));
    }

    [Fact]
    public async Task Without_what_it_was_nothing_is_resolved()
    {
        var (license, number) = await Ground.LockedAsync();

        (await UnlockAsync(number, new())).Refused.ShouldBe(StaffRefusal.Cause);

        (await license.ReadAsync()).State.ShouldBe(LicenseState.Locked);
        (await Ground.MailsAsync("unlocked", number)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_more_release_is_granted_in_the_same_act_or_nothing_happens()
    {
        var (license, number) = await Ground.LockedAsync();
        FlagResolution Until(DateTimeOffset? day) => new(FlagCause.RepairedPc, FlagPrevention.GrantRelease, Until: day);

        (await UnlockAsync(number, Until(null))).Refused.ShouldBe(StaffRefusal.Until);
        (await UnlockAsync(number, Until(Now.AddDays(400)))).Refused.ShouldBe(StaffRefusal.Until);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Locked);
        (await UnlockAsync(number, Until(Now.AddDays(30)))).ShouldBe(StaffResult.Done);

        var after = await license.ReadAsync();
        (after.State, after.Grants.Single().ExpiresAt).ShouldBe((LicenseState.Active, Now.AddDays(30)));
        (await license.EventsAsync()).TakeLast(2).Select(e => e.Kind).ShouldBe([EventKind.Unlocked, EventKind.ReleaseGranted]);
    }

    [Fact]
    public async Task The_computer_that_is_out_of_use_is_released_instead()
    {
        var license = await Portal.AddLicenseAsync(seats: 2, computers: ["KASSE-ALT", "KASSE-TOT"]);
        await license.ReleaseAsync("KASSE-ALT");
        await license.ActivateAsync("KASSE-NEU");
        Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        var number = await license.SightAsync("KASSE-ALT");
        var dead = (await license.ReadAsync()).Activations.Single(a => a.PcName == "KASSE-TOT").Id;

        (await UnlockAsync(number, new(FlagCause.WrongTillReleased, FlagPrevention.ReleaseOther, Guid.NewGuid())))
            .Refused.ShouldBe(StaffRefusal.NotFound);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Locked);
        (await UnlockAsync(number, new(FlagCause.WrongTillReleased, FlagPrevention.ReleaseOther, dead))).ShouldBe(StaffResult.Done);

        (await license.ReadAsync()).Activations.Single(a => a.Id == dead).State.ShouldBe(ActivationState.Released);
        (await license.ActivateAsync("KASSE-ALT")).IsActive.ShouldBeTrue();
        (await Ground.MailsAsync("released", license.Number)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Excluding_the_old_computer_is_only_asked_for_and_only_with_a_fresh_factor()
    {
        var (license, number) = await Ground.LockedAsync();
        var old = (await license.ReadAsync()).Activations.Single(a => a.PcName == "KASSE-ALT").Id;
        var wanted = new FlagResolution(FlagCause.SecondPc, FlagPrevention.Exclude, old);

        (await UnlockAsync(number, wanted)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        (await Ground.Use<UnlockAndExclude>().ExecuteAsync(await Ground.ActAsync(), number, wanted, Now, default))
            .ShouldBe(StaffResult.Done);

        var after = await license.ReadAsync();
        (after.State, after.Activations.Single(a => a.Id == old).State).ShouldBe((LicenseState.Active, ActivationState.Released));
        await using var db = Portal.Open();
        (await db.ExclusionRequests.SingleAsync(r => r.ActivationId == old)).Decision.ShouldBeNull();
    }

    [Fact]
    public async Task A_case_that_was_opened_again_locks_anew_and_its_owner_is_told_each_time()
    {
        var (license, number) = await Ground.LockedAsync();
        await UnlockAsync(number, new(FlagCause.RepairedPc));

        (await ReopenAsync(number, "Der alte PC läuft wieder")).ShouldBe(StaffResult.Done);

        var open = await license.ReadAsync();
        (open.State, open.OpenFlag(FlagKind.Sighting)!.Number).ShouldBe((LicenseState.Active, number));
        open.Activations.Single(a => a.PcName == "KASSE-ALT").SettledAt.ShouldBeNull();
        (await ReadAsync(number)).ShouldSatisfyAllConditions(f => f.Cause.ShouldBeNull(), f => f.ResolvedAt.ShouldBeNull());
        (await license.EventsAsync())[^1].Kind.ShouldBe(EventKind.Reopened);
        (await ReopenAsync(number)).Refused.ShouldBe(StaffRefusal.Conflict, "it is open");

        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await CheckInAsync(license, "KASSE-ALT");
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Locked);
        (await UnlockAsync(number, new(FlagCause.SecondPc))).ShouldBe(StaffResult.Done);
        (await Ground.MailsAsync("unlocked", number)).Count.ShouldBe(2);
        (await Ground.MailsAsync("locked", number)).Count.ShouldBe(1, "the first lock of this sample tells nobody");

        // A second time round, when all of these mails have a forerunner.
        await ReopenAsync(number);
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await CheckInAsync(license, "KASSE-ALT");
        (await Ground.MailsAsync("locked", number)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_case_stays_closed_beside_another_one_and_on_a_revoked_license()
    {
        var (license, number) = await Ground.LockedAsync();
        await UnlockAsync(number, new(FlagCause.RepairedPc));
        await license.ReleaseAsync("KASSE-NEU");
        await license.ActivateAsync("KASSE-DREI");
        Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        var other = await license.SightAsync("KASSE-NEU");

        (await ReopenAsync(number)).Refused.ShouldBe(StaffRefusal.Conflict);
        await UnlockAsync(other, new(FlagCause.RepairedPc));
        await license.ActAsync((l, _) => Task.FromResult(l.Revoke(Now).ShouldSucceed()));
        (await ReopenAsync(number)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await ReopenAsync("F-999999")).Refused.ShouldBe(StaffRefusal.NotFound);
    }

    [Fact]
    public async Task Cases_are_resolved_together_when_two_people_want_it()
    {
        var ((one, first), (two, second)) = (await Ground.LockedAsync(), await Ground.LockedAsync());
        var request = await RequestAsync([first, second]);
        (await one.ReadAsync()).State.ShouldBe(LicenseState.Locked, "nothing has happened yet");
        (await RequestResultAsync([first, second])).Refused.ShouldBe(StaffRefusal.Conflict, "it was asked for");

        (await ApproveAsync(request, Ground.Clerk)).Result.Refused.ShouldBe(StaffRefusal.NotPermitted);
        var outcome = await ApproveAsync(request, Ground.Administrator);

        outcome.Result.ShouldBe(StaffResult.Done);
        outcome.Cases.ShouldBe([new IncidentCase(first, null), new IncidentCase(second, null)]);
        foreach (var (license, number) in new[] { (one, first), (two, second) })
        {
            (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
            (await Ground.MailsAsync("unlocked", number)).ShouldHaveSingleItem();
            (await ReadAsync(number)).Cause.ShouldBe(FlagCause.OurFault);
            (await license.EventsAsync())[^1].ActorId.ShouldBe(Ground.Administrator.Id);
        }

        (await ApproveAsync(request, Ground.Administrator)).Cases.ShouldBeEmpty("none is left");
    }

    [Fact]
    public async Task A_case_that_was_resolved_meanwhile_holds_up_no_other()
    {
        var ((_, first), (_, second)) = (await Ground.LockedAsync(), await Ground.LockedAsync());
        var request = await RequestAsync([first, second]);
        await UnlockAsync(first, new(FlagCause.Other));

        (await ApproveAsync(request, Ground.Administrator)).Cases.ShouldBe([new IncidentCase(second, null)]);

        (await ReadAsync(first)).Cause.ShouldBe(FlagCause.Other);
        (await ReadAsync(second)).Cause.ShouldBe(FlagCause.OurFault);
    }

    [Fact]
    public async Task Nobody_approves_an_incident_alone_or_late_or_after_it_was_declined()
    {
        var ((license, first), (_, second)) = (await Ground.LockedAsync(), await Ground.LockedAsync());
        var own = await RequestAsync([first, second], Ground.Administrator);
        (await ApproveAsync(own, Ground.Administrator)).Result.Refused.ShouldBe(StaffRefusal.SecondPerson);
        (await DeclineAsync(own, Ground.Clerk)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        (await DeclineAsync(own, Ground.Administrator)).ShouldBe(StaffResult.Done);
        (await ApproveAsync(own, await StaffUser.CreateAsync(Portal, StaffRoles.Administrator))).Result.Refused
            .ShouldBe(StaffRefusal.Conflict);

        var asker = await StaffUser.CreateAsync(Portal);
        var disabled = await RequestAsync([first, second], asker);
        await asker.DisableAsync();
        (await ApproveAsync(disabled, Ground.Administrator)).Result.Refused.ShouldBe(StaffRefusal.Conflict);
        (await DeclineAsync(disabled, Ground.Administrator)).ShouldBe(StaffResult.Done);

        var late = await RequestAsync([first, second]);
        Portal.Clock.Advance(IncidentRequest.Lifetime);
        (await ApproveAsync(late, Ground.Administrator)).Result.Refused.ShouldBe(StaffRefusal.Conflict);
        (await ApproveAsync(Guid.NewGuid(), Ground.Administrator)).Result.Refused.ShouldBe(StaffRefusal.NotFound);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Locked);
    }

    [Fact]
    public async Task An_incident_has_open_cases_a_cause_and_a_limit()
    {
        var ((_, first), (_, second)) = (await Ground.LockedAsync(), await Ground.LockedAsync());

        (await RequestResultAsync([first])).Refused.ShouldBe(StaffRefusal.Conflict);
        (await RequestResultAsync([first, "F-999999"])).Refused.ShouldBe(StaffRefusal.Conflict);
        (await RequestResultAsync([.. Enumerable.Repeat(first, IncidentRequest.MostCases + 1)])).Refused.ShouldBe(StaffRefusal.Conflict);
        (await Ground.Use<RequestIncident>().ExecuteAsync(await Ground.ActAsync(), [first, second], null, Now, default)).Refused
            .ShouldBe(StaffRefusal.Cause);
        await UnlockAsync(second, new(FlagCause.Other));
        (await RequestResultAsync([first, second])).Refused.ShouldBe(StaffRefusal.Conflict);
    }

    [Theory]
    [InlineData("de", "KASSE-ALT ist repariert und wieder in Betrieb.", "Dafür spricht", "Freigegeben")]
    [InlineData("en", "KASSE-ALT has been repaired and is in use again.", "What speaks for it", "Released")]
    public async Task A_case_says_what_it_is_taken_for_why_and_how_often_that_was_right(
        string language, string verdict, string why, string mark)
    {
        var next = (await RepairedAsync()).Case;
        var (license, number) = await RepairedAsync();
        var before = (await ShowAsync(next)).Record;
        Speak(language);
        await OpenAsync(Ground.Clerk, typeof(ShowFlag), typeof(FlagPageActs));
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<FlagPage>(p => p.Add(x => x.Number, number));

        var shown = page.WaitForElement(".verdict");
        shown.QuerySelector("h2")!.TextContent.ShouldBe(verdict);
        shown.QuerySelector("h3")!.TextContent.ShouldBe(why);
        shown.QuerySelectorAll(".verdict-for li").Length.ShouldBe(3);
        page.FindAll(".lane").Count.ShouldBe(3, "two computers and the license");
        page.FindAll(".lane-key li").Select(li => li.TextContent.Trim()).ShouldContain(mark);
        page.FindAll(".case-around a").Select(a => a.GetAttribute("href")).ShouldContain($"mailto:{SampleLicense.Owner}?subject={number}");
        ShouldHoldNoRawKey(page.Nodes);

        // A verdict that is certain is chosen already.
        var acting = page.Find(".identity-act button").ClickAsync(new());
        dialogs.WaitForElement(".act-form");
        dialogs.Find("#act-cause-repairedpc").HasAttribute("checked").ShouldBeTrue();
        dialogs.FindAll("input[name=act-prevention]").Count.ShouldBe(4);
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find("#act-reason").InputAsync("Der Techniker hat ihn repariert");
        await dialogs.Find(".act-form").SubmitAsync();
        await acting;
        page.WaitForElement("[role=status][data-outcome=unlocked]");
        ShouldHoldNoRawKey(page.Nodes);

        // Another case of the kind tells of it.
        (await ShowAsync(next)).Record.ShouldBe(new VerdictRecord(before.Cases + 1, before.Right + 1));

        // And this one can be opened again.
        var reopening = page.Find(".identity-act button").ClickAsync(new());
        dialogs.WaitForElement("#act-reason");
        await dialogs.Find("#act-reason").InputAsync("Es war doch ein zweiter PC");
        await dialogs.Find(".act-form").SubmitAsync();
        await reopening;
        page.WaitForElement("[role=status][data-outcome=reopened]");
        (await license.ReadAsync()).OpenFlag(FlagKind.Sighting)!.Number.ShouldBe(number);
    }

    [Fact]
    public async Task Related_cases_are_offered_as_one_incident_and_a_second_person_finds_the_request()
    {
        var (license, number) = await Ground.LockedAsync();
        var (related, other) = await Ground.LockedAsync();
        await MoveAsync(related, license);
        Speak("en");
        await OpenAsync(Ground.Clerk, typeof(ShowFlag), typeof(FlagPageActs));
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<FlagPage>(p => p.Add(x => x.Number, number));
        page.WaitForElement("#related").TextContent.ShouldContain(other);

        var asking = page.Find("#related .button").ClickAsync(new());
        dialogs.WaitForElement(".act-form").TextContent.ShouldContain("License unlocked");
        await dialogs.Find("#act-cause").ChangeAsync("OurFault");
        await dialogs.Find("#act-reason").InputAsync("Version 4.2 released twice");
        await dialogs.Find(".act-form").SubmitAsync();
        await asking;
        page.WaitForElement("[role=status][data-outcome=incident-requested]");
        page.Find("#incident").TextContent.ShouldContain("Version 4.2 released twice");
        ShouldHoldNoRawKey(page.Nodes);

        Services.GetRequiredService<SelfHelpPortal.Shared.Access.StaffSession>().Actor = await Ground.Administrator.ActorAsync();
        page = Render<FlagPage>(p => p.Add(x => x.Number, other));
        page.WaitForElement("#incident");
        var approving = page.FindAll("#incident button")[0].ClickAsync(new());
        dialogs.WaitForElement("#act-reason");
        await dialogs.Find("#act-reason").InputAsync("Looked through");
        await dialogs.Find(".act-form").SubmitAsync();
        await approving;
        page.WaitForElement("#incident-ends").QuerySelectorAll("li").Length.ShouldBe(2);
        ShouldHoldNoRawKey(page.Nodes);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
        (await related.ReadAsync()).State.ShouldBe(LicenseState.Active);
    }

    [Fact]
    public void Every_verdict_fact_cause_and_mark_has_its_words()
    {
        var known = System.Xml.Linq.XDocument.Load(Repository.At("SelfHelpPortal", "Features", "Staff", "Flags", "FlagStrings.resx"))
            .Descendants("data").Select(d => d.Attribute("name")!.Value).ToHashSet();
        FlagCause[] judged =
            [FlagCause.RepairedPc, FlagCause.RestoredImage, FlagCause.ClonedDisk, FlagCause.SecondPc, FlagCause.WrongTillReleased];
        IEnumerable<string> needed =
        [
            .. Enum.GetNames<FlagCause>().Select(c => $"Cause.{c}"), .. Enum.GetNames<FlagFact>().Select(f => $"Fact.{f}"),
            .. Enum.GetNames<FlagPrevention>().Select(p => $"Prevention.{p}"), .. Enum.GetNames<LaneMarkKind>().Select(m => $"Mark.{m}"),
            .. judged.SelectMany(c => (string[])[$"Verdict.{c}", $"Verdict.{c}.Certain", $"Advice.{c}"]), "Verdict.None", "Advice.None",
            .. SelfHelpPortal.Licensing.Codes.HardwareComponents.Kinds.Select(part => $"Part.{part}"),
            .. Enum.GetNames<SelfHelpPortal.Licensing.Release.DeadPcRule>().Select(rule => $"Release.{rule}"),
        ];

        needed.Except(known).ShouldBeEmpty();
    }

    private async Task<StaffResult> UnlockAsync(string number, FlagResolution resolution) =>
        await Ground.Use<UnlockLicense>().ExecuteAsync(await Ground.ActAsync(), number, resolution, Now, default);

    private async Task<StaffResult> ReopenAsync(string number, string reason = "Es war anders") =>
        await Ground.Use<ReopenCase>().ExecuteAsync(await Ground.ActAsync(reason), number, Now, default);

    private async Task<StaffResult> RequestResultAsync(string[] numbers, StaffUser? by = null) =>
        await Ground.Use<RequestIncident>()
            .ExecuteAsync(await Ground.ActAsync("Fehler in Version 4.2", by), numbers, FlagCause.OurFault, Now, default);

    private async Task<Guid> RequestAsync(string[] numbers, StaffUser? by = null)
    {
        // The last one is found by its time.
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        (await RequestResultAsync(numbers, by)).ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        return await db.IncidentRequests.OrderByDescending(r => r.RequestedAt).ThenByDescending(r => r.Id).Select(r => r.Id).FirstAsync();
    }

    private async Task<IncidentOutcome> ApproveAsync(Guid request, StaffUser by) =>
        await Ground.Use<ApproveIncident>().ExecuteAsync(await Ground.ActAsync(by: by), request, Now, default);

    private async Task<StaffResult> DeclineAsync(Guid request, StaffUser by) =>
        await Ground.Use<DeclineIncident>().ExecuteAsync(await Ground.ActAsync(by: by), request, Now, default);

    /// <summary>A computer that was given up by key and comes back after a week.</summary>
    private async Task<(SampleLicense License, string Case)> RepairedAsync()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-ALT"]);
        await license.ReleaseAsync("KASSE-ALT");
        Portal.Clock.Advance(TimeSpan.FromHours(1));
        await license.ActivateAsync("KASSE-NEU");
        Portal.Clock.Advance(TimeSpan.FromDays(7));
        return (license, await license.SightAsync("KASSE-ALT"));
    }

    private async Task<Flag> ReadAsync(string number)
    {
        await using var db = Portal.Open();
        return await db.Flags.AsNoTracking().SingleAsync(f => f.Number == number);
    }

    private async Task<FlagView> ShowAsync(string number) =>
        (await Ground.Use<ShowFlag>().ExecuteAsync(await Ground.Clerk.ActorAsync(), number, Now, default)).Value.ShouldNotBeNull();

    /// <summary>As the computer itself does it, with the mails that follow.</summary>
    private async Task CheckInAsync(SampleLicense license, string pc)
    {
        await license.ActAsync(async (l, db) =>
        {
            var computer = l.Activations.Where(a => a.PcName == pc).OrderBy(a => a.ActivatedAt).Last();
            var product = await Ground.Use<ProductCatalog>().GetAsync(db, l.ProductId, default);
            await Ground.Use<UsageConflictHandler>()
                .RecordAsync(db, l, computer, computer.HardwareCode, Now, product, new Caller(null), Now, default);
            return 0;
        });
    }

    private async Task MoveAsync(SampleLicense license, SampleLicense beside)
    {
        await using var db = Portal.Open();
        var customer = await db.Licenses.Where(l => l.Id == beside.Id).Select(l => l.CustomerId).SingleAsync();
        await db.Licenses.Where(l => l.Id == license.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(l => l.CustomerId, customer));
    }
}
