namespace SelfHelpPortal.Features.Portal.Transfers;

/// <summary>Names the words of the customer's pages about orders.</summary>
public sealed class TransfersWords;
