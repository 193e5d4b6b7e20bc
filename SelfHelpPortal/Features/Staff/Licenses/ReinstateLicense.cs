using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>Ends a suspension. A license whose lock is still open is locked again, not active.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class ReinstateLicense(LicenseActs acts)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid license, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(ReinstateLicense), act, license, "", (db, locked) => DecideAsync(db, locked, act, now, cancellationToken), now,
            cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = license.State;
        if (!license.Resume().Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var data = new EventData { Before = before.ToString(), After = license.State.ToString() };
        await EventLog.AppendAsync(db, license.Id, EventKind.Resumed, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        return StaffResult.Done;
    }
}
