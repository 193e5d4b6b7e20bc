using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>What a change costs today.</summary>
/// <param name="Entry">Null when it is free of charge.</param>
/// <param name="Vat">Null when the rules do not decide the tax case, or nothing is to be paid.</param>
internal sealed record OwnerChangeQuote(PriceListEntry? Entry, VatTreatment? Vat)
{
    public bool IsFree => Entry is null;

    public InvoiceTotals? Totals => Entry is not null && Vat is not null ? InvoiceTotals.FromNet(Entry.Net, Vat.Rate) : null;

    public OwnerChangePrice? Price => Entry is null ? null : new(Entry.Id, Entry.NetCents);

    /// <summary>Everything that is agreed to by the button; the form sends it back.</summary>
    public string Shown =>
        Entry is null ? "free" : FormattableString.Invariant($"{Entry.Id:n} {Entry.NetCents} {Totals?.Gross.Cents}");
}

/// <summary>Says what a change of the licensee costs whoever pays it.</summary>
internal sealed class OwnerChangePricing(TaxCases taxes)
{
    public DateOnly Today(DateTimeOffset now) => taxes.Today(now);

    /// <param name="buyer">Null before it is known: the tax of a domestic customer.</param>
    /// <param name="language">Of the invoice.</param>
    public async Task<OwnerChangeQuote> QuoteAsync(
        PortalDbContext db, Product product, OwnerChangeKind kind, LicenseeData? buyer, string language, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (product.Policies.Ownership.SkuOf(kind) is not { } sku
            || await PriceList.FindAsync(db, product.Id, sku, taxes.Today(now), cancellationToken) is not { } entry)
        {
            return new OwnerChangeQuote(null, null);
        }

        var (treatment, _) = await DecideAsync(db, buyer, language, now, cancellationToken);
        return new OwnerChangeQuote(entry, treatment);
    }

    /// <summary>The tax case with what was known of the VAT id; none when the rules leave it to people.</summary>
    public async Task<(VatTreatment? Vat, VatIdCheck? Check)> DecideAsync(
        PortalDbContext db, LicenseeData? buyer, string language, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var check = string.IsNullOrWhiteSpace(buyer?.VatId) ? null : VatIdCheck.OfFormat(buyer.VatId, now);
        var decision = await taxes.DecideAsync(
            db,
            new TaxBuyer(buyer?.Country ?? Countries.Germany, buyer?.IsConsumer != true, check, buyer?.PostalCode, buyer?.City),
            language,
            taxes.Today(now),
            cancellationToken);
        return (decision?.Treatment, check);
    }
}
