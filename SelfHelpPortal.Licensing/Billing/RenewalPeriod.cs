namespace SelfHelpPortal.Licensing.Billing;

/// <summary>From when to when a renewed subscription runs.</summary>
public static class RenewalPeriod
{
    /// <param name="oldEnd">The last day paid for so far; null or past: the renewal begins today.</param>
    /// <param name="months">At least one.</param>
    public static Period From(DateOnly? oldEnd, int months, DateOnly today)
    {
        var from = oldEnd >= today ? oldEnd.Value.AddDays(1) : today;
        return new Period(from, LastDay(from, months));
    }

    /// <summary>
    /// The last day of so many months. One that the last month does not have is that month's last (§§ 187(2), 188(2), (3) BGB).
    /// </summary>
    public static DateOnly LastDay(DateOnly from, int months)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(months, 1);
        var same = from.AddMonths(months);
        return same.Day == from.Day ? same.AddDays(-1) : same;
    }
}
