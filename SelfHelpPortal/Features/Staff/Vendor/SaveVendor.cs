using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Vendor;

/// <summary>Changes who runs the portal. It holds on this node when it is done, and on the others when PostgreSQL has told them.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class SaveVendor(SettingActs acts, CurrentVendor vendor, IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="command">Made when the form was first shown.</param>
    /// <param name="basedOn">The version that was shown; 0 when there was none.</param>
    public async Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, VendorSettings settings, int basedOn, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var result = await acts.RunAsync(
            typeof(SaveVendor), actor, command, new(SettingKind.Vendor, "", basedOn), settings,
            db => DecideAsync(db, actor, settings, now, cancellationToken), now, cancellationToken);
        if (result.Succeeded)
        {
            await ReadAsync(cancellationToken);
        }

        return result;
    }

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffActor actor, VendorSettings typed, DateTimeOffset now, CancellationToken cancellationToken) =>
        await StoreAsync(db, vendor, typed, actor.Id, now, cancellationToken) is { Count: > 0 } problems
            ? new StaffResult(StaffRefusal.SettingInvalid, problems)
            : StaffResult.Done;

    /// <summary>Writes the version, in the caller's transaction; <see cref="CurrentVendor.ReadAsync"/> then makes it hold.</summary>
    /// <returns>What stands against it; nothing was written then.</returns>
    public static async Task<IReadOnlyList<BrokenRule>> StoreAsync(
        PortalDbContext db, CurrentVendor vendor, VendorSettings typed, Guid by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Kept with what the file gives, so that its lines can be taken out one day without a change.
        var (settings, images, unusable) = await VendorImageStore.TakeAsync(db, vendor.WithFile(typed), cancellationToken);
        // What the file gives was judged at the start, and nobody could mend it here.
        var problems = unusable.Concat(VendorRules.ProblemsOf(settings)).DistinctBy(rule => rule.Id)
            .Where(rule => !vendor.InFile.Contains(rule.Id)).Select(rule => rule with { Id = VendorForm.PathOf(rule.Id) }).ToList();
        if (problems.Count > 0)
        {
            return problems;
        }

        var current = vendor.Value;
        var held = VendorSettings.From(current).WithImages((path, _) => current.Images.At(path)?.Sha256);
        var isSame = SettingHistory.Changes(SettingHistory.Write(held), SettingHistory.Write(settings)).Count == 0;
        await VendorImageStore.AddAsync(db, images, cancellationToken);
        // Whoever saves for the first time what holds already wants it kept, and there is no other version before it.
        await SettingHistory.AppendAsync(
            db, SettingKind.Vendor, "", isSame ? null : held, settings, by, now, cancellationToken);
        await VendorImageStore.DeleteUnusedAsync(db, cancellationToken);
        return [];
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await vendor.ReadAsync(contexts, cancellationToken);
        }
        catch (Exception failure) when (DatabaseFaults.IsUnavailable(failure))
        {
            // It is stored. This node reads it like the others when it hears the database again.
        }
    }
}
