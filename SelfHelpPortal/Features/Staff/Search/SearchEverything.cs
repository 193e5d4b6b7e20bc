using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Search;

/// <summary>
/// Finds whatever a caller can name: numbers and parts of them, keys by their end, people and places, computers, amounts. Each kind is
/// looked for by its own index and only as far as a page shows it. The audit log hears how much was found and not what was looked for.
/// </summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SearchEverything(StaffReads reads, ProductCatalog products, KeyHasher hasher, StaffTexts texts)
{
    public const int MostHits = 10;

    /// <summary>Who waits longer says more instead. What was found by then is shown.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static readonly SearchKind[] Kinds = Enum.GetValues<SearchKind>();

    /// <param name="term">As <see cref="StaffSearch.Clean"/> leaves it; empty shows nothing.</param>
    public Task<StaffAnswer<SearchResults>> ExecuteAsync(
        StaffActor actor, string? term, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = StaffSearch.Clean(term);
        return reads.SearchAsync(
            typeof(SearchEverything), actor, asked.Length > 0,
            found => asked.Length == 0 ? null : new AuditedRead(AuditKind.EverythingSearched, Subject: null, Summary(found)),
            db => ReadAsync(db, asked, cancellationToken), now, cancellationToken);
    }

    private static string Summary(SearchResults found) =>
        string.Join(", ", found.Groups.Select(g => $"{g.Kind} {g.Hits.Count}{(g.HasMore ? "+" : "")}"));

    private async Task<SearchResults?> ReadAsync(PortalDbContext db, string asked, CancellationToken cancellationToken)
    {
        if (asked.Length == 0)
        {
            return new SearchResults([], Direct: null, IsShort: false);
        }

        var term = new SearchTerm(asked);
        var ways = new SearchWays(db, term, await ForeignKeysAsync(term, cancellationToken));
        Dictionary<SearchKind, List<Guid>> found = [];
        var (isExact, isCut) = (false, false);
        await using (await db.BeginSearchAsync(cancellationToken))
        {
            foreach (var kind in Kinds)
            {
                found[kind] = await CollectAsync([], ways.Exact(kind), cancellationToken);
            }

            // Who types a whole number with its letter means just that; digits alone may be anything.
            isExact = found.Values.Any(ids => ids.Count > 0);
            if (!isExact || term.IsNumber)
            {
                isCut = !await AddPartsAsync(found, ways, cancellationToken);
            }
        }

        List<SearchGroup> groups = [];
        foreach (var (kind, ids) in found.Where(f => f.Value.Count > 0))
        {
            var hits = await new SearchHits(db, term, texts).ReadAsync(kind, [.. ids.Take(MostHits)], cancellationToken);
            groups.Add(new SearchGroup(kind, hits, ids.Count > MostHits));
        }

        var direct = isExact && !isCut && groups is [{ Hits: [var only], HasMore: false }] ? only.Address : null;
        return new SearchResults(groups, direct, term.IsShort, isCut);
    }

    /// <returns>Whether all of it was looked for in time.</returns>
    private static async Task<bool> AddPartsAsync(
        Dictionary<SearchKind, List<Guid>> found, SearchWays ways, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            foreach (var kind in Kinds)
            {
                found[kind] = await CollectAsync(found[kind], ways.Parts(kind), limit.Token);
            }

            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested
            && (limit.IsCancellationRequested || DatabaseFaults.TookTooLong(failure)))
        {
            return false;
        }
    }

    /// <summary>Keys of the vendor's own formats are found as a whole, by their hash.</summary>
    private async Task<byte[][]> ForeignKeysAsync(SearchTerm term, CancellationToken cancellationToken) =>
    [
        .. (await products.AllAsync(cancellationToken)).Values.Select(p => p.Policies.Key.TryNormalizeForeign(term.Text)).OfType<string>()
            .Distinct().SelectMany(hasher.HashWithAll),
    ];

    /// <summary>Goes from one way to the next until there is one more than a page shows.</summary>
    private static async Task<List<Guid>> CollectAsync(
        List<Guid> ids, IEnumerable<IQueryable<Guid>> ways, CancellationToken cancellationToken)
    {
        foreach (var way in ways)
        {
            if (ids.Count > MostHits)
            {
                break;
            }

            ids = [.. ids.Union(await way.Take(MostHits + 1).ToListAsync(cancellationToken))];
        }

        return ids;
    }
}
