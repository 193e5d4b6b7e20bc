namespace SelfHelpPortal.Data.Accounts;

/// <summary>
/// One sign-in in one browser, as its owner finds it under "Where you are signed in". The cookie names it; once ended, the cookie opens
/// nothing.
/// </summary>
internal sealed class UserSession
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>When the person last proved who they are.</summary>
    public required DateTimeOffset SignedInAt { get; set; }

    /// <summary>Written down once an hour at most.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The network (IPv4 /24, IPv6 /48).</summary>
    public required string Network { get; set; }

    /// <summary>In words: <c>Firefox, Windows</c>. Empty when the browser does not say.</summary>
    public required string Browser { get; set; }

    public required SignInStrength Strength { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}
