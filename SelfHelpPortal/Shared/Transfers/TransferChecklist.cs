using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>The checklist of an order: shown and ticked by whoever has one of its links or is signed in for its customer.</summary>
internal sealed class TransferChecklist(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products)
{
    /// <summary>
    /// For the country of the license's customer. As long as nothing may tell whether a stated license exists, and where none is known,
    /// for the country that stands in the order.
    /// </summary>
    public static async Task<ShownChecklist> ReadAsync(
        PortalDbContext db, TransferRequest request, Product product, CancellationToken cancellationToken)
    {
        var owner = request is { IsStatedOnly: true, IsUntouched: true } ? null : request.CustomerId;
        var country = await db.Customers.Where(c => c.Id == owner).Select(c => c.Country).SingleOrDefaultAsync(cancellationToken);
        return Of(request, product, country);
    }

    /// <param name="country">Of the license's customer; null = as it stands in the order.</param>
    public static ShownChecklist Of(TransferRequest request, Product product, string? country) =>
        ShownChecklist.Of(product.Policies.Checklists, country ?? request.Contact?.Country, request.Checklist);

    /// <summary>By the link to the status page. False when the link is none of ours, or the order has come to nothing.</summary>
    public async Task<bool> ExecuteAsync(string token, ChecklistReply reply, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ShowTransferStatus.IdOfAsync(db, token, now, cancellationToken) is { } id
            && await CommitAsync(db, id, reply, cancellationToken);
    }

    /// <summary>The same by the link of the draft that was ordered.</summary>
    public async Task<bool> KeepByDraftAsync(string token, ChecklistReply reply, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await TransferDrafts.IdOfAsync(db, token, now, cancellationToken) is { } id
            && await CommitAsync(db, id, reply, cancellationToken);
    }

    /// <summary>The same in the caller's transaction, who saves and commits.</summary>
    public async Task<bool> KeepAsync(PortalDbContext db, Guid id, ChecklistReply reply, CancellationToken cancellationToken) =>
        await db.LockTransferAsync(id, cancellationToken) is { } request
        && request.KeepChecklist(
            reply, (await products.GetAsync(db, request.ProductId, cancellationToken)).Policies.Checklists) is { Succeeded: true };

    private async Task<bool> CommitAsync(PortalDbContext db, Guid id, ChecklistReply reply, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await KeepAsync(db, id, reply, cancellationToken))
        {
            return false;
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
