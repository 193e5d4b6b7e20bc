using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Invoicing;

/// <summary>Says under which tax case a sale falls, by the rate of the day on which the service is rendered.</summary>
internal sealed class TaxCases(VendorInvoicing invoicing, LocalTimes times)
{
    public DateOnly Today(DateTimeOffset now) => times.Today(now);

    /// <summary>Null when the vendor cannot issue invoices at all.</summary>
    /// <param name="language">Of the invoice.</param>
    /// <param name="serviceDate">Of a service over time its last day.</param>
    public async Task<TaxDecision?> DecideAsync(
        PortalDbContext db, TaxBuyer buyer, string language, DateOnly serviceDate, CancellationToken cancellationToken) =>
        (await DecideAsync(db, [buyer], language, serviceDate, cancellationToken))?[0];

    /// <summary>The same for each of several buyers, in their order.</summary>
    public async Task<IReadOnlyList<TaxDecision>?> DecideAsync(
        PortalDbContext db, IEnumerable<TaxBuyer> buyers, string language, DateOnly serviceDate, CancellationToken cancellationToken)
    {
        if (invoicing.Seller is not { } seller || await PriceList.VatRateAsync(db, serviceDate, cancellationToken) is not { } rate)
        {
            return null;
        }

        var from = TaxSeller.From(seller, invoicing.SmallBusiness);
        return [.. buyers.Select(buyer => TaxDecision.For(from, buyer, invoicing.EuConsumers, rate, language))];
    }
}
