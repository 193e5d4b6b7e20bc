using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Customer.ActivateOffline;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.PersonalData;

/// <summary>
/// A made-up owner with one row of everything, and a marker of its own in every text that names people. The columns come from
/// docs/security/data.md, so whoever adds one is asked for its export and its erasure by these tests.
/// </summary>
internal sealed partial record MarkedCustomer(
    PortalFactory Portal, CustomerUser User, Guid CustomerId, string Number, string Key, IReadOnlyDictionary<string, string> Marked)
{
    /// <summary>What was set in every column that takes a free text.</summary>
    public IEnumerable<string> Markers => Marked.Values;

    private const string OwnAddress = "markekonto@muster-gastro.example";
    private const string FirmAddress = "markefirma@muster-gastro.example";

    /// <summary>Of these classes every free text is marked.</summary>
    private static readonly string[] Classes = ["Account", "Contact", "Device", "Network", "Evidence"];

    /// <summary>Words and codes of the portal's own, addresses that have to fit together, what only grows or is computed.</summary>
    private static readonly string[] NotFree =
    [
        "culture", "language", "country", "invoice_format", "kind", "state", "stage", "cause", "verdict", "outcome", "actor_kind",
        "explanation",
        "strength", "hardware_code", "new_hardware", "email", "normalized_email", "user_name",
        "normalized_user_name", "to_address", "address", "number", "search_text",
    ];

    public static async Task<MarkedCustomer> AddAsync(PortalFactory portal)
    {
        var now = portal.Clock.Now;
        var transfer = await portal.AddTransferAsync(new TransferSetting(
            AddressOnFile: FirmAddress,
            Contact: contact => contact with
            {
                Company = "MarkeA1",
                Name = "MarkeA2",
                Email = FirmAddress,
                Phone = "MarkeA3",
                Street = "MarkeA4",
                PostalCode = "MarkeA5",
                City = "MarkeA6",
                VatId = "MarkeA7",
                BuyerReference = "MarkeA8",
                OrderNumber = "MarkeA9",
                Remark = "MarkeA10",
            }));
        var license = transfer.Licenses[0];
        var user = await CustomerUser.CreateAsync(license);
        await FillAsync(portal, transfer, license, user, now);
        var marked = await MarkAsync(portal.Database);
        await using var db = portal.Open();
        var customer = await db.Customers.SingleAsync();
        return new MarkedCustomer(portal, user, customer.Id, customer.Number, license.Key, marked);
    }

    /// <summary>Every marker in the database, with the tables it stands in.</summary>
    public async Task<IReadOnlyList<(string Marker, string Table)>> FoundAsync()
    {
        var found = new List<(string, string)>();
        await using var connection = await OpenAsync(Portal.Database);
        foreach (var table in await ColumnAsync(connection, "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'"))
        {
            foreach (var row in await ColumnAsync(connection, $"SELECT t::text FROM {table} t"))
            {
                found.AddRange(MarkersIn(row).Select(marker => (marker, table)));
            }
        }

        return [.. found.Distinct()];
    }

    public static IEnumerable<string> MarkersIn(string text) => Marker().Matches(text).Select(m => m.Value.ToLowerInvariant()).Distinct();

    /// <summary>Whatever the class Secrets holds, as somebody could find it in a file.</summary>
    public async Task<IReadOnlyList<string>> SecretsAsync()
    {
        var secrets = new List<string> { Key, Key.Replace("-", "", StringComparison.Ordinal), CustomerUser.Password };
        await using var connection = await OpenAsync(Portal.Database);
        var types = await TypesAsync(connection);
        foreach (var (_, column) in PersonalDataTests.Named(PersonalDataTests.Document).Where(n => n.Class == "Secrets"))
        {
            var (table, name) = (column.Split('.')[0], column.Split('.')[1]);
            secrets.AddRange(types[column] switch
            {
                "bytea" => [
                    .. await ColumnAsync(connection, $"SELECT encode({name}, 'hex') FROM {table} WHERE length({name}) >= 8"),
                    .. await ColumnAsync(connection, $"SELECT encode({name}, 'base64') FROM {table} WHERE length({name}) >= 8"),
                ],
                "text" or "character varying" => await ColumnAsync(connection, $"SELECT {name} FROM {table} WHERE length({name}) >= 20"),
                _ => [],
            });
        }

        return secrets;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync(Portal.Database);
        await ExecuteAsync(connection, sql);
    }

    private static async Task FillAsync(
        PortalFactory portal, SampleTransfer transfer, SampleLicense license, CustomerUser user, DateTimeOffset now)
    {
        await transfer.ActAsync(request =>
        {
            request.Ask("Welche Kasse?", now).ShouldSucceed();
            request.Answer("Die linke.", now).ShouldSucceed();
            request.Decline("Nein.", now).ShouldSucceed();
        });
        await license.ReleaseAsync((await license.ReadAsync()).Activations.Single().PcName!);
        await license.ActivateAsync("KASSE-9");
        await using var db = portal.Open();
        var customer = await db.Customers.SingleAsync();
        (customer.Street, customer.PostalCode, customer.City, customer.VatId) = ("x", "x", "x", "x");
        var whole = await license.ReadAsync();
        foreach (var activation in whole.Activations)
        {
            db.Add(new ActivationSeen { ActivationId = activation.Id, SeenAt = now });
            db.Add(new StoredLicenseFile
            {
                Id = Guid.NewGuid(),
                ActivationId = activation.Id,
                SealedText = [9, 8, 7, 6, 5, 4, 3, 2, 1],
                CreatedAt = now
            });
        }

        db.Add(new ReleaseRequest { LicenseId = license.Id, CreatedAt = now, Reason = "x" });
        db.Add(new ActivationRequest
        {
            LicenseId = license.Id,
            HardwareCode = A.Hardware("KASSE-9").ToString(),
            PcName = "x",
            AppVersion = "1",
            CreatedAt = now
        });
        await EventLog.AppendAsync(
            db, license.Id, EventKind.Released, new EventData(), new Actor(ActorKind.Customer, user.Id, "x", "192.0.2.0/24"), "x", now,
            CancellationToken.None);
        await EventLog.AppendAsync(
            db, transfer.Id, EventKind.Transfer, new EventData(), new Actor(ActorKind.Customer), "x", now, CancellationToken.None);
        var firm = Mail("released", customer.Id, FirmAddress);
        db.AddRange(firm, Mail("security-notice", null, OwnAddress), Mail("staff-flag", customer.Id, "support@muster-software.example"));
        db.Add(new OutboxAttempt
        {
            OutboxId = firm.Id,
            Number = 1,
            StartedAt = now,
            EndedAt = now,
            Node = "n",
            Result = AttemptResult.Sent,
            Reply = "x",
            ResendAfterUnknown = false,
        });
        await db.SaveChangesAsync();
        await InvoiceAsync(db, customer.Id, now);
        await using var connection = await OpenAsync(portal.Database);
        await ExecuteAsync(
            connection,
            $$"""
              UPDATE asp_net_users SET email = '{{OwnAddress}}', user_name = '{{OwnAddress}}',
                  normalized_email = upper('{{OwnAddress}}'), normalized_user_name = upper('{{OwnAddress}}');
              UPDATE transfer_request SET draft = '{"contact": {"company": "MarkeB1", "remark": "MarkeB2"} }';
              INSERT INTO transfer_pc (id, request_id, position, name, hardware_code)
                  VALUES (gen_random_uuid(), '{{transfer.Id}}', 1, 'x', '{{A.Hardware("KASSE-1")}}');
              INSERT INTO transfer_request (id, state, created_at, draft, product_id, language, changed_at, review_reasons, fee_waived)
                  VALUES (gen_random_uuid(), 'Draft', now(),
                          '{"contact": {"email": "{{OwnAddress}}", "remark": "MarkeB3"} }', '', 'de', now(), '[]', false),
                         (gen_random_uuid(), 'Draft', now(),
                          '{"licenseId": "{{license.Id}}", "contact": {"remark": "MarkeB4"} }', '', 'de', now(), '[]', false);
              INSERT INTO appointment (id, form_id, product_id, state, starts_at, ends_at, lane, sequence, name, email, phone,
                      stated_license, license_id, host_version, changes_data, renews, preparation, steps, language, booked_at, changed_at)
                  VALUES (gen_random_uuid(), gen_random_uuid(), 'x', 'Booked', now(), now() + interval '30 minutes', 0, 0, 'x', 'x', 'x',
                          'x', '{{license.Id}}', 'x', false, false, 'None', 'None', 'de', now(), now());
              INSERT INTO owner_change (id, reference, kind, state, product_id, stated_license, license_id, customer_id, new_customer_id,
                      licensee, asked_by, phone, language, created_at, sent_at, changed_at, owner_agreed_at, question, answer, staff_reason,
                      ended_at)
                  VALUES ('{{license.Id}}', 'H-7F3K-20', 'Data', 'Completed', 'x', 'x', '{{license.Id}}', '{{customer.Id}}',
                          '{{customer.Id}}', '{"company": "MarkeD1", "street": "MarkeD2", "city": "MarkeD3", "vatId": "MarkeD4"}', 'x', 'x',
                          'de', now(), now(), now(), now(), 'x', 'x', 'x', now());
              INSERT INTO owner_document (id, change_id, format, content, sha256, created_at)
                  VALUES (gen_random_uuid(), '{{license.Id}}', 'Pdf', 'MarkeD5', 'x', now());
              INSERT INTO loan (id, product_id, license_id, stated_license, hardware_code, pc_name, app_version, reason, last_day,
                      created_at, state)
                  VALUES (gen_random_uuid(), 'x', '{{license.Id}}', 'x', '{{A.Hardware("ERSATZ").Normalized}}', 'x', 'x', 'x', now(), now(),
                          'Declined');
              INSERT INTO flag (id, number, license_id, kind, state, stage, opened_at, last_event_at, resolved_at, message)
                  VALUES ('{{license.Id}}', 'F-900', '{{license.Id}}', 'Objection', 'Resolved', 'Noticed', now(), now(), now(), 'x');
              INSERT INTO flag_message (id, flag_id, at, explanation, text)
                  VALUES (gen_random_uuid(), '{{license.Id}}', now(), 'Other', 'x');
              INSERT INTO release_grant (id, license_id, granted_at, expires_at, reason)
                  VALUES (gen_random_uuid(), '{{license.Id}}', now(), now(), 'x');
              INSERT INTO mail_address (address_hash, state, since, last_reply) VALUES (sha256('{{FirmAddress}}'), 1, now(), 'x');
              INSERT INTO asp_net_user_tokens (user_id, login_provider, name, value)
                  VALUES ('{{user.Id}}', 'x', 'AuthenticatorKey', 'sealed seed of the authenticator');
              INSERT INTO user_session (id, user_id, signed_in_at, last_seen_at, network, browser, strength)
                  VALUES (gen_random_uuid(), '{{user.Id}}', now(), now(), 'x', 'x', 'Password');
              INSERT INTO address_change (id, user_id, old_email, new_email, created_at, expires_at)
                  VALUES (gen_random_uuid(), '{{user.Id}}', 'x', 'x', now(), now());
              INSERT INTO registration (id, email, customer_id, created_at, expires_at)
                  VALUES (gen_random_uuid(), '{{OwnAddress}}', '{{customer.Id}}', now(), now());
              INSERT INTO asp_net_user_claims (user_id, claim_type, claim_value) VALUES ('{{user.Id}}', 'x', 'x');
              INSERT INTO asp_net_user_logins (user_id, login_provider, provider_key, provider_display_name)
                  VALUES ('{{user.Id}}', 'x', 'x', 'x');
              INSERT INTO asp_net_user_passkeys (credential_id, user_id, data)
                  VALUES ('\x0102030405060708090a', '{{user.Id}}', '{"Name": "MarkeC1", "CreatedAt": "2026-11-16"}');
              """);

        OutboxMessage Mail(string kind, Guid? customerId, string to) => new()
        {
            Kind = kind,
            BusinessKey = kind,
            State = OutboxState.Sent,
            Priority = MailPriority.Normal,
            DueAt = now,
            MessageId = $"<{kind}@example.org>",
            CustomerId = customerId,
            ToAddress = to,
            ToName = "x",
            Culture = "de",
            Subject = "x",
            CopyText = "x",
            LastReply = "x",
            CreatedAt = now,
            SentAt = now,
        };
    }

    /// <summary>Paid, and full of markers that stay.</summary>
    private static async Task InvoiceAsync(PortalDbContext db, Guid customer, DateTimeOffset now)
    {
        var draft = SampleInvoices.Content(DateOnly.FromDateTime(now.Date));
        draft = draft with { Buyer = draft.Buyer with { Company = "MarkeR1", Street = "MarkeR2", Email = FirmAddress } };
        await using var transaction = await db.Database.BeginTransactionAsync();
        var invoice = await SampleInvoices.AddAsync(db, draft, new InvoiceOrigin(customer), now);
        invoice.Record(
            new Payment
            {
                InvoiceId = invoice.Id,
                ReceivedOn = DateOnly.FromDateTime(now.Date),
                Amount = invoice.Gross,
                Note = "MarkeR3",
                RecordedAt = now
            }, TimeZoneInfo.Utc, now).ShouldSucceed();
        EventLog.Begin(db, invoice.Id, EventKind.InvoiceIssued, new EventData { Document = invoice.Number }, Actor.System, now);
        db.Add(InvoiceDocument.Create(
            invoice.Id, InvoiceDocumentKind.Pdf, $"Rechnung-{invoice.Number}.pdf", "application/pdf", [1, 2, 3, 4], now));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    private static async Task<Dictionary<string, string>> MarkAsync(TestDatabase database)
    {
        var markers = new Dictionary<string, string>();
        await using var connection = await OpenAsync(database);
        var types = await TypesAsync(connection);
        var columns = PersonalDataTests.Named(PersonalDataTests.Document).Where(n => Classes.Contains(n.Class)).Select(n => n.Column)
            .Where(column => types[column] is "text" or "character varying" && !NotFree.Contains(column.Split('.')[1]));
        // What is hashed into the chain of events is set to what would have been written: here only the detail, whose digest stays. Nobody
        // but the database's owner can do that, with the triggers switched off.
        await ExecuteAsync(connection, "SET session_replication_role = replica");
        foreach (var column in columns)
        {
            var marker = string.Create(CultureInfo.InvariantCulture, $"Marke{markers.Count + 100}");
            await ExecuteAsync(connection, $"UPDATE {column.Split('.')[0]} SET {column.Split('.')[1]} = '{marker}'");
            markers[column] = marker.ToLowerInvariant();
        }

        return markers;
    }

    private static async Task<Dictionary<string, string>> TypesAsync(NpgsqlConnection connection) =>
        (await ColumnAsync(connection,
            "SELECT table_name || '.' || column_name || '|' || data_type FROM information_schema.columns WHERE table_schema = 'public'"))
            .Select(line => line.Split('|')).ToDictionary(parts => parts[0], parts => parts[1]);

    private static async Task<List<string>> ColumnAsync(NpgsqlConnection connection, string sql)
    {
        var rows = new List<string>();
#pragma warning disable CA2100 // The names come from the database and the document.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The statements stand in this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(TestDatabase database)
    {
        var connection = new NpgsqlConnection(database.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    [GeneratedRegex("marke[a-z]*[0-9]+|markekonto|markefirma", RegexOptions.IgnoreCase)]
    private static partial Regex Marker();
}
