using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.People;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Administrators invite colleagues, change their roles, and disable and enable their accounts.</summary>
public sealed class StaffAccountsTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private const string SetUp = "/account/set-up/";

    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task An_invitation_is_mailed_in_the_language_of_whoever_invites_and_its_link_opens_the_set_up(string language)
    {
        var administrator = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        await administrator.ChangeAsync((users, user) =>
        {
            user.Culture = language;
            return users.UpdateAsync(user);
        });
        var email = NewAddress();

        (await InviteAsync(administrator, new Invitee(" Anna Berg ", email, StaffRoles.Billing))).ShouldBe(StaffResult.Done);

        var mail = await Portal.MailToAsync(email, "staff-invitation");
        mail.Subject.ShouldBe(language == "de" ? "Richten Sie Ihr Mitarbeiterkonto ein" : "Set up your staff account");
        var link = mail.Link(SetUp);
        mail.Copy.ShouldNotContain(link[SetUp.Length..]);
        using var browser = new Browser(Portal, language);
        (await browser.GetAsync(link)).Outcome.ShouldBe("password");
        var person = await PersonAsync(email);
        (person.Name, person.State).ShouldBe(("Anna Berg", StaffState.Invited));
        person.Roles.ShouldBe([StaffRoles.Billing]);
        (await NotedAsync(administrator)).ShouldBe([(AuditKind.AccountCreated, person.Id.ToString(), StaffRoles.Billing)]);
    }

    [Fact]
    public async Task What_makes_no_account_is_refused_and_leaves_nothing()
    {
        var customer = await CustomerUser.CreateAsync(await Portal.AddLicenseAsync());
        var email = NewAddress();
        (string Name, string Email, string Role, StaffRefusal Refusal)[] wrong =
        [
            ("Anna", "nobody", StaffRoles.Support, StaffRefusal.AccountAddress),
            (" ", email, StaffRoles.Support, StaffRefusal.AccountName),
            (new string('x', StaffAccounts.LongestName + 1), email, StaffRoles.Support, StaffRefusal.AccountName),
            ("Anna", email, "Owner", StaffRefusal.NotFound),
            ("Anna\0", email, StaffRoles.Support, StaffRefusal.NotText),
            ("Anna", ground.Clerk.Email.ToUpperInvariant(), StaffRoles.Support, StaffRefusal.AddressTaken),
            ("Anna", customer.Email, StaffRoles.Support, StaffRefusal.AddressTaken),
        ];

        foreach (var (name, address, role, refusal) in wrong)
        {
            (await InviteAsync(ground.Administrator, new Invitee(name, address, role))).Refused.ShouldBe(refusal, address);
        }

        await using var db = Portal.Open();
        (await db.Users.CountAsync(u => u.Email == email)).ShouldBe(0);
        (await db.UserRoles.CountAsync(r => r.UserId == customer.Id)).ShouldBe(0);
        (await db.Set<OutboxMessage>().CountAsync(m => m.ToAddress == email)).ShouldBe(0);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_invites_once()
    {
        var (actor, command) = (await ground.Administrator.ActorAsync(), Guid.NewGuid());
        var invitee = new Invitee("Anna", NewAddress(), StaffRoles.Support);

        (await ground.Use<InviteStaff>().ExecuteAsync(actor, command, invitee, Now, default)).ShouldBe(StaffResult.Done);
        (await ground.Use<InviteStaff>().ExecuteAsync(actor, command, invitee, Now, default)).ShouldBe(StaffResult.Done);

        (await Portal.MailsToAsync(invitee.Email)).Count.ShouldBe(1);
        (await ground.Use<InviteStaff>().ExecuteAsync(actor, command, invitee with { Name = "Berta" }, Now, default))
            .Refused.ShouldBe(StaffRefusal.SentBefore);
    }

    [Fact]
    public async Task Two_who_invite_one_address_at_once_make_one_account()
    {
        var second = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
        var invitee = new Invitee("Anna", NewAddress(), StaffRoles.Support);

        var results = await Task.WhenAll(InviteAsync(ground.Administrator, invitee), InviteAsync(second, invitee));

        results.Select(r => r.Refused).ShouldBe([null, StaffRefusal.AddressTaken], ignoreOrder: true);
        (await Portal.MailsToAsync(invitee.Email)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_invitation_ends_the_link_before_it_and_is_for_whoever_has_not_finished()
    {
        var email = NewAddress();
        await InviteAsync(ground.Administrator, new Invitee("Anna", email, StaffRoles.Support));
        var first = (await Portal.MailToAsync(email, "staff-invitation")).Link(SetUp);
        var person = await PersonAsync(email);
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));

        (await SendAgainAsync(person.Id)).ShouldBe(StaffResult.Done);

        var second = (await Portal.MailToAsync(email, "staff-invitation")).Link(SetUp);
        using var browser = new Browser(Portal);
        (await browser.GetAsync(first)).Outcome.ShouldBe("invalid-link");
        (await browser.GetAsync(second)).Outcome.ShouldBe("password");
        (await NotedAsync(ground.Administrator)).ShouldContain((AuditKind.InvitationSent, person.Id.ToString(), null));

        var half = await StaffUser.CreateAsync(Portal, secondFactor: false);
        (await PersonAsync(half.Email)).State.ShouldBe(StaffState.WithoutFactor);
        (await SendAgainAsync(half.Id)).ShouldBe(StaffResult.Done);
        (await SendAgainAsync(ground.Clerk.Id)).Refused.ShouldBe(StaffRefusal.Conflict, "has finished");
        await DisableAsync(person.Id);
        (await SendAgainAsync(person.Id)).Refused.ShouldBe(StaffRefusal.Conflict, "is disabled");
    }

    [Fact]
    public async Task Another_role_ends_the_sign_ins_and_is_noted_with_who_gave_it()
    {
        var person = await StaffUser.CreateAsync(Portal);
        var before = await person.ActorAsync();

        (await ChangeRoleAsync(person.Id, StaffRoles.Billing)).ShouldBe(StaffResult.Done);

        (await PersonAsync(person.Email)).Roles.ShouldBe([StaffRoles.Billing]);
        (await IsEndedAsync(before)).ShouldBeTrue();
        (await NotedAsync(ground.Administrator)).ShouldContain((AuditKind.RoleChanged, person.Id.ToString(), "Support → Billing"));
        (await ChangeRoleAsync(person.Id, "Owner")).Refused.ShouldBe(StaffRefusal.NotFound);
    }

    [Fact]
    public async Task Whoever_is_disabled_is_out_until_enabled()
    {
        var person = await StaffUser.CreateAsync(Portal);
        var before = await person.ActorAsync();

        (await DisableAsync(person.Id)).ShouldBe(StaffResult.Done);

        (await PersonAsync(person.Email)).State.ShouldBe(StaffState.Disabled);
        (await IsEndedAsync(before)).ShouldBeTrue();
        using (var browser = await person.SignInByPasswordAsync())
        {
            browser.Path.ShouldStartWith("/account/sign-in");
        }

        (await ground.Use<EnableStaff>().ExecuteAsync(await ground.Administrator.ActorAsync(), Guid.NewGuid(), person.Id, Now, default))
            .ShouldBe(StaffResult.Done);
        (await PersonAsync(person.Email)).State.ShouldBe(StaffState.Active);
        (await NotedAsync(ground.Administrator)).Where(e => e.Subject == person.Id.ToString()).Select(e => e.Kind)
            .ShouldBe([AuditKind.AccountDisabled, AuditKind.AccountEnabled]);
    }

    [Fact]
    public async Task Nobody_changes_the_own_role_or_disables_himself()
    {
        (await DisableAsync(ground.Administrator.Id)).Refused.ShouldBe(StaffRefusal.OwnAccount);
        (await ChangeRoleAsync(ground.Administrator.Id, StaffRoles.Support)).Refused.ShouldBe(StaffRefusal.OwnAccount);

        var person = await PersonAsync(ground.Administrator.Email);
        (person.State, person.IsActiveAdministrator).ShouldBe((StaffState.Active, true));
    }

    [Fact]
    public async Task An_account_of_a_customer_is_none_of_staff()
    {
        var customer = await CustomerUser.CreateAsync(await Portal.AddLicenseAsync());

        (await DisableAsync(customer.Id)).Refused.ShouldBe(StaffRefusal.NotFound);
        (await ChangeRoleAsync(customer.Id, StaffRoles.Administrator)).Refused.ShouldBe(StaffRefusal.NotFound);
        (await SendAgainAsync(customer.Id)).Refused.ShouldBe(StaffRefusal.NotFound);
        (await Portal.RunAsync("admin", "disable", "--email", customer.Email)).Exit.ShouldBe(1);
    }

    [Fact]
    public async Task Support_and_billing_do_none_of_it()
    {
        var person = (await StaffUser.CreateAsync(Portal)).Id;
        foreach (var by in (StaffUser[])[ground.Clerk, ground.Accountant])
        {
            (await InviteAsync(by, new Invitee("Anna", NewAddress(), StaffRoles.Support))).Refused.ShouldBe(StaffRefusal.NotPermitted);
            (await SendAgainAsync(person, by)).Refused.ShouldBe(StaffRefusal.NotPermitted);
            (await ChangeRoleAsync(person, StaffRoles.Administrator, by)).Refused.ShouldBe(StaffRefusal.NotPermitted);
            (await DisableAsync(person, by)).Refused.ShouldBe(StaffRefusal.NotPermitted);
            (await ground.Use<ShowStaff>().ExecuteAsync(await by.ActorAsync(), Now, default)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        }
    }

    [Fact]
    public async Task Two_administrators_who_take_each_others_role_at_once_leave_one()
    {
        for (var round = 0; round < 5; round++)
        {
            var first = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);
            var second = await StaffUser.CreateAsync(Portal, StaffRoles.Administrator);

            var results = await Task.WhenAll(
                ChangeRoleAsync(second.Id, StaffRoles.Support, first), DisableAsync(first.Id, second));

            // Who comes second has lost the sign-in or the role, whichever the first one took.
            results.Count(r => r.Refused is null).ShouldBe(1);
            results.Single(r => r.Refused is not null).Refused.ShouldBeOneOf(StaffRefusal.SignInEnded, StaffRefusal.NotPermitted);
            new[] { await PersonAsync(first.Email), await PersonAsync(second.Email) }.Count(p => p.IsActiveAdministrator).ShouldBe(1);
        }
    }

    [Fact]
    public async Task The_last_administrator_who_can_sign_in_is_kept_by_the_command_line_too()
    {
        await using var portal = new PortalFactory();
        await portal.BuildAsync();
        var only = await StaffUser.CreateAsync(portal, StaffRoles.Administrator);
        var disabled = await StaffUser.CreateAsync(portal, StaffRoles.Administrator);
        (await portal.RunAsync("admin", "disable", "--email", disabled.Email)).Exit.ShouldBe(0);
        (await portal.RunAsync("admin", "create", "--email", "invited@team.example")).Exit.ShouldBe(0);

        var refused = (1, $"{only.Email} is the only active administrator.{Environment.NewLine}");
        (await portal.RunAsync("admin", "disable", "--email", only.Email)).ShouldBe(refused);
        (await portal.RunAsync("admin", "role", "--email", only.Email, "--role", "support")).ShouldBe(refused);

        (await portal.RunAsync("admin", "enable", "--email", disabled.Email)).Exit.ShouldBe(0);
        (await portal.RunAsync("admin", "disable", "--email", only.Email)).Exit.ShouldBe(0);
    }

    private static string NewAddress() => $"{Guid.NewGuid():n}@team.example";

    private async Task<StaffResult> InviteAsync(StaffUser by, Invitee invitee) =>
        await ground.Use<InviteStaff>().ExecuteAsync(await by.ActorAsync(), Guid.NewGuid(), invitee, Now, default);

    private async Task<StaffResult> SendAgainAsync(Guid person, StaffUser? by = null) => await ground.Use<SendInvitation>()
        .ExecuteAsync(await (by ?? ground.Administrator).ActorAsync(), Guid.NewGuid(), person, Now, default);

    private async Task<StaffResult> ChangeRoleAsync(Guid person, string role, StaffUser? by = null) => await ground.Use<ChangeStaffRole>()
        .ExecuteAsync(await (by ?? ground.Administrator).ActorAsync(), Guid.NewGuid(), person, role, Now, default);

    private async Task<StaffResult> DisableAsync(Guid person, StaffUser? by = null) => await ground.Use<DisableStaff>()
        .ExecuteAsync(await (by ?? ground.Administrator).ActorAsync(), Guid.NewGuid(), person, Now, default);

    private async Task<StaffPerson> PersonAsync(string email)
    {
        await using var db = Portal.Open();
        return (await StaffPeople.ListAsync(db, Now, default)).Single(p => p.Email == email);
    }

    private async Task<bool> IsEndedAsync(StaffActor actor)
    {
        await using var db = Portal.Open();
        return await ground.Use<StaffGate>().LookAsync(db, actor, StaffPermission.AnyStaff, Now, default) == GateRefusal.SignInEnded
            && await db.Set<UserSession>().AllAsync(s => s.UserId != actor.Id || s.EndedAt != null);
    }

    private async Task<List<(AuditKind Kind, string? Subject, string? Text)>> NotedAsync(StaffUser by)
    {
        await using var db = Portal.Open();
        var entries = await db.AuditEntries.AsNoTracking().Where(e => e.Stream == by.Id).OrderBy(e => e.Seq).ToListAsync();
        return entries.ConvertAll(e => (e.Kind, e.Subject, e.Text));
    }
}
