using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>Resolves a case and asks a second person to exclude its old computer for good.</summary>
[StaffUseCase(StaffWork.Licenses, Fresh = true)]
internal sealed class UnlockAndExclude(LicenseActs acts, FlagResolver resolver)
{
    public async Task<StaffResult> ExecuteAsync(
        StaffAct act, string flagNumber, FlagResolution resolution, DateTimeOffset now, CancellationToken cancellationToken) =>
        await acts.RunAsync(
            typeof(UnlockAndExclude),
            act,
            await resolver.LicenseOfAsync(flagNumber, cancellationToken),
            resolution.ContentOf(flagNumber),
            (db, locked) => resolver.DecideAsync(
                db, locked, act, flagNumber, resolution with { Prevention = FlagPrevention.Exclude }, now, cancellationToken),
            now,
            cancellationToken);
}
