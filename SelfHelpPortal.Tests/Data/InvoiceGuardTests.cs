using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>An invoice cannot be changed, neither by the portal's role nor by the owner of the schema; what became of it can.</summary>
public sealed class InvoiceGuardTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = A.Morning;
    private static int _customers;

    private static readonly string[] Forbidden =
    [
        "UPDATE invoice SET gross_cents = gross_cents + 1, net_cents = net_cents + 1",
        "UPDATE invoice SET content = jsonb_set(content, '{reference}', '\"x\"')",
        "UPDATE invoice SET issue_date = issue_date + 1",
        "UPDATE invoice SET number = 'x'",
        "UPDATE invoice SET state = 'Paid', paid_at = now(), due_date = due_date + 1",
        "DELETE FROM invoice",
        "TRUNCATE invoice CASCADE",
        "UPDATE invoice_line SET net_cents = 0",
        "DELETE FROM invoice_line",
        "TRUNCATE invoice_line",
        "UPDATE invoice_document SET bytes = '\\x00'",
        "UPDATE invoice_document SET sha256 = ''",
        "DELETE FROM invoice_document",
        "TRUNCATE invoice_document",
        "UPDATE payment SET amount_cents = 1",
        "DELETE FROM payment",
        "TRUNCATE payment",
        "DELETE FROM invoice_series",
        "TRUNCATE invoice_series",
        "UPDATE invoice_series SET year = year + 1",
        "UPDATE invoice_series SET kind = 'Cancellation'",
    ];

    /// <summary>An invoice goes with a customer that is merged, and nowhere else.</summary>
    private const string OtherCustomer = "UPDATE invoice SET customer_id = gen_random_uuid()";

    public async Task InitializeAsync()
    {
        await using var db = postgres.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var customer = SampleInvoices.Customer(30_000 + Interlocked.Increment(ref _customers));
        db.Add(customer);
        await db.SaveChangesAsync();
        var invoice =
            await SampleInvoices.AddAsync(db, SampleInvoices.Content(new DateOnly(2026, 3, 4)), new InvoiceOrigin(customer.Id), Now);
        db.Add(InvoiceDocument.Create(invoice.Id, InvoiceDocumentKind.Pdf, "Rechnung.pdf", "application/pdf", [1, 2, 3], Now));
        invoice.Record(new Payment
        {
            InvoiceId = invoice.Id,
            ReceivedOn = invoice.IssueDate,
            Amount = new Money(100),
            Note = "x",
            RecordedAt = Now
        }, SampleInvoices.Zone, Now);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_portal_has_no_right_to_change_it()
    {
        await using var portal = await postgres.Source.OpenConnectionAsync();
        foreach (var act in Forbidden.Append("UPDATE license_file SET sealed_text = '\\x00'"))
        {
            (await Should.ThrowAsync<PostgresException>(() => RunAsync(portal, act), act)).SqlState.ShouldBe(
                PostgresErrorCodes.InsufficientPrivilege, act);
        }

        (await Should.ThrowAsync<PostgresException>(() => RunAsync(portal, OtherCustomer))).SqlState.ShouldBe("23001");
    }

    [Fact]
    public async Task A_trigger_refuses_it_to_the_owner_too()
    {
        await using var owner = new NpgsqlConnection(postgres.Database.OwnerConnection + ";Pooling=false");
        await owner.OpenAsync();
        foreach (var act in Forbidden.Append(OtherCustomer))
        {
            (await Should.ThrowAsync<PostgresException>(() => RunAsync(owner, act), act)).SqlState.ShouldBe("23001", act);
        }
    }

    /// <summary>Besides, the control: the statements above fail for what they change, not for what the tables are.</summary>
    [Fact]
    public async Task What_became_of_it_may_change()
    {
        await using var portal = await postgres.Source.OpenConnectionAsync();
        await using var transaction = await portal.BeginTransactionAsync();
        (await RunAsync(portal,
            "UPDATE invoice SET state = 'Paid', paid_at = now(), reminder_level = 1, next_reminder_at = NULL, reminders_paused = true, "
                + "is_overpaid = true"))
            .ShouldBeGreaterThan(0);
        (await RunAsync(portal, "SELECT 1 FROM invoice FOR UPDATE")).ShouldBe(-1);
        await transaction.RollbackAsync();
    }

    /// <summary>Point 5: the counter goes on by one, and never back; nobody starts a series in its middle.</summary>
    [Theory]
    [InlineData("UPDATE invoice_series SET last_number = last_number + 2")]
    [InlineData("UPDATE invoice_series SET last_number = last_number - 1")]
    [InlineData("UPDATE invoice_series SET last_issue_date = last_issue_date - 1, last_number = last_number + 1")]
    [InlineData("INSERT INTO invoice_series (kind, year, last_number, last_issue_date) VALUES ('Invoice', 2019, 7, '2019-01-01')")]
    public async Task A_series_counts_on_by_one(string act)
    {
        await using var portal = await postgres.Source.OpenConnectionAsync();
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(portal, act), act)).SqlState.ShouldBe("23001");
        await using var transaction = await portal.BeginTransactionAsync();
        (await RunAsync(portal, "UPDATE invoice_series SET last_number = last_number + 1")).ShouldBeGreaterThan(0);
        await transaction.RollbackAsync();
    }

    /// <summary>
    /// Point 5: what a wrong clock dates after the database's day is not stored. The tests' own days may lie ahead of the machine's, so
    /// that their databases are told so; this one is not.
    /// </summary>
    [Fact]
    public async Task Nothing_is_dated_after_the_day_of_the_database()
    {
        await using var portal = await postgres.Source.OpenConnectionAsync();
        await RunAsync(portal, "SET portal.days_ahead = '0'");
        const string Series = "INSERT INTO invoice_series (kind, year, last_number, last_issue_date) VALUES ('Invoice', 2018, 1, ";
        foreach (var ahead in (int[])[2, 80])
        {
            (await Should.ThrowAsync<PostgresException>(() => RunAsync(portal, $"{Series}current_date + {ahead})"))).SqlState
                .ShouldBe("23001", "the number");
            var insert =
                "INSERT INTO invoice SELECT (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'place', 900, "
                + $"'number', 'x', 'issue_date', current_date + {ahead}))).* FROM invoice i LIMIT 1";
            (await Should.ThrowAsync<PostgresException>(() => RunAsync(portal, insert))).MessageText.ShouldContain("database's day");
        }

        await using var transaction = await portal.BeginTransactionAsync();
        (await RunAsync(portal, $"{Series}current_date)")).ShouldBe(1);
        await transaction.RollbackAsync();
        await RunAsync(portal, "RESET portal.days_ahead");
    }

    private static async Task<int> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts stand in this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteNonQueryAsync();
    }
}
