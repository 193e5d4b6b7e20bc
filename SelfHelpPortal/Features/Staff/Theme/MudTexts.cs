namespace SelfHelpPortal.Features.Staff.Theme;

/// <summary>Names the words that MudBlazor's components say by themselves.</summary>
public sealed class MudTexts;
