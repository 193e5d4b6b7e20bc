namespace SelfHelpPortal.Features.Account.Pages;

/// <summary>Names the words of the pages about another address for signing in.</summary>
public sealed class AddressWords;
