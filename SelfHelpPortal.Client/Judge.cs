using SelfHelpPortal.Client.State;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;

namespace SelfHelpPortal.Client;

/// <summary>Says from what is stored, the computer and the time alone whether the program may run.</summary>
internal sealed class Judge(LicenseClientOptions options, VerificationKeys keys, HardwareCode hardware)
{
    public static readonly TimeSpan EmergencyTime = TimeSpan.FromHours(72);

    /// <summary>The portal's word for a license or computer that only staff unlock.</summary>
    public const string LockedIllegal = "LOCKED_ILLEGAL";

    /// <summary>
    /// The time to judge by. It never goes back: when the clock was set back, it runs on from the latest time seen, so that nobody gains or
    /// loses days by it; when the clock is right again, it counts again.
    /// </summary>
    public static ClientState Advance(ClientState state, DateTimeOffset clock)
    {
        var setBack = state.Latest - (clock + state.Offset) > TimeSpan.FromMinutes(10);
        var isRight = state.Offset > TimeSpan.Zero && clock >= state.Latest;
        var offset = isRight ? TimeSpan.Zero : setBack ? state.Latest - clock : state.Offset;
        var now = clock + offset;
        return state with
        {
            Offset = offset,
            Latest = now > state.Latest ? now : state.Latest,
            ClockWasSetBack = setBack || (state.ClockWasSetBack && !isRight)
        };
    }

    public LicenseStatus Of(ClientState stored, DateTimeOffset clock)
    {
        var state = Advance(stored, clock);
        if (state.License is null)
        {
            return state.Unconfirmed is not null ? new(LicenseCondition.Released, LicenseCodes.ReleasedHere)
                : state.IsActivating ? new(LicenseCondition.NoLicense, LicenseCodes.ActivationUnfinished)
                : new(LicenseCondition.NoLicense, state.Notice?.Code ?? LicenseCodes.NoLicense) { Message = state.Notice?.Message };
        }

        if (LicenseFile.Read(state.License, keys) is not { IsGenuine: true, Claims: { } file } || file.Product != options.Product
            || state.HasEnded(file.Handle, file.Generation))
        {
            return new(LicenseCondition.Damaged, LicenseCodes.BadFile);
        }

        return Of(state, file, state.Latest) with
        {
            License = new(file.LicenseNumber, file.Customer, file.KeyLastFive, file.Seats, file.Edition, file.Features,
                file.MaintenanceUntil, EndOf(file)),
            NextCheckIn = options.CheckInsRequired ? state.NextCheckIn : null,
        };
    }

    private LicenseStatus Of(ClientState state, LicenseFile file, DateTimeOffset now)
    {
        if (!HardwareCode.TryParse(file.HardwareCode, out var made, out _) || !IsOf(made, hardware))
        {
            return new(LicenseCondition.AnotherComputer, LicenseCodes.AnotherComputer);
        }

        if (state.Notice is { Valid: false } notice)
        {
            var emergencyEnd = state.EmergencySince + EmergencyTime;
            return notice.Code == LockedIllegal && now < emergencyEnd
                ? new(LicenseCondition.Warning, LicenseCodes.Emergency)
                {
                    Message = notice.Message,
                    CaseNumber = notice.CaseNumber,
                    UsableUntil = emergencyEnd
                }
                : new(notice.Code == LockedIllegal ? LicenseCondition.Locked : notice.Code == "EXPIRED" ? LicenseCondition.Expired
                    : LicenseCondition.Blocked, notice.Code)
                {
                    Message = notice.Message,
                    CaseNumber = notice.CaseNumber,
                };
        }

        var end = StopOf(file);
        if (now >= end)
        {
            return new(LicenseCondition.Expired, "EXPIRED");
        }

        var goodAt = state.GoodAt ?? file.IssuedAt;
        DateTimeOffset? outOfTouch = options.CheckInsRequired ? goodAt.AddDays(file.CheckIn.EveryDays + file.CheckIn.GraceDays) : null;
        if (now >= outOfTouch)
        {
            return new(LicenseCondition.OutOfTouch, LicenseCodes.OutOfTouch);
        }

        var until = end is null || outOfTouch < end ? outOfTouch : end;
        var warning = now >= EndOf(file) ? LicenseCodes.EndsSoon
            : state.ClockWasSetBack ? LicenseCodes.ClockSetBack
            : state.Notice is null && options.CheckInsRequired && now >= goodAt.AddDays(file.CheckIn.EveryDays) ? LicenseCodes.CheckInDue
            : state.Notice?.Code ?? (hardware.HasFewParts ? LicenseCodes.FewParts : null);
        return warning is null
            ? new(LicenseCondition.Valid, LicenseCodes.Valid) { UsableUntil = until }
            : new(LicenseCondition.Warning, warning) { UsableUntil = until, Message = state.Notice?.Message };
    }

    /// <summary>
    /// Whether a license for the computer with the first code is this computer's. The same evidence decides at the portal, there with the
    /// product's own points, which hold as soon as it is asked.
    /// </summary>
    public static bool IsOf(HardwareCode licensed, HardwareCode present) => licensed.MatchNow(present, HardwareCode.DefaultPoints).Matches;

    /// <summary>When the software stops: a limited license has its grace days, one that is lent has none.</summary>
    private static DateTimeOffset? StopOf(LicenseFile file) =>
        EndOf(file)?.AddDays(file.Temporary is null ? file.CheckIn.GraceDays : 0);

    /// <summary>Of a limited license.</summary>
    public static DateTimeOffset? EndOf(LicenseFile file) => file.ExpiresAt ?? file.Temporary?.Until;
}
