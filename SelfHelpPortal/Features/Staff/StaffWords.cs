namespace SelfHelpPortal.Features.Staff;

/// <summary>Names the words of the staff area.</summary>
public sealed class StaffWords;
