using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Mail.Requests;

/// <summary>
/// Writes the mails that were asked for. It looks on a beat of its own and is not woken by the request: work that began with the answer
/// would slow the next one down, and so tell whether there was any.
/// </summary>
internal sealed partial class MailRequestWriter(
    IDbContextFactory<PortalDbContext> contexts, IServiceScopeFactory scopes, IEnumerable<MailRequestKind> kinds, TimeProvider time,
    ILogger<MailRequestWriter> log)
    : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PollInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await WriteDueAsync(stoppingToken);
                }
#pragma warning disable CA1031 // Whatever it is, mails must go on when it is over.
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    LogStopped(e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Everything that is due. Several nodes may do so at once: each takes rows that no other holds.</summary>
    public async Task WriteDueAsync(CancellationToken cancellationToken)
    {
        while (await WriteOneAsync(cancellationToken))
        {
        }
    }

    private async Task<bool> WriteOneAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var due = await db.Set<MailRequest>()
            .FromSql($"SELECT * FROM asked_mail WHERE due_at <= {now} ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED")
            .ToListAsync(cancellationToken);
        if (due is not [{ } asked])
        {
            return false;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await kinds.Single(k => k.Name == asked.Kind).WriteAsync(scope.ServiceProvider, db, asked, now, cancellationToken);
            db.Remove(asked);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
#pragma warning disable CA1031 // One that cannot be written holds up no other.
        // While the database is away none can, and that is no fault of this one.
        catch (Exception e) when (
            !cancellationToken.IsCancellationRequested && !DatabaseFaults.IsUnavailable(e) && !DatabaseFaults.IsOutcomeUnknown(e))
#pragma warning restore CA1031
        {
            LogFailed(e, asked.Id, asked.Kind);
            await transaction.RollbackAsync(cancellationToken);
            await PutOffAsync(asked, now, cancellationToken);
        }

        return true;
    }

    private async Task PutOffAsync(MailRequest asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = db.Set<MailRequest>().Where(m => m.Id == asked.Id);
        if (now - asked.AskedAt >= GiveUpAfter)
        {
            await row.ExecuteDeleteAsync(cancellationToken);
            return;
        }

        var next = now + TimeSpan.FromMinutes(asked.Failures + 1);
        await row.ExecuteUpdateAsync(
            s => s.SetProperty(m => m.Failures, m => m.Failures + 1).SetProperty(m => m.DueAt, next), cancellationToken);
    }

    [LoggerMessage(3131, LogLevel.Error, "The mail {Id} ({Kind}) that was asked for could not be written and is tried again")]
    private partial void LogFailed(Exception error, Guid id, string kind);

    [LoggerMessage(3132, LogLevel.Error, "Mails that were asked for could not be looked for; it is tried again")]
    private partial void LogStopped(Exception error);
}
