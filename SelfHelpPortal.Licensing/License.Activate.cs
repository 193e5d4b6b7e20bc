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
public readonly record struct Activated(Activation Activation, bool IsNew);

public sealed partial class License
{
    /// <summary>Binds a seat to a computer; the same computer gets the activation it has.</summary>
    public Outcome<Activated> Activate(Computer computer, ActivationSecrets secrets, HardwarePolicy policy, DateTimeOffset now)
    {
        bool IsSame(Activation a) => a.HardwareCode.Match(computer.HardwareCode, policy.ComponentsNeeded).Matches;

        if (Bars(IsSame, now) is { } bars)
        {
            return bars;
        }

        if (ActiveComputers.FirstOrDefault(IsSame) is { } existing)
        {
            // A code with parts that could not be read this time is not learned: two such codes may have nothing in common.
            if (existing.HardwareCode.Match(computer.HardwareCode, policy.ComponentsNeeded).Drift)
            {
                existing.HardwareCode = computer.HardwareCode;
            }

            existing.PcName = computer.PcName ?? existing.PcName;
            existing.AppVersion = computer.AppVersion ?? existing.AppVersion;
            return new Activated(existing, IsNew: false);
        }

        return FreeSeat(IsSame) is { } seat
            ? new Activated(Take(seat, computer, secrets, IsSame, now), IsNew: true)
            : Refusal.TooManyActivations;
    }

    /// <summary>What keeps a computer off this license, whatever seats are free.</summary>
    private RefusalDetail? Bars(Func<Activation, bool> isSame, DateTimeOffset now)
    {
        if (_activations.Any(a => a.State == ActivationState.Excluded && isSame(a)))
        {
            return new RefusalDetail(Refusal.DeviceExcluded);
        }

        if (Standing() is { } standing)
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
            else if (last.EndedAt is { } ended && ended < freeSince)
            {
                freeSince = ended;
                longestFree = seat;
            }
        }

        return unused ?? longestFree;
    }

    /// <summary>The owner's own name for a computer; it stays with the computer when that comes back as a new activation. Empty: none.</summary>
    public void NameComputer(Activation activation, string? name) => activation.OwnName = string.IsNullOrWhiteSpace(name) ? null : name.Trim();

    private Activation? LastOn(int seat) => _activations.Where(a => a.Seat == seat).MaxBy(a => a.ActivatedAt);

    private Activation Take(int seat, Computer computer, ActivationSecrets secrets, Func<Activation, bool> isSame, DateTimeOffset now)
    {
        var last = LastOn(seat);
        if (last is not null && !isSame(last))
        {
            last.Charge(now);
        }

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
