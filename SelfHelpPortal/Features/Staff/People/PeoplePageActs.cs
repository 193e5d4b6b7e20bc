namespace SelfHelpPortal.Features.Staff.People;

/// <summary>The acts that the page of staff accounts offers.</summary>
internal sealed record PeoplePageActs(
    InviteStaff Invite,
    SendInvitation InviteAgain,
    ChangeStaffRole ChangeRole,
    DisableStaff Disable,
    EnableStaff Enable,
    RequestReset RequestReset,
    ApproveReset ApproveReset,
    DeclineReset DeclineReset);
