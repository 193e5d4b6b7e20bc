namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>The acts that the page of a case offers.</summary>
internal sealed record FlagPageActs(
    UnlockLicense Unlock,
    UnlockAndExclude UnlockAndExclude,
    AskAboutFlag Ask,
    ReopenCase Reopen,
    RequestIncident RequestIncident,
    ApproveIncident ApproveIncident,
    DeclineIncident DeclineIncident);
