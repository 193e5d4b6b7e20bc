namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>The acts that the page of a transfer request offers.</summary>
internal sealed record TransferPageActs(
    SettleTransfer.SettleTransfer Settle,
    WaiveFee.WaiveFee Waive,
    IssueLicense.IssueLicense Issue,
    AskCustomer.AskCustomer Ask,
    DeclineTransfer.DeclineTransfer Decline,
    IdentifyLicense.IdentifyLicense Identify,
    FindDeadComputer Find,
    RecordVatIdCheck.RecordVatIdCheck CheckVatId);
