using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Customer.RequestTransfer;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Keys;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Portal.Licenses;

/// <summary>Begins the order that moves a license away from a dead PC.</summary>
[CustomerUseCase(CustomerRole.KeyHolder)]
internal sealed class BeginMyTransfer(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, TransferDrafts drafts)
{
    /// <summary>
    /// The path of its first page; null when the license is not theirs or its product's licenses are not moved for money.
    /// </summary>
    public async Task<Begun?> ExecuteAsync(CustomerActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await OwnLicense.FindAsync(db, actor, typeof(BeginMyTransfer), number, cancellationToken) is not { } own)
        {
            return null;
        }

        var product = await products.GetAsync(
            db, await db.Licenses.Where(l => l.Id == own.Id).Select(l => l.ProductId).SingleAsync(cancellationToken), cancellationToken);
        if (!product.Policies.Transfer.IsOffered)
        {
            return null;
        }

        var draft = new TransferDraft { ProductId = product.Id, LicenseId = own.Id, LicenseAsked = true };
        var begun = await drafts.BeginAsync(draft, AttemptSubjects.DraftOf(LinkPurpose.TransferDraft, actor.Id), now, cancellationToken);
        return begun.Page is { } token ? new Begun($"/transfer/{token}/{DraftSteps.FirstMissing(draft)}") : begun;
    }
}
