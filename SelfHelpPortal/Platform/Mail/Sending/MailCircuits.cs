using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <param name="RatherNotTo">The recipient of the mail that failed last: the fault may be theirs alone.</param>
internal readonly record struct CircuitTrial(int Failures, string RatherNotTo);

/// <summary>
/// Stops all sending when the server refuses us or cannot be reached, so that no mail burns its attempts; tries one mail now and then;
/// a success lets all go on. Its one row is shared by all nodes.
/// </summary>
internal sealed partial class MailCircuits(ILogger<MailCircuits> log)
{
    private const int FailuresInARow = 5;
    private static readonly int[] WaitMinutes = [1, 2, 5, 10, 30];

    public static async Task<CircuitState> StateAsync(PortalDbContext db, CancellationToken cancel) =>
        await db.Set<MailCircuit>().Select(c => c.State).SingleOrDefaultAsync(cancel);

    /// <summary>Locks the row for the caller's transaction; null while it is too early, or when another worker tries just now.</summary>
    public static async Task<CircuitTrial?> TakeTrialAsync(PortalDbContext db, DateTimeOffset now, CancellationToken cancel)
    {
        var open = (await db.Set<MailCircuit>()
            .FromSql($"SELECT * FROM mail_circuit WHERE state = 1 AND next_try_at <= {now} FOR UPDATE SKIP LOCKED")
            .AsNoTracking().ToListAsync(cancel)).SingleOrDefault();
        if (open is null)
        {
            return null;
        }

        var failedLast = await db.Set<OutboxAttempt>()
            .Where(a => a.Result == AttemptResult.Configuration || a.Result == AttemptResult.Transient)
            .OrderByDescending(a => a.EndedAt)
            .Join(db.Set<OutboxMessage>(), a => a.OutboxId, m => m.Id, (a, m) => m.ToAddress)
            .FirstOrDefaultAsync(cancel);
        return new CircuitTrial(open.Failures, failedLast ?? "");
    }

    /// <summary>The next trial is due later from here on; a success closes the circuit before that.</summary>
    public static Task<int> StartTrialAsync(PortalDbContext db, CircuitTrial trial, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"UPDATE mail_circuit SET failures = {trial.Failures + 1}, next_try_at = {now + Wait(trial.Failures)} WHERE state = 1", cancel);

    /// <summary>Whether the server refused us over this mail before and has taken another one since.</summary>
    public static async Task<bool> RefusedBeforeAsync(PortalDbContext db, Guid mail)
    {
        var before = await db.Set<OutboxAttempt>()
            .Where(a => a.OutboxId == mail && a.Result == AttemptResult.Configuration)
            .MaxAsync(a => (DateTimeOffset?)a.EndedAt);
        return before is not null
            && await db.Set<OutboxAttempt>().AnyAsync(a => a.OutboxId != mail && a.Result == AttemptResult.Sent && a.EndedAt >= before);
    }

    /// <summary>Opens or closes, in the transaction that wrote the attempt.</summary>
    public async Task SeeAsync(PortalDbContext db, AttemptResult result, string reply, DateTimeOffset now)
    {
        switch (result)
        {
            case AttemptResult.Sent:
                await CloseAsync(db, now);
                break;
            case AttemptResult.Configuration:
                await OpenAsync(db, reply, now);
                break;
            case AttemptResult.Transient when await FailedInARowAsync(db):
                await OpenAsync(db, reply, now);
                break;
            case AttemptResult.Transient or AttemptResult.RecipientRefused or AttemptResult.MessageRefused
                or AttemptResult.Unknown or AttemptResult.Late or AttemptResult.Expired or AttemptResult.Bounced
                or AttemptResult.Delayed:
                break;
        }
    }

    /// <summary>By somebody's hand: what waits for its next try is due at once. False when nothing stood still.</summary>
    public async Task<bool> ResumeAsync(PortalDbContext db, DateTimeOffset now, CancellationToken cancel)
    {
        var stood = await CloseAsync(db, now);
        await db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Pending && m.DueAt > now)
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.DueAt, now), cancel);
        return stood;
    }

    private async Task<bool> CloseAsync(PortalDbContext db, DateTimeOffset now)
    {
        if (await db.Database.ExecuteSqlAsync($"UPDATE mail_circuit SET state = 0, since = {now}, failures = 0 WHERE state = 1") == 0)
        {
            return false;
        }

        LogClosed();
        return true;
    }

    private async Task OpenAsync(PortalDbContext db, string reason, DateTimeOffset now)
    {
        // An open circuit keeps its time and its next trial, and answers nothing here.
        var opened = await db.Database.SqlQuery<bool>(
            $"""
             INSERT INTO mail_circuit AS c (id, state, since, reason, failures, next_try_at)
             VALUES ({MailCircuit.OnlyId}, 1, {now}, {reason}, 1, {now + Wait(0)})
             ON CONFLICT (id) DO UPDATE SET
                 state = 1, since = excluded.since, reason = excluded.reason, failures = 1, next_try_at = excluded.next_try_at
             WHERE c.state = 0
             RETURNING true AS "Value"
             """).ToListAsync();
        if (opened.Count > 0)
        {
            LogOpened(reason);
        }
    }

    /// <summary>To two recipients at least, since one of them may be at fault; and after the circuit changed last.</summary>
    private static async Task<bool> FailedInARowAsync(PortalDbContext db)
    {
        var since = await db.Set<MailCircuit>().Select(c => (DateTimeOffset?)c.Since).SingleOrDefaultAsync() ?? DateTimeOffset.MinValue;
        var last = await db.Set<OutboxAttempt>()
            .Where(a => a.EndedAt > since && a.Result < AttemptResult.Late)
            .OrderByDescending(a => a.EndedAt)
            .Take(FailuresInARow)
            .Join(db.Set<OutboxMessage>(), a => a.OutboxId, m => m.Id, (a, m) => new { a.Result, m.ToAddress })
            .ToListAsync();
        return last.Count == FailuresInARow
            && last.TrueForAll(a => a.Result == AttemptResult.Transient)
            && last.Select(a => a.ToAddress).Distinct().Count() > 1;
    }

    private static TimeSpan Wait(int failures) => TimeSpan.FromMinutes(WaitMinutes[Math.Min(failures, WaitMinutes.Length - 1)]);

    [LoggerMessage(3101, LogLevel.Error, "Mail stands still, the server refuses us or cannot be reached: {Reason}")]
    private partial void LogOpened(string reason);

    [LoggerMessage(3102, LogLevel.Information, "Mail is being sent again")]
    private partial void LogClosed();
}
