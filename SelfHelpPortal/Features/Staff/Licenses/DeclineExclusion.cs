using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>A wanted exclusion does not happen: an administrator declines it, or whoever asked takes it back.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class DeclineExclusion(LicenseActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid license, Guid request, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(DeclineExclusion), act, license, request.ToString("n"), (db, locked) =>
                DecideAsync(db, locked, act, request, now, cancellationToken), now, cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.ExclusionRequests.SingleOrDefaultAsync(r => r.Id == request && r.LicenseId == license.Id, cancellationToken)
            is not { } asked)
        {
            return StaffRefusal.NotFound;
        }

        if (asked.Decision is not null)
        {
            return StaffRefusal.Conflict;
        }

        var isOwn = asked.RequestedBy == act.Actor.Id;
        if (!isOwn && !await StaffGate.HoldsAsync(db, act.Actor.Id, StaffPermission.For(typeof(ApproveExclusion)).Roles, cancellationToken))
        {
            return StaffRefusal.NotPermitted;
        }

        asked.Decline(act.Actor, now);
        var kind = isOwn ? EventKind.ExclusionWithdrawn : EventKind.ExclusionDeclined;
        await EventLog.AppendAsync(
            db, license.Id, kind, new EventData { Activation = asked.ActivationId }, act.Actor.AsActor(), act.Reason.Trim(), now,
            cancellationToken);
        return StaffResult.Done;
    }
}
