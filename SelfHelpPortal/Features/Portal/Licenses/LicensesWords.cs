namespace SelfHelpPortal.Features.Portal.Licenses;

/// <summary>Names the words of the customer's pages about licenses and computers.</summary>
public sealed class LicensesWords;
