namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>The acts that the license page offers.</summary>
internal sealed record LicensePageActs(
    SuspendLicense Suspend,
    ReinstateLicense Resume,
    RevokeLicense Revoke,
    ReleaseForCustomer Release,
    RequestExclusion RequestExclusion,
    ApproveExclusion ApproveExclusion,
    DeclineExclusion DeclineExclusion,
    GrantRelease Grant,
    AllowFewParts AllowFewParts,
    GrantLoan GrantLoan,
    DeclineLoan DeclineLoan);
