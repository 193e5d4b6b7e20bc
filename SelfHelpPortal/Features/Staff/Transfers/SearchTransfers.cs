using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>A saved view of the queue. Its words stand in the address.</summary>
internal enum TransferQueue
{
    /// <summary>Staff decide: new, or answered.</summary>
    Review,

    /// <summary>The customer has been asked.</summary>
    Customer,

    /// <summary>The owner has not confirmed yet.</summary>
    Confirmation,

    /// <summary>Invoiced; the license follows the payment.</summary>
    Payment,
    Completed,

    /// <summary>Declined, withdrawn or given up.</summary>
    Closed,
    All,
}

internal sealed record FoundTransfer(
    Guid Id, string Reference, TransferState State, TransferRemedy Remedy, DateTimeOffset OrderedAt, DateTimeOffset ChangedAt,
    string Product, string Company, string? CustomerNumber,
    int Licenses, bool IsIdentified, long GrossCents);

/// <param name="Transfers">The oldest first while something is to be done, else the newest.</param>
/// <param name="Counts">Of what is to be done; what is over only grows, and nobody needs its number.</param>
internal sealed record TransfersView(
    IReadOnlyList<FoundTransfer> Transfers, IReadOnlyDictionary<TransferQueue, int> Counts, bool HasBefore, bool HasAfter);

/// <summary>Where in the list: behind or before the request of that reference; neither is the beginning.</summary>
internal readonly record struct TransferPlace(string? After, string? Before);

/// <param name="Period">When they were ordered; null for all days.</param>
/// <param name="Remedy">Null for all.</param>
internal readonly record struct TransferFilter(TransferQueue Queue, DayRange? Period = null, TransferRemedy? Remedy = null);

