namespace SelfHelpPortal.Licensing.Billing;

/// <summary>Which rule of value added tax a sale falls under. Decided once, stored with the invoice, never computed again.</summary>
public enum VatCase
{
    Domestic,

    /// <summary>The buyer owes the tax: a business in another EU state with a confirmed VAT id.</summary>
    ReverseCharge,

    /// <summary>A business outside the EU: not taxable in Germany.</summary>
    ThirdCountry,

    /// <summary>The seller is a small business under § 19 UStG.</summary>
    SmallBusiness,
}

/// <summary>What the tax case says on an invoice.</summary>
/// <param name="Category">UNTDID 5305: <c>S</c>, <c>AE</c>, <c>O</c> or <c>E</c>.</param>
/// <param name="Rate">Percent of the sum of the line nets; 0 unless <paramref name="Category"/> is <c>S</c>.</param>
/// <param name="ReasonCode">VATEX code (BT-121), where the case asks for one.</param>
/// <param name="Reason">The literal text (BT-120), which the page shows too; null for <see cref="VatCase.Domestic"/>.</param>
public sealed record VatTreatment(VatCase Case, string Category, decimal Rate, string? ReasonCode, string? Reason);
