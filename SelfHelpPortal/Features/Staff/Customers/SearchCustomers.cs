using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Customers;

internal sealed record FoundCustomer(
    string Number, string Company, string Email, string? PostalCode, string? City, string Country, int Licenses, bool IsErased);

/// <param name="Customers">Newest first.</param>
internal sealed record CustomersView(IReadOnlyList<FoundCustomer> Customers, bool HasNewer, bool HasOlder);

/// <summary>Where in the list: behind or before the customer of that number; neither is the beginning.</summary>
internal readonly record struct CustomerPlace(string? OlderThan, string? NewerThan);

/// <summary>Finds customers as every search of staff does (<see cref="CustomerSearch"/>).</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SearchCustomers(StaffReads reads)
{
    public const int PageSize = 25;
    private const int LongestTerm = 100;

    public Task<StaffAnswer<CustomersView>> ExecuteAsync(
        StaffActor actor, string? term, CustomerPlace place, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = Clean(term);
        return reads.SearchAsync(
            typeof(SearchCustomers), actor, AuditKind.CustomersSearched, asked, place == default,
            db => ReadAsync(db, asked, place, cancellationToken), now, cancellationToken);
    }

    public static string Clean(string? term) => UntrustedText.Shorten((term ?? "").Trim(), LongestTerm);

    private static async Task<CustomersView?> ReadAsync(
        PortalDbContext db, string term, CustomerPlace place, CancellationToken cancellationToken)
    {
        await using var search = await db.BeginSearchAsync(cancellationToken);
        var customers = db.Customers.AsNoTracking();
        if (term.Length == 0)
        {
            customers = customers.Where(c => c.MergedIntoId == null);
        }
        else
        {
            // Who types a number means that customer, whoever else has it in the name.
            var numbered = db.Customers.Numbered(term);
            customers = await numbered.AnyAsync(cancellationToken)
                ? customers.Where(c => numbered.Contains(c.Id))
                : customers.Named(term);
        }

        // Ids grow with time, so they are the order and the place in it.
        var backwards = place.NewerThan is not null;
        if ((place.NewerThan ?? place.OlderThan) is { } number
            && await db.Customers.Where(c => c.Number == number).Select(c => (Guid?)c.Id)
            .SingleOrDefaultAsync(cancellationToken) is { } from)
        {
            customers = backwards ? customers.Where(c => c.Id > from) : customers.Where(c => c.Id < from);
        }

        var rows = await (backwards ? customers.OrderBy(c => c.Id) : customers.OrderByDescending(c => c.Id))
            .Select(c => new FoundCustomer(
                c.Number, c.Company, c.Email, c.PostalCode, c.City, c.Country, db.Licenses.Count(l => l.CustomerId == c.Id),
                c.ErasedAt != null))
            .Take(PageSize + 1).ToListAsync(cancellationToken);

        var more = rows.Count > PageSize;
        var page = rows.Take(PageSize);
        return new CustomersView([.. backwards ? page.Reverse() : page], backwards ? more : place.OlderThan is not null, backwards || more);
    }
}
