namespace SelfHelpPortal.Licensing.Billing;

/// <summary>Why a price cannot be set as asked.</summary>
public enum PriceProblem
{
    /// <summary>Not above zero, or above <see cref="PricePlan.HighestNetCents"/>.</summary>
    Amount,

    /// <summary>Before today: what was sold is not sold again at another price.</summary>
    DayIsOver,

    /// <summary>A renewal without its months, a fee with some, or more than <see cref="PricePlan.LongestTermMonths"/>.</summary>
    Term,

    /// <summary>A name is missing or longer than <see cref="PricePlan.LongestName"/>; it stands on the invoice.</summary>
    Name,

    /// <summary>Somebody has ordered at the price that would have to go.</summary>
    Ordered,

    /// <summary>There is no such price.</summary>
    NotFound,
}

/// <summary>The plan that follows, or why there is none.</summary>
public readonly record struct PricePlanResult(PricePlan? Plan, PriceProblem? Problem)
{
    public static implicit operator PricePlanResult(PricePlan plan) => new(plan, null);

    public static implicit operator PricePlanResult(PriceProblem problem) => new(null, problem);
}

/// <summary>
/// The prices of one article over time: at most one a day. A change is a new plan; the old one stays as it was, and what an order has
/// taken from it stays in the order.
/// </summary>
public sealed class PricePlan
{
    public const long HighestNetCents = 1_000_000_00;
    public const int LongestTermMonths = 120;
    public const int LongestName = 200;

    /// <param name="entries">Of one article; they do not overlap.</param>
    public PricePlan(IEnumerable<PriceListEntry> entries) => Entries = [.. entries.OrderBy(e => e.ValidFrom)];

    /// <summary>In the order of their days.</summary>
    public IReadOnlyList<PriceListEntry> Entries { get; }

    /// <summary>The price of that day; null when the article is not sold then.</summary>
    public PriceListEntry? On(DateOnly day) => Entries.SingleOrDefault(e => Holds(e, day));

    /// <summary>
    /// The price holds from its day until the next planned one begins, and the one before it ends the day before. A price that begins on
    /// the same day gives way.
    /// </summary>
    /// <param name="price">The day on which it ends is set here.</param>
    /// <param name="isRenewal">Whether the article is a renewal, which has a term.</param>
    /// <param name="isOrdered">Whether somebody has ordered at a price, which is kept then.</param>
    public PricePlanResult Set(
        PriceListEntry price, bool isRenewal, DateOnly today, Func<PriceListEntry, bool> isOrdered)
    {
        if (ProblemOf(price, isRenewal) is { } problem)
        {
            return problem;
        }

        if (price.ValidFrom < today)
        {
            return PriceProblem.DayIsOver;
        }

        var replaced = Entries.FirstOrDefault(e => e.ValidFrom == price.ValidFrom);
        if (replaced is not null && isOrdered(replaced))
        {
            return PriceProblem.Ordered;
        }

        var next = Entries.FirstOrDefault(e => e.ValidFrom > price.ValidFrom);
        return new PricePlan(
            Entries.Where(e => e != replaced)
                .Select(e => Holds(e, price.ValidFrom) ? Until(e, price.ValidFrom.AddDays(-1)) : e)
                .Append(Until(price, next?.ValidFrom.AddDays(-1))));
    }

    /// <summary>What is wrong with a price by itself; null when nothing is.</summary>
    /// <param name="isRenewal">Whether the article is a renewal, which has a term.</param>
    public static PriceProblem? ProblemOf(PriceListEntry price, bool isRenewal)
    {
        if (price.NetCents is <= 0 or > HighestNetCents)
        {
            return PriceProblem.Amount;
        }

        if (isRenewal ? price.TermMonths is not (>= 1 and <= LongestTermMonths) : price.TermMonths is not null)
        {
            return PriceProblem.Term;
        }

        return IsName(price.NameDe) && IsName(price.NameEn) ? null : PriceProblem.Name;
    }

    /// <summary>Takes a price back: the one before it goes on in its place, where the two touched.</summary>
    /// <param name="isOrdered">Whether somebody has ordered at a price, which is kept then.</param>
    public PricePlanResult TakeBack(Guid id, DateOnly today, Func<PriceListEntry, bool> isOrdered)
    {
        if (Entries.FirstOrDefault(e => e.Id == id) is not { } gone)
        {
            return PriceProblem.NotFound;
        }

        if (gone.ValidFrom < today)
        {
            return PriceProblem.DayIsOver;
        }

        if (isOrdered(gone))
        {
            return PriceProblem.Ordered;
        }

        return new PricePlan(Entries.Where(e => e != gone)
            .Select(e => e.ValidUntil == gone.ValidFrom.AddDays(-1) ? Until(e, gone.ValidUntil) : e));
    }

    /// <summary>The article is sold on that day for the last time. What was planned for later goes.</summary>
    public PricePlanResult End(DateOnly lastDay, DateOnly today)
    {
        if (lastDay < today)
        {
            return PriceProblem.DayIsOver;
        }

        if (On(lastDay) is null)
        {
            return PriceProblem.NotFound;
        }

        return new PricePlan(Entries.Where(e => e.ValidFrom <= lastDay).Select(e => Holds(e, lastDay) ? Until(e, lastDay) : e));
    }

    private static bool Holds(PriceListEntry entry, DateOnly day) =>
        entry.ValidFrom <= day && (entry.ValidUntil is not { } last || last >= day);

    private static bool IsName(string name) => name.Trim().Length is > 0 and <= LongestName;

    private static PriceListEntry Until(PriceListEntry entry, DateOnly? lastDay) => new()
    {
        Id = entry.Id,
        ProductId = entry.ProductId,
        Sku = entry.Sku,
        NetCents = entry.NetCents,
        TermMonths = entry.TermMonths,
        ValidFrom = entry.ValidFrom,
        ValidUntil = lastDay,
        NameDe = entry.NameDe,
        NameEn = entry.NameEn,
    };
}
