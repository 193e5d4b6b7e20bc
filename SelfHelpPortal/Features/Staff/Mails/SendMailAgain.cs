using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Mails;

/// <summary>
/// Puts a mail that failed into the queue again as it was written, and lets its mailbox be written to. Whoever presses twice sends once.
/// </summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SendMailAgain(AdministrationActs acts, OutboxSignal signal)
{
    /// <param name="command">Made when the page was opened.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid mail, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(SendMailAgain), actor, command, mail, "", db => DecideAsync(db, actor, mail, now, cancellationToken), now,
            cancellationToken);

    public static bool IsPossible(OutboxMessage mail, DateTimeOffset now) =>
        mail is { State: OutboxState.Failed, Payload: not null } && !(mail.ExpiresAt <= now);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffActor actor, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!await db.LockRowAsync<OutboxMessage>(id, cancellationToken))
        {
            return StaffRefusal.NotFound;
        }

        var mail = await db.Set<OutboxMessage>().SingleAsync(m => m.Id == id, cancellationToken);
        if (!IsPossible(mail, now))
        {
            return StaffRefusal.Conflict;
        }

        await MailAddressStanding.LiftAsync(db, mail.ToAddress, cancellationToken);
        (mail.State, mail.DueAt, mail.Attempts, mail.UnknownCount) = (OutboxState.Pending, now, 0, 0);
        mail.QueuedAgainAt = now;
        await AuditLog.AppendAsync(db, actor.Id, AuditKind.MailSentAgain, id.ToString(), mail.Reference, now, cancellationToken);
        signal.WakeAfterCommit(db);
        return StaffResult.Done;
    }
}
