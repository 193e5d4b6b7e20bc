using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Reports;

/// <summary>What the last weeks came to. It counts and names nobody, so no read is noted.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowFigures(StaffReads reads, FigureReader figures, LocalTimes times)
{
    /// <summary>How many days can be looked back at.</summary>
    public static readonly int[] Ranges = [30, 90, 365];

    public Task<StaffAnswer<FiguresView>> ExecuteAsync(
        StaffActor actor, int days, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = times.Today(now);
        return reads.ReadAsync<FiguresView>(
            typeof(ShowFigures), actor, audited: null,
            async db => await figures.ReadAsync(db, new DayRange(today.AddDays(1 - days), today), cancellationToken), now,
            cancellationToken);
    }
}
