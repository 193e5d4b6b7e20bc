using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>Which computers use a product's licenses now, looked up by their hardware codes.</summary>
internal static class FindComputers
{
    // The index finds the computers that share a part of one unit. CPU and machine id make nobody a candidate: they are equal in many
    // computers.
    internal const string SharingAPart =
        "SELECT * FROM activation WHERE state = 'Active' AND hardware_unit_parts(hardware_code) && hardware_unit_parts({0})";

    /// <summary>Every computer of the owners to whom at least one of the codes belongs; of one owner only, when he is known.</summary>
    public static async Task<IReadOnlyList<ComputerInUse>> OfOwnersAsync(
        PortalDbContext db, Product product, IReadOnlyList<HardwareCode> codes, Guid? owner, CancellationToken cancellationToken)
    {
        HashSet<Guid> owners = owner is { } known ? [known] : [];
        if (owner is null)
        {
            var licenses = db.Licenses.Where(l => l.ProductId == product.Id);
            foreach (var code in codes)
            {
                var candidates = await InUse(db.Activations.FromSqlRaw(SharingAPart, code.Normalized), licenses)
                    .ToListAsync(cancellationToken);
                owners.UnionWith(candidates.Where(c => Elimination.Identifies(c.HardwareCode, code, product.Policies.Hardware.Points))
                    .Select(c => c.CustomerId));
            }
        }

        return owners.Count == 0
            ? []
            : await InUse(db.Activations, db.Licenses.Where(l => l.ProductId == product.Id && owners.Contains(l.CustomerId)))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The computer in use that this code is of; null when no license of the product is bound to it.</summary>
    public static async Task<ComputerInUse?> UsedByAsync(
        PortalDbContext db, Product product, HardwareCode code, CancellationToken cancellationToken) =>
        Elimination.Recognize(code, await OfOwnersAsync(db, product, [code], owner: null, cancellationToken),
            product.Policies.Hardware.Points);

    /// <summary>The computers that use this license now.</summary>
    public static Task<List<ComputerInUse>> OfLicenseAsync(PortalDbContext db, Guid licenseId, CancellationToken cancellationToken) =>
        InUse(db.Activations, db.Licenses.Where(l => l.Id == licenseId)).ToListAsync(cancellationToken);

    private static IQueryable<ComputerInUse> InUse(IQueryable<Activation> activations, IQueryable<License> licenses) =>
        from a in activations.AsNoTracking()
        join l in licenses on a.LicenseId equals l.Id
        where a.State == ActivationState.Active && a.EndsAt == null
        select new ComputerInUse(l.CustomerId, l.Id, l.Number, a.Id, a.HardwareCode);
}
