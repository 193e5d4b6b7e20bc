using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>What a request is invoiced for; nothing is issued yet.</summary>
/// <param name="Periods">For each item of a renewal the period it pays for; empty for a fee.</param>
internal sealed record TransferBill(InvoiceOrder Order, IReadOnlyList<Period> Periods);

/// <summary>Says what the invoice of a request says: lines, buyer and tax case.</summary>
internal sealed class TransferInvoicing(TaxCases taxes)
{
    /// <summary>Under which tax case it falls, if settled today; null when the vendor cannot issue invoices at all.</summary>
    /// <param name="licenses">Those of its items, as far as they are known.</param>
    public async Task<TaxDecision?> DecideTaxAsync(
        PortalDbContext db, TransferRequest request, IEnumerable<License> licenses, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var contact = request.Contact!;
        var buyer = new TaxBuyer(
            contact.Country, contact.Company is not null, request.VatIdCheck, contact.PostalCode, contact.City);
        var today = taxes.Today(now);
        var periods = await PeriodsOfAsync(db, request, licenses, await EntryOfAsync(db, request, cancellationToken), today,
            cancellationToken);
        TaxDecision? decided = null;
        foreach (var day in periods.Count > 0 ? periods.Select(period => period.To).Distinct() : [today])
        {
            if (await taxes.DecideAsync(db, buyer, request.Language, day, cancellationToken) is not { } decision)
            {
                return null;
            }

            if (decided is not null && decided != decision)
            {
                return TaxRefusal.SeveralRates;
            }

            decided = decision;
        }

        return decided;
    }

    /// <summary>The totals under a tax case, at the price the customer was shown.</summary>
    public static InvoiceTotals Totals(TransferRequest request, VatTreatment vat) =>
        InvoiceTotals.FromNet(new Money(request.Price!.UnitNetCents) * request.Items.Count, vat.Rate);

    /// <param name="vat">As decided.</param>
    public async Task<TransferBill> DraftAsync(
        PortalDbContext db, LockedTransfer transfer, VatTreatment vat, Licensing.Customer customer, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var request = transfer.Request;
        var contact = request.Contact!;
        var today = taxes.Today(now);
        var entry = await EntryOfAsync(db, request, cancellationToken);
        var periods = await PeriodsOfAsync(db, request, transfer.Licenses.Values, entry, today, cancellationToken);
        var isConfirmed = request.VatIdCheck is { Result: VatIdResult.Valid };
        var order = new InvoiceOrder
        {
            CustomerId = customer.Id,
            TransferRequestId = request.Id,
            ServiceDate = Period.Around(periods)?.To ?? today,
            Format = InvoiceFormats.For(contact.InvoiceFormat, customer.InvoiceFormat, contact.BuyerReference),
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
                Description = InvoiceWords.Text(
                    "Line", request.Language, transfer.Licenses[item.LicenseId!.Value].Number, item.NewHardware.ToString()),
                Quantity = 1,
                UnitNet = new Money(request.Price!.UnitNetCents),
                Period = periods.Count > 0 ? periods[place] : null,
            })],
            Introduction = [InvoiceWords.Text("Introduction." + request.Remedy, request.Language)],
        };
        return new TransferBill(order, periods);
    }

    /// <summary>The periods that the invoice of a request says; empty for a fee.</summary>
    public static async Task<IReadOnlyList<Period>> PeriodsAsync(
        PortalDbContext db, TransferRequest request, CancellationToken cancellationToken)
    {
        var invoice = await db.Invoices.AsNoTracking().Where(i => i.TransferRequestId == request.Id && i.Kind == InvoiceKind.Invoice)
            .OrderByDescending(i => i.Id).FirstOrDefaultAsync(cancellationToken);
        return [.. invoice?.Content.Lines.Select(l => l.Period).OfType<Period>() ?? []];
    }

    /// <summary>What the customer was shown the price of.</summary>
    private static Task<PriceListEntry> EntryOfAsync(PortalDbContext db, TransferRequest request, CancellationToken cancellationToken) =>
        db.PriceList.AsNoTracking().SingleAsync(e => e.Id == request.Price!.EntryId, cancellationToken);

    /// <summary>
    /// One after the other, where several items renew the same license; from today where the license is not known yet. Empty for a fee.
    /// </summary>
    private static async Task<List<Period>> PeriodsOfAsync(
        PortalDbContext db, TransferRequest request, IEnumerable<License> licenses, PriceListEntry entry, DateOnly today,
        CancellationToken cancellationToken)
    {
        if (entry.TermMonths is not { } months)
        {
            return [];
        }

        var ends = new Dictionary<Guid, DateOnly?>();
        foreach (var license in licenses)
        {
            ends[license.Id] = await SubscriptionEnd.FindAsync(db, license, cancellationToken);
        }

        var periods = new List<Period>();
        foreach (var item in request.Items)
        {
            var period = RenewalPeriod.From(item.LicenseId is { } known ? ends[known] : null, months, today);
            if (item.LicenseId is { } license)
            {
                ends[license] = period.To;
            }

            periods.Add(period);
        }

        return periods;
    }
}
