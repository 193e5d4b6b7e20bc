using System.Globalization;

namespace SelfHelpPortal.Features.Staff.Reports;

/// <summary>A time as it is talked about.</summary>
/// <param name="Unit">A key of <see cref="ReportStrings"/>: the largest unit of which there are two.</param>
internal readonly record struct RoughTime(string Unit, string Number)
{
    public static RoughTime? Of(TimeSpan? time, CultureInfo culture) => time switch
    {
        null => null,
        { TotalDays: >= 2 } days => new("InDays", days.TotalDays.ToString("0.#", culture)),
        { TotalHours: >= 2 } hours => new("InHours", hours.TotalHours.ToString("0.#", culture)),
        { } minutes => new("InMinutes", Math.Ceiling(minutes.TotalMinutes).ToString(culture)),
    };
}
