using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Licenses;

internal sealed record FoundLicense(
    string Number, string? Serial, string LastFive, LicenseState State, string Product, string CustomerNumber, string Customer, int Seats,
    int InUse, string? OpenCase);

/// <param name="Licenses">Newest first.</param>
internal sealed record SearchView(IReadOnlyList<FoundLicense> Licenses, bool HasNewer, bool HasOlder);

/// <summary>Where in the list: behind or before the license of that number; neither is the beginning.</summary>
internal readonly record struct SearchPlace(string? OlderThan, string? NewerThan);

/// <summary>
/// Finds licenses by number, serial, the last five symbols of a key, or the customer's number or name. A whole key is never taken or shown.
/// </summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SearchLicenses(StaffReads reads)
{
    public const int PageSize = 25;
    private const int LongestTerm = 100;
    private const int LastFiveLength = 5;

    public Task<StaffAnswer<SearchView>> ExecuteAsync(
        StaffActor actor, string? term, SearchPlace place, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = Clean(term);
        return reads.SearchAsync(
            typeof(SearchLicenses), actor, AuditKind.LicensesSearched, asked, place == default,
            db => ReadAsync(db, asked, place, cancellationToken), now, cancellationToken);
    }

    /// <summary>What is looked for, and all that may stand in an address: of a whole key only its end.</summary>
    public static string Clean(string? term)
    {
        var trimmed = (term ?? "").Trim();
        return ActivationKey.TryParse(trimmed, out var key, out _)
            ? key.Normalized[^LastFiveLength..]
            : UntrustedText.Shorten(trimmed, LongestTerm);
    }

    private static async Task<SearchView?> ReadAsync(
        PortalDbContext db, string term, SearchPlace place, CancellationToken cancellationToken)
    {
        await using var search = await db.BeginSearchAsync(cancellationToken);
        var licenses = db.Licenses.AsNoTracking();

        // Ids grow with time, so they are the order and the place in it.
        var backwards = place.NewerThan is not null;
        if ((place.NewerThan ?? place.OlderThan) is { } number
            && await db.Licenses.Where(l => l.Number == number).Select(l => (Guid?)l.Id)
            .SingleOrDefaultAsync(cancellationToken) is { } from)
        {
            licenses = backwards ? licenses.Where(l => l.Id > from) : licenses.Where(l => l.Id < from);
        }

        if (term.Length > 0)
        {
            licenses = await MatchingAsync(db, licenses, term, backwards, cancellationToken);
        }

        var rows = await (
            from l in backwards ? licenses.OrderBy(l => l.Id) : licenses.OrderByDescending(l => l.Id)
            join c in db.Customers on l.CustomerId equals c.Id
            join p in db.Products on l.ProductId equals p.Id
            select new FoundLicense(
                l.Number,
                l.Serial,
                l.Key.LastFive,
                l.State,
                p.Name,
                c.Number,
                c.Company,
                l.Seats,
                l.Activations.Count(a => a.State == ActivationState.Active && a.EndsAt == null),
                l.Flags.Where(f => f.State != FlagState.Resolved).OrderBy(f => f.OpenedAt).Select(f => f.Number).FirstOrDefault()))
            .Take(PageSize + 1).ToListAsync(cancellationToken);

        var more = rows.Count > PageSize;
        var page = rows.Take(PageSize);
        return new SearchView([.. backwards ? page.Reverse() : page], backwards ? more : place.OlderThan is not null, backwards || more);
    }

    private static async Task<IQueryable<License>> MatchingAsync(
        PortalDbContext db, IQueryable<License> licenses, string term, bool ascending, CancellationToken cancellationToken)
    {
        var (upper, numbers) = (term.ToUpperInvariant(), LicenseNumber.Readings(term));
        var customers = await db.Customers.Numbered(term).ToListAsync(cancellationToken);

        // Who types a number means just that, whoever else has it in the name.
        if (customers.Count > 0
            || await db.Licenses.AnyAsync(l => numbers.Contains(l.Number) || numbers.Contains(l.Serial!), cancellationToken))
        {
            return licenses.Where(l => numbers.Contains(l.Number) || numbers.Contains(l.Serial!) || l.Key.LastFive == upper
                || customers.Contains(l.CustomerId));
        }

        var named = db.Customers.Named(term).Select(c => c.Id);
        var found = CustomerSearch.FirstOfEach(
            ascending, PageSize + 1,
            licenses.Where(l => l.Key.LastFive == upper).Select(l => l.Id),
            licenses.Where(l => named.Contains(l.CustomerId)).Select(l => l.Id));
        return licenses.Where(l => found.Contains(l.Id));
    }
}
