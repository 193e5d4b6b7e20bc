using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Portal.Renew;

/// <summary>Why a subscription is not renewed here, in order of precedence.</summary>
public enum RenewalError
{
    Revoked,
    Suspended,
    Locked,

    /// <summary>The license was limited in time and is over.</summary>
    Expired,

    /// <summary>The product has no renewal, or no price for it today.</summary>
    NotOffered,

    /// <summary>The product's renewal is offered later: the subscription is paid for longer than that.</summary>
    NotYet,

    /// <summary>The customer's address is not enough for an invoice.</summary>
    DetailsIncomplete,

    /// <summary>The invoice's font lacks a character of the customer's name or address.</summary>
    NotDrawable,

    /// <summary>The vendor's settings are not enough for an invoice.</summary>
    NoInvoicing,

    /// <summary>A business in another EU state whose VAT id nobody has looked up.</summary>
    VatIdNotConfirmed,

    /// <summary>The rules leave the tax case to people.</summary>
    TaxUndecided,

    /// <summary>Price, tax or period are not the ones that were shown.</summary>
    Changed,

    /// <summary>A consumer has not asked for it before the withdrawal period ends.</summary>
    NotAgreed,

    /// <summary>The invoice breaks a rule, or a text of it cannot be drawn.</summary>
    InvoiceInvalid,
}

/// <summary>What a renewal costs now, and what for.</summary>
/// <param name="VatIdCheck">On what the tax case was decided.</param>
internal sealed record RenewalOffer(PriceListEntry Entry, Period Period, VatTreatment Vat, VatIdCheck? VatIdCheck)
{
    public InvoiceTotals Totals => InvoiceTotals.FromNet(Entry.Net, Vat.Rate);

    /// <summary>Everything that the customer agrees to by the button; the form sends it back.</summary>
    public string Shown => FormattableString.Invariant(
        $"{Entry.Id:n} {Vat.Case} {Vat.Rate} {Totals.Gross.Cents} {Period.From:yyyy-MM-dd} {Period.To:yyyy-MM-dd}");
}

/// <param name="CaseNumber">The flag that stands in the way.</param>
/// <param name="Character">That no invoice can have.</param>
/// <param name="PaidUntil">With <see cref="RenewalError.NotYet"/>: the last day that is paid for.</param>
/// <param name="OfferedFrom">With <see cref="RenewalError.NotYet"/>: the first day on which it can be renewed.</param>
internal sealed record RenewalChoice(
    RenewalOffer? Offer, RenewalError? Stopped, string? CaseNumber = null, string? Character = null, DateOnly? PaidUntil = null,
    DateOnly? OfferedFrom = null)
{
    public static implicit operator RenewalChoice(RenewalOffer offer) => new(offer, null);

    public static implicit operator RenewalChoice(RenewalError stopped) => new(null, stopped);
}

/// <summary>Says what the renewal of a license's subscription costs its customer, or why it is not offered.</summary>
internal sealed class RenewalOffers(TaxCases taxes, InvoiceLetters letters)
{
    public DateOnly Today(DateTimeOffset now) => taxes.Today(now);

    /// <param name="license">Locked, where something follows from it.</param>
    /// <param name="language">Of the invoice.</param>
    public async Task<RenewalChoice> OfferAsync(
        PortalDbContext db, License license, Product product, Licensing.Customer customer, string language, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (license.CheckRenewal(now) is { } standing)
        {
            return new RenewalChoice(null, StopOf(standing.Refusal), standing.CaseNumber);
        }

        var today = taxes.Today(now);
        if (product.Policies.Transfer.RenewalSku is not { } sku
            || await PriceList.FindAsync(db, product.Id, sku, today, cancellationToken) is not { TermMonths: { } months } entry)
        {
            return RenewalError.NotOffered;
        }

        var paid = await SubscriptionEnd.FindAsync(db, license, cancellationToken);
        if (!product.Policies.Transfer.OffersRenewal(paid, today))
        {
            return new RenewalChoice(
                null, RenewalError.NotYet, PaidUntil: paid, OfferedFrom: product.Policies.Transfer.RenewalOfferedFrom(paid));
        }

        if (((string?[])[customer.Street, customer.PostalCode, customer.City, customer.Country]).Any(string.IsNullOrWhiteSpace))
        {
            return RenewalError.DetailsIncomplete;
        }

        if (((string?[])[customer.Company, customer.Street, customer.PostalCode, customer.City]).Select(letters.FirstMissing)
            .OfType<string>().FirstOrDefault() is { } missing)
        {
            return new RenewalChoice(null, RenewalError.NotDrawable, Character: missing);
        }

        var check = await CheckOfAsync(db, customer, now, cancellationToken);
        var period = RenewalPeriod.From(paid, months, today);
        var buyer = new TaxBuyer(customer.Country, !customer.IsConsumer, check, customer.PostalCode, customer.City);
        var tax = await taxes.DecideAsync(db, buyer, language, period.To, cancellationToken);
        if (tax is null)
        {
            return RenewalError.NoInvoicing;
        }

        if (check is { Result: not VatIdResult.Valid } && !customer.IsConsumer
            && VatTerritories.Find(customer.Country, customer.PostalCode, customer.City).Territory == VatTerritory.EuropeanUnion)
        {
            return RenewalError.VatIdNotConfirmed;
        }

        return tax.IsDecided ? new RenewalOffer(entry, period, tax.Treatment, check) : RenewalError.TaxUndecided;
    }

    /// <summary>
    /// What is known of the customer's VAT id: what staff found last when they looked it up for one of the customer's orders, else its
    /// form.
    /// </summary>
    private static async Task<VatIdCheck?> CheckOfAsync(
        PortalDbContext db, Licensing.Customer customer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(customer.VatId))
        {
            return null;
        }

        var mine = VatIdCheck.OfFormat(customer.VatId, now);
        return await db.Transfers
            .FromSql(
                $"""
                 SELECT * FROM transfer_request
                 WHERE customer_id = {customer.Id} AND vat_id_check ->> 'vatId' = {mine.VatId}
                     AND vat_id_check ->> 'source' IS DISTINCT FROM {mine.Source}
                 ORDER BY (vat_id_check ->> 'at')::timestamptz DESC NULLS LAST LIMIT 1
                 """)
            .AsNoTracking().Select(r => r.VatIdCheck).SingleOrDefaultAsync(cancellationToken) ?? mine;
    }

    private static RenewalError StopOf(Refusal refusal) => refusal switch
    {
        Refusal.Revoked => RenewalError.Revoked,
        Refusal.Suspended => RenewalError.Suspended,
        Refusal.Locked => RenewalError.Locked,
        Refusal.Expired => RenewalError.Expired,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "No license is refused a renewal for this."),
    };
}
