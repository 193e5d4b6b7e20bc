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
