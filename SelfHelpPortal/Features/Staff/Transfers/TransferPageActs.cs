namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>The acts that the page of a transfer request offers.</summary>
internal sealed record TransferPageActs(
    SettleTransfer Settle,
    WaiveFee Waive,
    IssueLicense Issue,
    AskCustomer Ask,
    DeclineTransfer Decline,
    IdentifyLicense Identify,
    FindDeadComputer Find,
    RecordVatIdCheck CheckVatId,
    CorrectRecipient Correct);
