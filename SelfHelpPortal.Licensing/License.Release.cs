using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Licensing;

/// <param name="IsRepetition">It had been released before; nothing was changed now.</param>
public readonly record struct Released(Activation Activation, bool IsRepetition);

public sealed partial class License
{
    /// <summary>The free releases without proof that are left.</summary>
    public ReleaseAllowance AllowanceAt(DateTimeOffset now, ReleasePolicy policy) =>
        ReleaseBucket.At(now, policy, _activations.Select(a => a.ChargedAt).OfType<DateTimeOffset>());

    /// <summary>Nothing of it can be released now: it is locked, suspended or revoked, or a release of it is being disputed.</summary>
    public bool AreReleasesStopped => (GetBlockingReason() ?? Freeze()) is not null;

    /// <summary>
    /// Which computer a release by key means: the only active one; else, when none is active, the one released last, so that a repetition
    /// shows the same result.
    /// </summary>
    public Outcome<Activation> ComputerToRelease(Guid? chosen)
    {
        if ((GetBlockingReason() ?? Freeze()) is { } standing)
        {
            return standing;
        }

        if (chosen is { } id)
        {
            return _activations.SingleOrDefault(a => a.Id == id) is { } activation ? activation : Refusal.Unknown;
        }

        return ActiveComputers.Take(2).ToList() switch
        {
            [var only] => only,
            [] => _activations.Where(a => a.State == ActivationState.Released).MaxBy(a => a.EndedAt) is { } last ? last : Refusal.NotActive,
            _ => Refusal.ChooseComputer,
        };
    }

    /// <summary>
    /// Takes the license off a computer. Repeating it changes nothing and succeeds. The computer's hardware is never asked for.
    /// </summary>
    /// <param name="confirmed">The owner has confirmed by the link in the mail, or is signed in.</param>
    /// <param name="goesOnUntil">The seat is free at once, and the computer goes on until then. Without effect for one that has proved to
    /// have given up the license.</param>
    public Outcome<Released> Release(
        Activation activation, ReleaseMethod method, ReleasePolicy policy, DateTimeOffset now, bool confirmed = false,
        DateTimeOffset? goesOnUntil = null)
    {
        if (activation.State == ActivationState.Excluded)
        {
            return Refusal.DeviceExcluded;
        }

        var overlaps = goesOnUntil is not null && !method.IsProven();
        if (!activation.IsActive || activation.IsOver(now) || (overlaps && activation.EndsAs == EndKind.Overlap))
        {
            return new Released(activation, IsRepetition: true);
        }

        if (overlaps && Temporary(now) is not null)
        {
            return Refusal.Conflict;
        }

        if ((GetBlockingReason() ?? Freeze()) is { } standing)
        {
            return standing;
        }

        // Ending sooner what ends by itself anyway gives nobody a seat: it costs nothing, but not everybody may do it.
        ReleaseGrant? grant = null;
        if (!activation.HasSeat && !method.IsProven() && !confirmed && policy.DeadPc != DeadPcRule.Immediate)
        {
            return policy.DeadPc == DeadPcRule.StaffOnly ? Refusal.StaffOnly : Refusal.ConfirmByMail;
        }

        if (activation.HasSeat && (!method.IsProven() || activation.IsProofDoubtful(now)))
        {
            grant = UsableGrant(now);
            var obstacle = method.IsProven()
                ? WithProof(activation, policy, now)
                : CheckUnprovenRelease(activation, policy, now, confirmed);
            if (grant is null && obstacle is { } refused)
            {
                return refused;
            }
        }

        if (grant is not null)
        {
            grant.UsedAt = now;
        }

        if (overlaps)
        {
            activation.Leave(goesOnUntil!.Value, method, byGrant: grant is not null);
            if (IsNear(activation, now))
            {
                activation.RemindOfEnd(now);
            }
        }
        else
        {
            End(activation, ActivationState.Released, now, method, byGrant: grant is not null || activation.ReleasedByGrant);
        }

        return new Released(activation, IsRepetition: false);
    }

