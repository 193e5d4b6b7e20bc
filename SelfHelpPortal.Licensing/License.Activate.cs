using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Licensing;

/// <summary>The computer that asks for the license.</summary>
public sealed record Computer(HardwareCode HardwareCode, string? PcName, string? AppVersion);

/// <summary>What the caller made at random for a new activation.</summary>
/// <param name="Handle">13 symbols.</param>
/// <param name="SealedReleaseSecret">The release secret, encrypted for the record <paramref name="Id"/>.</param>
public readonly record struct ActivationSecrets(Guid Id, string Handle, byte[] SealedReleaseSecret);

/// <param name="IsNew">False when this computer was active already, which counts as nothing.</param>
/// <param name="Replaced">The activation whose place this one has taken, when the computer was active under a similar hardware
/// code.</param>
/// <param name="EndLifted">It was to end by itself, and its seat has become free: now it has the seat.</param>
public readonly record struct Activated(Activation Activation, bool IsNew, Activation? Replaced = null, bool EndLifted = false);

public sealed partial class License
{
    /// <summary>
    /// Binds a seat to a computer. A computer that is active under exactly this hardware code keeps its activation. One that is active
    /// under a similar code gets a new generation on its seat, because a release secret is never handed out on likeness alone.
    /// </summary>
    public Outcome<Activated> Activate(Computer computer, ActivationSecrets secrets, HardwarePolicy policy, DateTimeOffset now)
    {
        bool IsSame(Activation a) => a.HardwareCode.Match(computer.HardwareCode, policy.Points).Matches;

        bool Counts(Activation a) => !a.IsOver(now);

        if ((Bars(IsSame, now) ?? TooFewParts(computer)) is { } refused)
        {
            return refused;
        }

        // Of a computer that has a seat and one that is to end by itself, the first is meant.
        var present = ActiveComputers.Where(Counts).OrderByDescending(a => a.HasSeat).ToList();
        if (present.FirstOrDefault(a => a.HardwareCode == computer.HardwareCode && !a.HardwareCode.HasFewParts) is { } known)
        {
            known.PcName = computer.PcName ?? known.PcName;
            known.AppVersion = computer.AppVersion ?? known.AppVersion;
            known.Reactivate(now);
            return new Activated(known, IsNew: false, EndLifted: KeepIfFree(known, IsSame, now));
        }

        // An old computer that goes on for some days does so as it is; changed, it needs a seat like any other.
        if (present.FirstOrDefault(a => IsSame(a) && (a.EndsAs != EndKind.Overlap || ActiveOn(a.Seat) is null)) is { } similar)
        {
            var lifted = KeepIfFree(similar, IsSame, now);
            var paused = similar.PausedUntil;
            var named =
                computer with { PcName = computer.PcName ?? similar.PcName, AppVersion = computer.AppVersion ?? similar.AppVersion };
            similar.End(ActivationState.Superseded, now);
            var next = similar.EndsAt is null
                ? Take(similar.Seat, named, secrets, IsSame, now)
                : Add(similar.Seat, named, secrets, IsSame, now).AsLoan(similar.EndsAt.Value, similar.EndRemindedAt);
            next.Pause(paused);
            next.Reactivate(now);
            return new Activated(next, IsNew: false, similar, lifted);
        }

        return FreeSeat(IsSame) is { } seat
            ? new Activated(Take(seat, computer, secrets, IsSame, now), IsNew: true)
            : Refusal.TooManyActivations;
    }

    private RefusalDetail? TooFewParts(Computer computer) => computer.HardwareCode.HasFewParts && FewPartsAllowedAt is null
        ? new RefusalDetail(Refusal.FewParts) { ReadableParts = computer.HardwareCode.Parts }
        : null;

