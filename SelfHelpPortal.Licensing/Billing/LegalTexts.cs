namespace SelfHelpPortal.Licensing.Billing;

/// <summary>What the law wants to read on an invoice, word for word.</summary>
public static class LegalTexts
{
    /// <summary>§ 14a(1) UStG and art. 226 no. 11a of directive 2006/112/EC: both words, whatever the language.</summary>
    public const string ReverseCharge = "Steuerschuldnerschaft des Leistungsempfängers / Reverse charge";

    /// <summary>§ 34a UStDV.</summary>
    public const string SmallBusiness = "Steuerfreier Umsatz nach § 19 UStG (Kleinunternehmer)";

    /// <summary>JStG 2024, art. 27.</summary>
    private static readonly DateOnly CashAccountingFrom = new(2028, 1, 1);

    public static string ThirdCountry(string language) =>
        language == "de" ? "Nicht im Inland steuerbare Leistung (§ 3a Abs. 2 UStG)" : "Not taxable in Germany";

    /// <summary>The note of a seller who is taxed on receipts; null while invoices need not carry it.</summary>
    public static string? CashAccounting(DateOnly issueDate) =>
        issueDate >= CashAccountingFrom ? "Versteuerung nach vereinnahmten Entgelten" : null;
}
