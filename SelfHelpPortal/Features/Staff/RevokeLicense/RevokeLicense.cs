using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Features.Staff.RevokeLicense;

/// <summary>Ends a license for good, on every computer that uses it.</summary>
internal sealed class RevokeLicense(LicenseActs acts)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid license, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(RevokeLicense), act, license, "", (db, locked) => DecideAsync(db, locked, act, now, cancellationToken), now, cancellationToken);

    private static async Task<StaffResult> DecideAsync(
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
            var ended = new EventData
            {
                Activation = computer.Id,
                Seat = computer.Seat,
                Generation = computer.Generation,
                Method = nameof(ReleaseMethod.Ended),
                Before = nameof(ActivationState.Active),
                After = computer.State.ToString(),
            };
            await EventLog.AppendAsync(db, license.Id, EventKind.Released, ended, actor, text: null, now, cancellationToken);
        }

        return StaffResult.Done;
    }
}
