namespace SelfHelpPortal.Shared.Transfers;

/// <summary>Names the words of the pages of a transfer.</summary>
public sealed class TransferWords;
