namespace SelfHelpPortal.Features.Portal.Kit;

/// <summary>Names the words that all pages of signed-in customers share.</summary>
public sealed class PortalStrings;
