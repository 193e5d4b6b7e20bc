using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>Stops a license until staff resume it; the owner is told.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class SuspendLicense(LicenseActs acts, LicenseSuspension suspension)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid license, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(SuspendLicense),
            act,
            license,
            "",
            async (db, locked) =>
                await suspension.SuspendAsync(
                    db, locked, act.Actor.AsActor(), act.Reason.Trim(), act.CommandId, now, cancellationToken)
                    ? StaffResult.Done
                    : StaffRefusal.Conflict,
            now,
            cancellationToken);
}
