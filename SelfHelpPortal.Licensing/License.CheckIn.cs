using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing;

public sealed partial class License
{
    public CheckInFacts FactsOf(Activation activation, HardwareCode hardware, HardwarePolicy policy) => new()
    {
        License = State,
        ExpiresAt = ExpiresAt,
        Activation = activation.State,
        EndsAt = activation.EndsAt,
        RanOut = activation.RanOut,
        PausedUntil = activation.PausedUntil,
        ComputerLocked = IsComputerLocked(activation),
        SeatTakenByAnother = TakerOf(activation, hardware, policy) is not null,
        Hardware = activation.HardwareCode.MatchNow(hardware, policy.Points),
        EmergencyUntil = _emergencyGrants.Where(g => g.ActivationId == activation.Id).Select(g => (DateTimeOffset?)g.ValidUntil).Max(),
    };

    /// <summary>
    /// The other computer that is active on the seat this one had. None when the computer itself came back, on that seat or on another:
    /// neither the code it reports nor the one it was activated with may be that of an active one. None either when it ended by itself:
    /// nobody said that it was not used any more, and it is told so now.
    /// </summary>
    private Activation? TakerOf(Activation activation, HardwareCode hardware, HardwarePolicy policy)
    {
        bool CameBackAs(Activation a) =>
            a.HardwareCode.Match(hardware, policy.Points).Matches
            || a.HardwareCode.Match(activation.HardwareCode, policy.Points).Matches;

        return activation.IsActive || activation.RanOut || ActiveComputers.Any(CameBackAs) ? null : ActiveOn(activation.Seat);
    }

    /// <summary>
    /// Records that a released or superseded computer was used beside the one that took its seat, and lets the policy act.
    /// Null when that is not proven (security.md, the false-flag rule) or the computer's case is settled.
    /// </summary>
    public UsageConflict? DetectConcurrentUse(
        Activation activation,
        HardwareCode hardware,
        ProductPolicies policies,
        SightingCircumstances circumstances,
        string newCaseNumber,
        DateTimeOffset now)
    {
        if (activation.State is not (ActivationState.Released or ActivationState.Superseded)
            || activation.SettledAt is not null
            || State is LicenseState.Suspended or LicenseState.Revoked
            || SignedBefore(activation.EndedAt, circumstances.SignedAt)
            || TakerOf(activation, hardware, policies.Hardware) is not { } taker)
        {
            return null;
        }

        var flag = OpenFlag(FlagKind.Sighting);
        if (flag is null)
        {
            flag = new Flag { Number = newCaseNumber, LicenseId = Id, Kind = FlagKind.Sighting, OpenedAt = now };
            _flags.Add(flag);
        }

        var computer = flag.Computer(activation.Id, taker.Id, now, out var isNew);
        var due = NextStage(computer, policies.Flag, circumstances.WithinBusinessHours, now);
        var held = due >= FlagStage.ComputerLocked && !circumstances.LocksAllowed;
        FlagStage? reached = held ? null : due;
        if (reached is { } stage)
        {
            computer.Raise(stage, now);
            flag.Raise(stage);
            if (stage == FlagStage.LicenseLocked && State == LicenseState.Active)
            {
                State = LicenseState.Locked;
            }
        }

        // A computer that is new and could not be locked is still news to its owner.
        return new UsageConflict(flag, isNew, reached ?? (isNew ? FlagStage.Noticed : null), held);
    }

    // A signature tells whole seconds. One of the second in which the release reached us has come after it, or we would not be here.
    private static bool SignedBefore(DateTimeOffset? ended, DateTimeOffset signedAt) =>
        ended is { } end && signedAt.ToUnixTimeSeconds() < end.ToUnixTimeSeconds();

    private static FlagStage? NextStage(FlaggedComputer computer, FlagPolicy policy, bool withinBusinessHours, DateTimeOffset now)
    {
        if (policy.Rule == FlagRule.Strict)
        {
            return computer.Stage == FlagStage.LicenseLocked ? null : FlagStage.LicenseLocked;
        }

        // A computer that is new in the case is at its first stage since now.
        var mayRise = computer.Stage < FlagStage.LicenseLocked
            && withinBusinessHours
            && now - computer.StageAt >= TimeSpan.FromHours(policy.HoursBetweenStages);
        return mayRise ? computer.Stage + 1 : null;
    }

    private bool IsComputerLocked(Activation activation) =>
        activation.SettledAt is not null || (OpenFlag(FlagKind.Sighting) is { } flag && IsLockedBy(flag, activation));

    private static bool IsLockedBy(Flag flag, Activation activation) =>
        flag.Computers.Any(c => c.ActivationId == activation.Id && c.Stage >= FlagStage.ComputerLocked);
}
