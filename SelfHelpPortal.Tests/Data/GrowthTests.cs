using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Mails;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Features.Staff.Search;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Shared.PersonalData;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// What a screen or a job reads depends on what it shows or does and not on how much there is. The portal's own statements run once more
/// against a full database, and its server counts the rows that it had to look at.
/// </summary>
public sealed class GrowthTests(GrowthTests.FullPortal portal) : IClassFixture<GrowthTests.FullPortal>
{
    private const int Rows = 20_000;

    /// <summary>A page and what hangs on its rows; a hundredth of what a scan would read.</summary>
    private const int Most = 1000;

    private StaffGround Ground => portal.Ground;

    private DateTimeOffset Now => Ground.Portal.Clock.Now;

    [Fact]
    public async Task The_desk()
    {
        var view = await RunAsync(actor => Ground.Use<ListWork>().ExecuteAsync(
            actor, new WorkQuestion(WorkView.Todo, null, WorkOrder.Age, Descending: false, 0, 30), Now, default));

        (view.Counts[WorkView.Mails], view.Counts[WorkView.Invoices], view.Counts[WorkView.Decide]).ShouldBe((10, 20, 30));
        view.Lines.Count.ShouldBe(30);
    }

    [Theory]
    [InlineData("", 25)]
    [InlineData("C-X7000", 1)]
    [InlineData("c-x7000", 1)]
    [InlineData("Straßenbäckerei 7000 ", 1)]
    [InlineData("bäckerei 7000 g", 1)]
    [InlineData("inhaber7000@", 1)]
    [InlineData("Ort-7000-", 1)]
    [InlineData("GmbH", 25)]
    [InlineData("nobody at all", 0)]
    public async Task A_search_for_customers(string term, int found)
    {
        var view = await RunAsync(actor => Ground.Use<SearchCustomers>().ExecuteAsync(actor, term, default, Now, default));

        view.Customers.Count.ShouldBe(found);
        view.HasOlder.ShouldBe(found == SearchCustomers.PageSize);
        if (found == 1)
        {
            view.Customers[0].Number.ShouldBe("C-X7000");
        }
    }

    [Theory]
    [InlineData("", 25)]
    [InlineData("L-X7000", 1)]
    [InlineData("SN-X7000", 1)]
    [InlineData("C-X7000", 1)]
    [InlineData("Straßenbäckerei 7000 ", 1)]
    [InlineData("GmbH", 25)]
    [InlineData("nobody at all", 0)]
    public async Task A_search_for_licenses(string term, int found)
    {
        var view = await RunAsync(actor => Ground.Use<SearchLicenses>().ExecuteAsync(actor, term, default, Now, default));

        view.Licenses.Count.ShouldBe(found);
        view.HasOlder.ShouldBe(found == SearchLicenses.PageSize);
        if (found == 1)
        {
            view.Licenses[0].Number.ShouldBe("L-X7000");
        }
    }

