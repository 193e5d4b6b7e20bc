using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing;

/// <summary>
/// Every reason why an act is refused, in order of precedence: if several apply, the first one is said.
/// The list is closed; pages and the API switch over it completely.
/// </summary>
public enum Refusal
{
    /// <summary>The computer's clock is too far off for its proof to be judged; looked at before anything else.</summary>
    ClockSkew,

    /// <summary>Too many wrong guesses; <see cref="RefusalDetail.NextAllowedAt"/> says when to try again.</summary>
    TooManyTries,

    /// <summary>No license has this key, or no activation this handle and proof. Unknown, wrong and foreign are one answer.</summary>
    Unknown,

    /// <summary>The key is right and belongs to another product.</summary>
    WrongProduct,

    /// <summary>This computer was banned.</summary>
    DeviceExcluded,

    /// <summary>The license has ended for good.</summary>
    Revoked,

    /// <summary>Staff have suspended the license.</summary>
    Suspended,

    /// <summary>License or computer is locked because of a flag; only staff unlock.</summary>
    Locked,

    /// <summary>The owner objected to a release; nothing is released until that case is resolved.</summary>
    Frozen,

    /// <summary>The license was limited in time and is over.</summary>
    Expired,

    /// <summary>No computer uses the license and none did.</summary>
    NotActive,

    /// <summary>Several computers are active and the caller has to say which one is meant.</summary>
    ChooseComputer,

    /// <summary>The verification code belongs to no activation of this key.</summary>
    WrongCode,

    /// <summary>The product lets only staff release without proof.</summary>
    StaffOnly,

    /// <summary>The product moves a license from a dead PC by a paid transfer.</summary>
    PaidTransfer,

    /// <summary>The free releases are used up; <see cref="RefusalDetail.NextAllowedAt"/> says when the next is free.</summary>
    LimitUsedUp,

    /// <summary>
    /// The computer was activated too short a time ago; <see cref="RefusalDetail.NextAllowedAt"/> says when it may be released.
    /// </summary>
    TooSoon,

    /// <summary>
    /// The license was activated again on this computer a short time ago, and the policy charges for releases without proof;
    /// <see cref="RefusalDetail.NextAllowedAt"/> says when its proof counts.
    /// </summary>
    ProofNotYet,

    /// <summary>The owner has to confirm by the link in a mail first.</summary>
    ConfirmByMail,

    /// <summary>
    /// Too few parts of the computer can be read to tell it from others; <see cref="RefusalDetail.ReadableParts"/> says which.
    /// </summary>
    FewParts,

    /// <summary>All seats are in use.</summary>
    TooManyActivations,

    /// <summary>The state has changed meanwhile, or the act makes no sense in it.</summary>
    Conflict,

    /// <summary>What would be issued breaks a rule of invoices; <see cref="RefusalDetail.BrokenRules"/> says which.</summary>
    InvoiceInvalid,
}

/// <summary>What a refusal can add, so that the page or program can name the next way out.</summary>
/// <param name="NextAllowedAt">When the same act would be allowed (UTC).</param>
/// <param name="CaseNumber">The flag that stands in the way, <c>F-…</c>.</param>
public readonly record struct RefusalDetail(Refusal Refusal, DateTimeOffset? NextAllowedAt = null, string? CaseNumber = null)
{
    /// <summary>
    /// With <see cref="Refusal.FewParts"/>: the kinds of parts that could be read, of <see cref="HardwareComponents.Kinds"/>.
    /// </summary>
    public IReadOnlyList<string> ReadableParts { get; init; } = [];

    /// <summary>Of an invoice that cannot be issued, for staff.</summary>
    public IReadOnlyList<BrokenRule>? BrokenRules { get; init; }
}
