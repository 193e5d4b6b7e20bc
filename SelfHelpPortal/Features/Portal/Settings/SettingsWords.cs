namespace SelfHelpPortal.Features.Portal.Settings;

/// <summary>Names the words of the page of settings.</summary>
public sealed class SettingsWords;
