namespace SelfHelpPortal.Data;

/// <summary>
/// Password and second factor are taken from a colleague only when two administrators want it, neither of them the colleague: one asks,
/// another one approves. Otherwise one stolen sign-in of an administrator would be enough to get into every account.
/// </summary>
internal sealed class StaffReset : ITwoPersonRequest
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }

    /// <summary>Whose account it is.</summary>
    public required Guid UserId { get; init; }

    public required Guid RequestedBy { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>From then on it can no longer be approved.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>For whoever decides.</summary>
    public required string Reason { get; init; }

    public TwoPersonDecision? Decision { get; set; }

    /// <summary>Null as long as nobody has decided, and for good when nobody did in time.</summary>
    public Guid? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }
}
