namespace SelfHelpPortal.Features.Account.Pages;

/// <summary>Names the words of the pages about an account.</summary>
public sealed class AccountWords;
