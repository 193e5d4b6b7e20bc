using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>Ends a license for good, on every computer that uses it; the owner is told of each.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class RevokeLicense(LicenseActs acts, ReleaseRecorder recorder)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid license, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(RevokeLicense), act, license, "", (db, locked) => DecideAsync(db, locked, act, now, cancellationToken), now,
            cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = license.State;
        var used = license.ActiveComputers.ToList();
        if (!license.Revoke(now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var actor = act.Actor.AsActor();
        var data = new EventData { Before = before.ToString(), After = license.State.ToString() };
        await EventLog.AppendAsync(db, license.Id, EventKind.Revoked, data, actor, act.Reason.Trim(), now, cancellationToken);
        foreach (var computer in used)
        {
            await recorder.RecordAsync(db, license, computer, actor, reason: null, confirmedByMail: false, now, cancellationToken);
        }

        return StaffResult.Done;
    }
}
