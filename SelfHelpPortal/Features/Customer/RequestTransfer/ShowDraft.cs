using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Customer.RequestTransfer;

/// <summary>What the pages of a draft show, each the part it needs.</summary>
internal sealed record DraftView(TransferRequest Request, Product? Product, Identification Known, IReadOnlyList<TransferOffer> Offers)
{
    public TransferDraft Draft => Request.Draft;

    /// <summary>What was chosen, as long as it costs what it did then.</summary>
    public TransferOffer? Chosen => Offers.SingleOrDefault(o => o.Remedy == Draft.Remedy && o.Shown == Draft.Shown);
}

/// <summary>A license that is left, and the computer that used it.</summary>
internal sealed record LeftComputer(string LicenseNumber, OldComputer? Computer);

/// <summary>Reads a draft with everything that follows from it.</summary>
internal sealed class ShowDraft(IDbContextFactory<PortalDbContext> contexts, ProductCatalog products, TransferPricing pricing)
{
    private static readonly Identification Nothing = new([], null, null);

    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<DraftView?> ExecuteAsync(string token, string language, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await TransferDrafts.IdOfAsync(db, token, now, cancellationToken) is not { } id
            || await db.LoadTransferAsync(id, cancellationToken) is not { } request)
        {
            return null;
        }

        if (request.Draft.ProductId is not { } productId || await products.FindAsync(productId, cancellationToken) is not { } product)
        {
            return new DraftView(request, null, Nothing, []);
        }

        var known = await Identify.LicensesAsync(db, product, request.Draft, cancellationToken);
        return new DraftView(request, product, known,
            await pricing.OffersAsync(db, product, request.Draft, known, language, now, cancellationToken));
    }

    /// <summary>
    /// The licenses of the draft when no computer uses them, so that activating them is all there is to do. Only for whoever may know: by
    /// the key, by the codes of the owner's computers, or signed in as the owner. Empty otherwise.
    /// </summary>
    public async Task<IReadOnlyList<string>> NothingToMoveAsync(
        DraftView view, CustomerActor? person, CancellationToken cancellationToken)
    {
        var byKey = view.Draft is { LicenseId: not null, Items.Count: <= 1 };
        List<Guid?> licenses = byKey ? [view.Draft.LicenseId] : [.. view.Known.Items.Select(i => i.License?.Id)];
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (byKey || view.Known.IsProven || await IsOwnerAsync(db, view.Known.CustomerId, person, cancellationToken))
            && await FreeLicenses.AreAllAsync(db, licenses, cancellationToken)
            ? await db.Licenses.Where(l => licenses.Contains(l.Id)).OrderBy(l => l.Number).Select(l => l.Number)
                .ToListAsync(cancellationToken)
            : [];
    }

    /// <summary>
    /// The computers that are left beside the working ones, so that the customer can say whether they are the dead ones. Whoever typed the
    /// codes of the owner's computers may know.
    /// </summary>
    public async Task<IReadOnlyList<LeftComputer>> LeftAsync(DraftView view, CancellationToken cancellationToken)
    {
        var left = new List<LeftComputer>();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var item in view.Known.Items.Where(i => i.By == TransferIdentification.Elimination))
        {
            left.Add(new(item.License!.Number, await OldComputer.FindAsync(db, item.ActivationId, cancellationToken)));
        }

        return left;
    }

    /// <summary>What a license that nothing is known of costs, for each product that has a price.</summary>
    public async Task<IReadOnlyList<(Product Product, IReadOnlyList<TransferOffer> Offers)>> PricesAsync(
        string language, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var prices = new List<(Product, IReadOnlyList<TransferOffer>)>();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var product in await ProductsAsync(cancellationToken))
        {
            var offers = await pricing.OffersAsync(db, product, new TransferDraft(), Nothing, language, now, cancellationToken);
            if (offers.Count > 0)
            {
                prices.Add((product, offers));
            }
        }

        return prices;
    }

    /// <summary>The products whose licenses can be moved for money.</summary>
    public async Task<IReadOnlyList<Product>> ProductsAsync(CancellationToken cancellationToken) =>
        [.. (await products.AllAsync(cancellationToken)).Values.Where(p => p.Policies.Transfer.IsOffered)
            .OrderBy(p => p.Name, StringComparer.CurrentCulture)];

    /// <summary>
    /// Why this code is not enough to tell the new computer from others: the kinds of parts it has. Null when it is, or staff have allowed
    /// it.
    /// </summary>
    public async Task<IReadOnlyList<string>?> FewPartsOfAsync(
        TransferDraft draft, Licensing.Codes.HardwareCode code, CancellationToken cancellationToken)
    {
        if (!code.HasFewParts)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Licenses.AnyAsync(l => l.Id == draft.LicenseId && l.FewPartsAllowedAt != null, cancellationToken)
            ? null
            : code.Parts;
    }

    /// <summary>The license whose computer this code is of: then it is not the new one's.</summary>
    public async Task<string?> LicenseUsingAsync(Product product, Licensing.Codes.HardwareCode code, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await FindComputers.UsedByAsync(db, product, code, cancellationToken))?.LicenseNumber;
    }

    private static async Task<bool> IsOwnerAsync(
        PortalDbContext db, Guid? customer, CustomerActor? person, CancellationToken cancellationToken) =>
        person is not null && customer is not null
        && await Customers.For(db, person, CustomerRole.Owner).AnyAsync(c => c.Id == customer, cancellationToken);
}
