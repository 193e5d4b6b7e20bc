namespace SelfHelpPortal.Data;

/// <summary>
/// A computer is excluded for good only when two people want it: one asks, another one, an administrator, decides. Why it is asked for
/// stands in the event <see cref="EventKind.ExclusionRequested"/>.
/// </summary>
internal sealed class ExclusionRequest : ITwoPersonRequest
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }
    public required Guid LicenseId { get; init; }
    public required Guid ActivationId { get; init; }
    public required Guid RequestedBy { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>From then on it can no longer be approved.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public TwoPersonDecision? Decision { get; set; }
    public Guid? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
}
