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

    /// <summary>BT-33, what business letters say of the seller (§ 35a GmbHG, § 19 UStG): name, seat, register, who acts for it.</summary>
    public static string Company(InvoiceSeller seller, VatCase vat, string language)
    {
        var german = language == "de";
        string?[] parts =
        [
            seller.Name,
            seller.Seat is { } seat ? (german ? "Sitz " : "registered office ") + seat : null,
            seller.Register,
            seller.RepresentedBy is { } people ? (german ? "vertreten durch " : "represented by ") + people : null,
            vat == VatCase.SmallBusiness ? SmallBusiness : null,
        ];
        return string.Join("; ", parts.Where(part => !string.IsNullOrWhiteSpace(part)));
    }

    /// <summary>The note of a seller who is taxed on receipts; null while invoices need not carry it.</summary>
    public static string? CashAccounting(DateOnly issueDate) =>
        issueDate >= CashAccountingFrom ? "Versteuerung nach vereinnahmten Entgelten" : null;
}
