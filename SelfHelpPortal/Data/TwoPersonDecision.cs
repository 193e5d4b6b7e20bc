namespace SelfHelpPortal.Data;

/// <summary>What became of something that one person asks for and another one decides.</summary>
internal enum TwoPersonDecision
{
    Approved,
    Declined,

    /// <summary>By whoever had asked.</summary>
    Withdrawn,

    /// <summary>Nobody decided in time.</summary>
    Expired,
}

/// <summary>What one person asks for and another one decides.</summary>
internal interface ITwoPersonRequest
{
    Guid RequestedBy { get; }

    /// <summary>From then on it can no longer be approved.</summary>
    DateTimeOffset ExpiresAt { get; }

    TwoPersonDecision? Decision { get; set; }
    Guid? DecidedBy { get; set; }
    DateTimeOffset? DecidedAt { get; set; }
}
