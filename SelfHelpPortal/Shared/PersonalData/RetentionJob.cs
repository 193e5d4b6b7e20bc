using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.PersonalData;

/// <summary>
/// The daily job behind docs/security/data.md: deletes or blanks what names people once its time is over. Each rule works in batches of its
/// own transaction, so that no table is held for long, and what was done stays done when the job is stopped. Drafts of transfers and of
/// activations without internet have their own jobs, bound to the life of their links.
/// </summary>
internal sealed partial class RetentionJob(
    IDbContextFactory<PortalDbContext> contexts, IOptions<RetentionOptions> options, LocalTimes times, ILogger<RetentionJob> log)
{
    public const string JobName = "retention";
    public const string LastMailKind = "account-erased";

    private const int Batch = 1000;
    private const int OrdersAtOnce = 100;

    public static readonly TimeOnly At = new(3, 20);

    /// <summary>What is over for a mail: sent, failed or cancelled.</summary>
    private const string MailIsOver = "state IN (2, 3, 5)";

    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        IEnumerable<Func<Task>> rules =
            [.. Rules(now.ToUniversalTime()).Select(rule => (Func<Task>)(() => RunAsync(rule.Name, rule.Statement, cancellationToken))),
                () => ForgetOrdersAsync(now, cancellationToken)];
        foreach (var rule in rules)
        {
            try
            {
                await rule();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One rule that fails does not hold up the others; the job as a whole is tried again.
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    private async Task RunAsync(string name, FormattableString statement, CancellationToken cancellationToken)
    {
        var (total, last) = (0, Batch);
        while (last == Batch)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            last = await db.Database.ExecuteSqlAsync(statement, cancellationToken);
            total += last;
        }

        Tell(name, total);
    }

    private IEnumerable<(string Name, FormattableString Statement)> Rules(DateTimeOffset now)
    {
        var kept = options.Value;
        // Ids grow with time, so the oldest come first, and what is not over is not read. So many are looked at that events which a wrong
        // clock dated ahead do not hold up those behind them.
        yield return ("networks", $"""
            UPDATE event_detail SET ip_prefix = NULL WHERE event_id IN (
                SELECT d.event_id
                FROM (SELECT event_id FROM event_detail WHERE ip_prefix IS NOT NULL ORDER BY event_id LIMIT {5 * Batch}) d
                JOIN license_event e ON e.id = d.event_id
                WHERE e.at <= {now.AddDays(-kept.NetworkDays)} LIMIT {Batch})
            """);
        yield return ("searches of staff", $"""
            UPDATE audit_entry SET text = NULL WHERE id IN (
                SELECT id FROM audit_entry WHERE text IS NOT NULL AND at <= {now.AddDays(-kept.AuditTextDays)} LIMIT {Batch})
            """);
        yield return ("resets of staff accounts", Delete("staff_reset", "expires_at <= {0}", now.AddDays(-kept.AuditTextDays)));
        yield return ("deliveries to webhooks", Delete("webhook_delivery", "state <> 'Pending' AND created_at <= {0}", now.AddDays(-30)));
        yield return ("drafts of staff", Delete("staff_draft", "created_at <= {0}", now - StaffDraft.Lifetime));
        yield return ("texts that staff began", Delete("typed_text", "at <= {0}", now - TypedText.Lifetime));
        yield return ("who works on what", Delete("case_assignment", "at <= {0}", now - CaseAssignment.Lifetime));
        yield return ("lists of licenses", Delete("import_file", "created_at <= {0}", now - ImportFile.Lifetime));
        yield return ("wrong tries", Delete("guess_bucket", "window_start <= {0}", now.AddDays(-kept.GuessDays)));
        yield return ("commands", Delete("command", "created_at <= {0}", now.AddDays(-kept.CommandDays)));
        yield return ("links", Delete("mail_link", "expires_at <= {0}", now.AddDays(-kept.LinkDays)));
        yield return ("registrations", Delete("registration", "expires_at <= {0}", now.AddDays(-kept.LinkDays)));
        yield return ("changes of addresses", Delete("address_change", "expires_at <= {0}", now.AddDays(-kept.LinkDays)));
        yield return ("notes of appointments", $"""
            UPDATE event_detail SET text = NULL WHERE event_id IN (
                SELECT d.event_id FROM event_detail d JOIN license_event e ON e.id = d.event_id JOIN appointment a ON a.id = e.stream
                WHERE d.text IS NOT NULL AND a.ends_at <= {now.AddDays(-kept.AppointmentDays)} LIMIT {Batch})
            """);
        yield return ("appointments", Delete("appointment", "ends_at <= {0}", now.AddDays(-kept.AppointmentDays)));
        // What nobody agreed to names strangers and goes first; what was settled is a business letter, its document only a proof.
        var (agreed, settled) = (now.AddMonths(-kept.CaseTextMonths), BeginningOfYear(now, kept.OrderYears));
        yield return ("documents about licensees", $"""
            DELETE FROM owner_document WHERE id IN (
                SELECT d.id FROM owner_document d JOIN owner_change c ON c.id = d.change_id
                WHERE c.ended_at <= {agreed} OR c.state = 'Expired' AND c.ended_at <= {now.AddDays(-kept.LinkDays)} LIMIT {Batch})
            """);
        yield return ("notes about licensees", $"""
            UPDATE event_detail SET text = NULL WHERE event_id IN (
                SELECT d.event_id FROM event_detail d JOIN license_event e ON e.id = d.event_id JOIN owner_change c ON c.id = e.stream
                WHERE d.text IS NOT NULL AND (c.state = 'Completed' AND c.ended_at < {settled}
                    OR c.state <> 'Completed' AND c.ended_at <= {agreed}
                    OR c.state = 'Expired' AND c.ended_at <= {now.AddDays(-kept.LinkDays)}) LIMIT {Batch})
            """);
        yield return ("changes of licensees", $"""
            DELETE FROM owner_change WHERE id IN (
                SELECT c.id FROM owner_change c WHERE c.state = 'Completed' AND c.ended_at < {settled}
                    OR c.state <> 'Completed' AND c.ended_at <= {agreed}
                    OR c.state = 'Expired' AND c.ended_at <= {now.AddDays(-kept.LinkDays)} LIMIT {Batch})
            """);
        yield return ("loans that came to nothing", Delete("loan",
            $"state IN ('{nameof(LoanState.Draft)}', '{nameof(LoanState.AwaitingOwner)}') AND created_at <= {{0}}",
            now - Loan.KeptUndecided));

        // A loan counts for a year.
        yield return ("loans", Delete("loan",
            $"state IN ('{nameof(LoanState.Granted)}', '{nameof(LoanState.Declined)}') AND decided_at <= {{0}}", now.AddDays(-366)));
        yield return ("begun releases", Delete("release_request", "created_at <= {0}", now - LinkPurpose.ReleaseRequest.Lifetime));

        // A mail about a case has its reference; one without is about an account.
        yield return ("last mails",
            Delete("outbox", $"kind = '{LastMailKind}' AND {MailIsOver} AND coalesce(sent_at, created_at) <= {{0}}", now.AddDays(-1)));
        yield return ("mails to staff",
            Delete("outbox", $"(kind LIKE 'staff-%' OR kind = 'test') AND {MailIsOver} AND created_at <= {{0}}",
                now.AddDays(-kept.StaffMailDays)));
        yield return ("mails about accounts", Delete(
            "outbox", $"kind NOT LIKE 'staff-%' AND reference IS NULL AND {MailIsOver} AND created_at <= {{0}}",
            now.AddDays(-kept.AccountMailDays)));
        yield return ("mails about cases", Delete("outbox", $"{MailIsOver} AND created_at <= {{0}}", now.AddMonths(-kept.CaseMailMonths)));

        yield return ("last uses", Delete("activation_seen", "seen_at <= {0}", now.AddMonths(-kept.CheckInMonths)));
        yield return ("texts of cases", $"""
            UPDATE flag SET message = NULL WHERE id IN (
                SELECT id FROM flag WHERE message IS NOT NULL AND resolved_at <= {now.AddMonths(-kept.CaseTextMonths)} LIMIT {Batch})
            """);
        yield return ("answers about cases", $"""
            UPDATE flag_message SET text = NULL WHERE id IN (
                SELECT m.id FROM flag_message m JOIN flag f ON f.id = m.flag_id
                WHERE m.text IS NOT NULL AND f.resolved_at <= {now.AddMonths(-kept.CaseTextMonths)} LIMIT {Batch})
            """);
        yield return ("license files", $"""
            DELETE FROM license_file WHERE id IN (
                SELECT f.id FROM license_file f JOIN activation a ON a.id = f.activation_id
                WHERE a.state <> 'Active' AND a.ended_at <= {now.AddDays(-kept.LicenseFileDays)} LIMIT {Batch})
            """);
        // After a change of address or a merge nobody erases what a server once said of the former one.
        yield return ("mailboxes of nobody", $"""
            DELETE FROM mail_address WHERE address_hash IN (
                SELECT a.address_hash FROM mail_address a WHERE a.since <= {now.AddDays(-kept.AccountMailDays)}
                    AND NOT EXISTS (SELECT 1 FROM customer c WHERE sha256(convert_to(lower(c.email), 'UTF8')) = a.address_hash)
                    AND NOT EXISTS (SELECT 1 FROM asp_net_users u WHERE sha256(convert_to(lower(u.email), 'UTF8')) = a.address_hash)
                LIMIT {Batch})
            """);
        yield return ("erased customers", $"""
            DELETE FROM customer WHERE id IN (
                SELECT c.id FROM customer c WHERE c.erased_at IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM license l WHERE l.customer_id = c.id)
                    AND NOT EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = c.id)
                    AND NOT EXISTS (SELECT 1 FROM license_holder h WHERE h.customer_id = c.id)
                    AND NOT EXISTS (SELECT 1 FROM owner_change o WHERE o.customer_id = c.id OR o.new_customer_id = c.id)
                    AND NOT EXISTS (SELECT 1 FROM transfer_request r WHERE r.customer_id = c.id) LIMIT {Batch})
            """);
    }

    /// <summary>Orders are business letters: kept to the end of a calendar year, in the vendor's zone.</summary>
    private async Task ForgetOrdersAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var until = BeginningOfYear(now, options.Value.OrderYears);
        var total = 0;
        while (true)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var orders = await db.Database.SqlQuery<Guid>(
                $"SELECT id AS \"Value\" FROM transfer_request WHERE ended_at < {until} AND contact ->> 'email' <> '' LIMIT {OrdersAtOnce}")
                .ToArrayAsync(cancellationToken);
            if (orders.Length == 0)
            {
                break;
            }

            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await Anonymizer.OfOrdersAsync(db, orders, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            total += orders.Length;
        }

        Tell("orders", total);
    }

    private DateTimeOffset BeginningOfYear(DateTimeOffset now, int yearsAgo) =>
        times.BeginningOf(new DateOnly(times.ToLocal(now).Year - yearsAgo, 1, 1)).ToUniversalTime();

    private static FormattableString Delete(string table, string condition, DateTimeOffset until) =>
        FormattableStringFactory.Create(
            $"DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE {condition} LIMIT {{1}})", until, Batch);

    private void Tell(string rule, int count)
    {
        if (count > 0)
        {
            LogForgotten(rule, count);
        }
    }

    [LoggerMessage(3401, LogLevel.Information, "Retention: {Count} rows of {Rule}")]
    private partial void LogForgotten(string rule, int count);
}
