using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>
/// Days in the vendor's zone that a list or a figure is about, the last one included. In an address they are "from" and "to".
/// </summary>
public readonly record struct DayRange(DateOnly First, DateOnly Last)
{
    public int Days => Last.DayNumber - First.DayNumber + 1;

    /// <summary>As the first day stands in an address.</summary>
    public string From => IsoDay.Write(First);

    /// <summary>As the last day stands in an address.</summary>
    public string To => IsoDay.Write(Last);

    /// <summary>Null for anything that is not two days in their order: then the list is about all days.</summary>
    public static DayRange? Of(string? from, string? to) =>
        IsoDay.Read(from) is { } first && IsoDay.Read(to) is { } last && first <= last ? new DayRange(first, last) : null;

    /// <summary>When it begins, and when the day after it begins (UTC).</summary>
    internal (DateTimeOffset From, DateTimeOffset Until) In(LocalTimes times) => (times.BeginningOf(First), times.EndOf(Last));
}
