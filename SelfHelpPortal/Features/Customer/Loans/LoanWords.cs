namespace SelfHelpPortal.Features.Customer.Loans;

/// <summary>Names what the pages of a loan say.</summary>
public sealed class LoanWords;
