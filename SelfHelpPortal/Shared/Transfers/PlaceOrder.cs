using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Transfers;

internal enum OrderOutcome
{
    /// <summary>Now or before: the page of the draft shows the result.</summary>
    Ordered,

    /// <summary>Something is missing; <see cref="OrderResult.Step"/> asks for it.</summary>
    Incomplete,

    /// <summary>A consumer has not asked for the service before the withdrawal period ends.</summary>
    NotAgreed,

    /// <summary>The price that was chosen is no longer the price, or the remedy no longer offered.</summary>
    PriceChanged,

    /// <summary>Another order for the license waits for its owner; <see cref="OrderResult.AskedAt"/> says where.</summary>
    AnotherWaits,

    /// <summary>No computer uses the license: activating it is all there is to do, and nothing was ordered.</summary>
    NothingToMove,
}

/// <param name="AskedAt">The address on file, masked.</param>
internal sealed record OrderResult(OrderOutcome Outcome, string? Step = null, string? AskedAt = null);

/// <summary>Who sends an order.</summary>
/// <param name="IsOwner">An owner of the licenses' customer, signed in.</param>
/// <param name="IsStaff">A clerk, for somebody who called or wrote: nothing is hidden from him.</param>
internal readonly record struct Orderer(Actor Actor, bool IsOwner = false, bool IsStaff = false);

/// <param name="Also">Why staff have to look at the order besides.</param>
/// <param name="Product">Null when nothing was ordered.</param>
internal sealed record PlacedOrder(OrderResult Result, ReviewReason? Also = null, Product? Product = null, bool AsksEarlyStart = false);

/// <summary>
/// Makes an order of a draft, whoever sends it, in the caller's transaction. Who has to agree, and who is written to, the caller decides.
/// </summary>
internal sealed class PlaceOrder(
    ProductCatalog products, TransferPricing pricing, WaitingOrders waiting, InvoiceLetters letters, IOptions<VendorOptions> vendor)
{
    /// <param name="request">A draft, which the caller has locked or just made.</param>
    /// <param name="earlyStart">A consumer asks for it before the withdrawal period ends.</param>
    public async Task<PlacedOrder> ExecuteAsync(
        PortalDbContext db, TransferRequest request, Orderer orderer, string language, bool earlyStart, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var draft = request.Draft;
        if (draft.ProductId is null || DraftSteps.FirstMissing(draft) is { } missing && missing != DraftSteps.Check)
        {
            return new PlacedOrder(new OrderResult(OrderOutcome.Incomplete, DraftSteps.FirstMissing(draft)));
        }

        if (DrawableContact.ProblemsOf(draft.Contact!, letters).Any())
        {
            return new PlacedOrder(new OrderResult(OrderOutcome.Incomplete, DraftSteps.Contact));
        }

        var asksEarlyStart = EarlyStart.IsAsked(vendor.Value, string.IsNullOrWhiteSpace(draft.Contact!.Company));
        if (asksEarlyStart && !earlyStart)
        {
            return new PlacedOrder(new OrderResult(OrderOutcome.NotAgreed, DraftSteps.Check));
        }

        var product = await products.GetAsync(db, draft.ProductId, cancellationToken);
        var known = await Identify.LicensesAsync(db, product, draft, cancellationToken);
        var offers = await pricing.OffersAsync(db, product, draft, known, language, now, cancellationToken);
        if (offers.SingleOrDefault(o => o.Remedy == draft.Remedy) is not { } offer || offer.Shown != draft.Shown)
        {
            return new PlacedOrder(new OrderResult(OrderOutcome.PriceChanged, DraftSteps.Remedy));
        }

        // Whoever only stated a license does not learn it; its owner reads it when he is asked.
        if ((orderer.IsOwner || orderer.IsStaff || known.IsProven)
            && await FreeLicenses.AreAllAsync(db, known.Items.Select(i => i.License?.Id), cancellationToken))
        {
            return new PlacedOrder(new OrderResult(OrderOutcome.NothingToMove));
        }

        ReviewReason? also = null;
        if (!await waiting.MakeRoomAsync(db, known, orderer.IsOwner, now, cancellationToken))
        {
            if (orderer.IsStaff || !known.IsStated)
            {
                return new PlacedOrder(new OrderResult(
                    OrderOutcome.AnotherWaits, AskedAt: await WaitingOrders.AskedAtAsync(db, known, cancellationToken)));
            }

            // Whoever only stated a license does not learn that there is one: the order goes to staff as one for a license that nobody
            // knows does.
            (known, also) = (known.WithoutLicenses(), ReviewReason.AnotherWaits);
        }

        var order = Order(draft, known, offer, now);
        var check = TransferPricing.CheckOf(order.Contact.VatId, now);
        if (request.Order(order, await NewReferenceAsync(db, cancellationToken), product.Id, check, now) is { Succeeded: false })
        {
            throw new InvalidOperationException(
                "The draft could not be ordered although nothing was missing in it; look at TransferRequest.Order.");
        }

        await TransferEvents.AppendAsync(
            db, request, TransferState.Draft, orderer.Actor, order.Contact.Remark, now, cancellationToken,
            earlyStart: asksEarlyStart ? true : null);
        return new PlacedOrder(new OrderResult(OrderOutcome.Ordered), also, product, asksEarlyStart);
    }

    private static TransferOrder Order(TransferDraft draft, Identification known, TransferOffer offer, DateTimeOffset now) => new()
    {
        Remedy = offer.Remedy,
        Items =
        [
            .. draft.Items.Zip(known.Items, (item, found) => new OrderedItem(
                HardwareInput.Parse(item.HardwareCode).Code!, item.PcName, item.AppVersion, found.Stated, found.License?.Id,
                found.ActivationId, found.By)),
        ],
        WorkingPcs =
        [
            .. draft.WorkingPcs.Select(p => (p.Name, HardwareInput.Parse(p.HardwareCode).Code)).Where(p => p.Code is not null)
                .Select(p => new OrderedPc(string.IsNullOrWhiteSpace(p.Name) ? null : p.Name.Trim(), p.Code!)),
        ],
        Contact = ContactRules.Checked(draft.Contact!),
        Price = new ShownPrice
        {
            EntryId = offer.Entry.Id,
            UnitNetCents = offer.Entry.NetCents,
            VatCase = offer.Vat?.Case,
            VatRate = offer.Vat?.Rate ?? 0,
            GrossCents = offer.Totals.Gross.Cents,
            SubscriptionEnd = offer.IsPeriodExact ? offer.Period?.To : null,
            ShownAt = now,
        },
        Language = draft.Contact!.Language == "en" ? "en" : "de",
        CustomerId = known.CustomerId,
    };

    private static async Task<RequestReference> NewReferenceAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reference = RequestReference.New();
            var text = reference.ToString();
            if (!await db.Transfers.AnyAsync(r => r.Reference == text, cancellationToken))
            {
                return reference;
            }
        }
    }
}
