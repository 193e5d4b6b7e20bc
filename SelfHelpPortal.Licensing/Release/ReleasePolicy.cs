namespace SelfHelpPortal.Licensing.Release;

/// <summary>What a customer may do who cannot prove that the old computer gave up its license.</summary>
public enum DeadPcRule
{
    /// <summary>Released at once; the owner is told and can object.</summary>
    Immediate,

    /// <summary>The owner confirms by a link in a mail.</summary>
    ConfirmByMail,
    PaidTransfer,
    StaffOnly,
}

/// <summary>A product's rule for releases without proof (domain.md, policies).</summary>
public sealed record ReleasePolicy
{
    public DeadPcRule DeadPc { get; init; } = DeadPcRule.ConfirmByMail;

    /// <summary>Size of the bucket of free releases without proof; null = unlimited.</summary>
    public int? AllowedUnproven { get; init; } = 2;

    /// <summary>Days until one free release comes back.</summary>
    public int RefillDays { get; init; } = 180;

    /// <summary>Minutes a computer keeps its license before it may be released without proof.</summary>
    public int MinimumHoldMinutes { get; init; } = 60;

    /// <summary>Hours in which the owner may object to a release.</summary>
    public int ObjectionHours { get; init; } = 24;
}
