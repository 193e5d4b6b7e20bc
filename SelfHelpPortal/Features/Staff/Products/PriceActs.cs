using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Products;

/// <summary>Which prices somebody changes.</summary>
/// <param name="Remedy">Which article.</param>
/// <param name="BasedOn">The version of the prices that was shown; 0 when there was none.</param>
internal sealed record PriceTarget(string Product, PriceArticle Remedy, int BasedOn);

/// <summary>One price as it stands in the versions of an article's prices.</summary>
internal sealed record StoredPrice(
    decimal Net, int? TermMonths, DateOnly ValidFrom, DateOnly? ValidUntil, string NameDe, string NameEn);

/// <summary>Changes of the prices of one article: the plan decides, and the rows follow it.</summary>
internal sealed class PriceActs(SettingActs acts, ProductCatalog catalog, LocalTimes times)
{
    /// <param name="today">In the vendor's zone, where a price begins at midnight.</param>
    public delegate PricePlanResult Change(PricePlan plan, string sku, DateOnly today, Func<PriceListEntry, bool> isOrdered);

    /// <param name="useCase">Whose <see cref="StaffUseCaseAttribute"/> counts.</param>
    /// <param name="content">What is asked for, so that a repetition with another content is noticed.</param>
    public async Task<StaffResult> RunAsync(
        Type useCase, StaffActor actor, Guid command, PriceTarget target, object content, Change change, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var result = await acts.RunAsync(
            useCase, actor, command, new(SettingKind.Prices, $"{target.Product}/{target.Remedy}", target.BasedOn), content,
            db => DecideAsync(db, actor, target, change, now, cancellationToken), now, cancellationToken);
        if (result.Succeeded)
        {
            catalog.Forget();
        }

        return result;
    }

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffActor actor, PriceTarget target, Change change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Held, so that nobody gives the product another article meanwhile.
        await SettingHistory.LockAsync(db, SettingKind.Product, target.Product, cancellationToken);
        if (await db.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Id == target.Product, cancellationToken) is not { } product)
        {
            return StaffRefusal.NotFound;
        }

        var told = product.Policies.SkuOf(target.Remedy);
        var sku = told ?? SaveProduct.DefaultSku(product.Id, target.Remedy);
        var rows = await db.PriceList.Where(e => e.ProductId == product.Id && e.Sku == sku).ToListAsync(cancellationToken);
        var ordered = await OrderedAsync(db, [.. rows.Select(r => r.Id)], cancellationToken);
        var today = times.Today(now);
        var (plan, problem) = change(new PricePlan(rows), sku, today, e => ordered.Contains(e.Id));
        if (plan is null)
        {
            return RefusalFor(problem!.Value);
        }

        await StoreAsync(db, product.Id, target.Remedy, rows, plan, actor.Id, now, cancellationToken);
        if (told is null)
        {
            var entry = new ProductEntry(product.Id, product.Name, product.Policies.WithSku(target.Remedy, sku));
            await SaveProduct.StoreAsync(db, entry, actor.Id, now, cancellationToken);
        }

        return StaffResult.Done;
    }

    /// <summary>Makes the rows what the plan says, and writes the version. In the caller's transaction.</summary>
    /// <param name="rows">Tracked.</param>
    public static async Task StoreAsync(
        PortalDbContext db, string product, PriceArticle remedy, IReadOnlyList<PriceListEntry> rows, PricePlan plan, Guid by,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = rows.Count == 0 ? null : Stored(new PricePlan(rows));
        var planned = plan.Entries.ToDictionary(e => e.Id);
        foreach (var row in rows)
        {
            if (planned.Remove(row.Id, out var kept))
            {
                row.ValidUntil = kept.ValidUntil;
            }
            else
            {
                db.PriceList.Remove(row);
            }
        }

        // First what makes room: the database lets no two prices hold on one day, not even for a moment.
        await db.SaveChangesAsync(cancellationToken);
        db.PriceList.AddRange(planned.Values);
        await db.SaveChangesAsync(cancellationToken);
        await SettingHistory.AppendAsync(
            db, SettingKind.Prices, $"{product}/{remedy}", before, Stored(plan), by, now, cancellationToken);
    }

    public static IReadOnlyList<StoredPrice> Stored(PricePlan plan) =>
        [.. plan.Entries.Select(e => new StoredPrice(e.Net.Amount, e.TermMonths, e.ValidFrom, e.ValidUntil, e.NameDe, e.NameEn))];

    /// <returns>Those of the prices that an order was made at.</returns>
    public static async Task<HashSet<Guid>> OrderedAsync(
        PortalDbContext db, IReadOnlyList<Guid> prices, CancellationToken cancellationToken)
    {
        var texts = prices.Select(id => id.ToString()).ToArray();
        return
        [
            .. await db.Database.SqlQuery<Guid>(
                $"""
                 SELECT (price ->> 'entryId')::uuid AS "Value" FROM transfer_request WHERE price ->> 'entryId' = ANY ({texts})
                 UNION SELECT (price ->> 'entryId')::uuid FROM owner_change WHERE price ->> 'entryId' = ANY ({texts})
                 """)
                .ToListAsync(cancellationToken),
        ];
    }

    private static StaffRefusal RefusalFor(PriceProblem problem) => problem switch
    {
        PriceProblem.Amount => StaffRefusal.PriceAmount,
        PriceProblem.DayIsOver => StaffRefusal.PriceDay,
        PriceProblem.Term => StaffRefusal.PriceTerm,
        PriceProblem.Name => StaffRefusal.PriceName,
        PriceProblem.Ordered => StaffRefusal.PriceOrdered,
        PriceProblem.NotFound => StaffRefusal.NotFound,
    };
}
