namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>The words of the form for a caller's order.</summary>
internal sealed class TransferEntryStrings;
