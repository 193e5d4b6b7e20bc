using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Licensing;

/// <summary>Why a computer uses a license for a while only, beside the one that has the seat.</summary>
public enum EndKind
{
    /// <summary>It stands in for a computer that is being repaired.</summary>
    Loan,

    /// <summary>The license has moved to another computer, and the old one goes on for some days.</summary>
    Overlap,
}

/// <summary>A license bound to one computer, on one seat.</summary>
public sealed class Activation
{
    /// <summary>How long after the license was activated again a proof of release is not believed in full.</summary>
    public const int HoursOfDoubt = 24;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid LicenseId { get; init; }

    /// <summary>1 to the number of seats.</summary>
    public required int Seat { get; init; }

    /// <summary>Counted per seat: 1 to 255, then 1 again.</summary>
    public required int Generation { get; init; }

    /// <summary>13 symbols, new for each activation; the name the licensed software uses.</summary>
    public required string Handle { get; init; }

    public required HardwareCode HardwareCode { get; set; }
    public string? PcName { get; set; }

    /// <summary>What its owner calls the computer.</summary>
    public string? OwnName { get; internal set; }

    public string? AppVersion { get; set; }
    public required DateTimeOffset ActivatedAt { get; init; }

    /// <summary>The release secret as it is stored, encrypted; the domain never opens it.</summary>
    public required byte[] SealedReleaseSecret { get; init; }

    public ActivationState State { get; private set; }

    /// <summary>When it was released, superseded or excluded (UTC).</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public ReleaseMethod? ReleasedBy { get; private set; }

    /// <summary>When the release was counted: the moment another computer took the seat after a release without proof.</summary>
    public DateTimeOffset? ChargedAt { get; private set; }

    /// <summary>The release was one that staff granted, so it never counts.</summary>
    public bool ReleasedByGrant { get; private set; }

    /// <summary>
    /// The new generation of the same computer, after a successful objection or when a loan became a transfer; its check-in hands over that
    /// license.
    /// </summary>
    public Guid? RestoredAsId { get; private set; }

    /// <summary>Staff resolved a flag about this activation: it stays locked, and being seen again locks nothing else.</summary>
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>
    /// When it ends by itself (UTC), of a computer that uses the license beside the one that has its seat; null = it has the seat.
    /// </summary>
    public DateTimeOffset? EndsAt { get; private set; }

    /// <summary>Why it has an end.</summary>
    public EndKind? EndsAs { get; private set; }

    /// <summary>When its owner was reminded of the end (UTC).</summary>
    public DateTimeOffset? EndRemindedAt { get; private set; }

    /// <summary>Until when it may not be used because the license is lent to another computer meanwhile (UTC).</summary>
    public DateTimeOffset? PausedUntil { get; private set; }

    /// <summary>When the license was last activated again while this computer had it (UTC).</summary>
    public DateTimeOffset? ReactivatedAt { get; private set; }

    /// <summary>From when on a proof of release counts in full (UTC); null = always.</summary>
    public DateTimeOffset? ProofCountsFrom => ReactivatedAt?.AddHours(HoursOfDoubt);

    public bool IsActive => State == ActivationState.Active;

    /// <summary>It is one of those that are never more than the seats of the license.</summary>
    public bool HasSeat => IsActive && EndsAt is null;

    /// <summary>Its time is up, whether that has been noted yet or not.</summary>
    public bool IsOver(DateTimeOffset now) => IsActive && EndsAt <= now;

    /// <summary>It has ended by itself at its end: nobody has released it, so being seen again is no contradiction.</summary>
    public bool RanOut => State == ActivationState.Released && EndedAt >= EndsAt;

    public bool IsPaused(DateTimeOffset now) => IsActive && now < PausedUntil;

    /// <summary>
    /// Whoever has the key and the computer's hardware code gets the release secret by activating again. For a while, a proof made with it
    /// says no more than the key does.
    /// </summary>
    public bool IsProofDoubtful(DateTimeOffset now) => now < ProofCountsFrom;

    internal void Reactivate(DateTimeOffset now) => ReactivatedAt = now;

    internal void End(ActivationState state, DateTimeOffset now, ReleaseMethod? method = null, bool byGrant = false)
    {
        State = state;
        EndedAt = now;
        ReleasedBy = method;
        ReleasedByGrant = byGrant;
    }

    /// <summary>A former activation keeps when and how it ended.</summary>
    internal void Exclude(DateTimeOffset now)
    {
        State = ActivationState.Excluded;
        EndedAt ??= now;
    }

    /// <summary>Once, by the computer that takes the seat next: that one is the last of the seat from then on.</summary>
    internal void Charge(DateTimeOffset now)
    {
        var isUnproven = ReleasedBy is ReleaseMethod.ActivationKey or ReleaseMethod.Account or ReleaseMethod.Staff
            || (ReleasedBy is { } method && method.IsProven() && EndedAt is { } ended && IsProofDoubtful(ended));
        if (State == ActivationState.Released && isUnproven && !ReleasedByGrant)
        {
            ChargedAt = now;
        }
    }

    /// <summary>Gives up the seat now and goes on until the end.</summary>
    internal void Leave(DateTimeOffset endsAt, ReleaseMethod method, bool byGrant)
    {
        (EndsAt, EndsAs, ReleasedBy, ReleasedByGrant) = (endsAt, EndKind.Overlap, method, byGrant);
    }

    /// <param name="remindedAt">When its owner was reminded of this end before.</param>
    internal Activation AsLoan(DateTimeOffset endsAt, DateTimeOffset? remindedAt = null)
    {
        (EndsAt, EndsAs, EndRemindedAt) = (endsAt, EndKind.Loan, remindedAt);
        return this;
    }

    /// <summary>It has the seat for good.</summary>
    internal void LiftEnd() => (EndsAt, EndsAs, EndRemindedAt, ReleasedBy, ReleasedByGrant) = (null, null, null, null, false);

    internal void RemindOfEnd(DateTimeOffset now) => EndRemindedAt = now;

    internal void Pause(DateTimeOffset? until) => PausedUntil = until;

    internal void RestoreAs(Activation newer) => RestoredAsId = newer.Id;

    internal void Settle(DateTimeOffset? at) => SettledAt = at;
}
