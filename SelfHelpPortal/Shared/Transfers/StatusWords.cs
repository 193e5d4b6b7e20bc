namespace SelfHelpPortal.Shared.Transfers;

/// <summary>Names the words of the pages about the status of a transfer.</summary>
public sealed class StatusWords;
