using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>
/// Resolves a case: a locked license goes on, frozen releases are free again, and being seen once more of the case's computers locks
/// nothing else.
/// </summary>
[StaffUseCase(StaffWork.Licenses)]
internal sealed class UnlockLicense(LicenseActs acts, FlagResolver resolver)
{
    public async Task<StaffResult> ExecuteAsync(
        StaffAct act, string flagNumber, FlagResolution resolution, DateTimeOffset now, CancellationToken cancellationToken) =>
        resolution.Prevention == FlagPrevention.Exclude
            // Asking for that needs a fresh factor.
            ? StaffRefusal.NotPermitted
            : await acts.RunAsync(
                typeof(UnlockLicense),
                act,
                await resolver.LicenseOfAsync(flagNumber, cancellationToken),
                resolution.ContentOf(flagNumber),
                (db, locked) => resolver.DecideAsync(db, locked, act, flagNumber, resolution, now, cancellationToken),
                now,
                cancellationToken);
}
