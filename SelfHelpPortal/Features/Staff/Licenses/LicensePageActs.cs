namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>The acts that the license page offers.</summary>
internal sealed record LicensePageActs(
    SuspendLicense.SuspendLicense Suspend,
    ResumeLicense.ResumeLicense Resume,
    RevokeLicense.RevokeLicense Revoke,
    ReleaseForCustomer.ReleaseForCustomer Release,
    ExcludeDevice.RequestExclusion RequestExclusion,
    ExcludeDevice.ApproveExclusion ApproveExclusion,
    ExcludeDevice.DeclineExclusion DeclineExclusion,
    GrantRelease.GrantRelease Grant,
    AllowFewParts.AllowFewParts AllowFewParts);