/// <summary>The queue of transfer requests, by what they wait for and by reference, customer or license.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SearchTransfers(StaffReads reads, LocalTimes times)
{
    public const int PageSize = 25;
    private const int LongestTerm = 100;

    public Task<StaffAnswer<TransfersView>> ExecuteAsync(
        StaffActor actor, TransferFilter filter, string term, TransferPlace place, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(SearchTransfers), actor, AuditedRead.Search(AuditKind.TransfersSearched, Clean(term)),
            db => ReadAsync(db, filter, Clean(term), place, cancellationToken), now, cancellationToken);

    public static string Clean(string? term)
    {
        var trimmed = (term ?? "").Trim();
        return UntrustedText.Shorten(trimmed, LongestTerm);
    }

    public static TransferState[] StatesOf(TransferQueue queue) => queue switch
    {
        TransferQueue.Review => [TransferState.Submitted, TransferState.InReview],
        TransferQueue.Customer => [TransferState.NeedsAnswer],
        TransferQueue.Confirmation => [TransferState.AwaitingConfirmation],
        TransferQueue.Payment => [TransferState.Accepted],
        TransferQueue.Completed => [TransferState.Completed],
        TransferQueue.Closed => [TransferState.Declined, TransferState.Withdrawn, TransferState.Expired],
        TransferQueue.All => [.. Enum.GetValues<TransferState>().Where(s => s != TransferState.Draft)],
    };

    private static bool IsWork(TransferQueue queue) =>
        queue is TransferQueue.Review or TransferQueue.Customer or TransferQueue.Confirmation or TransferQueue.Payment;

    /// <summary>How many requests wait for staff.</summary>
    public static Task<int> CountForReviewAsync(PortalDbContext db, CancellationToken cancellationToken)
    {
        var states = StatesOf(TransferQueue.Review);
        return db.Transfers.CountAsync(r => states.Contains(r.State), cancellationToken);
    }

    private async Task<TransfersView?> ReadAsync(
        PortalDbContext db, TransferFilter filter, string term, TransferPlace place, CancellationToken cancellationToken)
    {
        await using var search = await db.BeginSearchAsync(cancellationToken);

        // What was never sent has no reference, and is nobody's business.
        var ordered = db.Transfers.AsNoTracking().Where(r => r.Reference != null);
        var work = Enum.GetValues<TransferQueue>().Where(IsWork).ToList();
        TransferState[] open = [.. work.SelectMany(StatesOf)];
        var byState = await ordered.Where(r => open.Contains(r.State)).GroupBy(r => r.State).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var counts = work.ToDictionary(q => q, q => StatesOf(q).Sum(s => byState.GetValueOrDefault(s)));

        var states = StatesOf(filter.Queue);
        var found = ordered.Where(r => states.Contains(r.State));
        if (filter.Period?.In(times) is var (first, until))
        {
            found = found.Where(r => r.OrderedAt >= first && r.OrderedAt < until);
        }

        if (filter.Remedy is { } remedy)
        {
            found = found.Where(r => r.Remedy == remedy);
        }

        // Ids grow with time, so they are the order and the place in it.
        var oldestFirst = IsWork(filter.Queue);
        var backwards = place.Before is not null;
        if ((place.Before ?? place.After) is { } reference
            && await db.Transfers.Where(r => r.Reference == reference).Select(r => (Guid?)r.Id)
            .SingleOrDefaultAsync(cancellationToken) is { } from)
        {
            found = oldestFirst == backwards ? found.Where(r => r.Id < from) : found.Where(r => r.Id > from);
        }

        var ascending = oldestFirst != backwards;
        if (term.Length > 0)
        {
            found = await MatchingAsync(db, found, term, ascending, cancellationToken);
        }

        found = ascending ? found.OrderBy(r => r.Id) : found.OrderByDescending(r => r.Id);
        var rows = await found.Take(PageSize + 1).Select(r => new
        {
            Request = r,
            Product = db.Products.Where(p => p.Id == r.ProductId).Select(p => p.Name).SingleOrDefault(),
            CustomerNumber = db.Customers.Where(c => c.Id == r.CustomerId).Select(c => c.Number).SingleOrDefault(),
            Licenses = r.Items.Count,
            // Counted, since the server answers "all of them" by reading every item of every request.
            Identified = r.Items.Count(i => i.ActivationId != null),
        }).ToListAsync(cancellationToken);
        var more = rows.Count > PageSize;
        var page = rows.Take(PageSize).Select(r => new FoundTransfer(
            r.Request.Id, r.Request.Reference!, r.Request.State, r.Request.Remedy!.Value, r.Request.OrderedAt!.Value, r.Request.ChangedAt,
            r.Product ?? r.Request.ProductId,
            r.Request.Contact!.Company ?? r.Request.Contact.Name, r.CustomerNumber, r.Licenses, r.Identified == r.Licenses,
            r.Request.Price!.GrossCents));
        return new TransfersView(
            [.. backwards ? page.Reverse() : page], counts, backwards ? more : place.After is not null, backwards || more);
    }

    private static async Task<IQueryable<TransferRequest>> MatchingAsync(
        PortalDbContext db, IQueryable<TransferRequest> requests, string term, bool ascending, CancellationToken cancellationToken)
    {
        var asked = RequestReference.TryParse(term, out var parsed) ? parsed.ToString() : term.ToUpperInvariant();
        var numbers = LicenseNumber.Readings(term);
        var customers = await db.Customers.Numbered(term).ToListAsync(cancellationToken);
        var licenses = db.Licenses.Where(l => numbers.Contains(l.Number) || numbers.Contains(l.Serial!)).Select(l => l.Id);
        var moving = db.Set<TransferItem>().Where(i => licenses.Contains(i.LicenseId!.Value)).Select(i => i.RequestId);

        // Who types a number means just that, whoever else has it in the name.
        if (customers.Count > 0 || await licenses.AnyAsync(cancellationToken)
            || await db.Transfers.AnyAsync(r => r.Reference == asked, cancellationToken))
        {
            var found = CustomerSearch.FirstOfEach(
                ascending, PageSize + 1,
                requests.Where(r => r.Reference == asked || customers.Contains(r.CustomerId!.Value)).Select(r => r.Id),
                requests.Where(r => moving.Contains(r.Id)).Select(r => r.Id));
            return requests.Where(r => found.Contains(r.Id));
        }

        var named = db.Customers.Named(term).Select(c => c.Id);
        return requests.Where(r => named.Contains(r.CustomerId!.Value));
    }
}
