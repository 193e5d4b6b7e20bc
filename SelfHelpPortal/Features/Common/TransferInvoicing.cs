using System.Globalization;
using System.Resources;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Common;

/// <summary>The words of a transfer's invoice.</summary>
internal static class TransferInvoiceWords
{
    private static readonly ResourceManager Texts = new(typeof(TransferInvoiceWords));

    public static string Text(string key, CultureInfo culture, params object[] values) => string.Format(
        culture, Texts.GetString(key, culture) ?? throw new MissingManifestResourceException($"{nameof(TransferInvoiceWords)} has no text '{key}'."), values);
}

/// <summary>What a request is invoiced for; nothing is issued yet.</summary>
/// <param name="Periods">For each item of a renewal the period it pays for; empty for a fee.</param>
internal sealed record TransferBill(InvoiceOrder Order, IReadOnlyList<Period> Periods);

/// <summary>Says what the invoice of a request says: lines, buyer and tax case.</summary>
internal sealed class TransferInvoicing(Invoicing invoicing, LocalTimes times)
{
    /// <summary>Under which tax case it falls today; null when the vendor cannot issue invoices at all.</summary>
    public async Task<TaxDecision?> DecideTaxAsync(PortalDbContext db, TransferRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (invoicing.Seller is not { } seller
            || await PriceList.VatRateAsync(db, Countries.Germany, "S", Today(now), cancellationToken) is not { } rate)
        {
            return null;
        }

        var contact = request.Contact!;
        var buyer = new TaxBuyer(contact.Country, contact.Company is not null, request.VatIdCheck);
        return TaxDecision.For(TaxSeller.Of(seller, invoicing.SmallBusiness), buyer, invoicing.EuConsumers, rate, request.Language);
    }

    /// <summary>The totals under a tax case, at the price the customer was shown.</summary>
    public static InvoiceTotals Totals(TransferRequest request, VatTreatment vat) =>
        InvoiceTotals.OfNet(new Money(request.Price!.UnitNetCents) * request.Items.Count, vat.Rate);

    /// <param name="vat">As decided.</param>
    public async Task<TransferBill> DraftAsync(
        PortalDbContext db, LockedTransfer transfer, VatTreatment vat, Licensing.Customer customer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var request = transfer.Request;
        var contact = request.Contact!;
        var today = Today(now);
        var culture = CultureInfo.GetCultureInfo(request.Language);
        var entry = await db.PriceList.AsNoTracking().SingleAsync(e => e.Id == request.Price!.EntryId, cancellationToken);
        var periods = entry.TermMonths is { } months ? PeriodsOf(transfer, months, today) : [];
        var isConfirmed = request.VatIdCheck is { Result: VatIdResult.Valid };
        var order = new InvoiceOrder
        {
            CustomerId = customer.Id,
            TransferRequestId = request.Id,
            ServiceDate = today,
            Format = contact.BuyerReference is null ? InvoiceFormat.Zugferd : InvoiceFormat.XRechnung,
            Language = request.Language,
            Reference = request.Reference,
            Buyer = new InvoiceBuyer
            {
                CustomerNumber = customer.Number,
                Company = contact.Company,
                Person = contact.Name,
                Email = contact.Email,
                Street = contact.Street,
                PostalCode = contact.PostalCode,
                City = contact.City,
                Country = contact.Country,
                VatId = isConfirmed ? request.VatIdCheck!.VatId : null,
                BuyerReference = contact.BuyerReference,
                OrderNumber = contact.OrderNumber,
            },
            Vat = vat,
            VatIdCheck = request.VatIdCheck,
            Lines = [.. request.Items.Select((item, place) => new InvoiceLine
            {
                Sku = entry.Sku,
                Name = entry.Name(request.Language),
                Description = TransferInvoiceWords.Text("Line", culture, transfer.Licenses[item.LicenseId!.Value].Number, item.NewHardware.ToString()),
                Quantity = 1,
                UnitNet = new Money(request.Price!.UnitNetCents),
                Period = periods.Count > 0 ? periods[place] : null,
            })],
            Introduction = [TransferInvoiceWords.Text("Introduction." + request.Remedy, culture)],
        };
        return new TransferBill(order, periods);
    }

    /// <summary>The periods that the invoice of a request says; empty for a fee.</summary>
    public static async Task<IReadOnlyList<Period>> PeriodsAsync(PortalDbContext db, TransferRequest request, CancellationToken cancellationToken)
    {
        var invoice = await db.Invoices.AsNoTracking().Where(i => i.TransferRequestId == request.Id && i.Kind == InvoiceKind.Invoice)
            .OrderByDescending(i => i.Id).FirstOrDefaultAsync(cancellationToken);
        return [.. invoice?.Content.Lines.Select(l => l.Period).OfType<Period>() ?? []];
    }

    private DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(times.ToLocal(now).DateTime);

    /// <summary>One after the other, where several items renew the same license.</summary>
    private static List<Period> PeriodsOf(LockedTransfer transfer, int months, DateOnly today)
    {
        var ends = new Dictionary<Guid, DateOnly?>();
        var periods = new List<Period>();
        foreach (var item in transfer.Request.Items)
        {
            var license = item.LicenseId!.Value;
            var period = RenewalPeriod.From(ends.GetValueOrDefault(license, transfer.Licenses[license].MaintenanceUntil), months, today);
            ends[license] = period.To;
            periods.Add(period);
        }

        return periods;
    }
}
