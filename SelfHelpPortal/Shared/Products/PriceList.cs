using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Shared.Products;

/// <summary>Looks up prices and tax rates, on the caller's connection.</summary>
internal static class PriceList
{
    /// <summary>Null when the article has no price on that day, so that it cannot be sold.</summary>
    public static Task<PriceListEntry?> FindAsync(
        PortalDbContext db, string productId, string sku, DateOnly day, CancellationToken cancellationToken) =>
        db.PriceList.AsNoTracking().SingleOrDefaultAsync(
            e => e.ProductId == productId && e.Sku == sku && e.ValidFrom <= day && (e.ValidUntil == null || e.ValidUntil >= day),
            cancellationToken);

    /// <summary>The German standard rate of that day in percent; null when there is none.</summary>
    public static Task<decimal?> VatRateAsync(PortalDbContext db, DateOnly day, CancellationToken cancellationToken) =>
        StandardRates(db).Where(r => r.ValidFrom <= day).OrderByDescending(r => r.ValidFrom).Select(r => (decimal?)r.Percent)
            .FirstOrDefaultAsync(cancellationToken);

    /// <summary>The German standard rates, past ones and planned ones too.</summary>
    public static IQueryable<VatRate> StandardRates(PortalDbContext db) =>
        db.VatRates.Where(r => r.Country == Countries.Germany && r.Category == VatRate.Standard);
}
