using Bunit;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>A computer is excluded for good only when two people want it.</summary>
public sealed class ExclusionTests(StaffGround ground) : StaffPageContext(ground)
{
    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task One_asks_another_approves_and_both_are_in_the_history()
    {
        var (license, computer, request) = await AskedAsync();
        (await license.ReadAsync()).Activations.Single().State.ShouldBe(ActivationState.Active, "nothing has happened yet");

        (await ApproveAsync(license, request, Ground.Administrator, "Anzeige liegt vor")).ShouldBe(StaffResult.Done);

        (await license.ReadAsync()).Activations.Single().State.ShouldBe(ActivationState.Excluded);
        var told = (await EventsAsync(license)).Where(e => e.Kind is EventKind.ExclusionRequested or EventKind.Excluded).ToList();
        told.Select(e => (e.Kind, e.ActorId, e.Detail!.Text)).ShouldBe(
            [(EventKind.ExclusionRequested, Ground.Clerk.Id, "Gestohlen"),
                (EventKind.Excluded, Ground.Administrator.Id, "Anzeige liegt vor")]);
        EventLog.Read(told[1].Data)
            .ShouldBe(new EventData { Activation = computer, Seat = 1, Generation = 1, Before = "Active", After = "Excluded" });
        (await ApproveAsync(license, request, Ground.Administrator)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await AskAsync(license, computer)).Refused.ShouldBe(StaffRefusal.Conflict);
    }

