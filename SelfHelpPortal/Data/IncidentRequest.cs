using SelfHelpPortal.Licensing.CheckIn;

namespace SelfHelpPortal.Data;

/// <summary>
/// Several cases are resolved as one incident only when two people want it: one asks, another one, an administrator, decides. Why it is
/// asked for stands in the event <see cref="EventKind.IncidentRequested"/>.
/// </summary>
internal sealed class IncidentRequest : ITwoPersonRequest
{
    /// <summary>A node's own fault soon touches many; whoever decides has to be able to look through the list.</summary>
    public const int MostCases = 200;

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }

    /// <summary>Of the case that it was asked from: its history tells of it.</summary>
    public required Guid LicenseId { get; init; }

    /// <summary>The cases, that one first.</summary>
    public required Guid[] FlagIds { get; init; }

    /// <summary>What they turned out to be.</summary>
    public required FlagCause Cause { get; init; }

    public required Guid RequestedBy { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>From then on it can no longer be approved.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public TwoPersonDecision? Decision { get; set; }
    public Guid? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
}
