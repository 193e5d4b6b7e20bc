using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>
/// Releases a computer for a customer who cannot; it never counts against the free releases, and the owner can object as to any other.
/// </summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class ReleaseForCustomer(LicenseActs acts, ReleaseRecorder recorder)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid license, Guid activation, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(ReleaseForCustomer), act, license, activation.ToString("n"), (db, locked) =>
                DecideAsync(db, locked, act, activation, now, cancellationToken), now, cancellationToken);

    /// <summary>For acts that release as a part of them.</summary>
    internal async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, Guid activation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (license.Activations.SingleOrDefault(a => a.Id == activation) is not { } computer)
        {
            return StaffRefusal.NotFound;
        }

        if (!license.ReleaseByStaff(computer, now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        await recorder.RecordAsync(
            db, license, computer, act.Actor.AsActor(), act.Reason.Trim(), confirmedByMail: false, now, cancellationToken);
        return StaffResult.Done;
    }
}
