using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Mail.Sending;

namespace SelfHelpPortal.Platform.Mail.Bounces;

/// <summary>
/// Writes down what came back, however it was heard of. A mail that failed stands among those that staff see, and its mailbox is treated
/// as if the server had refused it at once. The same report twice changes nothing.
/// </summary>
internal sealed partial class TakeBounce(IDbContextFactory<PortalDbContext> contexts, ILogger<TakeBounce> log)
{
    /// <returns>False when the portal has sent no mail with this id.</returns>
    public async Task<bool> ExecuteAsync(BounceReport report, DateTimeOffset now, CancellationToken cancel)
    {
        // The part before the @ is the key of the mail; all of it is what the portal has set.
        if (!Guid.TryParseExact(report.MessageId.Split('@')[0], "D", out var id))
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await db.LockRowAsync<OutboxMessage>(id, cancel))
        {
            return false;
        }

        var mail = await db.Set<OutboxMessage>().AsNoTracking().SingleAsync(m => m.Id == id, cancel);
        if (!string.Equals(mail.MessageId, $"<{report.MessageId}>", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (mail.State is not (OutboxState.Sent or OutboxState.Unknown) || await IsToldAsync(db, report, id, cancel))
        {
            return true;
        }

        await OutboxQueue.AddAttemptAsync(
            db, id, report.HasFailed ? AttemptResult.Bounced : AttemptResult.Delayed, statusCode: null, report.Reply, resend: false, now,
            now);
        if (report.HasFailed)
        {
            await db.Set<OutboxMessage>().Where(m => m.Id == id).ExecuteUpdateAsync(
                s => s.SetProperty(m => m.State, OutboxState.Failed).SetProperty(m => m.LastResult, AttemptResult.Bounced)
                    .SetProperty(m => m.LastReply, report.Reply),
                cancel);
        }

        if (report.RefusesMailbox)
        {
            await MailAddressStanding.RefuseAsync(db, mail.ToAddress, report.Reply, now);
        }

        await transaction.CommitAsync(cancel);
        LogTaken(id, mail.Kind, MailAddresses.Mask(mail.ToAddress), report.HasFailed ? "came back" : "is late", report.Reply);
        return true;
    }

    /// <summary>Servers that still try say so again and again.</summary>
    private static Task<bool> IsToldAsync(PortalDbContext db, BounceReport report, Guid id, CancellationToken cancel) =>
        report.HasFailed
            ? Task.FromResult(false)
            : db.Set<OutboxAttempt>().AnyAsync(
                a => a.OutboxId == id && a.Result == AttemptResult.Delayed && a.Reply == report.Reply, cancel);

    [LoggerMessage(3151, LogLevel.Warning, "Mail {Id} ({Kind}) to {Address} {What}: {Reply}")]
    private partial void LogTaken(Guid id, string kind, string address, string what, string reply);
}
