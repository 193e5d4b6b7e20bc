using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Commands;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.PersonalData;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.PersonalData;

/// <summary>T46: the daily job takes what is due, on the day it is due, and nothing else.</summary>
public sealed class ForgetOldDataTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new();

    /// <summary>What is looked for, each with the statement that counts it.</summary>
    private readonly Dictionary<string, string> _kept = new()
    {
        ["last mail"] = "SELECT count(*) FROM outbox WHERE kind = 'account-erased'",
        ["last mail waiting"] = "SELECT count(*) FROM outbox WHERE kind = 'account-erased-waiting'",
        ["wrong tries"] = "SELECT count(*) FROM guess_bucket",
        ["begun release"] = "SELECT count(*) FROM release_request",
        ["network"] = "SELECT count(*) FROM event_detail WHERE ip_prefix IS NOT NULL",
        ["command"] = "SELECT count(*) FROM command",
        ["link"] = "SELECT count(*) FROM mail_link",
        ["mail to staff"] = "SELECT count(*) FROM outbox WHERE kind = 'staff-flag'",
        ["file of the old computer"] =
            "SELECT count(*) FROM license_file f JOIN activation a ON a.id = f.activation_id WHERE a.state <> 'Active'",
        ["file of the new computer"] =
            "SELECT count(*) FROM license_file f JOIN activation a ON a.id = f.activation_id WHERE a.state = 'Active'",
        ["mail about an account"] = "SELECT count(*) FROM outbox WHERE kind = 'security-notice'",
        ["reset of an account"] = "SELECT count(*) FROM staff_reset",
        ["attempt"] = "SELECT count(*) FROM outbox_attempt",
        ["mail about a case"] = "SELECT count(*) FROM outbox WHERE kind = 'released'",
        ["last use"] = "SELECT count(*) FROM activation_seen",
        ["text of a resolved case"] = "SELECT count(*) FROM flag WHERE message IS NOT NULL AND state = 'Resolved'",
        ["answer about a resolved case"] =
            "SELECT count(*) FROM flag_message m JOIN flag f ON f.id = m.flag_id WHERE m.text IS NOT NULL AND f.state = 'Resolved'",
        ["answer about an open case"] =
            "SELECT count(*) FROM flag_message m JOIN flag f ON f.id = m.flag_id WHERE m.text IS NOT NULL AND f.state <> 'Resolved'",
        ["text of an open case"] = "SELECT count(*) FROM flag WHERE message IS NOT NULL AND state <> 'Resolved'",
        ["order"] = "SELECT count(*) FROM transfer_request WHERE contact ->> 'email' <> ''",
        ["words of an order"] = "SELECT count(*) FROM event_detail WHERE text = 'Kasse 2'",
        ["events"] = "SELECT count(*) FROM license_event",
        ["erased customer"] = "SELECT count(*) FROM customer WHERE company = 'erased'",
        ["customer"] = "SELECT count(*) FROM customer WHERE company <> 'erased'",
    };

    public Task InitializeAsync() => _portal.BuildAsync();

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    [Fact]
    public async Task Each_kind_goes_when_its_time_is_over_and_nothing_else_does()
    {
        var start = _portal.Clock.Now;
        var stream = await FillAsync();
        var left = (await CountAsync()).ToDictionary();
        left.ShouldAllBe(one => one.Value > 0);

        // Of an erased customer without invoices nothing is left that anybody needs.
        await RunAsync(start);
        left["erased customer"] = 0;
        await GoesAsync(start.AddDays(1), "last mail");
        await GoesAsync(start.AddDays(2), "wrong tries");
        await GoesAsync(start.AddDays(14), "begun release");
        await GoesAsync(start.AddDays(30), "network", "command", "link", "mail to staff", "file of the old computer");
        await GoesAsync(start.AddDays(90), "mail about an account", "attempt", "reset of an account");
        await GoesAsync(start.AddMonths(24), "mail about a case", "last use", "text of a resolved case", "answer about a resolved case");
        // The order ended in 2026; six years from the end of that year, in Berlin.
        await GoesAsync(new DateTimeOffset(2032, 12, 31, 23, 0, 0, TimeSpan.Zero), "order", "words of an order");

        left.Where(one => one.Value > 0).Select(one => one.Key)
            .ShouldBe(["last mail waiting", "file of the new computer", "text of an open case", "answer about an open case", "events",
                "customer"], ignoreOrder: true);
        await using var db = _portal.Open();
        EventLog.IsIntact(await db.Events.AsNoTracking().Where(e => e.Stream == stream).OrderBy(e => e.Seq).ToListAsync()).ShouldBeTrue();
        (await db.Transfers.SingleAsync()).Contact!.Email.ShouldBe("");

        async Task GoesAsync(DateTimeOffset at, params string[] names)
        {
            await RunAsync(at.AddSeconds(-1));
            (await CountAsync()).ShouldBe(left, $"a second before {names[0]}");
            await RunAsync(at);
            foreach (var name in names)
            {
                left[name] = 0;
            }

            (await CountAsync()).ShouldBe(left, $"when {names[0]} is due");
        }
    }

    [Fact]
    public async Task The_daily_run_calls_it_once_a_day()
    {
        await ExecuteAsync($"INSERT INTO guess_bucket VALUES ('SameWrongKey', '\\x01', {At(_portal.Clock.Now)}, 1)");
        _portal.Services.GetServices<DailyJob>().ShouldContain(job => job.Name == RetentionJob.JobName);
        _portal.Clock.Now = new DateTimeOffset(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

        await _portal.Services.GetRequiredService<DailyJobs>().RunDueAsync(CancellationToken.None);

        (await CountAsync())["wrong tries"].ShouldBe(0);
    }

    [Theory]
    [InlineData(nameof(RetentionOptions.NetworkDays), 0)]
    [InlineData(nameof(RetentionOptions.CommandDays), 29)]
    [InlineData(nameof(RetentionOptions.OrderYears), 5)]
    [InlineData(nameof(RetentionOptions.CaseMailMonths), 121)]
    public void A_time_that_the_law_or_the_portal_forbids_is_refused(string name, int value)
    {
        var wrong = new RetentionOptions();
        wrong.Validate().ShouldBeEmpty();
        typeof(RetentionOptions).GetProperty(name)!.SetValue(wrong, value);

        wrong.Validate().ShouldHaveSingleItem().ShouldStartWith($"Retention:{name} is ");
    }

    /// <summary>One row of each kind, made now. Returns the license's stream of events.</summary>
    private async Task<Guid> FillAsync()
    {
        var now = _portal.Clock.Now;
        var license = await _portal.AddLicenseAsync(seats: 2, computers: ["KASSE-1", "KASSE-2"]);
        var old = await license.ReleaseAsync("KASSE-1");
        var clerk = await StaffUser.CreateAsync(_portal);
        await using var db = _portal.Open();
        var files = _portal.Services.GetRequiredService<LicenseFiles>();
        var whole = await license.ReadAsync();
        foreach (var activation in whole.Activations)
        {
            files.Keep(db, whole, activation, "text", now);
            db.Add(new ActivationSeen { ActivationId = activation.Id, SeenAt = now });
        }

        old.IsActive.ShouldBeFalse();
        await EventLog.AppendAsync(db, license.Id, EventKind.Released, new EventData(),
            new Actor(ActorKind.Customer, IpPrefix: "192.0.2.0/24"), "defekt", now, CancellationToken.None);
        SecretLinks.Issue(db, LinkPurpose.Objection, old.Id, now, TimeSpan.Zero);
        db.Add(new ReleaseRequest { LicenseId = license.Id, CreatedAt = now, Reason = "defekt" });
        db.Add(new CommandRecord { Id = Guid.NewGuid(), Actor = "public", Kind = "Test", RequestHash = [1], CreatedAt = now });
        var account = Mail("security-notice", reference: null);
        db.AddRange(
            Mail("account-erased", reference: null), Mail("account-erased-waiting", "A-1", OutboxState.Pending), Mail("staff-flag", "F-1"),
            account, Mail("released", "L-1"));
        db.Add(new OutboxAttempt
        {
            OutboxId = account.Id,
            Number = 1,
            StartedAt = now,
            EndedAt = now,
            Node = "n",
            Result = AttemptResult.Sent,
            Reply = "ok",
            ResendAfterUnknown = false,
        });
        db.Add(new Customer { Number = "C-1", Company = "erased", Email = "", ErasedAt = now });
        var order = Transfers.In(TransferState.Withdrawn);
        db.Add(order);
        db.Entry(order).Property(o => o.CustomerId).CurrentValue = null;
        foreach (var item in order.Items)
        {
            db.Entry(item).Property(i => i.LicenseId).CurrentValue = null;
            db.Entry(item).Property(i => i.ActivationId).CurrentValue = null;
        }

        db.Entry(order).Property(o => o.EndedAt).CurrentValue = now;
        await EventLog.AppendAsync(
            db, order.Id, EventKind.Transfer, new EventData(), new Actor(ActorKind.Customer), "Kasse 2", now, CancellationToken.None);
        await db.SaveChangesAsync();
        await ExecuteAsync(
            $"""
            INSERT INTO guess_bucket SELECT 'SameWrongKey', decode(to_hex(n), 'escape'), {At(now)}, 1 FROM generate_series(1, 2500) n;
            INSERT INTO flag (id, number, license_id, kind, state, stage, opened_at, last_event_at, resolved_at, message) VALUES
                (gen_random_uuid(), 'F-1', '{license.Id}', 'Sighting', 'Resolved', 'Noticed', {At(now)}, {At(now)}, {At(now)}, 'x'),
                (gen_random_uuid(), 'F-2', '{license.Id}', 'Objection', 'Open', 'Noticed', {At(now)}, {At(now)}, NULL, 'y');
            INSERT INTO staff_reset (id, user_id, requested_by, requested_at, expires_at, reason) VALUES
                (gen_random_uuid(), '{clerk.Id}', gen_random_uuid(), {At(now)}, {At(now)}, 'Telefon verloren');
            INSERT INTO flag_message (id, flag_id, at, explanation, text) SELECT gen_random_uuid(), id, {At(now)}, 'Other', 'z' FROM flag;
            """);
        return license.Id;

        OutboxMessage Mail(string kind, string? reference, OutboxState state = OutboxState.Sent) => new()
        {
            Kind = kind,
            BusinessKey = kind,
            State = state,
            Priority = MailPriority.Normal,
            DueAt = now.AddYears(20),
            MessageId = $"<{kind}@example.org>",
            Reference = reference,
            ToAddress = "kasse@muster-gastro.example",
            Culture = "de",
            Subject = kind,
            CopyText = kind,
            CreatedAt = now,
            SentAt = state == OutboxState.Sent ? now : null,
        };
    }

    private async Task RunAsync(DateTimeOffset at)
    {
        _portal.Clock.Now = at;
        await _portal.Services.GetRequiredService<RetentionJob>().RunAsync(at, CancellationToken.None);
    }

    private static string At(DateTimeOffset at) => $"'{at.UtcDateTime:O}'";

    private async Task<Dictionary<string, long>> CountAsync()
    {
        var counts = new Dictionary<string, long>();
        await using var connection = await OpenAsync();
        foreach (var (name, sql) in _kept)
        {
#pragma warning disable CA2100 // The statements stand in this class.
            await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
            counts[name] = (long)(await command.ExecuteScalarAsync())!;
        }

        return counts;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
#pragma warning disable CA2100 // The statements stand in this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_portal.Database.PortalConnection + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
