using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Licensing;

/// <summary>What only staff do. The reason is kept by the event of each act.</summary>
public sealed partial class License
{
    /// <summary>
    /// Resolves a case. A locked license goes on; the computers of the case stay locked themselves, and being seen again locks nothing
    /// else.
    /// </summary>
    /// <param name="cause">What it turned out to be; of an objection nobody asks.</param>
    /// <param name="verdict">What the portal had taken it for.</param>
    public Outcome<Flag> Unlock(Flag flag, DateTimeOffset now, FlagCause? cause = null, FlagCause? verdict = null)
    {
        if (!flag.IsOpen || flag.LicenseId != Id)
        {
            return Refusal.Conflict;
        }

        flag.Resolve(cause, verdict, now);
        foreach (var computer in flag.Computers)
        {
            _activations.Single(a => a.Id == computer.ActivationId).Settle(now);
        }

        if (State == LicenseState.Locked && OpenFlag(FlagKind.Sighting) is null)
        {
            State = LicenseState.Active;
        }

        return flag;
    }

    /// <summary>
    /// Opens a resolved case again. Its computers are no longer settled; the license goes on until they are seen again.
    /// </summary>
    /// <param name="flag">Resolved ones are not loaded with the license.</param>
    public Outcome<Flag> Reopen(Flag flag, DateTimeOffset now)
    {
        if (flag.IsOpen || flag.LicenseId != Id || State == LicenseState.Revoked || _flags.Any(f => f.IsOpen))
        {
            return Refusal.Conflict;
        }

        flag.Reopen(now);
        foreach (var computer in flag.Computers)
        {
            _activations.Single(a => a.Id == computer.ActivationId).Settle(null);
        }

        return flag;
    }

    public Outcome<License> Suspend() => Change(LicenseState.Suspended, State is LicenseState.Active or LicenseState.Locked);

    /// <summary>Ends a suspension; a license with an open lock is locked again.</summary>
    public Outcome<License> Resume() => Change(
        OpenFlag(FlagKind.Sighting)?.Stage == FlagStage.LicenseLocked ? LicenseState.Locked : LicenseState.Active,
        State == LicenseState.Suspended);

    public Outcome<License> Revoke(DateTimeOffset now)
    {
        foreach (var computer in ActiveComputers.ToList())
        {
            End(computer, ActivationState.Released, now, ReleaseMethod.Ended);
        }

        return Change(LicenseState.Revoked, State != LicenseState.Revoked);
    }

    /// <summary>Bans a computer from this license for good; the seat it uses now becomes free.</summary>
    /// <returns>The activation named and, if that was a former one, the one the same computer uses now.</returns>
    public Outcome<IReadOnlyList<Activation>> Exclude(Activation activation, HardwarePolicy policy, DateTimeOffset now)
    {
        if (activation.State == ActivationState.Excluded)
        {
            return Refusal.Conflict;
        }

        var excluded = ActiveComputers.Where(a => a.HardwareCode.Match(activation.HardwareCode, policy.Points).Matches)
            .Prepend(activation)
            .Distinct()
            .ToList();
        foreach (var computer in excluded)
        {
            var used = computer.IsActive;
            computer.Exclude(now);
            if (used)
            {
                PutRightAfter(computer, now);
            }
        }

        return excluded;
    }

    /// <summary>Releases for the customer; it never counts against the free releases.</summary>
    public Outcome<Activation> ReleaseByStaff(Activation activation, DateTimeOffset now)
    {
        if (State == LicenseState.Revoked || !activation.IsActive)
        {
            return Refusal.Conflict;
        }

        End(activation, ActivationState.Released, now, ReleaseMethod.Staff, activation.ReleasedByGrant);
        return activation;
    }

    public Outcome<ReleaseGrant> Grant(string reason, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        if (State == LicenseState.Revoked || expiresAt <= now)
        {
            return Refusal.Conflict;
        }

        var grant = new ReleaseGrant { LicenseId = Id, GrantedAt = now, ExpiresAt = expiresAt, Reason = reason };
        _grants.Add(grant);
        return grant;
    }

    /// <summary>Lets computers use this license of which too few parts can be read to tell them from others.</summary>
    public Outcome<License> AllowFewParts(DateTimeOffset now)
    {
        if (State == LicenseState.Revoked || FewPartsAllowedAt is not null)
        {
            return Refusal.Conflict;
        }

        FewPartsAllowedAt = now;
        return this;
    }

    private Outcome<License> Change(LicenseState to, bool allowed)
    {
        if (!allowed)
        {
            return Refusal.Conflict;
        }

        State = to;
        return this;
    }
}