    [Fact]
    public async Task Nobody_approves_what_he_asked_for_not_even_by_a_second_sign_in()
    {
        var (license, _, request) = await AskedAsync(by: Ground.Administrator);

        // ActAsync begins a session of its own each time.
        (await ApproveAsync(license, request, Ground.Administrator)).Refused.ShouldBe(StaffRefusal.SecondPerson);
        (await ApproveAsync(license, request, Ground.Clerk)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        (await ApproveAsync(license, request, Ground.Accountant)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        (await license.ReadAsync()).Activations.Single().State.ShouldBe(ActivationState.Active);

        (await ApproveAsync(license, request, await StaffUser.CreateAsync(Portal, StaffRoles.Administrator))).ShouldBe(StaffResult.Done);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("role taken")]
    public async Task Whoever_asked_has_to_be_staff_still(string how)
    {
        var asker = await StaffUser.CreateAsync(Portal);
        var (license, _, request) = await AskedAsync(by: asker);
        await (how == "disabled"
            ? asker.DisableAsync()
            : asker.ChangeAsync((users, user) => users.RemoveFromRoleAsync(user, StaffRoles.Support)));

        (await ApproveAsync(license, request, Ground.Administrator)).Refused.ShouldBe(StaffRefusal.Conflict);

        (await license.ReadAsync()).Activations.Single().State.ShouldBe(ActivationState.Active);
    }

    [Fact]
    public async Task A_request_that_nobody_decided_ends_after_a_week_and_can_be_made_again()
    {
        var (license, computer, request) = await AskedAsync();
        (await AskAsync(license, computer)).Refused.ShouldBe(StaffRefusal.Conflict, "there is one already");
        Portal.Clock.Advance(ExclusionRequest.Lifetime);

        (await ApproveAsync(license, request, Ground.Administrator)).Refused.ShouldBe(StaffRefusal.Conflict);

        (await AskAsync(license, computer)).ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        (await db.ExclusionRequests.AsNoTracking().Where(r => r.ActivationId == computer).OrderBy(r => r.RequestedAt)
            .Select(r => r.Decision).ToListAsync())
            .ShouldBe([TwoPersonDecision.Expired, null]);
    }

    [Fact]
    public async Task It_is_withdrawn_by_whoever_asked_and_declined_by_an_administrator()
    {
        var (license, computer, first) = await AskedAsync();
        var colleague = await StaffUser.CreateAsync(Portal);
        (await DeclineAsync(license, first, colleague)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        (await DeclineAsync(license, first, Ground.Clerk)).ShouldBe(StaffResult.Done);
        (await ApproveAsync(license, first, Ground.Administrator)).Refused.ShouldBe(StaffRefusal.Conflict);
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        (await AskAsync(license, computer)).ShouldBe(StaffResult.Done);
        var second = await RequestAsync(license);

        (await DeclineAsync(license, second, Ground.Administrator)).ShouldBe(StaffResult.Done);

        (await license.ReadAsync()).Activations.Single().State.ShouldBe(ActivationState.Active);
        (await EventsAsync(license)).Select(e => e.Kind).Where(k => k.ToString().StartsWith("Exclusion", StringComparison.Ordinal))
            .ShouldBe(
            [EventKind.ExclusionRequested, EventKind.ExclusionWithdrawn, EventKind.ExclusionRequested, EventKind.ExclusionDeclined]);
        await using var db = Portal.Open();
        (await db.ExclusionRequests.AsNoTracking().Where(r => r.ActivationId == computer).OrderBy(r => r.RequestedAt)
            .Select(r => r.Decision).ToListAsync())
            .ShouldBe([TwoPersonDecision.Withdrawn, TwoPersonDecision.Declined]);
    }

    [Fact]
    public async Task A_request_of_another_license_is_not_found()
    {
        var (_, _, request) = await AskedAsync();
        var other = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);

        (await ApproveAsync(other, request, Ground.Administrator)).Refused.ShouldBe(StaffRefusal.NotFound);
        (await DeclineAsync(other, request, Ground.Administrator)).Refused.ShouldBe(StaffRefusal.NotFound);
        (await AskAsync(other, Guid.NewGuid())).Refused.ShouldBe(StaffRefusal.NotFound);
    }

    [Fact]
    public async Task Two_administrators_at_once_exclude_once()
    {
        var (license, _, request) = await AskedAsync();
        var second = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);

        var results = await Task.WhenAll(ApproveAsync(license, request, Ground.Administrator), ApproveAsync(license, request, second));

        results.Count(r => r.Succeeded).ShouldBe(1);
        (await EventsAsync(license)).Count(e => e.Kind == EventKind.Excluded).ShouldBe(1);
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task It_stands_on_the_desk_and_on_the_license_where_only_another_administrator_can_agree(string language)
    {
        var (license, _, _) = await AskedAsync(by: Ground.Administrator);
        Speak(language);
        await OpenAsync(Ground.Administrator, typeof(ShowLicense), typeof(LicensePageActs));

        (await Ground.WorkAsync(WorkView.Decide)).ShouldContain(w => w.Kind == WorkKind.Exclusion && w.LicenseNumber == license.Number);
        var page = Render<LicensePage>(p => p.Add(x => x.Number, license.Number));
        page.WaitForElement(".notice blockquote").TextContent.ShouldBe("Gestohlen");
        page.FindAll(".notice .button-danger").ShouldBeEmpty("the own request");
        page.FindAll(".notice button").Count.ShouldBe(1);
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task Another_administrator_agrees_on_the_page()
    {
        var (license, _, _) = await AskedAsync();
        Speak("de");
        await OpenAsync(Ground.Administrator, typeof(ShowLicense), typeof(LicensePageActs));
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<LicensePage>(p => p.Add(x => x.Number, license.Number));
        page.WaitForElement(".notice .button-danger");

        var acting = page.Find(".notice .button-danger").ClickAsync(new());
        dialogs.WaitForElement(".act-form");
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find("#act-reason").InputAsync("Anzeige liegt vor");
        await dialogs.Find(".act-form").SubmitAsync();
        await acting;

        page.WaitForElement("[role=status][data-outcome=excluded]");
        page.FindAll(".notice blockquote").ShouldBeEmpty();
        (await license.ReadAsync()).Activations.Single().State.ShouldBe(ActivationState.Excluded);
    }

    private async Task<(SampleLicense License, Guid Computer, Guid Request)> AskedAsync(StaffUser? by = null)
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var computer = (await license.ReadAsync()).Activations.Single().Id;
        (await AskAsync(license, computer, by)).ShouldBe(StaffResult.Done);
        return (license, computer, await RequestAsync(license));
    }

    private async Task<StaffResult> AskAsync(SampleLicense license, Guid computer, StaffUser? by = null) =>
        await Ground.Use<RequestExclusion>().ExecuteAsync(await Ground.ActAsync("Gestohlen", by), license.Id, computer, Now, default);

    private async Task<StaffResult> ApproveAsync(SampleLicense license, Guid request, StaffUser by, string reason = "Einverstanden") =>
        await Ground.Use<ApproveExclusion>().ExecuteAsync(await Ground.ActAsync(reason, by), license.Id, request, Now, default);

    private async Task<StaffResult> DeclineAsync(SampleLicense license, Guid request, StaffUser by) =>
        await Ground.Use<DeclineExclusion>().ExecuteAsync(await Ground.ActAsync("Doch nicht", by), license.Id, request, Now, default);

    private async Task<Guid> RequestAsync(SampleLicense license)
    {
        await using var db = Portal.Open();
        return await db.ExclusionRequests.Where(r => r.LicenseId == license.Id && r.Decision == null).Select(r => r.Id).SingleAsync();
    }

    private async Task<List<LicenseEvent>> EventsAsync(SampleLicense license)
    {
        await using var db = Portal.Open();
        return await db.Events.AsNoTracking().Include(e => e.Detail).Where(e => e.Stream == license.Id).OrderBy(e => e.Seq).ToListAsync();
    }
}
