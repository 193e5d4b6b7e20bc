namespace SelfHelpPortal.Features.Customer.My.Settings;

/// <summary>Names the words of the page of settings.</summary>
public sealed class SettingsWords;
