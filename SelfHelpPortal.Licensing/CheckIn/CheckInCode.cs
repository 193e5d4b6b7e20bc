namespace SelfHelpPortal.Licensing.CheckIn;

/// <summary>What a check-in is answered, in order of precedence: if several apply, the first one is said (api.md).</summary>
public enum CheckInCode
{
    DeviceExcluded,
    Revoked,
    Suspended,
    LockedIllegal,
    Superseded,
    ReleasedStillUsed,
    Released,
    Expired,
    HardwareMismatch,

    /// <summary>
    /// Valid for a while: beyond the end of a limited license for the grace days, or in a locked one by an emergency code.
    /// </summary>
    ValidGrace,

    /// <summary>Valid; parts of the computer changed within the tolerance.</summary>
    ValidDrift,
    Valid,
}

public static class CheckInCodes
{
    public static bool IsValid(this CheckInCode code) => code is CheckInCode.Valid or CheckInCode.ValidDrift or CheckInCode.ValidGrace;

    /// <summary>The word of the protocol; it never changes.</summary>
    public static string Wire(this CheckInCode code) => code switch
    {
        CheckInCode.DeviceExcluded => "DEVICE_EXCLUDED",
        CheckInCode.Revoked => "REVOKED",
        CheckInCode.Suspended => "SUSPENDED",
        CheckInCode.LockedIllegal => "LOCKED_ILLEGAL",
        CheckInCode.Superseded => "SUPERSEDED",
        CheckInCode.ReleasedStillUsed => "RELEASED_STILL_USED",
        CheckInCode.Released => "RELEASED",
        CheckInCode.Expired => "EXPIRED",
        CheckInCode.HardwareMismatch => "HARDWARE_MISMATCH",
        CheckInCode.ValidGrace => "VALID_GRACE",
        CheckInCode.ValidDrift => "VALID_DRIFT",
        CheckInCode.Valid => "VALID",
    };
}
