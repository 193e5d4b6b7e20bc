using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing.CheckIn;

/// <summary>
/// Everything a check-in is decided by. The quick path reads it as one row, the aggregate makes it from itself; the rule is the same.
/// </summary>
public readonly record struct CheckInFacts
{
    public required LicenseState License { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    public required ActivationState Activation { get; init; }

    /// <summary>When the computer's use ends by itself.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>The computer's use has ended by itself.</summary>
    public bool RanOut { get; init; }

    /// <summary>Until when the license is lent to another computer instead.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>The old computer is locked by a flag, or was unlocked for others only.</summary>
    public required bool ComputerLocked { get; init; }

    /// <summary>Another computer is active on the seat this activation had.</summary>
    public required bool SeatTakenByAnother { get; init; }

    public required HardwareMatch Hardware { get; init; }

    /// <summary>Until when an emergency code lets this computer go on although the license is locked.</summary>
    public required DateTimeOffset? EmergencyUntil { get; init; }

    public CheckInCode Decide(DateTimeOffset now, int graceDays)
    {
        if (Activation == ActivationState.Excluded)
        {
            return CheckInCode.DeviceExcluded;
        }

        switch (License)
        {
            case LicenseState.Revoked:
                return CheckInCode.Revoked;
            case LicenseState.Suspended:
                return CheckInCode.Suspended;
            case LicenseState.Locked when !IsBridged(now):
                return CheckInCode.LockedIllegal;
            case LicenseState.Active or LicenseState.Locked when ComputerLocked:
                return CheckInCode.LockedIllegal;
        }

        if (Activation == ActivationState.Superseded)
        {
            return CheckInCode.Superseded;
        }

        if (RanOut || EndsAt <= now || now < PausedUntil)
        {
            return CheckInCode.Expired;
        }

        if (Activation == ActivationState.Released)
        {
            return SeatTakenByAnother ? CheckInCode.ReleasedStillUsed : CheckInCode.Released;
        }

        if (ExpiresAt is { } end && end.AddDays(graceDays) <= now)
        {
            return CheckInCode.Expired;
        }

        if (!Hardware.Matches)
        {
            return CheckInCode.HardwareMismatch;
        }

        if (ExpiresAt <= now || IsBridged(now))
        {
            return CheckInCode.ValidGrace;
        }

        return Hardware.Drift ? CheckInCode.ValidDrift : CheckInCode.Valid;
    }

    /// <summary>Whether only an emergency code lets this computer go on.</summary>
    public bool IsBridged(DateTimeOffset now) =>
        License == LicenseState.Locked && Activation == ActivationState.Active && now < EmergencyUntil;

    /// <summary>For <see cref="CheckInCode.ValidGrace"/>: until when.</summary>
    public DateTimeOffset? GraceEnds(DateTimeOffset now, int graceDays)
    {
        var ended = ExpiresAt <= now ? ExpiresAt?.AddDays(graceDays) : null;
        return IsBridged(now) && (ended is null || EmergencyUntil < ended) ? EmergencyUntil : ended;
    }
}
