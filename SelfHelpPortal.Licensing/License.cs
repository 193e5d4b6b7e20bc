using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;

namespace SelfHelpPortal.Licensing;

/// <summary>
/// One purchase of a product by a customer: a key, a number of seats, and the computers that have used them.
/// Every change of state of a license or an activation goes through here (rules: domain.md).
/// </summary>
public sealed partial class License
{
    private readonly List<Activation> _activations = [];
    private readonly List<ReleaseGrant> _grants = [];
    private readonly List<Flag> _flags = [];
    private Guid _customerId;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary><c>L-1043</c></summary>
    public required string Number { get; init; }

    /// <summary><c>S-XXXXX-XXXXX</c>, a name given by the vendor; alone it releases and shows nothing.</summary>
    public string? Serial { get; set; }

    public required string ProductId { get; init; }

    /// <summary>Who has it now; <see cref="PassTo"/> changes it.</summary>
    public required Guid CustomerId
    {
        get => _customerId;
        init => _customerId = value;
    }

    public required int Seats { get; set; }
    public LicenseState State { get; private set; }

    /// <summary>End of a license that is limited in time (UTC); null = for good.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>End of the subscription; the license itself goes on.</summary>
    public DateOnly? MaintenanceUntil { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// When staff allowed computers of which too few parts can be read to tell them from others (UTC); null = they are refused.
    /// </summary>
    public DateTimeOffset? FewPartsAllowedAt { get; private set; }

    public required StoredKey Key { get; init; }

    public IReadOnlyList<Activation> Activations => _activations;
    public IReadOnlyList<ReleaseGrant> Grants => _grants;

    /// <summary>The open cases; resolved ones need not be loaded.</summary>
    public IReadOnlyList<Flag> Flags => _flags;

    public Flag? OpenFlag(FlagKind kind) => _flags.SingleOrDefault(f => f.Kind == kind && f.IsOpen);

    /// <summary>The computers that use the license now.</summary>
    public IEnumerable<Activation> ActiveComputers => _activations.Where(a => a.IsActive);

    /// <summary>What stops every customer's act on this license, before the act itself is looked at.</summary>
    private RefusalDetail? GetBlockingReason() => State switch
    {
        LicenseState.Revoked => new RefusalDetail(Refusal.Revoked),
        LicenseState.Suspended => new RefusalDetail(Refusal.Suspended),
        LicenseState.Locked => new RefusalDetail(Refusal.Locked, CaseNumber: OpenFlag(FlagKind.Sighting)?.Number),
        LicenseState.Active => null,
    };

    /// <summary>The computer beside those that have the seats: one on loan, or an old one that goes on for some days.</summary>
    public Activation? Temporary(DateTimeOffset now) => ActiveComputers.FirstOrDefault(a => a.EndsAt > now);

    private Activation? ActiveOn(int seat) => _activations.SingleOrDefault(a => a.Seat == seat && a.HasSeat);

    /// <summary>Ends a computer's use; whatever depended on that use is put right with it.</summary>
    private void End(Activation activation, ActivationState state, DateTimeOffset now, ReleaseMethod? method = null, bool byGrant = false)
    {
        activation.End(state, now, method, byGrant);
        PutRightAfter(activation, now);
    }

    private void PutRightAfter(Activation ended, DateTimeOffset now)
    {
        if (ended.EndsAs == EndKind.Loan && ActiveOn(ended.Seat) is { } repaired)
        {
            repaired.Pause(null);
        }
        else if (ended.EndsAs == EndKind.Overlap && LastOn(ended.Seat) != ended)
        {
            // Another computer has had the seat since; it could not be told then how this one would end.
            ended.Charge(now);
        }
    }
}

/// <summary>An activation key as it is kept: found by keyed hashes, readable only through the secrets of the portal.</summary>
public sealed class StoredKey
{
    /// <summary>HMAC of the normalized key; unique.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>HMAC of the key with look-alike symbols folded, for "Did you mean".</summary>
    public required byte[] FoldedHash { get; set; }

    /// <summary>Which pepper made the hashes.</summary>
    public required string PepperId { get; set; }

    public required byte[] Sealed { get; set; }

    /// <summary>For display and staff search.</summary>
    public required string LastFive { get; init; }
}