    [Theory]
    [InlineData("L-X7000", "Licenses 1")]
    [InlineData("SN-X7000", "Licenses 1")]
    [InlineData("C-X7000", "Customers 1")]
    [InlineData("M-X7000", "Orders 1")]
    [InlineData("R-X7000", "Invoices 1")]
    [InlineData("KASSE-X7000", "Computers 1")]
    [InlineData("L-X", "Licenses 10+")]
    [InlineData("x70", "Licenses 10+, Customers 10+, Orders 10+, Invoices 1")]
    [InlineData("7000", "Licenses 2, Customers 2, Orders 2, Invoices 2, Loans 1")]
    [InlineData("X1234", "Licenses 10+, Customers 10+, Orders 10+, Invoices 10+")]
    [InlineData("N-X7001", "Licenses 1")]
    [InlineData("X7001", "Licenses 1, Customers 1, Orders 1, Invoices 1")]
    [InlineData("LEIH-PC 7000", "Loans 1")]
    [InlineData("leih-pc", "Loans 10+")]
    [InlineData("Straßenbäckerei Ort", "Customers 10+")]
    [InlineData("Straßenbäckerei 7000 inhaber19", "")]
    [InlineData("KASSE-X", "Computers 10+")]
    [InlineData("H1011-{hardware}", "Computers 10+, Loans 10+")]
    [InlineData("83,30", "Invoices 10+")]
    [InlineData("Süd 7000 bäckerei", "Customers 1")]
    [InlineData("Strassenbaeckerei 7000", "Customers 1")]
    [InlineData("inhaber7000@muster.example", "Customers 1, Orders 1")]
    [InlineData("GmbH", "Customers 10+, Orders 10+")]
    [InlineData("GmbH Südstern", "")]
    [InlineData("nobody at all", "")]
    [InlineData("%%%", "")]
    public async Task A_search_over_everything(string term, string found)
    {
        var asked = term.Replace("H1011-{hardware}", A.Hardware("KASSE-X").ToString()[..17], StringComparison.Ordinal);

        var view = await RunAsync(actor => Ground.Use<SearchEverything>().ExecuteAsync(actor, asked, Now, default));

        string.Join(", ", view.Groups.Select(g => $"{g.Kind} {g.Hits.Count}{(g.HasMore ? "+" : "")}")).ShouldBe(found);
    }

    [Fact]
    public async Task Wildcards_are_gaps_like_other_marks()
    {
        await using (var db = Ground.Portal.Open())
        {
            db.Add(new SelfHelpPortal.Licensing.Customer
            {
                Number = "C-WILD",
                Company = @"Muster_50% & \Söhne",
                Email = "wild@muster.example",
            });
            await db.SaveChangesAsync();
        }

        foreach (var (term, found) in ((string, int)[])
            [("STER_50%", 1), (@"& \söhne", 1), ("M_ster_50", 0), ("Muster%Söhne", 0), ("%", 0), ("___", 0)])
        {
            var actor = await Ground.Administrator.ActorAsync();
            var view = (await Ground.Use<SearchCustomers>().ExecuteAsync(actor, term, default, Now, default)).Value;
            view.ShouldNotBeNull().Customers.Count.ShouldBe(found, term);
        }
    }

    [Fact]
    public async Task Every_license_of_a_common_name_is_on_a_page()
    {
        var seen = new HashSet<string>();
        SearchPlace place = default;
        for (var i = 0; i < 24; i++)
        {
            var view = await RunAsync(actor => Ground.Use<SearchLicenses>().ExecuteAsync(actor, "gmbh", place, Now, default));
            view.HasOlder.ShouldBeTrue();
            seen.UnionWith(view.Licenses.Select(l => l.Number));
            place = new SearchPlace(view.Licenses[^1].Number, null);
        }

        seen.Count.ShouldBe(24 * SearchLicenses.PageSize, "more than the five hundred that were once looked at");
    }

    [Theory]
    [InlineData(InvoiceFilter.All, "", 25)]
    [InlineData(InvoiceFilter.Open, "", 25)]
    [InlineData(InvoiceFilter.Overdue, "", 25)]
    [InlineData(InvoiceFilter.Level3, "", 20)]
    [InlineData(InvoiceFilter.Paid, "", 25)]
    [InlineData(InvoiceFilter.Overpaid, "", 0)]
    [InlineData(InvoiceFilter.Cancelled, "", 0)]
    [InlineData(InvoiceFilter.Cancellations, "", 0)]
    [InlineData(InvoiceFilter.All, "R-X7000", 1)]
    [InlineData(InvoiceFilter.All, "C-X7000", 1)]
    [InlineData(InvoiceFilter.All, "Straßenbäckerei 7000 ", 1)]
    [InlineData(InvoiceFilter.Paid, "GmbH", 25)]
    [InlineData(InvoiceFilter.All, "nobody at all", 0)]
    internal async Task A_search_for_invoices(InvoiceFilter filter, string term, int found)
    {
        var view = await RunAsync(actor => Ground.Use<SearchInvoices>().ExecuteAsync(actor, filter, term, null, default, Now, default));

        view.Invoices.Count.ShouldBe(found);
    }

