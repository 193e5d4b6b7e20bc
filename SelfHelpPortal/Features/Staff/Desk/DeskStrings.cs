namespace SelfHelpPortal.Features.Staff.Desk;

/// <summary>Names the words of the work list.</summary>
public sealed class DeskStrings;
