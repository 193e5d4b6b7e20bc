using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>How every search of staff finds customers, and reads no more for it than a page shows.</summary>
internal static class CustomerSearch
{
    /// <summary>
    /// The transaction of a search. How many have a name decides by which index they are found, so each search is planned for what it looks
    /// for; a statement that was prepared would otherwise be planned once for all of them. No table is read from end to end for it, however
    /// many rows the planner expects to match, and a statement that takes long all the same is ended: after two seconds, or what the
    /// connection's options say as <c>portal.search_limit</c>.
    /// </summary>
    public static async Task<IDbContextTransaction> BeginSearchAsync(this PortalDbContext db, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync(
            "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_seqscan = off; SET LOCAL jit = off; "
                + "SELECT set_config('statement_timeout', coalesce(nullif(current_setting('portal.search_limit', true), ''), '2s'), true)",
            cancellationToken);
        return transaction;
    }

    /// <summary>The id of the customer with this number, or of the one that it was merged into.</summary>
    public static IQueryable<Guid> Numbered(this IQueryable<Licensing.Customer> customers, string term)
    {
        var number = term.ToUpperInvariant();
        return customers.Where(c => c.Number == number).Select(c => c.MergedIntoId ?? c.Id);
    }

    /// <param name="customers">All of them.</param>
    /// <param name="term">Words, or parts of them, of name, address and e-mail address, in any order; all of them have to be found.</param>
    public static IQueryable<Licensing.Customer> Named(this IQueryable<Licensing.Customer> customers, string term)
    {
        var words = SearchText.Words(term);
        return customers.Where(c => c.MergedIntoId == null && words.Count > 0)
            .Matching(words, c => EF.Property<string>(c, SearchText.OfCustomer));
    }

    /// <summary>
    /// What one of several searches finds: each by its own index and only the first of it, where a single condition with OR reads a table.
    /// </summary>
    /// <param name="searches">Of ids, in which the page is ordered.</param>
    public static IQueryable<Guid> FirstOfEach(bool ascending, int most, params IQueryable<Guid>[] searches) => searches
        .Select(ids => (ascending ? ids.OrderBy(id => id) : ids.OrderByDescending(id => id)).Take(most))
        .Aggregate((found, more) => found.Union(more));
}
