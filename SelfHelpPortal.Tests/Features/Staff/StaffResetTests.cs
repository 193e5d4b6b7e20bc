using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.People;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>An account is reset in the browser only when two administrators want it, neither of them its owner.</summary>
public sealed class StaffResetTests(StaffGround ground) : IClassFixture<StaffGround>, IAsyncLifetime
{
    private StaffUser _first = default!;
    private StaffUser _second = default!;

    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    public async Task InitializeAsync()
    {
        (_first, _second) = (ground.Administrator, await StaffUser.CreateAsync(Portal, StaffRoles.Administrator));
        // What the tests before left open would stand on the desk.
        await using var db = Portal.Open();
        await db.StaffResets.ExecuteDeleteAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task One_asks_another_approves_and_the_person_begins_again_with_a_link()
    {
        var person = await StaffUser.CreateAsync(Portal);
        using var signedIn = await person.SignInAsync();
        (await RequestAsync(person.Id, _first, "Telefon verloren, persönlich da gewesen")).ShouldBe(StaffResult.Done);
        (await signedIn.GetAsync("/staff")).Path.ShouldBe("/staff", "nothing has happened yet");
        (await HasResetsAsync(_second), await HasResetsAsync(_first)).ShouldBe((true, false));

        (await ApproveAsync(person.Id, _second, "Ausweis gesehen")).ShouldBe(StaffResult.Done);

        Portal.Clock.Advance(AccountOptions.Revalidation * 1.1);
        (await signedIn.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
        var mails = await Portal.MailsToAsync(person.Email);
        mails.Select(m => m.Kind).ShouldContain("security-notice");
        var mail = mails.Single(m => m.Kind == "staff-invitation");
        mail.Subject.ShouldBe("Richten Sie Ihr Mitarbeiterkonto neu ein");
        using var again = new Browser(Portal);
        (await again.GetAsync(mail.Link("/account/set-up/"))).Outcome.ShouldBe("password");
        await using var db = Portal.Open();
        (await db.Users.AsNoTracking().Where(u => u.Id == person.Id).Select(u => new { u.PasswordHash, u.TwoFactorEnabled }).SingleAsync())
            .ShouldBe(new { PasswordHash = (string?)null, TwoFactorEnabled = false });
        (await db.UserTokens.CountAsync(t => t.UserId == person.Id)).ShouldBe(0);
        (await NotedAsync(person.Id)).ShouldBe(
        [
            (_first.Id, AuditKind.ResetRequested, "Telefon verloren, persönlich da gewesen"),
            (_second.Id, AuditKind.AccountReset, "Ausweis gesehen"),
        ]);
        (await HasResetsAsync(_second)).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_asked_and_whoever_it_concerns_approve_nothing()
    {
        var person = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        (await RequestAsync(person.Id, _first)).ShouldBe(StaffResult.Done);

        // Each actor begins a session of its own.
        (await ApproveAsync(person.Id, _first)).Refused.ShouldBe(StaffRefusal.SecondPerson);
        (await ApproveAsync(person.Id, person)).Refused.ShouldBe(StaffRefusal.OwnAccount);
        (await ApproveAsync(person.Id, ground.Clerk)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        (await RequestAsync(_first.Id, _first)).Refused.ShouldBe(StaffRefusal.OwnAccount);
        (await RequestAsync(person.Id, ground.Accountant)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        (await RequestAsync(person.Id, _second)).Refused.ShouldBe(StaffRefusal.Conflict, "there is one already");

        (await StateAsync(person.Id)).ShouldBe(StaffState.Active);
        (await DeclineAsync(person.Id, _second)).ShouldBe(StaffResult.Done);
    }

    [Fact]
    public async Task The_database_takes_no_approval_by_one_person()
    {
        var person = await StaffUser.CreateAsync(Portal);
        (await RequestAsync(person.Id, _first)).ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        foreach (var by in (Guid?[])[_first.Id, person.Id, null])
        {
            (await Should.ThrowAsync<PostgresException>(() => db.StaffResets.Where(r => r.UserId == person.Id).ExecuteUpdateAsync(s => s
                .SetProperty(r => r.Decision, TwoPersonDecision.Approved).SetProperty(r => r.DecidedBy, by)
                .SetProperty(r => r.DecidedAt, Now)))).ConstraintName.ShouldBe("ck_staff_reset_two_people");
        }
    }

    [Fact]
    public async Task It_is_withdrawn_by_whoever_asked_and_declined_by_another()
    {
        var person = await StaffUser.CreateAsync(Portal);
        await RequestAsync(person.Id, _first);
        (await DeclineAsync(person.Id, _first)).ShouldBe(StaffResult.Done);
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await RequestAsync(person.Id, _first);

        (await DeclineAsync(person.Id, _second)).ShouldBe(StaffResult.Done);

        (await DecisionsAsync(person.Id)).ShouldBe([TwoPersonDecision.Withdrawn, TwoPersonDecision.Declined]);
        (await NotedAsync(person.Id)).Select(e => (e.By, e.Kind)).ShouldBe(
        [
            (_first.Id, AuditKind.ResetRequested), (_first.Id, AuditKind.ResetWithdrawn),
            (_first.Id, AuditKind.ResetRequested), (_second.Id, AuditKind.ResetDeclined),
        ]);
        (await ApproveAsync(person.Id, _second)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await StateAsync(person.Id)).ShouldBe(StaffState.Active);
    }

    [Fact]
    public async Task A_request_ends_after_a_week_and_can_be_made_again()
    {
        var person = await StaffUser.CreateAsync(Portal);
        await RequestAsync(person.Id, _first);
        Portal.Clock.Advance(StaffReset.Lifetime);

        (await ApproveAsync(person.Id, _second)).Refused.ShouldBe(StaffRefusal.Conflict);

        (await RequestAsync(person.Id, _second)).ShouldBe(StaffResult.Done);
        (await DecisionsAsync(person.Id)).ShouldBe([TwoPersonDecision.Expired, null]);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("role taken")]
    public async Task Whoever_asked_has_to_be_administrator_still(string how)
    {
        var asker = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        var person = await StaffUser.CreateAsync(Portal);
        await RequestAsync(person.Id, asker);
        await (how == "disabled"
            ? asker.DisableAsync()
            : asker.ChangeAsync((users, user) => users.RemoveFromRoleAsync(user, StaffRoles.Administrator)));

        (await ApproveAsync(person.Id, _second)).Refused.ShouldBe(StaffRefusal.Conflict);

        (await StateAsync(person.Id)).ShouldBe(StaffState.Active);
    }

    [Fact]
    public async Task Whoever_has_not_finished_or_is_disabled_is_not_reset()
    {
        var half = await StaffUser.CreateAsync(Portal, secondFactor: false);
        var disabled = await StaffUser.CreateAsync(Portal);
        await RequestAsync(disabled.Id, _first);
        await disabled.DisableAsync();

        (await RequestAsync(half.Id, _first)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await ApproveAsync(disabled.Id, _second)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await RequestAsync(Guid.NewGuid(), _first)).Refused.ShouldBe(StaffRefusal.NotFound);
        (await ground.Use<ApproveReset>()
            .ExecuteAsync(await ground.ActAsync("Einverstanden", _second), half.Id, Guid.NewGuid(), Now, default))
            .Refused.ShouldBe(StaffRefusal.NotFound);
    }

    [Fact]
    public async Task Two_who_approve_at_once_reset_once()
    {
        var third = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        var person = await StaffUser.CreateAsync(Portal);
        await RequestAsync(person.Id, _first);

        var results = await Task.WhenAll(ApproveAsync(person.Id, _second), ApproveAsync(person.Id, third));

        results.Select(r => r.Refused).ShouldBe([null, StaffRefusal.Conflict], ignoreOrder: true);
        (await Portal.MailsToAsync(person.Email)).Count(m => m.Kind == "staff-invitation").ShouldBe(1);
    }

    [Fact]
    public async Task With_one_administrator_besides_the_person_the_operator_is_the_way()
    {
        await using var portal = new PortalFactory();
        await portal.BuildAsync();
        var (one, other) = (await StaffUser.CreateAsync(portal, StaffRoles.Administrator),
            await StaffUser.CreateAsync(portal, StaffRoles.Administrator));
        var clerk = await StaffUser.CreateAsync(portal);

        (await AskAsync(other.Id)).Refused.ShouldBe(StaffRefusal.NeedsOperator);
        (await AskAsync(clerk.Id)).ShouldBe(StaffResult.Done, "besides a clerk there are two");
        (await portal.RunAsync("admin", "reset", "--email", other.Email)).Exit.ShouldBe(0);

        async Task<StaffResult> AskAsync(Guid person) => await ((RequestReset)portal.Services.GetService(typeof(RequestReset))!)
            .ExecuteAsync(new(Guid.NewGuid(), await one.ActorAsync(), "Telefon verloren"), person, portal.Clock.Now, default);
    }

    private async Task<StaffResult> RequestAsync(Guid person, StaffUser by, string reason = "Telefon verloren") =>
        await ground.Use<RequestReset>().ExecuteAsync(await ground.ActAsync(reason, by), person, Now, default);

    private async Task<StaffResult> ApproveAsync(Guid person, StaffUser by, string reason = "Einverstanden") =>
        await ground.Use<ApproveReset>()
            .ExecuteAsync(await ground.ActAsync(reason, by), person, await LastAsync(person), Now, default);

    private async Task<StaffResult> DeclineAsync(Guid person, StaffUser by) =>
        await ground.Use<DeclineReset>()
            .ExecuteAsync(await ground.ActAsync("Doch nicht", by), person, await LastAsync(person), Now, default);

    private async Task<Guid> LastAsync(Guid person)
    {
        await using var db = Portal.Open();
        return await db.StaffResets.Where(r => r.UserId == person).OrderByDescending(r => r.RequestedAt).Select(r => r.Id).FirstAsync();
    }

    private async Task<List<TwoPersonDecision?>> DecisionsAsync(Guid person)
    {
        await using var db = Portal.Open();
        return await db.StaffResets.Where(r => r.UserId == person).OrderBy(r => r.RequestedAt).Select(r => r.Decision).ToListAsync();
    }

    private async Task<StaffState> StateAsync(Guid person)
    {
        await using var db = Portal.Open();
        return (await StaffPeople.ListAsync(db, Now, default)).Single(p => p.Id == person).State;
    }

    private async Task<bool> HasResetsAsync(StaffUser reader) =>
        (await ground.Use<ShowDesk>().ExecuteAsync(await reader.ActorAsync(), Now, default)).Value!.HasResets;

    private async Task<List<(Guid By, AuditKind Kind, string? Text)>> NotedAsync(Guid person)
    {
        await using var db = Portal.Open();
        var entries = await db.AuditEntries.AsNoTracking().Where(e => e.Subject == person.ToString()).OrderBy(e => e.Id).ToListAsync();
        return entries.ConvertAll(e => (e.Stream, e.Kind, e.Text));
    }
}
