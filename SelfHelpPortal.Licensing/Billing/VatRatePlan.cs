namespace SelfHelpPortal.Licensing.Billing;

/// <summary>Why a tax rate cannot be set as asked.</summary>
public enum VatRateProblem
{
    /// <summary>Not above 0 and below 100 percent, or with more than two decimals.</summary>
    Percent,

    /// <summary>Today or before: invoices of these days show another rate.</summary>
    DayIsOver,

    /// <summary>There is no such planned rate.</summary>
    NotFound,
}

/// <summary>The plan that follows, or why there is none.</summary>
public readonly record struct VatRatePlanResult(VatRatePlan? Plan, VatRateProblem? Problem)
{
    public static implicit operator VatRatePlanResult(VatRatePlan plan) => new(plan, null);

    public static implicit operator VatRatePlanResult(VatRateProblem problem) => new(null, problem);
}

/// <summary>The German standard rates over time. Each holds until the next begins; only what has not begun can be changed.</summary>
public sealed class VatRatePlan
{
    /// <param name="rates">Of one country and category.</param>
    public VatRatePlan(IEnumerable<VatRate> rates) => Rates = [.. rates.OrderBy(r => r.ValidFrom)];

    /// <summary>In the order of their days.</summary>
    public IReadOnlyList<VatRate> Rates { get; }

    /// <summary>The rate of that day; null before the first one.</summary>
    public VatRate? On(DateOnly day) => Rates.LastOrDefault(r => r.ValidFrom <= day);

    /// <summary>A rate from a day on. One that is planned for the same day gives way.</summary>
    public VatRatePlanResult Set(decimal percent, DateOnly from, DateOnly today)
    {
        // Hundredths, as of an amount.
        if (percent is <= 0 or >= 100 || !Money.TryFrom(percent, out _))
        {
            return VatRateProblem.Percent;
        }

        return from <= today
            ? VatRateProblem.DayIsOver
            : new VatRatePlan(Rates.Where(r => r.ValidFrom != from).Append(
                new VatRate { Country = Countries.Germany, Category = VatRate.Standard, ValidFrom = from, Percent = percent }));
    }

    /// <summary>Takes a planned rate back, so that the one before it holds on.</summary>
    public VatRatePlanResult TakeBack(DateOnly from, DateOnly today)
    {
        if (from <= today)
        {
            return VatRateProblem.DayIsOver;
        }

        return Rates.Any(r => r.ValidFrom == from)
            ? new VatRatePlan(Rates.Where(r => r.ValidFrom != from))
            : VatRateProblem.NotFound;
    }
}
