using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Portal.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Portal.Renew;

/// <param name="Last">The renewal before.</param>
internal sealed record RenewalView(
    string ProductName, string? InfoUrl, License License, Licensing.Customer Customer, RenewalChoice Choice, LastRenewal? Last);

/// <summary>Reads what the page of a renewal shows; nothing is locked.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class ShowRenewal(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, RenewalOffers offers)
{
    /// <summary>Members may know of the license, and are told that only owners may see this.</summary>
    public static Task<OwnLicense?> FindAsync(
        PortalDbContext db, CustomerActor actor, string number, CancellationToken cancellationToken) =>
        OwnLicense.FindAsync(db, actor, typeof(ShowMyLicense), number, cancellationToken);

    public async Task<CustomerAnswer<RenewalView>> ExecuteAsync(
        CustomerActor actor, string number, string language, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, actor, number, cancellationToken) is not { } own
            || await db.LoadLicenseAsync(own.Id, cancellationToken) is not { } license)
        {
            return CustomerRefusal.NotFound;
        }

        if (await Customers.For(db, actor, CustomerUseCaseAttribute.RoleOf<ShowRenewal>()).AsNoTracking()
            .SingleOrDefaultAsync(c => c.Id == own.CustomerId, cancellationToken) is not { } customer)
        {
            return CustomerRefusal.NotPermitted;
        }

        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var choice = await offers.OfferAsync(db, license, product, customer, language, now, cancellationToken);
        var last = await LastRenewal.FindAsync(db, license.Id, customer.Id, cancellationToken);
        return new RenewalView(product.Name, product.Policies.Transfer.RenewalInfoUrl, license, customer, choice, last);
    }
}

/// <param name="Files">The names of its documents, as they are downloaded.</param>
/// <param name="MayBeUndone">An owner may still take it back.</param>
internal sealed record RenewedView(
    string LicenseNumber, string ProductName, Invoice Invoice, Period Period, string Email, IReadOnlyList<string> Files, bool MayBeUndone);

/// <summary>Reads what came of a renewal, for as long as its invoice is kept.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class ShowRenewed(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, LocalTimes times)
{
    public async Task<CustomerAnswer<RenewedView>> ExecuteAsync(
        CustomerActor actor, string number, string invoiceNumber, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await ShowRenewal.FindAsync(db, actor, number, cancellationToken) is not { } own
            || await db.Invoices.AsNoTracking().Include(i => i.Payments)
            .SingleOrDefaultAsync(i => i.Number == invoiceNumber && i.LicenseId == own.Id && i.Kind == InvoiceKind.Invoice,
                cancellationToken)
                is not { Content.Lines: [{ Period: { } period }] } invoice)
        {
            return CustomerRefusal.NotFound;
        }

        if (!await Customers.For(db, actor, CustomerUseCaseAttribute.RoleOf<ShowRenewed>())
            .AnyAsync(c => c.Id == invoice.CustomerId, cancellationToken))
        {
            return CustomerRefusal.NotPermitted;
        }

        var license = await db.LoadLicenseAsync(own.Id, cancellationToken) ?? throw new MissingRowException("License", own.Id, "its owner");
        var product = await products.GetAsync(db, license.ProductId, cancellationToken);
        var files = await db.InvoiceDocuments.Where(d => d.InvoiceId == invoice.Id && d.Kind != InvoiceDocumentKind.Check)
            .OrderBy(d => d.Kind)
            .Select(d => d.FileName).ToListAsync(cancellationToken);
        return new RenewedView(number, product.Name, invoice, period, invoice.Content.Buyer.Email, files,
            license.MayUndoRenewal(invoice, times.Today(now)));
    }
}