    [Theory]
    [InlineData(TransferQueue.Review, "", 25)]
    [InlineData(TransferQueue.Customer, "", 0)]
    [InlineData(TransferQueue.Completed, "", 25)]
    [InlineData(TransferQueue.Closed, "", 0)]
    [InlineData(TransferQueue.All, "", 25)]
    [InlineData(TransferQueue.All, "M-X7000", 1)]
    [InlineData(TransferQueue.All, "L-X7000", 1)]
    [InlineData(TransferQueue.All, "C-X7000", 1)]
    [InlineData(TransferQueue.All, "Straßenbäckerei 7000 ", 1)]
    [InlineData(TransferQueue.All, "GmbH", 25)]
    [InlineData(TransferQueue.All, "nobody at all", 0)]
    internal async Task A_search_for_transfers(TransferQueue queue, string term, int found)
    {
        var view = await RunAsync(actor => Ground.Use<SearchTransfers>().ExecuteAsync(actor, new(queue), term, default, Now, default));

        view.Transfers.Count.ShouldBe(found);
        view.Counts.ShouldNotContainKey(TransferQueue.Completed);
        view.Counts[TransferQueue.Review].ShouldBe(30);
    }

    [Theory]
    [InlineData(OwnerQueue.Review)]
    [InlineData(OwnerQueue.Closed)]
    internal Task The_changes_of_licensees(OwnerQueue queue) =>
        RunAsync(actor => Ground.Use<SearchOwnerChanges>().ExecuteAsync(actor, queue, page: 0, Now, default));

    [Theory]
    [InlineData(MailFilter.Failed, "", 10)]
    [InlineData(MailFilter.Waiting, "", 0)]
    [InlineData(MailFilter.Sent, "", 25)]
    [InlineData(MailFilter.All, "Inhaber7000@muster.example", 1)]
    [InlineData(MailFilter.All, "L-X7000", 1)]
    internal async Task A_search_for_mails(MailFilter filter, string term, int found)
    {
        var view = await RunAsync(actor => Ground.Use<SearchMails>().ExecuteAsync(actor, filter, term, null, before: null, Now, default));

        view.Mails.Count.ShouldBe(found);
    }

