using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Portal.Transfers;

internal sealed record MyTransferRow(Guid Id, string Reference, string Product, TransferState State, DateTimeOffset OrderedAt);

/// <param name="Rows">Newest first.</param>
/// <param name="Next">The reference of the last one shown, when there are more.</param>
internal sealed record MyTransfersView(IReadOnlyList<MyTransferRow> Rows, string? Next);

/// <summary>What somebody ordered for the customers that the person belongs to.</summary>
[CustomerUseCase(CustomerRole.Member)]
internal sealed class ShowMyTransfers(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 25;

    /// <param name="after">A reference: what follows it.</param>
    public async Task<MyTransfersView> ExecuteAsync(CustomerActor actor, string? after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var transfers = OwnTransfer.For(db, actor, CustomerUseCaseAttribute.RoleOf<ShowMyTransfers>());
        if (after is not null && await transfers.Where(r => r.Reference == after).Select(r => (Guid?)r.Id)
            .SingleOrDefaultAsync(cancellationToken) is { } from)
        {
            transfers = transfers.Where(r => r.Id < from);
        }

        var rows = await (
            from r in transfers.OrderByDescending(r => r.Id)
            join p in db.Products on r.ProductId equals p.Id
            select new MyTransferRow(r.Id, r.Reference!, p.Name, r.State, r.OrderedAt!.Value)).Take(PageSize + 1)
                .ToListAsync(cancellationToken);
        return new MyTransfersView([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Reference : null);
    }
}

/// <param name="IsOwner">The person is an owner of its customer.</param>
internal sealed record OwnTransfer(Guid Id, Guid CustomerId, bool IsOwner)
{
    /// <summary>Drafts are not anybody's yet.</summary>
    public static IQueryable<TransferRequest> For(PortalDbContext db, CustomerActor actor, CustomerRole role)
    {
        var mine = Customers.For(db, actor, role);
        return db.Transfers.AsNoTracking().Where(r => r.State != TransferState.Draft && mine.Any(c => c.Id == r.CustomerId));
    }

    /// <summary>Null when there is none, or it is another's.</summary>
    public static Task<OwnTransfer?> FindAsync(
        PortalDbContext db, CustomerActor actor, Type useCase, string reference, CancellationToken cancellationToken)
    {
        var owned = Customers.For(db, actor, CustomerRole.Owner);
        return For(db, actor, CustomerUseCaseAttribute.RoleOf(useCase)).Where(r => r.Reference == reference)
            .Select(r => new OwnTransfer(r.Id, r.CustomerId!.Value, owned.Any(c => c.Id == r.CustomerId)))
            .SingleOrDefaultAsync(cancellationToken);
    }
}

/// <param name="IsOwner">Of the customer: may answer, withdraw and confirm.</param>
/// <param name="ToConfirm">For an owner, of an order that waits for one.</param>
internal sealed record MyTransferView(StatusView Status, bool IsOwner, OrderFacts? ToConfirm);

/// <summary>Where one order stands. Its invoices are for owners.</summary>
[CustomerUseCase(CustomerRole.Member)]
internal sealed class ShowMyTransfer(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, TransferFiles files)
{
    public async Task<MyTransferView?> ExecuteAsync(CustomerActor actor, string reference, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await OwnTransfer.FindAsync(db, actor, typeof(ShowMyTransfer), reference, cancellationToken) is not { } own
            || await db.LoadTransferAsync(own.Id, cancellationToken) is not { } request)
        {
            return null;
        }

        var product = await products.GetAsync(db, request.ProductId, cancellationToken);
        var names = own.IsOwner
            ? await TransferFiles.ListAsync(db, request, cancellationToken)
            : await TransferFiles.ListLicensesAsync(db, request, cancellationToken);
        var facts = own.IsOwner && request.State == TransferState.AwaitingConfirmation
            ? await OrderFacts.ReadAsync(db, request, cancellationToken)
            : null;
        return new MyTransferView(
            new StatusView(request, product, names)
            {
                Checklist = await TransferChecklist.ReadAsync(db, request, product, cancellationToken),
                MayBeWithdrawn = await LivingInvoice.MayBeWithdrawnAsync(db, request, cancellationToken),
                FilesAreLocked = false,
                IsSignedIn = true,
            },
            own.IsOwner,
            facts);
    }

    /// <summary>A file of the order; null when this person is not given one of that name.</summary>
    public async Task<DocumentFile?> ReadAsync(CustomerActor actor, string reference, string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await OwnTransfer.FindAsync(db, actor, typeof(ShowMyTransfer), reference, cancellationToken) is { } own
            && await db.LoadTransferAsync(own.Id, cancellationToken) is { } request
            && (own.IsOwner || (await TransferFiles.ListLicensesAsync(db, request, cancellationToken)).Any(f => f.Name == name))
            ? await files.ReadAsync(db, request, name, cancellationToken)
            : null;
    }
}

internal static class MyTransferFilesEndpoint
{
    public static void MapMyTransferFiles(this IEndpointRouteBuilder app) => app.MapGet(
        "/my/transfers/{reference}/{file}",
        async (string reference, string file, HttpContext context, ShowMyTransfer show, CancellationToken cancellationToken) =>
            CustomerActor.From(context) is { } actor && await show.ReadAsync(actor, reference, file, cancellationToken) is { } found
                ? found.AsResult()
                : Results.NotFound())
        .RequireAuthorization().ExcludeFromDescription();
}
