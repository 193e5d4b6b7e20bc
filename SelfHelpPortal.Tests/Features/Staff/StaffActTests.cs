using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Customer.Loans;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What staff do to a license: effect, event, mail, and every way in which it is refused.</summary>
public class StaffActTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    /// <summary>Over a circuit, text comes past the gates of forms and addresses.</summary>
    [Theory]
    [InlineData(0x0000)]
    [InlineData(0xFFFE)]
    [InlineData(0xD800)]
    public async Task Typed_text_that_is_not_text_is_refused_in_a_sentence(int character)
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var typed = $"Anruf{(char)character}des Kunden";
        var events = (await license.EventsAsync()).Count;

        (await ground.Use<SuspendLicense>()
            .ExecuteAsync(await ground.ActAsync(typed), license.Id, Portal.Clock.Now, default)).Refused.ShouldBe(StaffRefusal.NotText);
        (await ground.Use<SearchLicenses>()
            .ExecuteAsync(await ground.Clerk.ActorAsync(), typed, default, Portal.Clock.Now, default)).Refused.ShouldBe(
                StaffRefusal.NotText);

        (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
        (await license.EventsAsync()).Count.ShouldBe(events);
    }

    [Fact]
    public async Task Unlocking_lets_the_license_go_on_and_tells_the_owner()
    {
        var (license, number) = await ground.LockedAsync();
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Locked);

        var result = await ground.Use<UnlockLicense>()
            .ExecuteAsync(await ground.ActAsync("Alter PC wurde verschrottet"), number, new(FlagCause.RepairedPc), Now, default);

        result.ShouldBe(StaffResult.Done);
        var after = await license.ReadAsync();
        after.State.ShouldBe(LicenseState.Active);
        after.OpenFlag(FlagKind.Sighting).ShouldBeNull();
        after.Activations.Single(a => a.PcName == "KASSE-ALT").SettledAt.ShouldBe(Now);
        var told = await LastEventAsync(license, EventKind.Unlocked);
        told.Data.ShouldBe(new EventData { Case = number, Before = "Locked", After = "Active", Cause = "RepairedPc" });
        told.Event.ActorId.ShouldBe(ground.Clerk.Id);
        told.Event.Detail!.Text.ShouldBe("Alter PC wurde verschrottet");
        told.Event.Detail.IpPrefix.ShouldBe("192.0.2.0/24");
        var mail = (await ground.MailsAsync("unlocked", number)).ShouldHaveSingleItem();
        mail.ToAddress.ShouldBe(SampleLicense.Owner);
        mail.CopyText.ShouldNotContain("verschrottet");
    }

    [Fact]
    public async Task Unlocking_a_resolved_or_unknown_case_is_refused_and_noted()
    {
        var (license, number) = await ground.LockedAsync();
        await ground.Use<UnlockLicense>().ExecuteAsync(await ground.ActAsync(), number, new(FlagCause.RepairedPc), Now, default);

        (await ground.Use<UnlockLicense>()
            .ExecuteAsync(await ground.ActAsync(), number, new(FlagCause.RepairedPc), Now, default)).Refused
            .ShouldBe(StaffRefusal.Conflict);
        (await ground.Use<UnlockLicense>()
            .ExecuteAsync(await ground.ActAsync(), "F-999999", new(FlagCause.RepairedPc), Now, default)).Refused
            .ShouldBe(StaffRefusal.NotFound);

        var noted = await LastEventAsync(license, EventKind.Refused);
        noted.Data.ShouldBe(new EventData { Method = nameof(UnlockLicense), Refusal = nameof(StaffRefusal.Conflict) });
        await using var db = Portal.Open();
        (await db.Events.AsNoTracking().Where(e => e.Stream == ground.Clerk.Id && e.Kind == EventKind.Refused).ToListAsync())
            .ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Asking_about_a_case_sends_the_question_with_a_link_and_waits()
    {
        var (license, number) = await ground.LockedAsync();
        var act = await ground.ActAsync("Steht der alte PC noch bei Ihnen?");

        (await ground.Use<AskAboutFlag>().ExecuteAsync(act, number, Now, default)).ShouldBe(StaffResult.Done);
        (await ground.Use<AskAboutFlag>().ExecuteAsync(act, number, Now, default)).ShouldBe(StaffResult.Done);

        (await license.ReadAsync()).OpenFlag(FlagKind.Sighting)!.State.ShouldBe(FlagState.AwaitingCustomer);
        var told = await LastEventAsync(license, EventKind.FlagAsked);
        told.Data.ShouldBe(new EventData { Case = number, Before = "Open", After = "AwaitingCustomer" });
        told.Event.Detail!.Text.ShouldBe("Steht der alte PC noch bei Ihnen?");
        var mail = (await ground.MailsAsync("flag-question", number)).ShouldHaveSingleItem();
        mail.ToAddress.ShouldBe(SampleLicense.Owner);
        mail.ExpiresAt.ShouldBe(Now.AddDays(90));
        mail.CopyText.ShouldContain("Steht der alte PC noch bei Ihnen?");
    }

    [Fact]
    public async Task Nothing_is_asked_about_a_resolved_or_unknown_case_or_an_objection()
    {
        var (license, number) = await ground.LockedAsync();
        await ground.Use<UnlockLicense>().ExecuteAsync(await ground.ActAsync(), number, new(FlagCause.RepairedPc), Now, default);
        (await ground.Use<AskAboutFlag>()
            .ExecuteAsync(await ground.ActAsync(), number, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await ground.Use<AskAboutFlag>()
            .ExecuteAsync(await ground.ActAsync(), "F-999999", Now, default)).Refused.ShouldBe(StaffRefusal.NotFound);
        var released = await license.ReleaseAsync("KASSE-NEU");
        var objection = await license.ActAsync(async (l, db) =>
        {
            var flag = await Numbers.NextFlagAsync(db, default);
            l.Object(l.Activations.Single(a => a.Id == released.Id), null, flag, Make(), license.Policies.Hardware, Now);
            return flag;
        });
        (await ground.Use<AskAboutFlag>()
            .ExecuteAsync(await ground.ActAsync(), objection, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await ground.MailsAsync("flag-question", number)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Closing_an_objection_frees_the_releases_again()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var released = await license.ReleaseAsync("KASSE-1");
        var number = await license.ActAsync(async (l, db) =>
        {
            var flag = await Numbers.NextFlagAsync(db, default);
            l.Object(l.Activations.Single(a => a.Id == released.Id), "Das war ich nicht", flag, Make(), license.Policies.Hardware, Now);
            return flag;
        });

        (await ground.Use<UnlockLicense>().ExecuteAsync(await ground.ActAsync(), number, new(), Now, default)).ShouldBe(StaffResult.Done);

        (await license.ReadAsync()).Flags.ShouldBeEmpty();
        (await ground.MailsAsync("unlocked", number)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_loan_that_waits_is_granted_or_declined_and_the_owner_is_told()
    {
        var policy = SampleLoans.Offered with { Review = LoanReview.ByStaff };
        var (granted, declined) = (await Portal.AddLoanAsync(policy), await Portal.AddLoanAsync(policy));
        foreach (var sample in new[] { granted, declined })
        {
            (await sample.SendAsync()).ShouldBe(LoanOutcome.Submitted);
            (await LastEventAsync(sample.License, EventKind.LoanAsked)).Data.Until.ShouldNotBeNull();
        }

        (await ground.WorkAsync(WorkView.Decide)).Where(w => w.Kind == WorkKind.Loan).Select(w => (w.Path, w.LicenseNumber))
            .ShouldBe(
                new[] { granted, declined }.Select(l => ($"licenses/{l.License.Number}", (string?)l.License.Number)));

        (await ground.Use<GrantLoan>().ExecuteAsync(await ground.ActAsync(), granted.License.Id, declined.Id, Now, default))
            .Refused.ShouldBe(StaffRefusal.NotFound, "another license's");
        (await ground.Use<GrantLoan>().ExecuteAsync(await ground.ActAsync(), granted.License.Id, granted.Id, Now, default))
            .ShouldBe(StaffResult.Done);
        (await ground.Use<DeclineLoan>()
            .ExecuteAsync(await ground.ActAsync("Bitte rufen Sie an"), declined.License.Id, declined.Id, Now, default))
            .ShouldBe(StaffResult.Done);

        (await granted.License.ReadAsync()).ActiveComputers.Count(a => a.EndsAs == EndKind.Loan).ShouldBe(1);
        (await ground.MailsAsync("loan-issued", granted.License.Number)).Count.ShouldBe(1);
        (await declined.License.ReadAsync()).Activations.Count.ShouldBe(1);
        (await ground.MailsAsync("loan-declined", declined.License.Number)).ShouldHaveSingleItem().CopyText.ShouldContain("rufen Sie an");
        (await ground.Use<GrantLoan>().ExecuteAsync(await ground.ActAsync(), declined.License.Id, declined.Id, Now, default))
            .Refused.ShouldBe(StaffRefusal.Conflict);
        (await ground.WorkAsync(WorkView.Decide)).ShouldNotContain(w => w.Kind == WorkKind.Loan);
    }

    [Fact]
    public async Task Computers_with_few_readable_parts_are_allowed_with_a_reason_once()
    {
        var license = await Portal.AddLicenseAsync();

        (await ground.Use<AllowFewParts>().ExecuteAsync(await ground.ActAsync("Kiosk ohne Seriennummern"), license.Id, Now, default))
            .ShouldBe(StaffResult.Done);

        (await license.ReadAsync()).FewPartsAllowedAt!.Value.ShouldBe(Now, TimeSpan.FromMilliseconds(1));
        (await LastEventAsync(license, EventKind.FewPartsAllowed)).Data.ShouldBe(new EventData());
        (await ground.Use<AllowFewParts>()
            .ExecuteAsync(await ground.ActAsync(), license.Id, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await ground.Use<AllowFewParts>()
            .ExecuteAsync(await ground.ActAsync(""), license.Id, Now, default)).Refused.ShouldBe(StaffRefusal.Reason);
    }

    [Fact]
    public async Task A_suspension_stops_and_its_end_goes_on()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);

        (await ground.Use<SuspendLicense>().ExecuteAsync(await ground.ActAsync(), license.Id, Now, default)).ShouldBe(StaffResult.Done);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Suspended);
        (await LastEventAsync(license, EventKind.Suspended)).Data.ShouldBe(new EventData { Before = "Active", After = "Suspended" });
        (await ground.MailsAsync("suspended", license.Number)).ShouldHaveSingleItem();
        (await ground.Use<SuspendLicense>()
            .ExecuteAsync(await ground.ActAsync(), license.Id, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);

        (await ground.Use<ReinstateLicense>().ExecuteAsync(await ground.ActAsync(), license.Id, Now, default)).ShouldBe(StaffResult.Done);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
        (await LastEventAsync(license, EventKind.Resumed)).Data.ShouldBe(new EventData { Before = "Suspended", After = "Active" });
        (await ground.Use<ReinstateLicense>()
            .ExecuteAsync(await ground.ActAsync(), license.Id, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);

        // A second suspension is another fact, so it is told again.
        (await ground.Use<SuspendLicense>().ExecuteAsync(await ground.ActAsync(), license.Id, Now, default)).ShouldBe(StaffResult.Done);
        (await ground.MailsAsync("suspended", license.Number)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_locked_license_that_was_suspended_comes_back_locked()
    {
        var (license, _) = await ground.LockedAsync();
        await ground.Use<SuspendLicense>().ExecuteAsync(await ground.ActAsync(), license.Id, Now, default);

        (await ground.Use<ReinstateLicense>().ExecuteAsync(await ground.ActAsync(), license.Id, Now, default)).ShouldBe(StaffResult.Done);

        (await license.ReadAsync()).State.ShouldBe(LicenseState.Locked);
    }

    [Fact]
    public async Task Revoking_is_final_and_for_administrators()
    {
        var license = await Portal.AddLicenseAsync(seats: 2, computers: ["KASSE-1", "KASSE-2"]);

        (await ground.Use<RevokeLicense>()
            .ExecuteAsync(await ground.ActAsync(), license.Id, Now, default)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
        (await ground.Use<RevokeLicense>().ExecuteAsync(await ground.ActAsync(by: ground.Administrator), license.Id, Now, default))
            .ShouldBe(StaffResult.Done);

        var after = await license.ReadAsync();
        after.State.ShouldBe(LicenseState.Revoked);
        after.Activations.ShouldAllBe(a => a.State == ActivationState.Released && a.ReleasedBy == ReleaseMethod.Ended);
        (await EventsAsync(license)).Count(e => e.Event.Kind == EventKind.Released && e.Data.Method == nameof(ReleaseMethod.Ended))
            .ShouldBe(2);
        (await ground.MailsAsync("released", license.Number)).Count.ShouldBe(2);
        (await ground.Use<ReinstateLicense>()
            .ExecuteAsync(await ground.ActAsync(), license.Id, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);
    }

    [Fact]
    public async Task A_release_for_the_customer_never_counts_and_can_be_objected_to()
    {
        var license = await Portal.AddLicenseAsync(new ReleasePolicy { DeadPc = DeadPcRule.StaffOnly }, computers: ["KASSE-1"]);
        var computer = (await license.ReadAsync()).Activations.Single();

        (await ground.Use<ReleaseForCustomer>().ExecuteAsync(await ground.ActAsync("Am Telefon"), license.Id, computer.Id, Now, default))
            .ShouldBe(StaffResult.Done);

        var after = (await license.ReadAsync()).Activations.Single();
        (after.State, after.ReleasedBy, after.ChargedAt).ShouldBe((ActivationState.Released, ReleaseMethod.Staff, null));
        var told = await LastEventAsync(license, EventKind.Released);
        (told.Data.Method, told.Data.Before, told.Data.After).ShouldBe(("Staff", "Active", "Released"));
        told.Event.Detail!.Text.ShouldBe("Am Telefon");
        (await ground.MailsAsync("released", license.Number)).ShouldHaveSingleItem();
        (await ground.Use<ReleaseForCustomer>()
            .ExecuteAsync(await ground.ActAsync(), license.Id, computer.Id, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);
    }

    [Fact]
    public async Task A_granted_release_has_an_end_and_can_be_used_once()
    {
        var license = await Portal.AddLicenseAsync(new ReleasePolicy { DeadPc = DeadPcRule.StaffOnly }, computers: ["KASSE-1"]);
        var until = Now.AddDays(14);
        var grant = ground.Use<GrantRelease>();

        (await grant.ExecuteAsync(await ground.ActAsync(), license.Id, Now, Now, default)).Refused.ShouldBe(StaffRefusal.Until);
        (await grant.ExecuteAsync(await ground.ActAsync(), license.Id, Now.AddDays(400), Now, default)).Refused.ShouldBe(
            StaffRefusal.Until);
        (await grant.ExecuteAsync(await ground.ActAsync("Kulanz"), license.Id, until, Now, default)).ShouldBe(StaffResult.Done);

        (await license.ReadAsync()).Grants.ShouldHaveSingleItem().ExpiresAt.ShouldBe(until);
        (await LastEventAsync(license, EventKind.ReleaseGranted)).Data.ShouldBe(new EventData { Until = until });
        var released =
            await license.ActAsync((l, _) => Task.FromResult(
                l.Release(l.Activations.Single(), ReleaseMethod.ActivationKey, new ReleasePolicy { DeadPc = DeadPcRule.StaffOnly }, Now)));
        released.Succeeded.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(" ab ")]
    public async Task Without_a_reason_nothing_happens(string reason)
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);

        (await ground.Use<SuspendLicense>()
            .ExecuteAsync(await ground.ActAsync(reason), license.Id, Now, default)).Refused.ShouldBe(StaffRefusal.Reason);
        (await ground.Use<SuspendLicense>()
            .ExecuteAsync(await ground.ActAsync(new string('x', 1001)), license.Id, Now, default)).Refused.ShouldBe(StaffRefusal.Reason);

        (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
    }

    [Fact]
    public async Task A_command_sent_many_times_acts_once_and_with_another_content_not_at_all()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var act = await ground.ActAsync();

        var results = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => ground.Use<GrantRelease>().ExecuteAsync(act, license.Id, Now.AddDays(3), Now, default)));

        results.ShouldAllBe(r => r == StaffResult.Done);
        (await license.ReadAsync()).Grants.Count.ShouldBe(1);
        (await EventsAsync(license)).Count(e => e.Event.Kind == EventKind.ReleaseGranted).ShouldBe(1);
        (await ground.Use<GrantRelease>()
            .ExecuteAsync(act, license.Id, Now.AddDays(4), Now, default)).Refused.ShouldBe(StaffRefusal.SentBefore);
        (await ground.Use<GrantRelease>()
            .ExecuteAsync(act with { Reason = "Ein anderer" }, license.Id, Now.AddDays(3), Now, default)).Refused.ShouldBe(
                StaffRefusal.SentBefore);
        (await license.ReadAsync()).Grants.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_command_is_not_remembered()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var act = await ground.ActAsync();
        (await ground.Use<ReinstateLicense>().ExecuteAsync(act, license.Id, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);
        await license.SuspendAsync();

        (await ground.Use<ReinstateLicense>().ExecuteAsync(act, license.Id, Now, default)).ShouldBe(StaffResult.Done);
    }

    public static TheoryData<string, StaffRefusal> Weak() => new()
    {
        { "password only", StaffRefusal.NotPermitted },
        { "old sign-in", StaffRefusal.SignInEnded },
        { "other stamp", StaffRefusal.SignInEnded },
        { "disabled", StaffRefusal.SignInEnded },
        { "no role", StaffRefusal.NotPermitted },
        { "no second factor", StaffRefusal.NotPermitted },
        { "no account", StaffRefusal.SignInEnded },
    };

    /// <summary>T11: whatever the circuit believes, the transaction asks the database.</summary>
    [Theory]
    [MemberData(nameof(Weak))]
    public async Task Every_act_and_every_read_is_refused_to_a_weak_sign_in(string how, StaffRefusal refusal)
    {
        var (license, number) = await ground.LockedAsync();
        var user = await StaffUser.CreateAsync(
            Portal, how == "no role" ? null : StaffRoles.Administrator, secondFactor: how != "no second factor");
        var actor = await user.ActorAsync(
            how == "password only" ? SignInStrength.Password : SignInStrength.Totp, how == "old sign-in" ? Now.AddHours(-12) : null);
        if (how == "disabled")
        {
            await user.DisableAsync();
            await using var db = Portal.Open();
            actor = actor with { Stamp = (await db.Users.SingleAsync(u => u.Id == user.Id)).SecurityStamp! };
        }

        actor = how switch
        {
            "other stamp" => actor with { Stamp = "AAAA" },
            "no account" => actor with { Id = Guid.NewGuid() },
            _ => actor,
        };
        var before = (await EventsAsync(license)).Count(e => e.Event.Kind != EventKind.Refused);

        var refused = await RunAllAsync(actor, license, number);

        refused.ShouldAllBe(r => r == refusal);
        refused.Count.ShouldBe(11);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Locked);
        var events = await EventsAsync(license);
        events.Count(e => e.Event.Kind != EventKind.Refused).ShouldBe(before);
        events.Count(e => e.Event.Kind == EventKind.Refused).ShouldBe(7);
        EventLog.IsIntact([.. events.Select(e => e.Event)]).ShouldBeTrue();
    }

    private async Task<List<StaffRefusal?>> RunAllAsync(StaffActor actor, SampleLicense license, string number)
    {
        StaffAct Act() => new(Guid.NewGuid(), actor, "Ein Versuch");
        var computer = (await license.ReadAsync()).ActiveComputers.Single().Id;
        return
        [
            (await ground.Use<UnlockLicense>().ExecuteAsync(Act(), number, new(FlagCause.RepairedPc), Now, default)).Refused,
            (await ground.Use<RequestExclusion>().ExecuteAsync(Act(), license.Id, computer, Now, default)).Refused,
            (await ground.Use<SuspendLicense>().ExecuteAsync(Act(), license.Id, Now, default)).Refused,
            (await ground.Use<ReinstateLicense>().ExecuteAsync(Act(), license.Id, Now, default)).Refused,
            (await ground.Use<RevokeLicense>().ExecuteAsync(Act(), license.Id, Now, default)).Refused,
            (await ground.Use<ReleaseForCustomer>().ExecuteAsync(Act(), license.Id, computer, Now, default)).Refused,
            (await ground.Use<GrantRelease>().ExecuteAsync(Act(), license.Id, Now.AddDays(1), Now, default)).Refused,
            (await ground.Use<SelfHelpPortal.Features.Staff.Desk.ShowDesk>().ExecuteAsync(actor, Now, default)).Refused,
            (await ground.Use<SelfHelpPortal.Features.Staff.Licenses.SearchLicenses>()
                .ExecuteAsync(actor, "", default, Now, default)).Refused,
            (await ground.Use<SelfHelpPortal.Features.Staff.Licenses.ShowLicense>()
                .ExecuteAsync(actor, license.Number, Now, default)).Refused,
            (await ground.Use<SelfHelpPortal.Features.Staff.Flags.ShowFlag>().ExecuteAsync(actor, number, Now, default)).Refused,
        ];
    }

    private ActivationSecrets Make() => ground.Use<SelfHelpPortal.Shared.Activations.ActivationSecretsFactory>().Make();

    private static async Task<IReadOnlyList<(LicenseEvent Event, EventData Data)>> EventsAsync(SampleLicense license)
    {
        await using var db = license.Portal.Open();
        var events = await db.Events.AsNoTracking().Include(e => e.Detail).Where(e => e.Stream == license.Id).OrderBy(e => e.Seq)
            .ToListAsync();
        return [.. events.Select(e => (e, EventLog.Read(e.Data)))];
    }

    private static async Task<(LicenseEvent Event, EventData Data)> LastEventAsync(SampleLicense license, EventKind kind) =>
        (await EventsAsync(license)).Last(e => e.Event.Kind == kind);
}
