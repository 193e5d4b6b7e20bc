using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Ownership;

namespace SelfHelpPortal.Features.Staff.Ownership;

/// <summary>Asks whoever will have the license; the case waits for the answer.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class AskAboutOwnerChange(OwnerChangeActs acts, OwnerChangeMailer mailer)
{
    /// <param name="act">Its reason is the question, which the customer reads.</param>
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid change, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(AskAboutOwnerChange), act, change, "", holdFirst: null, async (db, locked) =>
        {
            if (!locked.Ask(act.Reason.Trim(), now).Succeeded)
            {
                return StaffRefusal.Conflict;
            }

            await mailer.QuestionAsync(db, locked, now, cancellationToken);
            return StaffResult.Done;
        }, now, cancellationToken);
}
