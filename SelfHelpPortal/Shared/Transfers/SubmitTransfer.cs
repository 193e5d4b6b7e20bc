using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// Decides what becomes of a request that is confirmed, or that nobody can confirm: settled at once, where the product's policy and the
/// facts allow it, else to staff. The one place where that is decided; it runs in the transaction of the caller, who holds the locks.
/// </summary>
internal sealed class SubmitTransfer(
    ProductCatalog products, TransferSettlement settlement, TransferMailer mailer, IOptions<VendorOptions> vendor)
{
    /// <param name="transfer">Locked with the licenses of its items.</param>
    /// <param name="also">Why staff have to look at it besides.</param>
    /// <returns>The request as it is now, for whoever goes on with it.</returns>
    public async Task<TransferRequest> ExecuteAsync(
        PortalDbContext db, LockedTransfer transfer, Actor actor, ReviewReason? also, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var request = transfer.Request;
        var product = await products.GetAsync(db, request.ProductId, cancellationToken);
        IReadOnlyList<BrokenRule> broken = [];
        var reasons = Reasons(request, product, [.. transfer.Licenses.Values], now).ToList();
        if (also is { } reason)
        {
            reasons.Add(reason);
        }

        if (reasons is [])
        {
            var settled = await settlement.TryAtOnceAsync(db, transfer, actor, now, cancellationToken);
            if (settled.Refused is not { } refused)
            {
                return request;
            }

            broken = settled.Broken;
            reasons = [ReasonOf(refused)];
            request = await db.LoadTransferAsync(request.Id, cancellationToken)
                ?? throw new MissingRowException("Transfer request", request.Id, "the transaction that locked it");
        }

        await ToStaffAsync(db, request, product, reasons, broken, actor, now, cancellationToken);
        return request;
    }

    private static ReviewReason ReasonOf(SettlementError refused) => refused switch
    {
        SettlementError.NotIdentified => ReviewReason.NotIdentified,
        SettlementError.LicenseStanding => ReviewReason.LicenseStanding,
        SettlementError.TaxUndecided => ReviewReason.TaxUndecided,
        SettlementError.TotalChanged => ReviewReason.PriceTooOld,
        SettlementError.State or SettlementError.NoInvoicing or SettlementError.InvoiceInvalid => ReviewReason.SettlingRefused,
    };

    /// <summary>Why staff have to look at it, everything that applies.</summary>
    private static IEnumerable<ReviewReason> Reasons(
        TransferRequest request, Product product, IReadOnlyList<License> licenses, DateTimeOffset now)
    {
        if (product.Policies.Transfer.Review == TransferReview.ByStaff)
        {
            yield return ReviewReason.Policy;
        }

        if (!request.IsIdentified)
        {
            yield return ReviewReason.NotIdentified;
        }

        if (request.Price!.VatCase is null)
        {
            yield return ReviewReason.TaxUndecided;
        }

        if (request.Contact is { VatId: not null, Company: not null } contact
            && VatTerritories.Find(contact.Country, contact.PostalCode, contact.City).Territory == VatTerritory.EuropeanUnion
            && request.VatIdCheck?.Result != VatIdResult.Valid)
        {
            yield return ReviewReason.VatIdNotConfirmed;
        }

        var stillActive = request.Items.Where(i => i.ActivationId is not null)
            .All(i => licenses.Any(l => l.Id == i.LicenseId && l.State == LicenseState.Active && l.Flags.All(f => !f.IsOpen)
                && l.ActiveComputers.Any(a => a.Id == i.ActivationId && a.HasSeat)));
        if (!stillActive)
        {
            yield return ReviewReason.LicenseStanding;
        }

        if (!request.Price.Holds(now))
        {
            yield return ReviewReason.PriceTooOld;
        }
    }

    private async Task ToStaffAsync(
        PortalDbContext db, TransferRequest request, Product product, IReadOnlyList<ReviewReason> reasons,
        IReadOnlyList<BrokenRule> broken, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = request.State;
        if (request.Review(reasons, now) is { Succeeded: false })
        {
            throw new InvalidOperationException($"Request {request.Id} is {request.State} and could not be sent to staff.");
        }

        // What keeps the invoice from being issued stands in the case, in the language of whoever reads most of them.
        var language = vendor.Value.DefaultLanguage();
        var text = broken.Count > 0 ? string.Join(' ', broken.Select(rule => rule.In(language))) : null;
        await TransferEvents.AppendAsync(db, request, before, actor, text, now, cancellationToken);
        await mailer.NotifyStaffAsync(db, request, product, isAnswer: false, broken, now, cancellationToken);
    }
}
