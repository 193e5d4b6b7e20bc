using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Mails;

/// <summary>
/// Somebody knows that the mailbox of a mail takes mails again: what is written from now on is sent there. The mail itself may be too old
/// to be sent again.
/// </summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class LiftMailbox(StaffActs acts)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid mail, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(LiftMailbox), act, new(mail, _ => Task.FromResult(false)), "",
            async db =>
            {
                var address = await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Id == mail)
                    .Select(m => m.ToAddress).SingleOrDefaultAsync(cancellationToken);
                if (address is null)
                {
                    return StaffRefusal.NotFound;
                }

                await MailAddressStanding.LiftAsync(db, address, cancellationToken);
                await AuditLog.AppendAsync(
                    db, act.Actor.Id, AuditKind.MailboxLifted, mail.ToString(), act.Reason.Trim(), now, cancellationToken);
                return StaffResult.Done;
            },
            now,
            cancellationToken);
}
