using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Ownership;

/// <summary>A saved view of the list. Its words stand in the address.</summary>
internal enum OwnerQueue
{
    /// <summary>Staff decide.</summary>
    Review,

    /// <summary>The customer has been asked.</summary>
    Customer,

    /// <summary>Somebody has to agree.</summary>
    Confirmation,
    Closed,
}

/// <param name="StatedLicense">As typed, where it belongs to no license.</param>
internal sealed record FoundOwnerChange(
    string Reference, OwnerChangeKind Kind, OwnerChangeState State, DateTimeOffset SentAt, DateTimeOffset ChangedAt, string? LicenseNumber,
    string? StatedLicense, string? Present, string Wanted);

/// <param name="Changes">The oldest first while something is to be done, else the newest.</param>
/// <param name="Counts">Of what is to be done; what is over only grows, and nobody needs its number.</param>
internal sealed record OwnerChangesView(
    IReadOnlyList<FoundOwnerChange> Changes, IReadOnlyDictionary<OwnerQueue, int> Counts, bool HasMore);

/// <summary>Changes of licensees, by what they wait for.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SearchOwnerChanges(StaffReads reads)
{
    public const int PageSize = 50;

    public Task<StaffAnswer<OwnerChangesView>> ExecuteAsync(
        StaffActor actor, OwnerQueue queue, int page, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<OwnerChangesView>(
            typeof(SearchOwnerChanges), actor, audited: null, async db => await ReadAsync(db, queue, page, cancellationToken), now,
            cancellationToken);

    public static OwnerChangeState[] StatesOf(OwnerQueue queue) => queue switch
    {
        OwnerQueue.Review => [OwnerChangeState.InReview],
        OwnerQueue.Customer => [OwnerChangeState.NeedsAnswer],
        OwnerQueue.Confirmation => [OwnerChangeState.AwaitingConfirmation],
        OwnerQueue.Closed =>
            [OwnerChangeState.Completed, OwnerChangeState.Declined, OwnerChangeState.Withdrawn, OwnerChangeState.Expired],
    };

    private static async Task<OwnerChangesView> ReadAsync(
        PortalDbContext db, OwnerQueue queue, int page, CancellationToken cancellationToken)
    {
        // What was never sent is nobody's business.
        var sent = db.OwnerChanges.AsNoTracking().Where(c => c.SentAt != null);
        var work = Enum.GetValues<OwnerQueue>().Where(q => q != OwnerQueue.Closed).ToList();
        OwnerChangeState[] open = [.. work.SelectMany(StatesOf)];
        var byState = await sent.Where(c => open.Contains(c.State)).GroupBy(c => c.State).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var counts = work.ToDictionary(q => q, q => StatesOf(q).Sum(s => byState.GetValueOrDefault(s)));
        var states = StatesOf(queue);
        var found = sent.Where(c => states.Contains(c.State));

        // Ids grow with time.
        found = queue == OwnerQueue.Closed ? found.OrderByDescending(c => c.Id) : found.OrderBy(c => c.Id);
        var rows = await found.Skip(page * PageSize).Take(PageSize + 1).Select(c => new
        {
            Change = c,
            License = db.Licenses.Where(l => l.Id == c.LicenseId).Select(l => l.Number).SingleOrDefault(),
            Present = db.Customers.Where(k => k.Id == c.CustomerId).Select(k => k.Company).SingleOrDefault(),
        }).ToListAsync(cancellationToken);
        return new OwnerChangesView(
            [.. rows.Take(PageSize).Select(r => new FoundOwnerChange(
                r.Change.Reference, r.Change.Kind, r.Change.State, r.Change.SentAt!.Value, r.Change.ChangedAt, r.License,
                r.Change.StatedLicense, r.Present, r.Change.Licensee.Company))],
            counts,
            rows.Count > PageSize);
    }
}
