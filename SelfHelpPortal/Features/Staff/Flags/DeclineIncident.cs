using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>An administrator does not agree to an incident, or whoever asked for it takes it back. The cases stay as they are.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class DeclineIncident(IDbContextFactory<PortalDbContext> contexts, LicenseActs acts)
{
    public async Task<StaffResult> ExecuteAsync(StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Guid license;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            license = await db.IncidentRequests.Where(r => r.Id == request).Select(r => r.LicenseId)
                .SingleOrDefaultAsync(cancellationToken);
        }

        return await acts.RunAsync(
            typeof(DeclineIncident), act, license, request.ToString("n"), (db, locked) =>
                DecideAsync(db, locked, act, request, now, cancellationToken), now, cancellationToken);
    }

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = await db.IncidentRequests.SingleAsync(r => r.Id == request, cancellationToken);
        if (asked.Decision is not null)
        {
            return StaffRefusal.Conflict;
        }

        var isOwn = asked.RequestedBy == act.Actor.Id;
        if (!isOwn && !await StaffGate.HoldsAsync(db, act.Actor.Id, StaffPermission.For(typeof(ApproveIncident)).Roles, cancellationToken))
        {
            return StaffRefusal.NotPermitted;
        }

        asked.Decline(act.Actor, now);
        await EventLog.AppendAsync(
            db, license.Id, isOwn ? EventKind.IncidentWithdrawn : EventKind.IncidentDeclined, new EventData(), act.Actor.AsActor(),
            act.Reason.Trim(), now, cancellationToken);
        return StaffResult.Done;
    }
}
