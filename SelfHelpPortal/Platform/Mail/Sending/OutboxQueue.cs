using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>
/// Claims, fences and recovers the rows of the outbox, for any number of workers on any number of nodes. Every write after the claim
/// names the lease token, so whoever lost the lease writes nothing. Instants come from the caller's clock; nodes must agree within a
/// minute, the lease is far longer.
/// </summary>
internal sealed class OutboxQueue(IDbContextFactory<PortalDbContext> contexts, MailCircuits circuits)
{
    /// <summary>Longer than the longest conversation with a server.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);

    public static readonly string Node = Environment.MachineName;

    /// <summary>Takes due mails for the caller, the most urgent first. While the circuit is open that is at most one, as a trial.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> ClaimAsync(DateTimeOffset now, int size, CancellationToken cancel = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await MailCircuits.StateAsync(db, cancel) == CircuitState.Open)
        {
            return await ClaimTrialAsync(db, now, cancel);
        }

        // RETURNING has no order.
        return [.. (await ClaimDueAsync(db, now, size, notTo: "", cancel)).OrderBy(m => m.Priority).ThenBy(m => m.DueAt)];
    }

    private static Task<List<OutboxMessage>> ClaimDueAsync(
        PortalDbContext db, DateTimeOffset now, int size, string notTo, CancellationToken cancel) =>
        // MATERIALIZED runs the inner query once; inside IN (…) the planner may run it again and exceed the limit.
        db.Set<OutboxMessage>().FromSql(
            $"""
             WITH due AS MATERIALIZED (
                 SELECT id FROM outbox WHERE state IN (0, 4) AND due_at <= {now} AND to_address <> {notTo}
                 ORDER BY priority, due_at LIMIT {size} FOR UPDATE SKIP LOCKED)
             UPDATE outbox o SET state = 1, lease_token = {Guid.NewGuid()}, lease_until = {now + Lease}, claimed_by = {Node},
                 send_started_at = NULL, attempts = o.attempts + 1
             FROM due WHERE o.id = due.id
             RETURNING o.*
             """).AsNoTracking().ToListAsync(cancel);

    private static async Task<IReadOnlyList<OutboxMessage>> ClaimTrialAsync(
        PortalDbContext db, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await MailCircuits.TakeTrialAsync(db, now, cancel) is not { } trial)
        {
            return [];
        }

        // In the order of the index, so that none of those that have gathered meanwhile is sorted.
        var claimed = await ClaimDueAsync(db, now, 1, trial.RatherNotTo, cancel);
        if (claimed.Count == 0)
        {
            claimed = await ClaimDueAsync(db, now, 1, notTo: "", cancel);
        }

        if (claimed.Count > 0)
        {
            await MailCircuits.StartTrialAsync(db, trial, now, cancel);
            await transaction.CommitAsync(cancel);
        }

        return claimed;
    }

    /// <summary>
    /// Written just before the first byte leaves; it renews the lease for this one mail. False: the lease is gone, do not send.
    /// </summary>
    public async Task<bool> StartAsync(OutboxMessage mail, DateTimeOffset now, CancellationToken cancel = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var started = await Owned(db, mail).Where(m => m.LeaseUntil > now).ExecuteUpdateAsync(
            s => s.SetProperty(m => m.SendStartedAt, now).SetProperty(m => m.LeaseUntil, now + Lease), cancel);
        return started == 1;
    }

    /// <summary>Gives back what was claimed and not started; such a claim is no attempt.</summary>
    public async Task ReleaseAsync(IEnumerable<OutboxMessage> mails)
    {
        await using var db = await contexts.CreateDbContextAsync();
        foreach (var mail in mails)
        {
            await Owned(db, mail).Where(m => m.SendStartedAt == null).ExecuteUpdateAsync(s => s
                .SetProperty(m => m.State, m => m.UnknownCount > 0 ? OutboxState.Unknown : OutboxState.Pending)
                .SetProperty(m => m.Attempts, m => m.Attempts - 1)
                .SetProperty(m => m.LeaseToken, (Guid?)null)
                .SetProperty(m => m.LeaseUntil, (DateTimeOffset?)null));
        }
    }

    /// <summary>
    /// Writes what became of a mail, in one transaction. False: the lease was lost meanwhile, and only the attempt was written down.
    /// </summary>
    public async Task<bool> FinishAsync(
        OutboxMessage mail, SendOutcome outcome, DateTimeOffset startedAt, DateTimeOffset now, double spread)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var refusedBefore = outcome is { Result: SendResult.Configuration, WhileConnecting: false }
            && await MailCircuits.RefusedBeforeAsync(db, mail.Id);
        return await FinishAsync(db, mail, outcome, MailVerdict.Decide(outcome.Result, mail, now, spread, refusedBefore), startedAt, now);
    }

    /// <summary>Its time passed in the queue: it fails without being sent.</summary>
    public async Task<bool> ExpireAsync(OutboxMessage mail, DateTimeOffset now)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await FinishAsync(db, mail, new SendOutcome(SendResult.Transient, null, ""), MailVerdict.Expired(mail), now, now);
    }

    private async Task<bool> FinishAsync(
        PortalDbContext db, OutboxMessage mail, SendOutcome outcome, MailVerdict verdict, DateTimeOffset startedAt, DateTimeOffset now)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var isUnknown = verdict.Result == AttemptResult.Unknown;
        var written = await Owned(db, mail).ExecuteUpdateAsync(s => s
            .SetProperty(m => m.State, verdict.State)
            .SetProperty(m => m.DueAt, verdict.DueAt)
            .SetProperty(m => m.Attempts, m => verdict.CountsAttempt ? m.Attempts : m.Attempts - 1)
            .SetProperty(m => m.Payload, m => verdict.KeepsPayload ? m.Payload : null)
            .SetProperty(m => m.UnknownCount, m => isUnknown ? (short)(m.UnknownCount + 1) : m.UnknownCount)
            .SetProperty(m => m.LastResult, verdict.Result)
            .SetProperty(m => m.LastReply, outcome.Reply)
            .SetProperty(m => m.SentAt, verdict.State == OutboxState.Sent ? now : (DateTimeOffset?)null)
            .SetProperty(m => m.LeaseToken, (Guid?)null)
            .SetProperty(m => m.LeaseUntil, (DateTimeOffset?)null)) == 1;
        if (!written)
        {
            // The new owner may be writing its own attempt: one number after the other.
            await db.Database.ExecuteSqlAsync($"SELECT id FROM outbox WHERE id = {mail.Id} FOR UPDATE");
        }

        await AddAttemptAsync(
            db, mail.Id, written ? verdict.Result : AttemptResult.Late, outcome.StatusCode, outcome.Reply, mail.UnknownCount > 0, startedAt,
            now);
        if (written)
        {
            await RememberAddressAsync(db, mail.ToAddress, verdict.Result, outcome.Reply, now);
            await circuits.SeeAsync(db, verdict.Result, outcome.Reply, now);
        }

        await transaction.CommitAsync();
        return written;
    }

    /// <summary>The caller has locked the mail, so that one number follows the other.</summary>
    public static Task<int> AddAttemptAsync(
        PortalDbContext db, Guid mail, AttemptResult result, int? statusCode, string reply, bool resend, DateTimeOffset startedAt,
        DateTimeOffset now) =>
        db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO outbox_attempt (outbox_id, number, started_at, ended_at, node, result, status_code, reply, resend_after_unknown)
             SELECT {mail}, coalesce(max(number), 0) + 1, {startedAt}, {now}, {Node}, {(short)result}, {statusCode}, {reply}, {resend}
             FROM outbox_attempt WHERE outbox_id = {mail}
             """);

    private static async Task RememberAddressAsync(
        PortalDbContext db, string address, AttemptResult result, string reply, DateTimeOffset now)
    {
        if (result == AttemptResult.RecipientRefused)
        {
            await MailAddressStanding.RefuseAsync(db, address, reply, now);
        }
        else if (result == AttemptResult.Sent)
        {
            var hash = MailAddresses.Hash(address);
            await db.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO mail_address (address_hash, state, since, last_reply) VALUES ({hash}, 0, {now}, '')
                 ON CONFLICT (address_hash) DO UPDATE SET state = 0, since = excluded.since, last_reply = '' WHERE mail_address.state <> 0
                 """);
        }
    }

    /// <summary>
    /// Takes mails back from workers that died: never started means that nothing was sent and no attempt was made; started means that
    /// nobody knows, which is once more a reason to try again, and the second time a failure.
    /// </summary>
    public async Task<int> RecoverAsync(DateTimeOffset now, CancellationToken cancel = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var taken = await db.Database.SqlQuery<long>(
            $"""
             WITH expired AS MATERIALIZED (
                 SELECT id, send_started_at, claimed_by, unknown_count FROM outbox
                 WHERE state = 1 AND lease_until <= {now} FOR UPDATE SKIP LOCKED),
             never_started AS (
                 UPDATE outbox o SET state = CASE WHEN o.unknown_count > 0 THEN 4 ELSE 0 END, attempts = o.attempts - 1,
                     lease_token = NULL, lease_until = NULL
                 FROM expired e WHERE o.id = e.id AND e.send_started_at IS NULL
                 RETURNING o.id),
             nobody_knows AS (
                 UPDATE outbox o SET state = CASE WHEN o.unknown_count > 0 THEN 3 ELSE 4 END, unknown_count = o.unknown_count + 1,
                     due_at = {now + MailVerdict.WaitWhenUnknown}, last_result = 5, last_reply = '', lease_token = NULL, lease_until = NULL
                 FROM expired e WHERE o.id = e.id AND e.send_started_at IS NOT NULL
                 RETURNING o.id),
             told AS (
                 INSERT INTO outbox_attempt (outbox_id, number, started_at, ended_at, node, result, status_code, reply,
                     resend_after_unknown)
                 SELECT e.id, (SELECT coalesce(max(a.number), 0) + 1 FROM outbox_attempt a WHERE a.outbox_id = e.id),
                     e.send_started_at, {now}, e.claimed_by, 5, NULL, '', e.unknown_count > 0
                 FROM expired e JOIN nobody_knows n ON n.id = e.id
                 RETURNING outbox_id)
             SELECT (SELECT count(*) FROM never_started) + (SELECT count(*) FROM told) AS "Value"
             """).ToListAsync(cancel);
        return (int)taken.Single();
    }

    private static IQueryable<OutboxMessage> Owned(PortalDbContext db, OutboxMessage mail) =>
        db.Set<OutboxMessage>().Where(m => m.Id == mail.Id && m.State == OutboxState.Sending && m.LeaseToken == mail.LeaseToken);
}
