using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Checklists;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Shared.Transfers;

/// <param name="Files">What can be downloaded: invoices, cancellations and license files.</param>
public sealed record StatusView(TransferRequest Request, Product Product, IReadOnlyList<TransferFile> Files)
{
    /// <summary>
    /// The state as whoever ordered may read it: of a license that was only stated, nothing tells whether there is one until its owner or
    /// staff have acted.
    /// </summary>
    public TransferState Shown => IsNeutral ? TransferState.Submitted : Request.State;

    /// <summary>What is left to do on the new PC.</summary>
    public required ShownChecklist Checklist { get; init; }

    /// <summary>Whoever ordered it may still take it back.</summary>
    public required bool MayBeWithdrawn { get; init; }

    /// <summary>The link is so old that whoever has it shows again that the order is theirs.</summary>
    public required bool FilesAreLocked { get; init; }

    /// <summary>Shown to somebody who is signed in and belongs to the customer, not by a link to whoever ordered.</summary>
    public bool IsSignedIn { get; init; }

    /// <summary>As it would be with a form that came too late to be taken.</summary>
    internal StatusView With(IFormCollection typed) =>
        typed["Act"] == ChecklistForms.Act ? this with { Checklist = Checklist.With(Product.Policies.Checklists, typed) } : this;

    public bool IsNeutral => !IsSignedIn && Request is { IsStatedOnly: true, IsUntouched: true };
}

/// <summary>Reads what the status page shows, by its link.</summary>
internal sealed class ShowTransferStatus(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products)
{
    /// <summary>How long a link gives files; it shows the state for longer.</summary>
    public static readonly TimeSpan FilesFor = TimeSpan.FromDays(14);

    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<StatusView?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not { } link
            || await db.LoadTransferAsync(link.RecordId, cancellationToken) is not { } request)
        {
            return null;
        }

        var product = await products.GetAsync(db, request.ProductId, cancellationToken);
        return new StatusView(request, product, await TransferFiles.ListForOrdererAsync(db, request, cancellationToken))
        {
            Checklist = await TransferChecklist.ReadAsync(db, request, product, cancellationToken),
            MayBeWithdrawn = await LivingInvoice.MayBeWithdrawnAsync(db, request, cancellationToken),
            FilesAreLocked = !GivesFiles(link, now),
        };
    }

    public static async Task<Guid?> IdOfAsync(PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await FindAsync(db, token, now, cancellationToken))?.RecordId;

    public static async Task<FoundLink?> FindAsync(
        PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        await SecretLinks.FindAsync(db, LinkPurpose.TransferStatus, token, now, cancellationToken) is { State: not LinkState.Expired } link
            ? link
            : null;

    public static bool GivesFiles(FoundLink link, DateTimeOffset now) =>
        now < link.ExpiresAt - LinkPurpose.TransferStatus.Lifetime + FilesFor;
}
