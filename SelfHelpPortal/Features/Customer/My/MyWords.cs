namespace SelfHelpPortal.Features.Customer.My;

/// <summary>Names the words that all pages of signed-in customers share.</summary>
public sealed class MyWords;
