using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>Licenses that no computer uses: nothing has to move, and nothing may be charged for it.</summary>
internal static class FreeLicenses
{
    /// <param name="licenses">Of an order; null where a license is unknown.</param>
    /// <returns>Every one is known and free.</returns>
    public static async Task<bool> AreAllAsync(PortalDbContext db, IEnumerable<Guid?> licenses, CancellationToken cancellationToken)
    {
        var all = licenses.ToList();
        return all.Count > 0 && !all.Contains(null)
            && !await db.Activations.AnyAsync(
                a => a.State == ActivationState.Active && a.EndsAt == null && all.Contains(a.LicenseId), cancellationToken);
    }
}
