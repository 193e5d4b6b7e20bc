using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Mails;

/// <summary>
/// Lets all mails go on at once, where the server had refused the portal and is right again. If it is not, they stand still after the
/// first.
/// </summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ResumeMails(AdministrationActs acts, MailCircuits circuits, OutboxSignal signal)
{
    /// <param name="command">Made when the page was opened.</param>
    public Task<StaffResult> ExecuteAsync(StaffActor actor, Guid command, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(ResumeMails), actor, command, actor.Id, "",
            async db =>
            {
                await circuits.ResumeAsync(db, now, cancellationToken);
                await AuditLog.AppendAsync(db, actor.Id, AuditKind.MailsResumed, null, null, now, cancellationToken);
                signal.WakeAfterCommit(db);
                return StaffResult.Done;
            },
            now,
            cancellationToken);
}
