namespace SelfHelpPortal.Licensing.Billing;

/// <summary>When an unpaid invoice is reminded of: 7, 21 and 35 days after it was due, at six in the morning where the vendor is.</summary>
public static class ReminderPlan
{
    public const int Levels = 3;

    private const int DaysBetween = 14;
    private static readonly int[] DaysAfterDue = [7, 21, 35];
    private static readonly TimeSpan TimeOfDay = TimeSpan.FromHours(6);

    /// <summary>The instant of the level after <paramref name="reached"/>; null after the last one.</summary>
    /// <param name="reached">0 to 3.</param>
    /// <param name="since">When that level was sent: a late reminder leaves the same time to pay as one in time.</param>
    public static DateTimeOffset? Next(DateOnly due, int reached, DateOnly? since, TimeZoneInfo zone)
    {
        if (reached >= Levels)
        {
            return null;
        }

        var planned = due.AddDays(DaysAfterDue[reached]);
        var day = since?.AddDays(DaysBetween) is { } earliest && earliest > planned ? earliest : planned;
        var local = day.ToDateTime(TimeOnly.MinValue) + TimeOfDay;
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
