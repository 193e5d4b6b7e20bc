using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Checklists;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>
/// What came of the order, under the address of its draft: to be kept and opened again. A draft goes on where something is missing, unless
/// there is nothing to move.
/// </summary>
public sealed partial class TransferResult
{
    [Inject]
    private ShowOrdered Show { get; set; } = default!;

    [Inject]
    private ShowDraft Drafts { get; set; } = default!;

    [Inject]
    private TransferChecklist Checklist { get; set; } = default!;

    [Parameter]
    public required string Token { get; set; }

    private OrderedView? View { get; set; }

    /// <summary>Of a draft: the licenses that only have to be activated.</summary>
    private IReadOnlyList<string> NothingToMove { get; set; } = [];

    private TransferRequest? Request => View?.Request;

    private string? MaskedAddress => View?.MaskedAddress;

    protected override async Task OpenAsync()
    {
        View = await Show.ExecuteAsync(Token, Time.GetUtcNow(), Aborted);
        if (View is null)
        {
            HttpContext.NotFoundHere();
        }
        else if (View.Request.State == TransferState.Draft)
        {
            var draft = await Drafts.ExecuteAsync(Token, Languages.Current, Time.GetUtcNow(), Aborted);
            NothingToMove = draft is null ? [] : await Drafts.NothingToMoveAsync(draft, CustomerActor.From(HttpContext), Aborted);
            if (NothingToMove.Count == 0)
            {
                HttpContext.SeeOther(Navigation, $"/transfer/{Token}/{DraftSteps.FirstMissing(View.Request.Draft)}");
            }
        }
    }

    protected override async Task ActAsync()
    {
        var form = HttpContext.Request.Form;
        if (form["Act"] == ChecklistForms.Act
            && await Checklist.KeepByDraftAsync(Token, ChecklistForms.From(form), Time.GetUtcNow(), Aborted))
        {
            HttpContext.SeeOther(Navigation, $"/transfer/{Token}#{ChecklistForms.Act}");
            return;
        }

        await OpenAsync();
    }
}

/// <param name="MaskedAddress">Where the owner is asked; only to be shown to who proved to know more than a number.</param>
internal sealed record OrderedView(
    TransferRequest Request, Licensing.Product? Product, ShownChecklist? Checklist, string? MaskedAddress);

/// <summary>Reads an order by the link of its draft.</summary>
internal sealed class ShowOrdered(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products)
{
    public async Task<OrderedView?> ExecuteAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await TransferDrafts.IdOfAsync(db, token, now, cancellationToken) is not { } id
            || await db.LoadTransferAsync(id, cancellationToken) is not { } request)
        {
            return null;
        }

        var email = await db.Customers.Where(c => c.Id == request.CustomerId).Select(c => c.Email).SingleOrDefaultAsync(cancellationToken);
        var product = await products.FindAsync(request.ProductId, cancellationToken);
        return new OrderedView(
            request,
            product,
            product is null ? null : await TransferChecklist.ReadAsync(db, request, product, cancellationToken),
            email is null || !request.IsOwnerShown ? null : Masks.Address(email));
    }
}
