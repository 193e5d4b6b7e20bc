namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>Names the words of the staff area.</summary>
public sealed class StaffStrings;
