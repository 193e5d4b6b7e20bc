using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.CheckIn;

namespace SelfHelpPortal.Features.Staff.Reports;

internal sealed record DayRow(DateOnly Day, string Name, int Count);

/// <param name="Day">On which it was opened, in the vendor's zone.</param>
/// <param name="Verdict">The name of a <see cref="CaseVerdict"/>.</param>
internal sealed record JudgedCase(Guid Id, DateOnly Day, string Verdict);

/// <param name="Remedy">Null for all orders together.</param>
/// <param name="Seconds">Median from the order to the license.</param>
internal sealed record OrderRow(string? Remedy, int Orders, int Completed, double? Seconds);

internal sealed record NetRow(string Remedy, long Cents);

/// <summary>What the database counts itself: days in the vendor's zone, and medians.</summary>
internal sealed class FigureQueries(PortalDbContext db, string zone)
{
    public async Task<IReadOnlyList<DayRow>> ReleasesAsync(
        DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<DayRow>(
            $"""
             SELECT (ended_at AT TIME ZONE {zone})::date AS "Day", released_by AS "Name", count(*)::int AS "Count" FROM activation
             WHERE released_by IS NOT NULL AND ended_at >= {from} AND ended_at < {until} GROUP BY 1, 2
             """).ToListAsync(cancellationToken);

    /// <summary>
    /// What staff found out decides. Of objections nobody asks for the cause, and earlier releases have asked for none: those were right
    /// when a computer is banned, and wrong when its use was let go on.
    /// </summary>
    public IQueryable<JudgedCase> Judged(DateTimeOffset from, DateTimeOffset until) =>
        db.Database.SqlQuery<JudgedCase>(
            $"""
             SELECT f.id AS "Id", (f.opened_at AT TIME ZONE {zone})::date AS "Day",
                 CASE WHEN f.state <> 'Resolved' THEN 'Open' WHEN f.cause = ANY({NamesOf(CaseVerdict.Right)}) THEN 'Right'
                     WHEN f.cause = ANY({NamesOf(CaseVerdict.Wrong)}) THEN 'Wrong' WHEN f.cause IS NOT NULL THEN 'Undecided'
                     WHEN c.banned THEN 'Right' WHEN c.settled THEN 'Wrong' ELSE 'Undecided' END AS "Verdict"
             FROM flag f
             LEFT JOIN LATERAL (SELECT bool_or(a.state = 'Excluded') AS banned, bool_or(a.settled_at IS NOT NULL) AS settled
                 FROM flagged_computer s JOIN activation a ON a.id = s.activation_id WHERE s.flag_id = f.id) c ON true
             WHERE f.opened_at >= {from} AND f.opened_at < {until}
             """);

    public async Task<IReadOnlyList<DayRow>> VerdictsAsync(
        DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        await Judged(from, until).GroupBy(c => new { c.Day, c.Verdict })
            .Select(g => new DayRow(g.Key.Day, g.Key.Verdict, g.Count())).ToListAsync(cancellationToken);

    /// <summary>What a cause says of the case: it was right to stop two computers with one license, and nothing else.</summary>
    internal static CaseVerdict VerdictOf(FlagCause cause) => cause switch
    {
        FlagCause.SecondPc => CaseVerdict.Right,
        FlagCause.RepairedPc or FlagCause.RestoredImage or FlagCause.ClonedDisk or FlagCause.WrongTillReleased or FlagCause.OurFault =>
            CaseVerdict.Wrong,
        FlagCause.Other => CaseVerdict.Undecided,
    };

    private static string[] NamesOf(CaseVerdict verdict) =>
        [.. Enum.GetValues<FlagCause>().Where(cause => VerdictOf(cause) == verdict).Select(cause => cause.ToString())];

    /// <summary>Of the orders of that time, by remedy and together.</summary>
    public async Task<IReadOnlyList<OrderRow>> MediansAsync(
        DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<OrderRow>(
            $"""
             SELECT remedy AS "Remedy", count(*)::int AS "Orders", (count(*) FILTER (WHERE state = 'Completed'))::int AS "Completed",
                 percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - ordered_at)::float8)
                     FILTER (WHERE state = 'Completed') AS "Seconds"
             FROM transfer_request WHERE reference IS NOT NULL AND ordered_at >= {from} AND ordered_at < {until}
             GROUP BY GROUPING SETS ((remedy), ())
             """).ToListAsync(cancellationToken);

    /// <summary>Cents by remedy; what was cancelled is no revenue.</summary>
    public async Task<IReadOnlyDictionary<string, long>> NetsAsync(DayRange period, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<NetRow>(
            $"""
             SELECT r.remedy AS "Remedy", sum(i.net_cents)::bigint AS "Cents"
             FROM invoice i JOIN transfer_request r ON r.id = i.transfer_request_id
             WHERE i.kind = 'Invoice' AND i.state <> 'Cancelled' AND i.issue_date BETWEEN {period.First} AND {period.Last}
             GROUP BY r.remedy
             """).ToListAsync(cancellationToken)).ToDictionary(r => r.Remedy, r => r.Cents);
}
