using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Reports;

/// <summary>Counts what some days came to, for the page and for the weekly mail.</summary>
internal sealed class FigureReader(LocalTimes times)
{
    public async Task<FiguresView> ReadAsync(PortalDbContext db, DayRange period, CancellationToken cancellationToken)
    {
        var days = period.Days;
        var (from, until) = (times.BeginningOf(period.First), times.EndOf(period.Last));
        var earlier = times.BeginningOf(period.First.AddDays(-days));
        var counts = new FigureQueries(db, times.Zone.Id);
        var failed = db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Failed);
        var ordered = db.Transfers.Where(r => r.Reference != null);
        var medians = await counts.MediansAsync(from, until, cancellationToken);
        var nets = await counts.NetsAsync(period, cancellationToken);
        return new FiguresView
        {
            Days = days,
            Period = period,
            Cases = new Trend(
                await db.Set<Flag>().CountAsync(f => f.State != FlagState.Resolved, cancellationToken),
                await db.Set<Flag>().CountAsync(f => f.OpenedAt >= from && f.OpenedAt < until, cancellationToken),
                await db.Set<Flag>().CountAsync(f => f.OpenedAt >= earlier && f.OpenedAt < from, cancellationToken)),
            Orders = new Trend(
                await SearchTransfers.CountForReviewAsync(db, cancellationToken),
                await ordered.CountAsync(r => r.OrderedAt >= from && r.OrderedAt < until, cancellationToken),
                await ordered.CountAsync(r => r.OrderedAt >= earlier && r.OrderedAt < from, cancellationToken)),
            FailedMails = new Trend(
                await failed.CountAsync(cancellationToken),
                await failed.CountAsync(m => m.CreatedAt >= from && m.CreatedAt < until, cancellationToken),
                await failed.CountAsync(m => m.CreatedAt >= earlier && m.CreatedAt < from, cancellationToken)),
            Median = TimeOf(medians.Single(m => m.Remedy is null)),
            MedianBefore = TimeOf((await counts.MediansAsync(earlier, from, cancellationToken)).Single(m => m.Remedy is null)),
            Releases = Lines<ReleaseMethod>(
                PeriodsOf(period, days switch { <= 30 => 1, <= 90 => 7, _ => 30 }),
                await counts.ReleasesAsync(from, until, cancellationToken)),
            Verdicts = Lines<CaseVerdict>(
                PeriodsOf(period, days <= 90 ? 7 : 30), await counts.VerdictsAsync(from, until, cancellationToken)),
            Remedies =
            [
                .. Enum.GetValues<TransferRemedy>().Select(remedy =>
                {
                    var row = medians.SingleOrDefault(m => m.Remedy == remedy.ToString());
                    return new RemedyFigures(
                        remedy, row?.Orders ?? 0, row?.Completed ?? 0, new Money(nets.GetValueOrDefault(remedy.ToString())),
                        row is null ? null : TimeOf(row));
                }),
            ],
            Appointments = await db.Appointments.Where(a => a.StartsAt >= from && a.StartsAt < until).GroupBy(a => a.State)
                .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken),
        };
    }

    private static TimeSpan? TimeOf(OrderRow row) => row.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>From the newest day back, so that only the oldest of them may be shorter.</summary>
    private static List<DayRange> PeriodsOf(DayRange whole, int length)
    {
        List<DayRange> periods = [];
        for (var last = whole.Last; last >= whole.First; last = last.AddDays(-length))
        {
            var first = last.AddDays(1 - length);
            periods.Insert(0, new DayRange(first < whole.First ? whole.First : first, last));
        }

        return periods;
    }

    private static IReadOnlyList<Counted<T>> Lines<T>(List<DayRange> periods, IReadOnlyList<DayRow> rows)
        where T : struct, Enum =>
    [
        .. periods.Select(period => new Counted<T>(
            period,
            rows.Where(r => r.Day >= period.First && r.Day <= period.Last).GroupBy(r => Enum.Parse<T>(r.Name))
                .ToDictionary(g => g.Key, g => g.Sum(r => r.Count)))),
    ];
}
