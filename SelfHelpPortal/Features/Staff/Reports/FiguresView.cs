using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Features.Staff.Reports;

/// <summary>What came of a case.</summary>
internal enum CaseVerdict
{
    /// <summary>Not settled yet.</summary>
    Open,

    /// <summary>Two computers were used with one license.</summary>
    Right,

    /// <summary>The customer had done nothing wrong.</summary>
    Wrong,

    /// <summary>Closed, and nobody knows.</summary>
    Undecided,
}

/// <summary>A line of a figure.</summary>
internal sealed record Counted<T>(DayRange Period, IReadOnlyDictionary<T, int> Counts)
    where T : struct, Enum
{
    public int Total => Counts.Values.Sum();
}

/// <param name="Net">Of the invoices that stand, issued in that time.</param>
/// <param name="Median">From the order to the license; null when none came so far.</param>
internal sealed record RemedyFigures(TransferRemedy Remedy, int Orders, int Completed, Money Net, TimeSpan? Median);

/// <summary>A number of today, and how many were new in the time asked for and in as much time before.</summary>
internal sealed record Trend(int Now, int New, int Before);

internal sealed record FiguresView
{
    /// <summary>Ways that the customer went without the old PC.</summary>
    public static readonly IReadOnlyList<ReleaseMethod> Unproven = [ReleaseMethod.ActivationKey, ReleaseMethod.Account];

    public required int Days { get; init; }
    public required DayRange Period { get; init; }
    public required Trend Cases { get; init; }

    /// <summary>Orders that wait for staff.</summary>
    public required Trend Orders { get; init; }

    public required Trend FailedMails { get; init; }
    public required TimeSpan? Median { get; init; }
    public required TimeSpan? MedianBefore { get; init; }
    public required IReadOnlyList<Counted<ReleaseMethod>> Releases { get; init; }
    public required IReadOnlyList<Counted<CaseVerdict>> Verdicts { get; init; }
    public required IReadOnlyList<RemedyFigures> Remedies { get; init; }
    public required IReadOnlyDictionary<AppointmentState, int> Appointments { get; init; }
}
