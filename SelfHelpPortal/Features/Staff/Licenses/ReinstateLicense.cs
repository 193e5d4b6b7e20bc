using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Licenses;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>Ends a suspension. A license whose lock is still open is locked again, not active.</summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class ReinstateLicense(LicenseActs acts)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid license, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(ReinstateLicense),
            act,
            license,
            "",
            async (db, locked) =>
                await LicenseSuspension.ResumeAsync(db, locked, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken)
                    ? StaffResult.Done
                    : StaffRefusal.Conflict,
            now,
            cancellationToken);
}