    /// <summary>What keeps a computer off this license, whatever seats are free.</summary>
    private RefusalDetail? Bars(Func<Activation, bool> isSame, DateTimeOffset now)
    {
        if (_activations.Any(a => a.State == ActivationState.Excluded && isSame(a)))
        {
            return new RefusalDetail(Refusal.DeviceExcluded);
        }

        if (GetBlockingReason() is { } standing)
        {
            return standing;
        }

        if (OpenFlag(FlagKind.Sighting) is { } flag && _activations.Any(a => IsLockedBy(flag, a) && isSame(a)))
        {
            return new RefusalDetail(Refusal.Locked, CaseNumber: flag.Number);
        }

        return ExpiresAt <= now ? new RefusalDetail(Refusal.Expired) : null;
    }

    /// <summary>
    /// The seat this computer had, if it is still free; else one that was never used, else the one that has been free longest,
    /// so that an honest old computer of a license with several seats does not look like a second user.
    /// </summary>
    private int? FreeSeat(Func<Activation, bool> isSame)
    {
        int? longestFree = null;
        int? unused = null;
        var freeSince = DateTimeOffset.MaxValue;
        for (var seat = 1; seat <= Seats; seat++)
        {
            if (ActiveOn(seat) is not null)
            {
                continue;
            }

            if (LastOn(seat) is not { } last)
            {
                unused ??= seat;
            }
            else if (isSame(last))
            {
                return seat;
            }
            else if ((last.EndedAt ?? last.EndsAt) is { } ended && ended < freeSince)
            {
                // An old computer that goes on has given up the seat, but there the next one is most likely to be its successor.
                freeSince = ended;
                longestFree = seat;
            }
        }

        return unused ?? longestFree;
    }

    /// <summary>
    /// The owner's own name for a computer; it stays with the computer when that comes back as a new activation. Empty: none.
    /// </summary>
    public void NameComputer(Activation activation, string? name) =>
        activation.OwnName = string.IsNullOrWhiteSpace(name) ? null : name.Trim();

    /// <summary>The seat of a computer that was to end by itself has become free: it has the seat from now on.</summary>
    private bool KeepIfFree(Activation computer, Func<Activation, bool> isSame, DateTimeOffset now)
    {
        if (computer.EndsAt is null || ActiveOn(computer.Seat) is not null)
        {
            return false;
        }

        // A release without proof counts now as it does for every computer that takes a seat.
        if (LastOn(computer.Seat) is { } last && !isSame(last))
        {
            last.Charge(now);
        }

        computer.LiftEnd();
        return true;
    }

    /// <summary>The last that had the seat; a computer on loan never had it.</summary>
    private Activation? LastOn(int seat) =>
        _activations.Where(a => a.Seat == seat && a.EndsAs != EndKind.Loan).MaxBy(a => a.ActivatedAt);

    private Activation Take(int seat, Computer computer, ActivationSecrets secrets, Func<Activation, bool> isSame, DateTimeOffset now)
    {
        var last = LastOn(seat);
        if (last is not null && !isSame(last))
        {
            last.Charge(now);
        }

        return Add(seat, computer, secrets, isSame, now);
    }

    private Activation Add(int seat, Computer computer, ActivationSecrets secrets, Func<Activation, bool> isSame, DateTimeOffset now)
    {
        var last = _activations.Where(a => a.Seat == seat).MaxBy(a => a.ActivatedAt);
        var activation = new Activation
        {
            Id = secrets.Id,
            LicenseId = Id,
            Seat = seat,
            Generation = ((last?.Generation ?? 0) % 255) + 1,
            Handle = secrets.Handle,
            SealedReleaseSecret = secrets.SealedReleaseSecret,
            HardwareCode = computer.HardwareCode,
            PcName = computer.PcName,
            OwnName = _activations.Where(isSame).MaxBy(a => a.ActivatedAt)?.OwnName,
            AppVersion = computer.AppVersion,

            // The generations of a seat are told apart by their time: a clock that was set back must not turn them round.
            ActivatedAt = last is null || last.ActivatedAt < now ? now : last.ActivatedAt.AddTicks(TimeSpan.TicksPerMicrosecond),
        };
        _activations.Add(activation);
        return activation;
    }
}
