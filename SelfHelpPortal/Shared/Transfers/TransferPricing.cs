using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>What a remedy costs this customer now.</summary>
/// <param name="Count">Licenses.</param>
/// <param name="Vat">Null when the rules leave the tax case to staff; the totals are without tax then.</param>
/// <param name="Period">Of the renewed subscription.</param>
/// <param name="IsPeriodExact">The end of the present subscription is known.</param>
internal sealed record TransferOffer(
    TransferRemedy Remedy, PriceListEntry Entry, int Count, VatTreatment? Vat, InvoiceTotals Unit, InvoiceTotals Totals, Period? Period,
    bool IsPeriodExact)
{
    public DraftPrice Shown => new(Entry.Id, Entry.NetCents, Vat?.Case, Vat?.Rate ?? 0);
}

/// <summary>Takes prices from the price list, and the tax case from the buyer; for a German buyer as long as none is known.</summary>
internal sealed class TransferPricing(VendorInvoicing invoicing, IOptions<VendorOptions> vendor, LocalTimes times)
{
    public DateOnly Today(DateTimeOffset now) => times.Today(now);

    /// <summary>The remedies that are offered, the fee first.</summary>
    public async Task<IReadOnlyList<TransferOffer>> OffersAsync(
        PortalDbContext db, Product product, TransferDraft draft, Identification known, string language, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var policy = product.Policies.Transfer;
        var today = Today(now);
        var count = Math.Max(1, draft.Items.Count);
        var offers = new List<TransferOffer>();
        foreach (var remedy in Enum.GetValues<TransferRemedy>())
        {
            var offered = remedy == TransferRemedy.Fee || !known.IsProven
                || known.Items.All(i => policy.OffersRenewal(i.License!.MaintenanceUntil, today));
            if (offered && policy.SkuOf(remedy) is { } sku
                && await PriceList.FindAsync(db, product.Id, sku, today, cancellationToken) is { } entry)
            {
                var end = known.IsProven && known.Items is [var only] ? only.License!.MaintenanceUntil : null;
                var period = entry.TermMonths is { } months ? RenewalPeriod.From(end, months, today) : null;
                var vat = await PriceList.VatRateAsync(db, period?.To ?? today, cancellationToken) is { } percent
                    ? TaxDecision.For(Seller, BuyerOf(draft.Contact, now), invoicing.EuConsumers, percent, language).Treatment
                    : null;
                offers.Add(new TransferOffer(
                    remedy,
                    entry,
                    count,
                    vat,
                    InvoiceTotals.FromNet(entry.Net, vat?.Rate ?? 0),
                    InvoiceTotals.FromNet(entry.Net * count, vat?.Rate ?? 0),
                    period,
                    known.IsProven && known.Items.Count == 1));
            }
        }

        return offers;
    }

    /// <summary>What the VAT id's form tells; null when none was given.</summary>
    public static VatIdCheck? CheckOf(string? vatId, DateTimeOffset now) =>
        string.IsNullOrWhiteSpace(vatId) ? null : VatIdCheck.OfFormat(vatId, now);

    private TaxSeller Seller => invoicing.Seller is { } seller
        ? TaxSeller.From(seller, invoicing.SmallBusiness)
        : new TaxSeller(vendor.Value.Country, invoicing.SmallBusiness, HasVatId: true, HasOtherNumber: true);

    private static TaxBuyer BuyerOf(DraftContact? contact, DateTimeOffset now) => contact is null
        ? new TaxBuyer(Countries.Germany, IsBusiness: true)
        : new TaxBuyer(contact.Country ?? Countries.Germany, !string.IsNullOrWhiteSpace(contact.Company), CheckOf(contact.VatId, now),
            contact.PostalCode, contact.City);
}
