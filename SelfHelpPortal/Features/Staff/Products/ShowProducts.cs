using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Products;

/// <param name="Prices">What its articles cost today; empty where nothing is sold.</param>
internal sealed record ProductLine(string Id, string Name, int Licenses, IReadOnlyList<PriceListEntry> Prices);

internal sealed record ProductList(IReadOnlyList<ProductLine> Products);

/// <summary>All products.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowProducts(StaffReads reads, LocalTimes times)
{
    public Task<StaffAnswer<ProductList>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<ProductList>(typeof(ShowProducts), actor, audited: null, async db =>
        {
            var today = times.Today(now);
            var counts = await db.Licenses.GroupBy(l => l.ProductId).Select(g => new { g.Key, Count = g.Count() })
                .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
            var prices = (await db.PriceList.AsNoTracking()
                .Where(e => e.ValidFrom <= today && (e.ValidUntil == null || e.ValidUntil >= today)).OrderBy(e => e.Sku)
                .ToListAsync(cancellationToken)).ToLookup(e => e.ProductId);
            var products = await db.Products.AsNoTracking().OrderBy(p => p.Name).ToListAsync(cancellationToken);
            return new([.. products.Select(p => new ProductLine(p.Id, p.Name, counts.GetValueOrDefault(p.Id), [.. prices[p.Id]]))]);
        }, now, cancellationToken);
}

/// <param name="Ordered">The prices that somebody has ordered at.</param>
/// <param name="Version">Of the prices; 0 when they were never changed here.</param>
public sealed record ArticleView(
    PriceArticle Remedy, PricePlan Plan, IReadOnlySet<Guid> Ordered, int Version, IReadOnlyList<SettingLine> History);

/// <summary>Buyers of whom each falls under another rule of value added tax.</summary>
public enum SampleBuyer
{
    Germany,
    EuBusiness,
    EuConsumer,
    OutsideEu,
}

/// <summary>What a sample buyer would pay as tax today.</summary>
public sealed record TaxSample(SampleBuyer Buyer, TaxDecision Decision);

/// <param name="Version">Of the product; 0 when it was never changed here.</param>
/// <param name="History">Newest first.</param>
/// <param name="Taxes">One for each sample buyer; empty while the vendor's data are not enough for an invoice.</param>
internal sealed record ProductView(
    ProductEntry Entry, int Version, IReadOnlyList<SettingLine> History, IReadOnlyList<ArticleView> Articles, DateOnly Today,
    IReadOnlyList<TaxSample> Taxes);

/// <summary>A product with its policies, its prices, and who changed what.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowProduct(StaffReads reads, LocalTimes times, TaxCases taxes)
{
    public Task<StaffAnswer<ProductView>> ExecuteAsync(
        StaffActor actor, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(ShowProduct), actor, audited: null, db => ReadAsync(db, id, now, cancellationToken), now, cancellationToken);

    private async Task<ProductView?> ReadAsync(PortalDbContext db, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) is not { } product)
        {
            return null;
        }

        var history = await SettingLine.ReadAsync(db, SettingKind.Product, id, cancellationToken);
        List<ArticleView> articles = [];
        foreach (var remedy in Enum.GetValues<PriceArticle>())
        {
            articles.Add(await ArticleAsync(db, product, remedy, cancellationToken));
        }

        return new ProductView(
            new ProductEntry(product.Id, product.Name, product.Policies), VersionOf(history), history, articles, times.Today(now),
            await TaxesAsync(db, now, cancellationToken));
    }

    private async Task<IReadOnlyList<TaxSample>> TaxesAsync(PortalDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The number is only well-formed: no tax office is asked about a sample.
        (SampleBuyer Buyer, TaxBuyer Facts)[] samples =
        [
            (SampleBuyer.Germany, new(Countries.Germany, IsBusiness: false)),
            (SampleBuyer.EuBusiness, new("AT", IsBusiness: true, new VatIdCheck("ATU12345675", VatIdResult.Valid))),
            (SampleBuyer.EuConsumer, new("AT", IsBusiness: false)),
            (SampleBuyer.OutsideEu, new("CH", IsBusiness: true)),
        ];
        var language = Languages.Current;
        var decided = await taxes.DecideAsync(db, samples.Select(s => s.Facts), language, times.Today(now), cancellationToken);
        return [.. samples.Zip(decided ?? [], (sample, decision) => new TaxSample(sample.Buyer, decision))];
    }

    private static async Task<ArticleView> ArticleAsync(
        PortalDbContext db, Product product, PriceArticle remedy, CancellationToken cancellationToken)
    {
        var sku = product.Policies.SkuOf(remedy);
        var entries = await db.PriceList.AsNoTracking().Where(e => e.ProductId == product.Id && e.Sku == sku)
            .ToListAsync(cancellationToken);
        var history = await SettingLine.ReadAsync(db, SettingKind.Prices, $"{product.Id}/{remedy}", cancellationToken);
        return new ArticleView(
            remedy, new PricePlan(entries), await PriceActs.OrderedAsync(db, [.. entries.Select(e => e.Id)], cancellationToken),
            VersionOf(history), history);
    }

    private static int VersionOf(IReadOnlyList<SettingLine> history) => history is [var last, ..] ? last.Version : 0;
}
