namespace SelfHelpPortal.Features.Portal.Invoices;

/// <summary>Names the words of the customer's page of invoices.</summary>
public sealed class InvoicesWords;
