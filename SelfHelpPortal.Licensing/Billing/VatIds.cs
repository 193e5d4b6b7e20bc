namespace SelfHelpPortal.Licensing.Billing;

/// <summary>What is known of a VAT id.</summary>
public enum VatIdResult
{
    NotChecked,

    /// <summary>It looks like one; nobody asked the tax office.</summary>
    FormatOnly,

    /// <summary>The tax office confirmed it.</summary>
    Valid,
    Invalid,
}

/// <param name="VatId">Without spaces, in capitals.</param>
/// <param name="At">When it was checked; null when it was not.</param>
/// <param name="Source">Who says so: <c>format</c>, or the register and the clerk who looked.</param>
public sealed record VatIdCheck(string VatId, VatIdResult Result, DateTimeOffset? At = null, string? Source = null);