    [Fact]
    public async Task The_export_of_one_customer_and_of_one_account()
    {
        await using var connection = await portal.OpenAsync();
        var customer = FullPortal.IdOf('1', 7000);
        foreach (var (user, customers) in ((Guid?, Guid[])[])[(null, [customer]), (Ground.Clerk.Id, []), (Ground.Clerk.Id, [customer])])
        {
            foreach (var table in ExportTable.All)
            {
                await ShouldReadLittleAsync(
                    connection, $"{ExportTable.Names}\nSELECT r.row::text FROM ({table.Sql}) AS r(row) ORDER BY 1",
                    [
                        new NpgsqlParameter { Value = user ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                        new NpgsqlParameter<Guid[]> { TypedValue = customers },
                    ]);
            }
        }
    }

    [Fact]
    public async Task Reminders()
    {
        using var statements = new StatementSpy(Ground.Portal.Database.Name);

        // The next to be reminded of is looked for once more than there are.
        var count = await Ground.Use<RemindInvoices>().RunAsync(Now.AddDays(-1), default);

        count.ShouldBe(3);
        statements.With("next_reminder_at").Count(s => s.Sql.StartsWith("SELECT i.", StringComparison.Ordinal)).ShouldBe(count + 1);
        await ShouldReadLittleAsync(statements.All);
    }

    [Fact]
    public async Task Networks_that_are_not_over()
    {
        using var statements = new StatementSpy(Ground.Portal.Database.Name);

        await Ground.Use<RetentionJob>().RunAsync(Now, default);

        await using var connection = await portal.OpenAsync();
        var rule = statements.With("ip_prefix = NULL").ShouldHaveSingleItem();

        // The events of those that are looked at may be read as a whole here, since there are so few.
        (await ReadRowsAsync(connection, rule.Sql, rule.Parameters, longestScan: 2 * Rows)).ShouldBeLessThan(1.5 * Rows);
    }

    [Fact]
    public async Task Documents_at_random()
    {
        using var statements = new StatementSpy(Ground.Portal.Database.Name);

        await Ground.Use<CheckData>().RunAsync(allDocuments: false, Now, default);

        await using var connection = await portal.OpenAsync();
        var documents = statements.With("FROM invoice_document TABLESAMPLE").ShouldHaveSingleItem();
        (await ReadRowsAsync(connection, documents.Sql, documents.Parameters)).ShouldBeLessThan(Rows / 2);
    }

    private async Task<T> RunAsync<T>(Func<Shared.Access.StaffActor, Task<StaffAnswer<T>>> read)
        where T : class
    {
        var actor = await Ground.Administrator.ActorAsync();
        using var statements = new StatementSpy(Ground.Portal.Database.Name);

        var answer = await read(actor);

        answer.Refused.ShouldBeNull();
        statements.All.ShouldNotBeEmpty();
        await ShouldReadLittleAsync(statements.All);
        return answer.Value.ShouldNotBeNull();
    }

    private async Task ShouldReadLittleAsync(IReadOnlyList<SpiedStatement> statements)
    {
        await using var connection = await portal.OpenAsync();
        foreach (var (sql, parameters) in statements.Where(s => s.Sql.StartsWith("SELECT ", StringComparison.Ordinal)))
        {
            await ShouldReadLittleAsync(connection, sql, parameters);
        }
    }

    private static async Task ShouldReadLittleAsync(NpgsqlConnection connection, string sql, IReadOnlyList<NpgsqlParameter> parameters) =>
        (await ReadRowsAsync(connection, sql, parameters)).ShouldBeLessThan(Most, sql);

    /// <returns>How many rows of the tables the statement looked at, whether it kept them or not.</returns>
    private static async Task<double> ReadRowsAsync(
        NpgsqlConnection connection, string sql, IReadOnlyList<NpgsqlParameter> parameters, int longestScan = Most)
    {
        await using var transaction = await connection.BeginTransactionAsync();
#pragma warning disable CA2100 // The portal's own statements.
        await using var explain = new NpgsqlCommand("EXPLAIN (ANALYZE, FORMAT JSON) " + sql, connection);
#pragma warning restore CA2100
        explain.Parameters.AddRange(parameters.Select(p => p.Clone()).ToArray());
        using var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!);
        await transaction.RollbackAsync();
        var read = 0.0;
        Look(plan.RootElement[0].GetProperty("Plan"));
        return read;

        void Look(JsonElement node)
        {
            var kind = node.GetProperty("Node Type").GetString()!;
            if (kind.EndsWith("Scan", StringComparison.Ordinal) && node.TryGetProperty("Relation Name", out var table))
            {
                var rows = (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter")
                    + Number(node, "Rows Removed by Index Recheck")) * Number(node, "Actual Loops");
                read += rows;
                (kind == "Seq Scan" && rows > longestScan).ShouldBeFalse($"{table} is read from end to end by {sql}\n{node}");
            }

            if (node.TryGetProperty("Plans", out var parts))
            {
                foreach (var part in parts.EnumerateArray())
                {
                    Look(part);
                }
            }
        }
    }

