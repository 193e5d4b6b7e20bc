using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>Lets computers use one license of which too few parts can be read to tell them from others.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class AllowFewParts(LicenseActs acts)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid license, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(AllowFewParts), act, license, "", (db, locked) => DecideAsync(db, locked, act, now, cancellationToken), now,
            cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!license.AllowFewParts(now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        await EventLog.AppendAsync(
            db, license.Id, EventKind.FewPartsAllowed, new EventData(), act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        return StaffResult.Done;
    }
}
