using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>Which computers use a product's licenses now, looked up by their hardware codes.</summary>
internal static class FindComputers
{
    // The index finds the computers that share a component; of those, enough must be equal. The code itself is enough, however poor it is.
    internal const string SameOrSimilar =
        """
        SELECT DISTINCT l.customer_id AS "Value" FROM activation a JOIN license l ON l.id = a.license_id
        WHERE a.state = 'Active' AND hardware_components(a.hardware_code) && hardware_components({1}) AND l.product_id = {0} AND left(a.hardware_code, 4) = left({1}, 4)
            AND (a.hardware_code = {1} OR cardinality(ARRAY(
                SELECT unnest(hardware_components(a.hardware_code)) INTERSECT SELECT unnest(hardware_components({1})))) >= {2})
        """;

    /// <summary>Every computer of the owners to whom at least one of the codes belongs; of one owner only, when he is known.</summary>
    public static async Task<IReadOnlyList<ComputerInUse>> OfOwnersAsync(
        PortalDbContext db, Product product, IReadOnlyList<HardwareCode> codes, Guid? owner, CancellationToken cancellationToken)
    {
        HashSet<Guid> owners = owner is { } known ? [known] : [];
        if (owner is null)
        {
            var need = Math.Max(product.Policies.Hardware.ComponentsNeeded, Elimination.IdentifyingComponents);
            foreach (var code in codes)
            {
                owners.UnionWith(await db.Database.SqlQueryRaw<Guid>(SameOrSimilar, product.Id, code.Normalized, need).ToListAsync(cancellationToken));
            }
        }

        return owners.Count == 0 ? [] : await InUse(db.Activations, db.Licenses.Where(l => l.ProductId == product.Id && owners.Contains(l.CustomerId))).ToListAsync(cancellationToken);
    }

    /// <summary>The computer in use that this code is of; null when no license of the product is bound to it.</summary>
    public static async Task<ComputerInUse?> UsedByAsync(PortalDbContext db, Product product, HardwareCode code, CancellationToken cancellationToken) =>
        Elimination.Recognize(code, await OfOwnersAsync(db, product, [code], owner: null, cancellationToken), product.Policies.Hardware.ComponentsNeeded);

    /// <summary>The computers that use this license now.</summary>
    public static Task<List<ComputerInUse>> OfLicenseAsync(PortalDbContext db, Guid licenseId, CancellationToken cancellationToken) =>
        InUse(db.Activations, db.Licenses.Where(l => l.Id == licenseId)).ToListAsync(cancellationToken);

    private static IQueryable<ComputerInUse> InUse(IQueryable<Activation> activations, IQueryable<License> licenses) =>
        from a in activations.AsNoTracking()
        join l in licenses on a.LicenseId equals l.Id
        where a.State == ActivationState.Active
        select new ComputerInUse(l.CustomerId, l.Id, l.Number, a.Id, a.HardwareCode);
}