    /// <summary>Whether a release without proof would go through now, without doing it; null when it would.</summary>
    public RefusalDetail? CheckUnprovenRelease(Activation activation, ReleasePolicy policy, DateTimeOffset now, bool confirmed)
    {
        switch (policy.DeadPc)
        {
            case DeadPcRule.StaffOnly:
                return new RefusalDetail(Refusal.StaffOnly);
            case DeadPcRule.PaidTransfer:
                return new RefusalDetail(Refusal.PaidTransfer);
        }

        var allowance = AllowanceAt(now, policy);
        if (allowance.IsUsedUp)
        {
            return new RefusalDetail(Refusal.LimitUsedUp, allowance.NextAt);
        }

        var heldUntil = activation.ActivatedAt.AddMinutes(policy.MinimumHoldMinutes);
        if (policy.MinimumHoldMinutes > 0 && now < heldUntil)
        {
            return new RefusalDetail(Refusal.TooSoon, heldUntil);
        }

        return policy.DeadPc == DeadPcRule.ConfirmByMail && !confirmed ? new RefusalDetail(Refusal.ConfirmByMail) : null;
    }

    /// <summary>
    /// Whether a release with a proof would go through now, without doing it; null when it would. For a day after the license was activated
    /// again on a computer that had it, a proof costs what a release without proof would cost. Where that is money, or more than is left,
    /// the customer waits until the proof counts in full.
    /// </summary>
    public RefusalDetail? WithProof(Activation activation, ReleasePolicy policy, DateTimeOffset now) =>
        activation.IsProofDoubtful(now) && UsableGrant(now) is null
        && (policy.DeadPc is DeadPcRule.StaffOnly or DeadPcRule.PaidTransfer || AllowanceAt(now, policy).IsUsedUp)
            ? new RefusalDetail(Refusal.ProofNotYet, activation.ProofCountsFrom)
            : null;

    private ReleaseGrant? UsableGrant(DateTimeOffset now) => _grants.Where(g => g.CanBeUsed(now)).MinBy(g => g.ExpiresAt);

    private RefusalDetail? Freeze() =>
        OpenFlag(FlagKind.Objection) is { } objection ? new RefusalDetail(Refusal.Frozen, CaseNumber: objection.Number) : null;

    /// <summary>
    /// The owner says a release was not theirs: further releases are frozen, and if nobody has had the seat since the old computer has it
    /// again as a new generation, unless that computer is locked or banned.
    /// </summary>
    public (Flag Flag, Activation? Restored) Object(
        Activation released, string? message, string newCaseNumber, ActivationSecrets secrets, HardwarePolicy policy, DateTimeOffset now)
    {
        var flag = OpenFlag(FlagKind.Objection);
        if (flag is null)
        {
            flag = new Flag { Number = newCaseNumber, LicenseId = Id, Kind = FlagKind.Objection, OpenedAt = now, Message = message };
            _flags.Add(flag);
        }

        if (released.EndsAs == EndKind.Loan)
        {
            if (released.IsActive)
            {
                End(released, ActivationState.Released, now, ReleaseMethod.Ended);
            }

            return (flag, null);
        }

        if (released.EndsAs == EndKind.Overlap && released.IsActive)
        {
            if (State == LicenseState.Active && ActiveOn(released.Seat) is null)
            {
                released.LiftEnd();
                return (flag, released);
            }

            return (flag, null);
        }

        var mayNotHaveIt = _activations.Any(a => (a.State == ActivationState.Excluded || IsComputerLocked(a))
            && a.HardwareCode.Match(released.HardwareCode, policy.Points).Matches);
        if (State != LicenseState.Active || released.State != ActivationState.Released || LastOn(released.Seat) != released || mayNotHaveIt)
        {
            return (flag, null);
        }

        var restored = Take(released.Seat, new Computer(released.HardwareCode, released.PcName, released.AppVersion), secrets,
            isSame: a => a == released, now);
        released.RestoreAs(restored);
        return (flag, restored);
    }
}
