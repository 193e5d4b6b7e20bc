using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Reports;

internal sealed record ListedCase(
    string Number, DateTimeOffset OpenedAt, FlagState State, CaseVerdict Verdict, string License, string CustomerNumber, string Customer);

/// <param name="Cases">Newest first.</param>
internal sealed record CasesView(IReadOnlyList<ListedCase> Cases, bool HasOlder);

/// <summary>The cases behind a figure, closed ones too.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ListCases(StaffReads reads, LocalTimes times)
{
    public const int PageSize = 25;

    /// <param name="period">When they were opened; null for all days.</param>
    /// <param name="verdict">What came of them; null for all.</param>
    /// <param name="olderThan">The last case of the page before.</param>
    public Task<StaffAnswer<CasesView>> ExecuteAsync(
        StaffActor actor, DayRange? period, CaseVerdict? verdict, string? olderThan, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ListCases), actor, audited: null, async db =>
            {
                var (from, until) = period?.In(times) ?? (DateTimeOffset.UnixEpoch, now);
                return await ReadAsync(db, from, until, verdict, olderThan, cancellationToken);
            }, now, cancellationToken);

    private async Task<CasesView?> ReadAsync(
        PortalDbContext db, DateTimeOffset from, DateTimeOffset until, CaseVerdict? verdict, string? olderThan,
        CancellationToken cancellationToken)
    {
        await using var search = await db.BeginSearchAsync(cancellationToken);
        var judged = new FigureQueries(db, times.Zone.Id).Judged(from, until);
        if (verdict?.ToString() is { } word)
        {
            judged = judged.Where(c => c.Verdict == word);
        }

        var found =
            from c in judged
            join f in db.Flags on c.Id equals f.Id
            select new { c.Verdict, Flag = f };
        if (await db.Flags.Where(f => f.Number == olderThan).Select(f => new { f.OpenedAt, f.Id })
                .SingleOrDefaultAsync(cancellationToken) is { } last)
        {
            found = found.Where(c => c.Flag.OpenedAt < last.OpenedAt || (c.Flag.OpenedAt == last.OpenedAt && c.Flag.Id < last.Id));
        }

        var rows = await (
            from c in found.OrderByDescending(c => c.Flag.OpenedAt).ThenByDescending(c => c.Flag.Id).Take(PageSize + 1)
            join license in db.Licenses on c.Flag.LicenseId equals license.Id
            join customer in db.Customers on license.CustomerId equals customer.Id
            orderby c.Flag.OpenedAt descending, c.Flag.Id descending
            select new { c.Flag.Number, c.Flag.OpenedAt, c.Flag.State, c.Verdict, License = license.Number, Customer = customer })
            .ToListAsync(cancellationToken);
        return new CasesView(
            [
                .. rows.Take(PageSize).Select(r => new ListedCase(
                    r.Number, r.OpenedAt, r.State, Enum.Parse<CaseVerdict>(r.Verdict), r.License, r.Customer.Number, r.Customer.Company)),
            ],
            rows.Count > PageSize);
    }
}
