namespace SelfHelpPortal.Features.Portal.Details;

/// <summary>Names the words of the page of a customer's name and address.</summary>
public sealed class DetailsWords;
