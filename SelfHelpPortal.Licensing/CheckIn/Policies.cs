using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing.CheckIn;

public enum FlagRule
{
    /// <summary>The first contradiction locks the license.</summary>
    Strict,

    /// <summary>
    /// First a mail, then the old computer, then the license, each at least <see cref="FlagPolicy.HoursBetweenStages"/> apart.
    /// </summary>
    Staged,
}

/// <summary>What follows when a released computer is used beside the one that took its seat.</summary>
public sealed record FlagPolicy
{
    public FlagRule Rule { get; init; } = FlagRule.Staged;

    public int HoursBetweenStages { get; init; } = 24;

    /// <summary>The breaker: at most this many automatic locks an hour, or 1 % of the product's active licenses if that is more.</summary>
    public int LocksPerHour { get; init; } = 5;

    /// <summary>
    /// A customer whose license is locked may fetch one emergency code a year. <see cref="FlagRule.Strict"/> allows none: there only staff
    /// unlock.
    /// </summary>
    public bool EmergencyCode { get; init; } = true;

    public bool GrantsEmergencyCode => EmergencyCode && Rule != FlagRule.Strict;
}

/// <summary>How alike two hardware codes must be to mean one computer.</summary>
public sealed record HardwarePolicy
{
    /// <summary>
    /// What equal parts must weigh: board UUID, board serial, disk and network card 1 point each, the machine id of the system a half.
    /// </summary>
    public decimal Points { get; init; } = HardwareCode.DefaultPoints;
}

/// <summary>
/// How often the licensed software asks, and how long it goes on without an answer or after the end of a limited license.
/// </summary>
public sealed record CheckInPolicy
{
    public int EveryDays { get; init; } = 7;
    public int GraceDays { get; init; } = 14;
}

/// <summary>
/// The vendor's hours on weekdays, in the vendor's time zone. Nothing is locked automatically outside them, so that somebody can help.
/// </summary>
public sealed record BusinessHours
{
    public TimeOnly From { get; init; } = new(8, 0);
    public TimeOnly Until { get; init; } = new(17, 0);

    /// <param name="local">The moment as the clock on the vendor's wall shows it.</param>
    public bool Contains(DateTime local) =>
        local.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && TimeOnly.FromDateTime(local) is var t && t >= From && t < Until;
}
