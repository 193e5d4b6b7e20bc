using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Invoicing;

/// <summary>Says under which tax case a sale of today falls.</summary>
internal sealed class TaxCases(VendorInvoicing invoicing, LocalTimes times)
{
    public DateOnly Today(DateTimeOffset now) => times.Today(now);

    /// <summary>Null when the vendor cannot issue invoices at all.</summary>
    /// <param name="language">Of the invoice.</param>
    public async Task<TaxDecision?> DecideAsync(
        PortalDbContext db, TaxBuyer buyer, string language, DateTimeOffset now, CancellationToken cancellationToken) =>
        invoicing.Seller is { } seller
            && await PriceList.VatRateAsync(db, Today(now), cancellationToken) is { } rate
            ? TaxDecision.For(TaxSeller.From(seller, invoicing.SmallBusiness), buyer, invoicing.EuConsumers, rate, language)
            : null;
}
