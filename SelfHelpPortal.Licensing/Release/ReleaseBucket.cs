namespace SelfHelpPortal.Licensing.Release;

/// <summary>How many releases without proof are left, and when the next one comes back if none is.</summary>
/// <param name="Left">Free releases now, never below zero; null = unlimited.</param>
/// <param name="NextAt">When the next one is free (UTC); null while one is left.</param>
public readonly record struct ReleaseAllowance(int? Left, DateTimeOffset? NextAt)
{
    public bool IsUsedUp => Left == 0;
}

/// <summary>
/// A bucket that is full at first; each counted release takes one out, and one comes back every <see cref="ReleasePolicy.RefillDays"/>
/// counted from the moment it stopped being full. It may be overdrawn, since a release counts only when another computer takes the seat.
/// </summary>
public static class ReleaseBucket
{
    public static ReleaseAllowance At(DateTimeOffset now, ReleasePolicy policy, IEnumerable<DateTimeOffset> charges)
    {
        if (policy.AllowedUnproven is not { } capacity)
        {
            return new ReleaseAllowance(null, null);
        }

        var period = TimeSpan.FromDays(policy.RefillDays);
        var level = capacity;
        var refillFrom = DateTimeOffset.MinValue;
        foreach (var charge in charges.Order().TakeWhile(c => c <= now))
        {
            Refill(charge);
            if (level == capacity)
            {
                refillFrom = charge;
            }

            level--;
        }

        Refill(now);
        return level > 0
            ? new ReleaseAllowance(level, null)
            : new ReleaseAllowance(0, capacity == 0 ? null : refillFrom + (period * (1 - level)));

        void Refill(DateTimeOffset until)
        {
            while (level < capacity && refillFrom + period <= until)
            {
                level++;
                refillFrom += period;
            }
        }
    }

    /// <summary>
    /// Which of these releases would have been refused, had the policy held all along. A refused one takes nothing out of the bucket.
    /// </summary>
    public static IReadOnlyList<DateTimeOffset> Refused(ReleasePolicy policy, IEnumerable<DateTimeOffset> releases)
    {
        List<DateTimeOffset> free = [], refused = [];
        foreach (var release in releases.Order())
        {
            (At(release, policy, free).IsUsedUp ? refused : free).Add(release);
        }

        return refused;
    }
}
