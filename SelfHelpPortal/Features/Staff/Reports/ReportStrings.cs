namespace SelfHelpPortal.Features.Staff.Reports;

/// <summary>The words of the figures.</summary>
internal sealed class ReportStrings;
