using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Customer.ChangeOwner;

/// <summary>A change as whoever filled it in sees it: nothing of the license that was not typed.</summary>
internal sealed record OwnerChangeView(OwnerChange Change, Product Product, OwnerChangeQuote Quote, OwnerDocumentFacts? Document);

/// <summary>What was filled in, and after that how it stands.</summary>
internal sealed class ShowOwnerChange(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, OwnerChangePricing pricing)
{
    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<OwnerChangeView?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await IdOfAsync(db, token, now, cancellationToken) is not { } id
            || await db.OwnerChanges.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } change)
        {
            return null;
        }

        var product = await products.GetAsync(db, change.ProductId, cancellationToken);
        return new OwnerChangeView(
            change,
            product,
            await pricing.QuoteAsync(db, product, change.Kind, change.Licensee, change.Language, now, cancellationToken),
            await OwnerDocumentFacts.ReadAsync(db, id, cancellationToken));
    }

    public static async Task<Guid?> IdOfAsync(PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await SecretLinks.FindAsync(db, LinkPurpose.OwnerChange, token, now, cancellationToken) is { State: LinkState.Valid } link
            ? link.RecordId
            : null;
}