    private static double Number(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;

    /// <summary>A portal with tens of thousands of each, made once for all tests.</summary>
    public sealed class FullPortal : IAsyncLifetime
    {
        /// <summary>
        /// Rows like those that the portal wrote, without triggers. Those with large ids are the newest; the first wait for somebody.
        /// </summary>
        private const string Fill =
            """
            SET session_replication_role = replica;
            INSERT INTO customer (id, number, company, is_consumer, email, language, city, country, reminders_paused, invoice_format)
                SELECT pg_temp.id_of('1', n), 'C-X' || n, 'Straßenbäckerei ' || n || ' GmbH', c.is_consumer,
                    'inhaber' || n || '@muster.example', c.language, 'Ort-' || n || '-Süd', c.country, c.reminders_paused, c.invoice_format
                FROM customer c, generate_series(1, {rows}) n WHERE c.id = '{customer}';
            INSERT INTO license SELECT (jsonb_populate_record(l, jsonb_build_object('id', pg_temp.id_of('2', n), 'number', 'L-X' || n,
                    'customer_id', pg_temp.id_of('1', n), 'serial', 'SN-X' || n, 'key_hash', '\x' || md5(n::text),
                    'key_folded_hash', '\x' || md5('f' || n), 'key_last_five', upper(substr(md5(n::text), 1, 5))))).*
                FROM license l, generate_series(1, {rows}) n WHERE l.id = '{license}';
            INSERT INTO activation SELECT (jsonb_populate_record(a, jsonb_build_object('id', pg_temp.id_of('8', n),
                    'license_id', pg_temp.id_of('2', n), 'handle', upper(substr(md5('a' || n), 1, 13)), 'pc_name', 'Kasse-X' || n))).*
                FROM activation a, generate_series(1, {rows}) n WHERE a.license_id = '{license}';
            INSERT INTO invoice SELECT (jsonb_populate_record(i, jsonb_build_object('id', pg_temp.id_of('3', n), 'number', 'R-X' || n,
                    'place', 1000 + n, 'customer_id', pg_temp.id_of('1', n), 'content', '{}'::jsonb, 'license_id', NULL,
                    'state', CASE WHEN n <= 200 THEN 'Issued' ELSE 'Paid' END, 'reminder_level', CASE WHEN n <= 20 THEN 3 ELSE 0 END,
                    'next_reminder_at', NULL, 'paid_at', CASE WHEN n > 200 THEN i.created_at END,
                    'due_date', i.issue_date - 10))).*
                FROM invoice i, generate_series(1, {rows}) n WHERE i.id = '{invoice}';
            INSERT INTO invoice_document SELECT (jsonb_populate_record(d, jsonb_build_object('id', pg_temp.id_of('4', n),
                    'invoice_id', pg_temp.id_of('3', n), 'bytes', '\x01', 'created_at', d.created_at - interval '1 year'))).*
                FROM invoice_document d, generate_series(1, {rows}) n WHERE d.invoice_id = '{invoice}' AND d.kind = 'Pdf';
            INSERT INTO transfer_request SELECT (jsonb_populate_record(r, jsonb_build_object('id', pg_temp.id_of('5', n),
                    'reference', 'M-X' || n, 'customer_id', pg_temp.id_of('1', n),
                    'contact', r.contact || jsonb_build_object('email', 'inhaber' || n || '@muster.example'),
                    'state', CASE WHEN n < 30 THEN r.state ELSE 'Completed' END))).*
                FROM transfer_request r, generate_series(1, {rows}) n WHERE r.id = '{transfer}';
            INSERT INTO transfer_item SELECT (jsonb_populate_record(i, jsonb_build_object('id', pg_temp.id_of('6', n),
                    'request_id', pg_temp.id_of('5', n), 'license_id', pg_temp.id_of('2', n), 'activation_id', NULL, 'is_open', false,
                    'is_waiting', false))).*
                FROM transfer_item i, generate_series(1, {rows}) n WHERE i.request_id = '{transfer}';
            INSERT INTO license_event SELECT (jsonb_populate_record(e, jsonb_build_object('id', 1000000 + n,
                    'stream', pg_temp.id_of('2', n), 'seq', 1, 'actor_id', NULL))).*
                FROM license_event e, generate_series(1, {rows}) n WHERE e.stream = '{license}' AND e.seq = 1;
            INSERT INTO event_detail (event_id, ip_prefix) SELECT id, '192.0.2.0/24' FROM license_event WHERE id > 1000000;
            INSERT INTO outbox (id, kind, business_key, priority, due_at, message_id, reference, customer_id, to_address, culture, subject,
                    copy_text, attachments, attempts, unknown_count, state, created_at, sent_at)
                SELECT pg_temp.id_of('7', n), 'released', 'X' || n, 0, '{now}'::timestamptz, '<' || n || '@muster.example>', 'L-X' || n,
                    CASE WHEN n % 2 = 0 THEN pg_temp.id_of('1', n) END, 'Inhaber' || n || '@muster.example', 'de', 'Test', 'Test', '[]',
                    1, 0, CASE WHEN n <= 10 THEN 3 ELSE 2 END, '{now}', '{now}'
                FROM generate_series(1, {rows}) n;
            INSERT INTO loan SELECT (jsonb_populate_record(NULL::loan, jsonb_build_object('id', pg_temp.id_of('9', n), 'product_id',
                    l.product_id, 'license_id', pg_temp.id_of('2', n), 'hardware_code', a.hardware_code, 'pc_name', 'LEIH-PC ' || n,
                    'reason', 'Reparatur', 'last_day', '{now}'::date, 'created_at', '{now}'::timestamptz, 'state', 'Granted'))).*
                FROM license l, activation a, generate_series(1, {rows}) n WHERE l.id = '{license}' AND a.license_id = l.id;
            SET session_replication_role = origin;
            """;

        internal StaffGround Ground { get; } = new();

        /// <summary>As <c>pg_temp.id_of</c> makes it.</summary>
        internal static Guid IdOf(char table, int n) =>
            Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"{table}0000000-0000-7000-8000-{n:x12}"));

