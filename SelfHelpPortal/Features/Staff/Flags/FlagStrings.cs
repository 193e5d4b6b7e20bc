namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>The words of the case page: verdicts and facts, what stops the next false alarm, incidents.</summary>
internal sealed class FlagStrings;
