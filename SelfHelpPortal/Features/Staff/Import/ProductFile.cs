using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>A product as it stands in the file of <c>import products</c> and <c>export products</c>.</summary>
internal sealed record ProductEntry(string Id, string Name, ProductPolicies Policies);

/// <summary>Reads and writes products with all their policies as one JSON file.</summary>
internal sealed partial class ProductFile(IDbContextFactory<PortalDbContext> contexts, ProductCatalog catalog)
{
    /// <summary>Adds new products and changes known ones; nothing of a file with a problem. The problems, in English.</summary>
    public async Task<(int Products, IReadOnlyList<string> Problems)> ImportAsync(Stream file, CancellationToken cancellationToken)
    {
        ProductEntry[] entries;
        try
        {
            entries = await JsonSerializer.DeserializeAsync<ProductEntry[]>(file, PolicyJson.Options, cancellationToken) ?? [];
        }
        catch (JsonException wrong)
        {
            return (0, [$"The file is not as expected at {wrong.Path}, line {wrong.LineNumber + 1}: {wrong.Message}"]);
        }

        var problems = entries.SelectMany(ProblemsOf)
            .Concat(entries.GroupBy(e => e.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key}: it stands in the file more than once."))
            .ToList();
        return problems.Count > 0 ? (0, problems) : (await SaveAsync(entries, cancellationToken), []);
    }

    public async Task<int> SaveAsync(IReadOnlyList<ProductEntry> entries, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await db.Products.ToDictionaryAsync(p => p.Id, cancellationToken);
        foreach (var entry in entries)
        {
            if (known.TryGetValue(entry.Id, out var product))
            {
                product.Name = entry.Name;
                product.ChangePolicies(entry.Policies);
            }
            else
            {
                db.Products.Add(Product.Create(entry.Id, entry.Name, entry.Policies));
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        catalog.Forget();
        return entries.Count;
    }

    public async Task ExportAsync(Stream file, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var products = await db.Products.AsNoTracking().OrderBy(p => p.Id).ToListAsync(cancellationToken);
        await JsonSerializer.SerializeAsync(
            file, products.Select(p => new ProductEntry(p.Id, p.Name, p.Policies)), PolicyJson.Options, cancellationToken);
    }

    private static IEnumerable<string> ProblemsOf(ProductEntry entry)
    {
        if (!Slug().IsMatch(entry.Id ?? ""))
        {
            yield return $"id: '{entry.Id}' is not 1 to 40 of a–z, 0–9 and dashes.";
        }

        if (entry.Name is not { Length: > 0 and <= 100 })
        {
            yield return $"{entry.Id}: the name is missing or longer than 100 characters.";
        }

        if (entry.Policies is null)
        {
            yield return $"{entry.Id}: policies are missing.";
            yield break;
        }

        foreach (var problem in entry.Policies.Problems())
        {
            yield return $"{entry.Id}: {problem}";
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Slug();
}
