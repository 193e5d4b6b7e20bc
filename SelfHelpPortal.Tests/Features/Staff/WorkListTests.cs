using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Portal.Licenses;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What waits, wherever it waits, stands on one list; who takes it is seen; and what is written down is found again.</summary>
public sealed class WorkListTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task All_that_waits_is_on_the_list_once_and_in_its_views()
    {
        var (locked, flag) = await ground.LockedAsync();
        var (_, asked) = await ground.LockedAsync();
        (await ground.Use<AskAboutFlag>().ExecuteAsync(await ground.ActAsync("Welcher PC war das?"), asked, Now, default))
            .ShouldBe(StaffResult.Done);
        var transfer = await Portal.AddTransferAsync();
        var change = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover)).AgreedAsync();
        var loan = await Portal.AddLoanAsync(SampleLoans.Offered with { Review = LoanReview.ByStaff });
        await loan.SendAsync();
        var excluded = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        (await ground.Use<RequestExclusion>().ExecuteAsync(
            await ground.ActAsync("Gestohlen"), excluded.Id, (await excluded.ReadAsync()).Activations.Single().Id, Now, default))
            .ShouldBe(StaffResult.Done);
        var mail = await Portal.AddFailedMailAsync();
        var appointment = await (await Portal.AddAppointmentAsync()).ReadAsync();
        Portal.Clock.Advance(appointment.StartsAt - Now - TimeSpan.FromHours(1));

        await ShouldHoldAsync(WorkView.Todo, $"flags/{flag}", $"transfers/{(await transfer.ReadAsync()).Reference}",
            $"ownership/{(await change.ReadAsync()).Reference}", $"licenses/{loan.License.Number}", $"licenses/{excluded.Number}",
            $"mails/{mail}", $"appointments/{appointment.Id}");
        await ShouldHoldAsync(WorkView.Locked, $"flags/{flag}", $"flags/{asked}");
        await ShouldHoldAsync(WorkView.Waiting, $"flags/{asked}");
        await ShouldHoldAsync(WorkView.Decide, $"transfers/{(await transfer.ReadAsync()).Reference}",
            $"ownership/{(await change.ReadAsync()).Reference}", $"licenses/{loan.License.Number}", $"licenses/{excluded.Number}");
        await ShouldHoldAsync(WorkView.Mails, $"mails/{mail}");
        await ShouldHoldAsync(WorkView.Appointments, $"appointments/{appointment.Id}");
        (await ground.WorkAsync(WorkView.Todo)).ShouldNotContain(w => w.Path == $"flags/{asked}");
        var line = (await ground.WorkAsync(WorkView.Locked)).Single(w => w.Path == $"flags/{flag}");
        (line.LicenseNumber, line.Customer, line.Number, line.IsLocked).ShouldBe((locked.Number, "Muster Gastro GmbH", flag, true));
        (await ground.WorkAsync(WorkView.Appointments)).ShouldContain(w => w.Customer == appointment.Name);

        async Task ShouldHoldAsync(WorkView view, params string[] paths)
        {
            var lines = await ground.WorkAsync(view);
            lines.Select(w => w.Path).ShouldBe(lines.Select(w => w.Path).Distinct(), $"{view} has a line twice");
            paths.Except(lines.Select(w => w.Path)).ShouldBeEmpty($"missing in {view}");
            (await CountAsync(view)).ShouldBe(lines.Count, $"{view}");
        }
    }

    [Fact]
    public async Task Every_order_shows_all_of_it_however_it_is_paged()
    {
        for (var i = 0; i < 9; i++)
        {
            await ground.LockedAsync();
            await Portal.AddFailedMailAsync();
        }

        var all = (await ground.WorkAsync(WorkView.Todo)).Select(w => w.Subject).ToHashSet();
        foreach (var order in Enum.GetValues<WorkOrder>())
        {
            foreach (var descending in new[] { false, true })
            {
                List<Guid> seen = [];
                while (await AskAsync(new WorkQuestion(WorkView.Todo, null, order, descending, seen.Count, 4)) is { Lines.Count: > 0 } page)
                {
                    seen.AddRange(page.Lines.Select(w => w.Subject));
                }

                seen.Count.ShouldBe(all.Count, $"{order} {descending}");
                seen.ToHashSet().SetEquals(all).ShouldBeTrue($"{order} {descending}");
            }
        }

        var ages = (await ground.WorkAsync(WorkView.Todo)).Select(w => w.Since).ToList();
        ages.ShouldBe(ages.Order());
    }

    [Fact]
    public async Task One_product_alone_is_listed_and_counted()
    {
        var (license, flag) = await ground.LockedAsync();
        await ground.LockedAsync();
        var product = (await license.ReadAsync()).ProductId;

        var page = await AskAsync(new WorkQuestion(WorkView.Todo, product, WorkOrder.Age, false, 0, 50));

        page.Lines.ShouldHaveSingleItem().Number.ShouldBe(flag);
        page.Total.ShouldBe(1);
        page.Counts[WorkView.Todo].ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_case_is_taken_taken_over_and_given_back_and_nobody_takes_it_unseen()
    {
        var (_, flag) = await ground.LockedAsync();
        var line = (await ground.WorkAsync(WorkView.New)).Single(w => w.Number == flag);
        var other = await StaffUser.CreateAsync(Portal);

        (await TakeAsync(ground.Clerk, line.Subject, shown: null, takes: true)).ShouldBe(StaffResult.Done);
        (await ground.WorkAsync(WorkView.Mine)).ShouldContain(w => w.Number == flag);
        (await ground.WorkAsync(WorkView.New)).ShouldNotContain(w => w.Number == flag);
        (await ground.WorkAsync(WorkView.Mine, other)).ShouldNotContain(w => w.Number == flag);
        (await TakeAsync(other, line.Subject, shown: null, takes: true)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await TakeAsync(other, line.Subject, shown: ground.Clerk.Id, takes: true)).ShouldBe(StaffResult.Done);
        (await TakeAsync(ground.Clerk, line.Subject, shown: ground.Clerk.Id, takes: false)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await TakeAsync(other, line.Subject, shown: other.Id, takes: false)).ShouldBe(StaffResult.Done);
        (await ground.WorkAsync(WorkView.New)).ShouldContain(w => w.Number == flag);
    }

    [Fact]
    public async Task Of_many_who_take_a_case_at_once_one_has_it()
    {
        var (_, flag) = await ground.LockedAsync();
        var subject = (await ground.WorkAsync(WorkView.New)).Single(w => w.Number == flag).Subject;
        var clerks = new List<StaffUser>();
        for (var i = 0; i < 6; i++)
        {
            clerks.Add(await StaffUser.CreateAsync(Portal));
        }

        var results = await Task.WhenAll(clerks.Select(clerk => TakeAsync(clerk, subject, shown: null, takes: true)));

        results.Count(r => r.Succeeded).ShouldBe(1);
        results.Count(r => r.Refused == StaffRefusal.Conflict).ShouldBe(5);
    }

    [Fact]
    public async Task Colleagues_who_opened_a_case_are_named_to_others_only_and_for_an_hour()
    {
        var (_, flag) = await ground.LockedAsync();
        var other = await StaffUser.CreateAsync(Portal);
        await ground.Use<ShowFlag>().ExecuteAsync(await other.ActorAsync(), flag, Now, default);

        (await WhoAsync(ground.Clerk)).ShouldHaveSingleItem().At.ShouldBe(Now, TimeSpan.FromSeconds(1));
        (await WhoAsync(other)).ShouldBeEmpty();
        Portal.Clock.Advance(TimeSpan.FromHours(1));
        (await WhoAsync(ground.Clerk)).ShouldBeEmpty();

        async Task<IReadOnlyList<OpenedBy>> WhoAsync(StaffUser user) =>
            (await ground.Use<ShowWhoElse>().ExecuteAsync(await user.ActorAsync(), flag, Now, default)).Value!.People;
    }

    [Theory]
    [InlineData(NotedKind.License)]
    [InlineData(NotedKind.Transfer)]
    [InlineData(NotedKind.OwnerChange)]
    [InlineData(NotedKind.Invoice)]
    internal async Task A_note_stands_in_the_history_of_what_it_is_about(NotedKind kind)
    {
        var stream = kind switch
        {
            NotedKind.License => (await Portal.AddLicenseAsync(computers: ["KASSE-1"])).Id,
            NotedKind.Transfer => (await Portal.AddTransferAsync()).Id,
            NotedKind.OwnerChange => (await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover)).ReadAsync()).Id,
            NotedKind.Invoice => (await Portal.StoreAsync()).Id,
        };
        var note = ground.Use<AddNote>();

        (await note.ExecuteAsync(await ground.ActAsync("Ruft morgen zurück"), new NotedCase(kind, stream), Now, default))
            .ShouldBe(StaffResult.Done);
        (await note.ExecuteAsync(await ground.ActAsync("x"), new NotedCase(kind, stream), Now, default)).Refused
            .ShouldBe(StaffRefusal.Reason);
        (await note.ExecuteAsync(await ground.ActAsync(), new NotedCase(kind, Guid.NewGuid()), Now, default)).Refused
            .ShouldBe(StaffRefusal.NotFound);

        await using var db = Portal.Open();
        (await db.Events.Include(e => e.Detail).Where(e => e.Stream == stream && e.Kind == EventKind.Noted).ToListAsync())
            .ShouldHaveSingleItem().Detail!.Text.ShouldBe("Ruft morgen zurück");
    }

    [Fact]
    public async Task A_note_is_nothing_for_customers()
    {
        var held = await Portal.AddHeldAsync(computers: "KASSE-1");
        (await ground.Use<AddNote>().ExecuteAsync(
            await ground.ActAsync("Zahlt immer spät"), new NotedCase(NotedKind.License, held.License.Id), Now, default))
            .ShouldBe(StaffResult.Done);

        var shown = await ground.Use<ShowMyLicense>().ExecuteAsync(await held.Owner.ActorAsync(), held.License.Number, Now, default);

        shown.ShouldNotBeNull().History.ShouldNotContain(e => e.Kind == EventKind.Noted);
    }

    [Fact]
    public async Task What_was_begun_is_its_authors_until_it_is_sent_or_a_month_old()
    {
        var texts = ground.Use<TypedTexts>();
        var (mine, other) = (await ground.Clerk.ActorAsync(), await ground.Accountant.ActorAsync());
        const string place = "/staff/flags/F-1001 UnlockLicense ";

        (await texts.KeepAsync(mine, place, "Der Kun", Now, default)).ShouldBeTrue();
        (await texts.KeepAsync(mine, place, "Der Kunde hat", Now, default)).ShouldBeTrue();
        (await texts.KeepAsync(mine, place, "kein\0Text", Now, default)).ShouldBeFalse();
        (await texts.KeepAsync(mine, place, new string('x', TypedText.Longest + 1), Now, default)).ShouldBeFalse();

        (await texts.FindAsync(mine, place, default)).ShouldBe("Der Kunde hat");
        (await texts.FindAsync(other, place, default)).ShouldBeEmpty();
        (await texts.KeepAsync(mine, place, "", Now, default)).ShouldBeTrue();
        (await texts.FindAsync(mine, place, default)).ShouldBeEmpty();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => texts.KeepAsync(mine, place, $"Text {i}", Now, default)));
        (await texts.FindAsync(mine, place, default)).ShouldStartWith("Text ");
        await texts.DropAsync(mine, place, default);
        (await texts.FindAsync(mine, place, default)).ShouldBeEmpty();
    }

    private async Task<StaffResult> TakeAsync(StaffUser user, Guid subject, Guid? shown, bool takes) =>
        await ground.Use<AssignCase>().ExecuteAsync(await user.ActorAsync(), Guid.NewGuid(), subject, shown, takes, Now, default);

    private async Task<WorkPage> AskAsync(WorkQuestion question) =>
        (await ground.Use<ListWork>().ExecuteAsync(await ground.Clerk.ActorAsync(), question, Now, default)).Value!;

    private async Task<int> CountAsync(WorkView view) =>
        (await AskAsync(new WorkQuestion(view, null, WorkOrder.Age, false, 0, 1))).Counts[view];
}
