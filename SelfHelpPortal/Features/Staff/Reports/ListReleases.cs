using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Reports;

/// <param name="Id">Of the activation that ended.</param>
internal sealed record ListedRelease(
    Guid Id, DateTimeOffset At, ReleaseMethod Method, string? PcName, string License, string CustomerNumber, string Customer);

/// <param name="Releases">Newest first.</param>
internal sealed record ReleasesView(IReadOnlyList<ListedRelease> Releases, bool HasOlder);

/// <summary>The releases behind a figure.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ListReleases(StaffReads reads, LocalTimes times)
{
    public const int PageSize = 25;

    /// <param name="period">Null for all days.</param>
    /// <param name="method">Null for all.</param>
    /// <param name="olderThan">The last one of the page before.</param>
    public Task<StaffAnswer<ReleasesView>> ExecuteAsync(
        StaffActor actor, DayRange? period, ReleaseMethod? method, Guid? olderThan, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ListReleases), actor, audited: null,
            db => ReadAsync(db, period, method, olderThan, cancellationToken), now, cancellationToken);

    private async Task<ReleasesView?> ReadAsync(
        PortalDbContext db, DayRange? period, ReleaseMethod? method, Guid? olderThan, CancellationToken cancellationToken)
    {
        await using var search = await db.BeginSearchAsync(cancellationToken);
        // A computer that goes on for some days beside the new one has its release before it, not behind.
        var released = db.Activations.AsNoTracking().Where(a => a.ReleasedBy != null && a.EndedAt != null);
        if (period?.In(times) is var (from, until))
        {
            released = released.Where(a => a.EndedAt >= from && a.EndedAt < until);
        }

        if (method is { } by)
        {
            released = released.Where(a => a.ReleasedBy == by);
        }

        if (await db.Activations.Where(a => a.Id == olderThan).Select(a => a.EndedAt).SingleOrDefaultAsync(cancellationToken) is { } last)
        {
            released = released.Where(a => a.EndedAt < last || (a.EndedAt == last && a.Id < olderThan));
        }

        var rows = await (
            from a in released.OrderByDescending(a => a.EndedAt).ThenByDescending(a => a.Id).Take(PageSize + 1)
            join license in db.Licenses on a.LicenseId equals license.Id
            join customer in db.Customers on license.CustomerId equals customer.Id
            orderby a.EndedAt descending, a.Id descending
            select new ListedRelease(
                a.Id, a.EndedAt!.Value, a.ReleasedBy!.Value, a.PcName, license.Number, customer.Number, customer.Company))
            .ToListAsync(cancellationToken);
        return new ReleasesView([.. rows.Take(PageSize)], rows.Count > PageSize);
    }
}
