using System.Globalization;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>An amount in whole cents. The portal bills in one currency.</summary>
public readonly record struct Money(long Cents) : IComparable<Money>
{
    /// <summary>ISO 4217.</summary>
    public const string Currency = "EUR";

    /// <summary>The same in units of the currency, with two decimals.</summary>
    public decimal Amount => decimal.Divide(Cents, 100m) + 0.00m;

    public static Money operator +(Money left, Money right) => new(checked(left.Cents + right.Cents));

    public static Money operator -(Money left, Money right) => new(checked(left.Cents - right.Cents));

    public static Money operator -(Money money) => new(checked(-money.Cents));

    public static Money operator *(Money money, int times) => new(checked(money.Cents * times));

    public static bool operator <(Money left, Money right) => left.Cents < right.Cents;

    public static bool operator >(Money left, Money right) => left.Cents > right.Cents;

    public static bool operator <=(Money left, Money right) => left.Cents <= right.Cents;

    public static bool operator >=(Money left, Money right) => left.Cents >= right.Cents;

    /// <summary>
    /// This share of the amount, rounded half away from zero to the cent: 97.50 at 19 % is 18.53. The only place where money is rounded.
    /// </summary>
    public Money Percent(decimal percent) => new((long)decimal.Round(Cents * percent / 100m, 0, MidpointRounding.AwayFromZero));

    /// <summary>False when the amount has parts of a cent, or is beyond what is billed.</summary>
    /// <param name="amount">In units of the currency.</param>
    public static bool TryFrom(decimal amount, out Money money)
    {
        var isWhole = Math.Abs(amount) < 1_000_000_000_000m && decimal.Truncate(amount * 100m) == amount * 100m;
        money = isWhole ? new Money((long)(amount * 100m)) : default;
        return isWhole;
    }

    public int CompareTo(Money other) => Cents.CompareTo(other.Cents);

    /// <summary>As files write it: <c>83.30</c>.</summary>
    public override string ToString() => Amount.ToString("0.00", CultureInfo.InvariantCulture);
}
