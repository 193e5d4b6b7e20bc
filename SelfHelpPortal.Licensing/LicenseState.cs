namespace SelfHelpPortal.Licensing;

/// <summary>What a license is worth at the moment. <see cref="Revoked"/> is final.</summary>
public enum LicenseState
{
    Active,

    /// <summary>By a flag; staff unlock with a reason.</summary>
    Locked,

    /// <summary>By staff.</summary>
    Suspended,
    Revoked,
}

/// <summary>A binding of a license to a computer never becomes active again: coming back is a new generation.</summary>
public enum ActivationState
{
    Active,
    Released,

    /// <summary>A newer generation was made on the same seat without a release, for example by a transfer.</summary>
    Superseded,

    /// <summary>The computer was banned.</summary>
    Excluded,
}
