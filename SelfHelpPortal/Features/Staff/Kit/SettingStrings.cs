namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>The words of settings: labels, hints and choices by path.</summary>
internal sealed class SettingStrings;
