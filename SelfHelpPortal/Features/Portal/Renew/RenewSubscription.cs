using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Portal.Renew;

/// <summary>What the customer ordered by the button.</summary>
/// <param name="Shown">As <see cref="RenewalOffer.Shown"/> said it on the page.</param>
/// <param name="Language">Of the pages, and so of invoice and mail.</param>
/// <param name="EarlyStart">A consumer asks for it before the withdrawal period ends.</param>
internal sealed record RenewalOrder(
    string LicenseNumber, string Shown, string? BuyerReference, string? OrderNumber, string Language, bool EarlyStart = false)
{
    /// <summary>Of each of the two references: short enough for the head of an invoice.</summary>
    public const int LineLimit = 120;
}

/// <summary>What came of it; a repetition has the same.</summary>
internal sealed record Renewed(string InvoiceNumber, DateOnly Until);

/// <param name="Refused">Asked before the license was looked at; null when there is another reason or none.</param>
internal sealed record RenewalAnswer(Renewed? Done, RenewalError? Stopped, CustomerRefusal? Refused);

/// <summary>
/// Renews the subscription of an own license: the end moves, the invoice is issued, and one mail brings it with the new license files. Two
/// forms that show the same period cannot both be taken, since the second one no longer shows what would be billed.
/// </summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class RenewSubscription(
    IDbContextFactory<PortalDbContext> contexts, CustomerActs acts, ProductCatalog products, RenewalOffers offers, IssueInvoice issue,
    RenewalMailer mailer, IOptions<VendorOptions> vendor)
{
    public async Task<RenewalAnswer> ExecuteAsync(
        CustomerAct act, RenewalOrder order, DateTimeOffset now, CancellationToken cancellationToken)
    {
        OwnLicense? own;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            own = await ShowRenewal.FindAsync(db, act.Actor, order.LicenseNumber, cancellationToken);
        }

        if (own is null)
        {
            return new RenewalAnswer(null, null, CustomerRefusal.NotFound);
        }

        RenewalError? stopped = null;
        var answer = await acts.RunAsync<Renewed>(
            typeof(RenewSubscription),
            act,
            own.CustomerId,
            order with { Language = "" },
            async db =>
            {
                var (done, stop) = await DecideAsync(db, act, own, order, now, cancellationToken);
                stopped = stop;
                return done is not null ? done : stop is null ? CustomerRefusal.NotFound : CustomerRefusal.Conflict;
            },
            now,
            cancellationToken);
        return new RenewalAnswer(answer.Value, stopped, stopped is null ? answer.Refused : null);
    }

    /// <returns>Neither: the license is the customer's no longer.</returns>
    private async Task<(Renewed? Done, RenewalError? Stopped)> DecideAsync(
        PortalDbContext db, CustomerAct act, OwnLicense own, RenewalOrder order, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The customer's row before the license's, in the fixed order of locks: the invoice copies its address.
        if (await db.LockCustomerAsync(own.CustomerId, cancellationToken) is not { } customer
            || await db.LockLicenseAsync(own.Id, cancellationToken) is not { } license || license.CustomerId != customer.Id)
        {
            return (null, null);
        }

        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var choice = await offers.OfferAsync(db, license, product, customer, order.Language, now, cancellationToken);
        if (choice.Offer is not { } offer)
        {
            return (null, choice.Stopped);
        }

        if (offer.Shown != order.Shown)
        {
            return (null, RenewalError.Changed);
        }

        var asksEarlyStart = EarlyStart.IsAsked(vendor.Value, customer.IsConsumer);
        if (asksEarlyStart && !order.EarlyStart)
        {
            return (null, RenewalError.NotAgreed);
        }

        var actor = act.Actor.AsActor();
        var before = license.MaintenanceUntil;
        license.Renew(offer.Period);
        var until = new DateTimeOffset(offer.Period.To.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var data = new EventData
        {
            Until = until,
            Before = before?.ToString("O", CultureInfo.InvariantCulture),
            Cents = offer.Totals.Gross.Cents,
            EarlyStart = asksEarlyStart ? true : null,
        };
        await EventLog.AppendAsync(db, license.Id, EventKind.SubscriptionRenewed, data, actor, text: null, now, cancellationToken);
        var files = mailer.WriteFiles(db, license, product, customer, now);

        // Everything else is written before the counter of invoices is locked, for which everybody waits who issues one.
        await db.SaveChangesAsync(cancellationToken);
        var issued = await issue.ExecuteAsync(db, InvoiceOf(license, customer, offer, order, now), actor, now, cancellationToken);
        if (!issued.Succeeded)
        {
            return (null, RenewalError.InvoiceInvalid);
        }

        await mailer.RenewedAsync(
            db, license, product, customer, offer, files, issued.Value, act.Actor, order.Language, asksEarlyStart, now, cancellationToken);
        return (new Renewed(issued.Value.Number, offer.Period.To), null);
    }

    private InvoiceOrder InvoiceOf(
        License license, Licensing.Customer customer, RenewalOffer offer, RenewalOrder order, DateTimeOffset now) => new()
        {
            CustomerId = customer.Id,
            LicenseId = license.Id,
            ServiceDate = offer.Period.To,
            Format = InvoiceFormats.For(null, customer.InvoiceFormat, order.BuyerReference),
            Language = order.Language,
            Reference = license.Number,
            Buyer = new InvoiceBuyer
            {
                CustomerNumber = customer.Number,
                Company = customer.IsConsumer ? null : customer.Company,
                Person = customer.IsConsumer ? customer.Company : null,
                Email = customer.Email,
                Street = customer.Street!.Trim(),
                PostalCode = customer.PostalCode!.Trim(),
                City = customer.City!.Trim(),
                Country = customer.Country,
                VatId = offer.VatIdCheck is { Result: VatIdResult.Valid, VatId: var vatId } ? vatId : null,
                BuyerReference = order.BuyerReference,
                OrderNumber = order.OrderNumber,
            },
            Vat = offer.Vat,
            VatIdCheck = offer.VatIdCheck,
            Lines =
        [
            new InvoiceLine
            {
                Sku = offer.Entry.Sku,
                Name = offer.Entry.Name(order.Language),
                Description = InvoiceWords.Text("Line.Renewed", order.Language, license.Number),
                Quantity = 1,
                UnitNet = offer.Entry.Net,
                Period = offer.Period,
            },
        ],
            Introduction = [InvoiceWords.Text("Introduction.Renewed", order.Language)],
        };
}
