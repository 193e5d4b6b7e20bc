using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Ownership;

namespace SelfHelpPortal.Features.Staff.Ownership;

/// <summary>The licensee stays as it is. Those who agreed are told why; whoever only asked is told nothing.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class DeclineOwnerChange(OwnerChangeActs acts, OwnerChangeMailer mailer)
{
    /// <param name="act">Its reason is what those who agreed read.</param>
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid change, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(DeclineOwnerChange), act, change, "", holdFirst: null, async (db, locked) =>
        {
            if (!locked.Decline(act.Reason.Trim(), now).Succeeded)
            {
                return StaffRefusal.Conflict;
            }

            await mailer.DeclinedAsync(db, locked, now, cancellationToken);
            return StaffResult.Done;
        }, now, cancellationToken);
}
