using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// Numbers of invoices on PostgreSQL: gapless, unique, in the order of their dates, whoever issues and whatever is rolled back.
/// </summary>
public sealed class InvoiceNumberTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Now = new(2026, 12, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly LastDay = new(2026, 12, 31);
    private static int _customers;

    [Fact]
    public async Task Fifty_at_once_with_rollbacks_over_the_turn_of_the_year_on_two_nodes_leave_no_gap()
    {
        var customer = await CustomerAsync();
        await using var second = PortalDataSource.Create(postgres.Database.PortalConnection);
        var random = new Seeded();
        var plans = Enumerable.Range(0, 50)
            .Select(i => (OnSecond: i % 2 == 0, Day: LastDay.AddDays(random.Below(3) - 1), Kind: random.Below(5) == 0
                ? InvoiceKind.Cancellation
                : InvoiceKind.Invoice, Fails: random.Below(10) < 3)).ToList();
        var originals = new ConcurrentQueue<Guid>(await OriginalsAsync(customer, plans.Count));

        await Task.WhenAll(plans.Select(
            plan => IssueAsync(plan.OnSecond ? Open(second) : postgres.Open(), plan.Kind, plan.Day, customer, originals, plan.Fails)));

        await using var db = postgres.Open();
        var issued = await db.Invoices.AsNoTracking().ToListAsync();
        issued.Count(i => i.CustomerId == customer).ShouldBe(50 + plans.Count(p => !p.Fails), $"seed {random.Seed}");
        foreach (var series in issued.GroupBy(i => (i.Kind, i.Year)))
        {
            series.Select(i => i.Place).Order().ShouldBe(Enumerable.Range(1, series.Count()), $"a gap in {series.Key}, seed {random.Seed}");
            RunsBackwards(series).ShouldBeFalse($"dates of {series.Key}, seed {random.Seed}");
        }

        issued.Select(i => i.Number).Distinct().Count().ShouldBe(issued.Count);
        issued.Select(i => i.Year).Distinct().Count().ShouldBe(2, "some fall into the new year");
    }

    /// <summary>What the checks above would see if numbers came from a sequence, as they do not.</summary>
    [Fact]
    public async Task A_sequence_would_leave_gaps()
    {
        await using var owner = new NpgsqlConnection(postgres.Database.OwnerConnection + ";Pooling=false");
        await owner.OpenAsync();
        await using (var make = new NpgsqlCommand("CREATE SEQUENCE tempting; CREATE TABLE tempted (place bigint)", owner))
        {
            await make.ExecuteNonQueryAsync();
        }

        for (var i = 0; i < 4; i++)
        {
            await using var transaction = await owner.BeginTransactionAsync();
            await using var take = new NpgsqlCommand("INSERT INTO tempted VALUES (nextval('tempting'))", owner, transaction);
            await take.ExecuteNonQueryAsync();
            if (i != 1)
            {
                await transaction.CommitAsync();
            }
        }

        await using var all = new NpgsqlCommand("SELECT array_agg(place ORDER BY place) FROM tempted", owner);
        ((long[])(await all.ExecuteScalarAsync())!).ShouldNotBe([1L, 2, 3]);
        RunsBackwards([Issue(1, LastDay), Issue(2, LastDay.AddDays(-1))]).ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_whose_day_began_late_does_not_turn_dates_back()
    {
        await using var db = postgres.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var day = new DateOnly(2031, 5, 5);
        (await InvoiceNumbers.TakeAsync(db, InvoiceKind.Invoice, day, default)).ShouldBe(new TakenNumber(1, day));
        (await InvoiceNumbers.TakeAsync(db, InvoiceKind.Invoice, day.AddDays(-1), default)).ShouldBe(new TakenNumber(2, day));
        (await InvoiceNumbers.TakeAsync(db, InvoiceKind.Cancellation, day.AddDays(-1), default))
            .ShouldBe(new TakenNumber(1, day.AddDays(-1)), "each series has its own dates");
        (await InvoiceNumbers.TakeAsync(db, InvoiceKind.Invoice, day.AddYears(1), default))
            .ShouldBe(new TakenNumber(1, day.AddYears(1)), "a year begins anew");
    }

    [Fact]
    public async Task Without_a_transaction_no_number_is_given()
    {
        await using var db = postgres.Open();
        await Should.ThrowAsync<InvalidOperationException>(() => InvoiceNumbers.TakeAsync(db, InvoiceKind.Invoice, LastDay, default));
    }

    [Fact]
    public async Task A_request_has_one_living_invoice_and_an_invoice_one_cancellation()
    {
        var customer = await CustomerAsync();
        var request = await RequestAsync();
        var first = await AddAsync(SampleInvoices.Content(LastDay), new InvoiceOrigin(customer, request));

        (await Refused(() => AddAsync(SampleInvoices.Content(LastDay), new InvoiceOrigin(customer, request)))).ConstraintName.ShouldBe(
            "ux_invoice_living");

        await using (var db = postgres.Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var invoice = await db.Invoices.SingleAsync(i => i.Id == first.Id);
            var cancellation = await SampleInvoices.AddAsync(
                db, invoice.DraftCancellation(LastDay, "Doppelt").ShouldSucceed(), new InvoiceOrigin(customer, request, invoice.Id), Now);
            invoice.Cancel(cancellation).ShouldSucceed();
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }

        await AddAsync(SampleInvoices.Content(LastDay), new InvoiceOrigin(customer, request));
        (await Refused(() =>
            AddAsync(first.DraftCancellation(LastDay, "Noch einmal").ShouldSucceed(), new InvoiceOrigin(customer, request, first.Id))))
            .ConstraintName.ShouldBe("ix_invoice_cancels_id");
    }

    [Fact]
    public async Task What_was_issued_is_read_as_it_was_written()
    {
        var customer = await CustomerAsync();
        var written = await AddAsync(
            SampleInvoices.Content(LastDay, InvoiceKind.Invoice,
                SampleInvoices.Fee() with { Period = new Period(LastDay, LastDay.AddYears(1)) }),
                new InvoiceOrigin(customer, VatEvidence: """{"source":"test"}"""));

        await using var db = postgres.Open();
        var read = await db.Invoices.AsNoTracking().SingleAsync(i => i.Id == written.Id);
        read.Content.Lines.ShouldBe(written.Content.Lines);
        (read.Content with { Lines = [], Introduction = [], Notes = [] })
            .ShouldBe(written.Content with { Lines = [], Introduction = [], Notes = [] });
        read.Content.Totals.Gross.ShouldBe(read.Gross);
        (await db.Set<InvoiceLineRow>().SingleAsync(l => l.InvoiceId == written.Id)).Net.ShouldBe(new Money(7000));
    }

    private async Task IssueAsync(
        PortalDbContext context, InvoiceKind kind, DateOnly day, Guid customer, ConcurrentQueue<Guid> originals, bool fails)
    {
        await using var db = context;
        await using var transaction = await db.Database.BeginTransactionAsync();
        var origin = new InvoiceOrigin(
            customer, CancelsId: kind == InvoiceKind.Cancellation && originals.TryDequeue(out var original) ? original : null);
        await SampleInvoices.AddAsync(db, SampleInvoices.Content(day, kind), origin, Now);
        await db.SaveChangesAsync();
        if (fails)
        {
            await transaction.RollbackAsync();
        }
        else
        {
            await transaction.CommitAsync();
        }
    }

    private async Task<IEnumerable<Guid>> OriginalsAsync(Guid customer, int count)
    {
        List<Guid> ids = [];
        for (var i = 0; i < count; i++)
        {
            ids.Add((await AddAsync(SampleInvoices.Content(LastDay.AddDays(-2)), new InvoiceOrigin(customer))).Id);
        }

        return ids;
    }

    private async Task<Invoice> AddAsync(InvoiceContent content, InvoiceOrigin origin)
    {
        await using var db = postgres.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var invoice = await SampleInvoices.AddAsync(db, content, origin, Now);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return invoice;
    }

    private async Task<Guid> CustomerAsync()
    {
        await using var db = postgres.Open();
        var customer = SampleInvoices.Customer(20_000 + Interlocked.Increment(ref _customers));
        db.Add(customer);
        await db.SaveChangesAsync();
        return customer.Id;
    }

    private async Task<Guid> RequestAsync()
    {
        await using var db = postgres.Open();
        var request = new TransferRequest { CreatedAt = Now };
        db.Add(request);
        await db.SaveChangesAsync();
        return request.Id;
    }

    private static async Task<PostgresException> Refused(Func<Task> act) =>
        (await Should.ThrowAsync<DbUpdateException>(act)).InnerException.ShouldBeOfType<PostgresException>();

    private static PortalDbContext Open(NpgsqlDataSource source) =>
        new(new DbContextOptionsBuilder<PortalDbContext>().UsePortal(source).Options);

    private static bool RunsBackwards(IEnumerable<Invoice> series) =>
        series.OrderBy(i => i.Place).ToList() is var ordered
            && ordered.Zip(ordered.Skip(1)).Any(pair => pair.Second.IssueDate < pair.First.IssueDate);

    private static Invoice Issue(int place, DateOnly date) => Invoice.Issue(
        SampleInvoices.Content(date) with { Number = InvoiceNumber.Format(InvoiceKind.Invoice, date.Year, place) }, place,
        new InvoiceOrigin(Guid.Empty), SampleInvoices.Zone, Now);
}
