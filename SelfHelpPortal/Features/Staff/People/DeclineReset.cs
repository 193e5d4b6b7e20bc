using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.People;

/// <summary>A wanted reset does not happen: another administrator declines it, or whoever asked takes it back.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class DeclineReset(StaffAccountActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid person, Guid request, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(DeclineReset), act, person, request.ToString("n"), db => DecideAsync(db, act, person, request, now, cancellationToken),
            now, cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffAct act, Guid person, Guid request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.StaffResets.SingleOrDefaultAsync(r => r.Id == request && r.UserId == person, cancellationToken) is not { } asked)
        {
            return StaffRefusal.NotFound;
        }

        if (asked.Decision is not null)
        {
            return StaffRefusal.Conflict;
        }

        var isOwn = asked.RequestedBy == act.Actor.Id;
        asked.Decline(act.Actor, now);
        await AuditLog.AppendAsync(
            db, act.Actor.Id, isOwn ? AuditKind.ResetWithdrawn : AuditKind.ResetDeclined, person.ToString(), act.Reason.Trim(), now,
            cancellationToken);
        return StaffResult.Done;
    }
}
