using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Products;

/// <summary>A product as it stands in its versions and in the file of settings.</summary>
internal sealed record ProductEntry(string Id, string Name, ProductPolicies Policies);

/// <summary>Makes a product or changes one: its name and all its policies. What is sold goes on as it was until the commit.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed partial class SaveProduct(SettingActs acts, ProductCatalog catalog)
{
    /// <summary>The articles of a product are named by the portal, since nobody reads them but programs for bookkeeping.</summary>
    public static string DefaultSku(string product, PriceArticle remedy) => remedy switch
    {
        PriceArticle.Fee => $"TRANSFER-{product}",
        PriceArticle.Renewal => $"RENEWAL-{product}",
        PriceArticle.DataChange => $"DATA-{product}",
        PriceArticle.OwnershipTransfer => $"OWNER-{product}",
    };

    /// <param name="command">Made when the form was first shown.</param>
    /// <param name="basedOn">The version that was shown; 0 when there was none.</param>
    /// <param name="isNew">Whether a product of that id is a mistake.</param>
    public async Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, ProductEntry entry, int basedOn, bool isNew, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var result = await acts.RunAsync(
            typeof(SaveProduct), actor, command, new(SettingKind.Product, entry.Id, basedOn), new { entry, isNew },
            db => DecideAsync(db, actor, entry, isNew, now, cancellationToken), now, cancellationToken);
        if (result.Succeeded)
        {
            catalog.Forget();
        }

        return result;
    }

    /// <summary>What stands against a product, whoever wrote it.</summary>
    public static IEnumerable<BrokenRule> Problems(ProductEntry entry)
    {
        if (!Slug().IsMatch(entry.Id ?? ""))
        {
            yield return new BrokenRule("id", "1 bis 40 Zeichen: Kleinbuchstaben a–z, Ziffern und Bindestriche, etwa „muster-pos“.",
                "1 to 40 characters: lowercase letters a–z, digits and hyphens, such as “muster-pos”.");
        }

        if (entry.Name?.Trim() is not { Length: > 0 and <= 100 })
        {
            yield return new BrokenRule("name", "Der Name fehlt oder ist länger als 100 Zeichen.",
                "The name is missing or longer than 100 characters.");
        }

        if (entry.Policies is null)
        {
            yield return new BrokenRule("policies", "Die Regeln fehlen.", "The rules are missing.");
            yield break;
        }

        foreach (var rule in entry.Policies.Problems())
        {
            yield return rule with { Id = $"policies.{rule.Id}" };
        }
    }

    /// <summary>Writes the product and its version, in the caller's transaction.</summary>
    public static async Task StoreAsync(
        PortalDbContext db, ProductEntry entry, Guid by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var product = await db.Products.SingleOrDefaultAsync(p => p.Id == entry.Id, cancellationToken);
        var before = product is null ? null : new ProductEntry(product.Id, product.Name, product.Policies);
        if (product is null)
        {
            db.Products.Add(Product.Create(entry.Id, entry.Name.Trim(), entry.Policies));
        }
        else
        {
            product.Name = entry.Name.Trim();
            product.ChangePolicies(entry.Policies);
        }

        await db.SaveChangesAsync(cancellationToken);
        await SettingHistory.AppendAsync(db, SettingKind.Product, entry.Id, before, entry, by, now, cancellationToken);
    }

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffActor actor, ProductEntry entry, bool isNew, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var problems = Problems(entry).ToList();
        var exists = await db.Products.AnyAsync(p => p.Id == entry.Id, cancellationToken);
        if (isNew && exists)
        {
            problems.Add(new BrokenRule("id", "Dieses Produkt gibt es schon.", "This product already exists."));
        }

        if (!isNew && !exists)
        {
            return StaffRefusal.NotFound;
        }

        if (problems.Count == 0)
        {
            problems.AddRange(await UnknownArticlesAsync(db, entry, cancellationToken));
        }

        if (problems.Count > 0)
        {
            return new StaffResult(StaffRefusal.SettingInvalid, problems);
        }

        await StoreAsync(db, entry, actor.Id, now, cancellationToken);
        return StaffResult.Done;
    }

    /// <summary>An article that no price list knows could not be ordered by anybody.</summary>
    private static async Task<IReadOnlyList<BrokenRule>> UnknownArticlesAsync(
        PortalDbContext db, ProductEntry entry, CancellationToken cancellationToken)
    {
        var known = await db.PriceList.Where(p => p.ProductId == entry.Id).Select(p => p.Sku).Distinct().ToListAsync(cancellationToken);
        return [.. UnknownArticles(entry, known)];
    }

    /// <param name="known">The articles of the product that have a price.</param>
    public static IEnumerable<BrokenRule> UnknownArticles(ProductEntry entry, IReadOnlyCollection<string> known)
    {
        var (transfer, ownership) = (entry.Policies.Transfer, entry.Policies.Ownership);
        foreach (var (path, sku) in new[]
            {
                ("policies.transfer.feeSku", transfer.FeeSku), ("policies.transfer.renewalSku", transfer.RenewalSku),
                ("policies.ownership.dataChangeSku", ownership.DataChangeSku), ("policies.ownership.transferSku", ownership.TransferSku),
            })
        {
            if (sku is not null && !known.Contains(sku))
            {
                yield return new BrokenRule(path, $"Für den Artikel „{sku}“ gibt es keinen Preis. Legen Sie zuerst den Preis an.",
                    $"The article “{sku}” has no price. Set its price first.");
            }
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Slug();
}