        public async Task InitializeAsync()
        {
            await Ground.InitializeAsync();
            var portal = Ground.Portal;
            var license = await portal.AddLicenseAsync(computers: ["KASSE-X"]);
            var transfer = await portal.AddTransferAsync();
            var invoice = await portal.StoreAsync();
            for (var i = 0; i < 3; i++)
            {
                var due = await portal.StoreAsync();
                await using var db = portal.Open();
                await db.Invoices.Where(o => o.Id == due.Id).ExecuteUpdateAsync(
                    s => s.SetProperty(o => o.NextReminderAt, portal.Clock.Now.AddDays(-2)));
            }

            await using var connection = await OpenAsync();
            var sql = """
                CREATE FUNCTION pg_temp.id_of(place text, n int) RETURNS uuid LANGUAGE sql AS
                    $$ SELECT (place || '0000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
                """
                + Fill.Replace("{customer}", invoice.CustomerId.ToString(), StringComparison.Ordinal)
                    .Replace("{license}", license.Id.ToString(), StringComparison.Ordinal)
                    .Replace("{invoice}", invoice.Id.ToString(), StringComparison.Ordinal)
                    .Replace("{transfer}", transfer.Id.ToString(), StringComparison.Ordinal)
                    .Replace("{now}", portal.Clock.Now.ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                    .Replace("{rows}", Rows.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
#pragma warning disable CA2100 // Made here.
            await using var fill = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)WaitLimits.LongWait.TotalSeconds };
#pragma warning restore CA2100
            await fill.ExecuteNonQueryAsync();

            // Not in the same transaction; as the server does it by itself after a while.
            fill.CommandText = "VACUUM ANALYZE";
            await fill.ExecuteNonQueryAsync();
        }

        public Task DisposeAsync() => Ground.DisposeAsync();

        internal async Task<NpgsqlConnection> OpenAsync()
        {
            var connection = new NpgsqlConnection(Ground.Portal.Database.OwnerConnection + ";Pooling=false");
            await connection.OpenAsync();
            return connection;
        }
    }
}
