using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>How many mails wait and fail, for whoever watches.</summary>
/// <param name="Due">To be sent by now.</param>
/// <param name="Failed">That nothing sends without somebody's help.</param>
/// <param name="FailedTries">Within the last hour, whatever became of their mails.</param>
internal readonly record struct MailQueueFigures(MailQueueState Queue, int Due, int Failed, int FailedTries)
{
    /// <summary>For people and programs, without an address.</summary>
    public string Words => string.Create(
        CultureInfo.InvariantCulture,
        $"oldest due for {Queue.Waiting.TotalSeconds:0} s, {Due} due, {Failed} failed, {FailedTries} tries failed within the hour")
        + (Queue.StandsSince is { } since ? $", stands since {since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "");

    public static async Task<MailQueueFigures> ReadAsync(PortalDbContext db, DateTimeOffset now, CancellationToken cancel)
    {
        var recently = now.AddHours(-1);
        return new(
            await MailQueueState.LookAsync(db, now, cancel),
            await db.Set<OutboxMessage>().CountAsync(
                m => (m.State == OutboxState.Pending || m.State == OutboxState.Unknown) && m.DueAt <= now, cancel),
            await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Failed, cancel),
            await db.Set<OutboxAttempt>().CountAsync(
                a => a.EndedAt > recently && a.Result != AttemptResult.Sent && a.Result != AttemptResult.Late, cancel));
    }
}
