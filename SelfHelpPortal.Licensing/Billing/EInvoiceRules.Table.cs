using System.Text.RegularExpressions;

namespace SelfHelpPortal.Licensing.Billing;

public static partial class EInvoiceRules
{
    private static readonly string[] VatexCodes = ["VATEX-EU-AE", "VATEX-EU-O"];
    private static readonly string[] GermanTypeCodes = ["326", "380", "381", "384", "389", "875", "876", "877"];

    /// <summary>For every profile. A comparison with something that is missing fails, as it does in the official rules.</summary>
    private static readonly Rule[] Core =
    [
        new("BR-01", x => x.Profile is not null, "Das Profil (BT-24) fehlt.", "The profile (BT-24) is missing."),
        new("BR-02", x => x.Number is not null, "Die Rechnungsnummer (BT-1) fehlt.", "The invoice number (BT-1) is missing."),
        new("BR-03", x => x.IssueDate is not null, "Das Rechnungsdatum (BT-2) fehlt.", "The issue date (BT-2) is missing."),
        new("BR-04", x => x.TypeCode is not null, "Die Rechnungsart (BT-3) fehlt.", "The type code (BT-3) is missing."),
        new("BR-05", x => x.Currency is not null, "Die Währung (BT-5) fehlt.", "The currency (BT-5) is missing."),
        new("BR-06", x => x.Seller.Name is not null, "Der Name des Verkäufers (BT-27) fehlt.", "The seller's name (BT-27) is missing."),
        new("BR-07", x => x.Buyer.Name is not null, "Der Name des Käufers (BT-44) fehlt.", "The buyer's name (BT-44) is missing."),
        new("BR-08", x => x.Seller.Address is not null, "Die Anschrift des Verkäufers (BG-5) fehlt.",
            "The seller's address (BG-5) is missing."),
        new("BR-09", x => x.Seller.Address?.Country is not null, "Das Land des Verkäufers (BT-40) fehlt.",
            "The seller's country (BT-40) is missing."),
        new("BR-10", x => x.Buyer.Address is not null, "Die Anschrift des Käufers (BG-8) fehlt.", "The buyer's address (BG-8) is missing."),
        new("BR-11", x => x.Buyer.Address?.Country is not null, "Das Land des Käufers (BT-55) fehlt.",
            "The buyer's country (BT-55) is missing."),
        new("BR-12", x => x.LineTotal is not null, "Die Summe der Positionen (BT-106) fehlt.",
            "The sum of the line nets (BT-106) is missing."),
        new("BR-13", x => x.TaxBasis is not null, "Der Gesamtbetrag ohne Umsatzsteuer (BT-109) fehlt.",
            "The total without VAT (BT-109) is missing."),
        new("BR-14", x => x.Grand is not null, "Der Gesamtbetrag mit Umsatzsteuer (BT-112) fehlt.",
            "The total with VAT (BT-112) is missing."),
        new("BR-15", x => x.Due is not null, "Der fällige Betrag (BT-115) fehlt.", "The amount due (BT-115) is missing."),
        new("BR-16", x => x.Lines.Count > 0, "Es gibt keine Position (BG-25).", "There is no line (BG-25)."),
        new("BR-21", Lines(l => l.Id is not null), "Eine Position hat keine Nummer (BT-126).", "A line has no id (BT-126)."),
        new("BR-22", Lines(l => l.Quantity is not null), "Eine Position hat keine Menge (BT-129).", "A line has no quantity (BT-129)."),
        new("BR-23", Lines(l => l.Unit is not null), "Die Menge einer Position hat keine Einheit (BT-130).",
            "A line's quantity has no unit (BT-130)."),
        new("BR-24", Lines(l => l.Net is not null), "Eine Position hat keinen Nettobetrag (BT-131).", "A line has no net amount (BT-131)."),
        new("BR-25", Lines(l => l.Name is not null), "Eine Position hat keine Bezeichnung (BT-153).", "A line has no item name (BT-153)."),
        new("BR-26", Lines(l => l.Price is not null), "Eine Position hat keinen Einzelpreis (BT-146).",
            "A line has no net price (BT-146)."),
        new("BR-27", Lines(l => l.Price?.Value >= 0), "Der Einzelpreis einer Position (BT-146) ist negativ oder fehlt.",
            "A line's net price (BT-146) is negative or missing."),
        new("BR-29", x => x.Period?.IsBackwards != true, "Der Abrechnungszeitraum endet, bevor er beginnt (BT-73, BT-74).",
            "The invoicing period ends before it begins (BT-73, BT-74)."),
        new("BR-30", Lines(l => l.Period?.IsBackwards != true), "Der Zeitraum einer Position endet, bevor er beginnt (BT-134, BT-135).",
            "A line's period ends before it begins (BT-134, BT-135)."),
        new("BR-45", Breakdown(t => t.Base is not null), "Der Steueraufschlüsselung fehlt der Nettobetrag (BT-116).",
            "The VAT breakdown has no base (BT-116)."),
        new("BR-46", Breakdown(t => t.Tax is not null), "Der Steueraufschlüsselung fehlt der Steuerbetrag (BT-117).",
            "The VAT breakdown has no tax amount (BT-117)."),
        new("BR-47", Breakdown(t => t.Category is not null), "Der Steueraufschlüsselung fehlt die Kategorie (BT-118).",
            "The VAT breakdown has no category (BT-118)."),
        new("BR-48", Breakdown(t => t.Rate is not null || t.Category == "O"), "Der Steueraufschlüsselung fehlt der Steuersatz (BT-119).",
            "The VAT breakdown has no rate (BT-119)."),
        new("BR-49", Payments(p => p.TypeCode is not null), "Der Code der Zahlungsart (BT-81) fehlt.",
            "The payment means has no code (BT-81)."),
        new("BR-50", Payments(p => !p.HasAccount || p.Iban is not null), "Das Konto hat keine IBAN (BT-84).",
            "The account has no IBAN (BT-84)."),
        new("BR-61", Payments(p => !IsTransfer(p) || !p.HasAccount || p.Iban is not null),
            "Bei Überweisung muss das Konto eine IBAN haben (BT-84).", "A credit transfer needs an account with an IBAN (BT-84)."),
        new("CII-SR-470", Payments(p => !IsTransfer(p) || p.Iban is not null), "Bei Überweisung muss die IBAN angegeben sein (BT-84).",
            "A credit transfer needs an IBAN (BT-84)."),
        new("BR-55", x => x.Preceding.All(p => p.Number is not null), "Der Verweis auf die frühere Rechnung hat keine Nummer (BT-25).",
            "The reference to the preceding invoice has no number (BT-25)."),
        new("BR-62", x => x.Seller.Mail is null or { Scheme: not null },
            "Die elektronische Adresse des Verkäufers hat kein Schema (BT-34).", "The seller's electronic address has no scheme (BT-34)."),
        new("BR-63", x => x.Buyer.Mail is null or { Scheme: not null }, "Die elektronische Adresse des Käufers hat kein Schema (BT-49).",
            "The buyer's electronic address has no scheme (BT-49)."),

        new("BR-CO-04", Lines(l => l.Tax.Category is not null), "Eine Position hat keine Steuerkategorie (BT-151).",
            "A line has no VAT category (BT-151)."),
        new("BR-CO-09", x => new[] { x.Seller.VatId, x.Buyer.VatId }.All(id => id is null || BeginsWithCountry(id)),
            "Eine USt-IdNr. beginnt nicht mit einem Ländercode (BT-31, BT-48).",
            "A VAT id does not begin with a country code (BT-31, BT-48)."),
        new("BR-CO-10", x => x.LineTotal?.Value == x.Lines.Sum(l => l.Net?.Value ?? 0), "Die Summe der Positionen (BT-106) stimmt nicht.",
            "The sum of the line nets (BT-106) is wrong."),
        new("BR-CO-13", x => x.TaxBasis is not null && x.TaxBasis.Value == x.LineTotal?.Value,
            "Der Gesamtbetrag ohne Umsatzsteuer (BT-109) ist nicht die Summe der Positionen (BT-106).",
            "The total without VAT (BT-109) is not the sum of the line nets (BT-106)."),
        new("BR-CO-14", x => x.TaxTotals.Count == 0 || x.TaxTotals[0].Value == x.Breakdown.Sum(t => t.Tax?.Value ?? 0),
            "Der Steuerbetrag (BT-110) ist nicht die Summe der Aufschlüsselung (BT-117).",
            "The VAT total (BT-110) is not the sum of the breakdown (BT-117)."),
        new("BR-CO-15", x => x.Currency is null
            || x.Grand?.Value == Cents(x.TaxBasis?.Value + x.TaxTotals.Where(t => t.Currency == x.Currency).Sum(t => t.Value)),
            "Der Gesamtbetrag mit Umsatzsteuer (BT-112) ist nicht Netto plus Steuer (BT-109, BT-110).",
            "The total with VAT (BT-112) is not the total without plus VAT (BT-109, BT-110)."),
        new("BR-CO-16", x => x.Due is not null && x.Due.Value == x.Grand?.Value,
            "Der fällige Betrag (BT-115) ist nicht der Gesamtbetrag (BT-112).",
            "The amount due (BT-115) is not the total with VAT (BT-112)."),
        new("BR-CO-17", Breakdown(t => t is { Category: "O", Rate: null } || IsTaxOfBase(t)),
            "Der Steuerbetrag (BT-117) ist nicht Netto mal Steuersatz (BT-116, BT-119).",
            "The tax amount (BT-117) is not base times rate (BT-116, BT-119)."),
        new("BR-CO-18", x => x.Breakdown.Count > 0, "Die Steueraufschlüsselung (BG-23) fehlt.", "The VAT breakdown (BG-23) is missing."),
        new("BR-CO-19", x => x.Period?.IsEmpty != true, "Der Abrechnungszeitraum (BG-14) ist leer.",
            "The invoicing period (BG-14) is empty."),
        new("BR-CO-20", Lines(l => l.Period?.IsEmpty != true), "Der Zeitraum einer Position (BG-26) ist leer.",
            "A line's period (BG-26) is empty."),
        new("BR-CO-25", x => x.Due is null or { Value: <= 0 } || (x.DueDate ?? x.Terms) is not null,
            "Es ist etwas zu zahlen, aber Fälligkeit (BT-9) und Zahlungsbedingungen (BT-20) fehlen.",
            "Something is due, but due date (BT-9) and payment terms (BT-20) are missing."),
        new("BR-CO-26", x => (x.Seller.Id ?? x.Seller.Register ?? x.Seller.VatId) is not null,
            "Der Verkäufer hat weder Kennung (BT-29) noch Registereintrag (BT-30) noch USt-IdNr. (BT-31).",
            "The seller has neither id (BT-29) nor register entry (BT-30) nor VAT id (BT-31)."),

        Decimals("09", "BT-106", x => [x.LineTotal]),
        Decimals("12", "BT-109", x => [x.TaxBasis]),
        Decimals("13", "BT-110", x => x.TaxTotals),
        Decimals("14", "BT-112", x => [x.Grand]),
        Decimals("18", "BT-115", x => [x.Due]),
        Decimals("19", "BT-116", x => x.Breakdown.Select(t => t.Base)),
        Decimals("20", "BT-117", x => x.Breakdown.Select(t => t.Tax)),
        Decimals("23", "BT-131", x => x.Lines.Select(l => l.Net)),

        new("BR-CL-01", x => x.TypeCode is null or "380" or "384", "Die Rechnungsart (BT-3) ist weder 380 noch 384.",
            "The type code (BT-3) is neither 380 nor 384."),
        new("BR-CL-04", x => x.Currency is null or Money.Currency, "Die Währung (BT-5) ist nicht EUR.", "The currency (BT-5) is not EUR."),
        new("BR-CL-14", x => new[] { x.Seller, x.Buyer }.All(p => p.Address?.Country is not { } country || Countries.All.Contains(country)),
            "Ein Land ist kein Code nach ISO 3166-1 (BT-40, BT-55).", "A country is not a code of ISO 3166-1 (BT-40, BT-55)."),
        new("BR-CL-16", x => x.Payments.All(p => p.TypeCode is null or "58" || (p.TypeCode == "1" && x.TypeCode == "384")),
            "Die Zahlungsart (BT-81) ist nicht 58 und bei einer Stornorechnung nicht 1.",
            "The payment code (BT-81) is not 58, nor 1 on a cancellation."),
        new("BR-CL-18", x => x.Taxes.All(t => t.Category is null or "S" or "AE" or "O" or "E"),
            "Eine Steuerkategorie ist keine von S, AE, O, E (BT-118, BT-151).", "A VAT category is none of S, AE, O, E (BT-118, BT-151)."),
        new("BR-CL-22", Breakdown(t => t.ReasonCode is null || VatexCodes.Contains(t.ReasonCode)),
            "Der Code des Befreiungsgrunds (BT-121) ist unbekannt.", "The code of the exemption reason (BT-121) is unknown."),
        new("BR-CL-23", Lines(l => l.Unit is null or "C62"), "Eine Einheit (BT-130) ist nicht C62.", "A unit (BT-130) is not C62."),
        new("BR-CL-25", x => new[] { x.Seller, x.Buyer }.All(p => p.Mail?.Scheme is null or "EM"),
            "Das Schema einer elektronischen Adresse ist nicht EM (BT-34, BT-49).",
            "The scheme of an electronic address is not EM (BT-34, BT-49)."),

        .. OfCategory("S"),
        .. OfCategory("AE"),
        .. OfCategory("O"),
        .. OfCategory("E"),
        new("BR-O-11", x => x.Breakdown.All(t => t.Category != "O") || x.Taxes.All(t => t.Category is null or "O"),
            "Die Kategorie O steht neben einer anderen.", "Category O is used next to another one."),
    ];

    /// <summary>For XRechnung only.</summary>
    private static readonly Rule[] German =
    [
        new("BR-DE-1", x => x.Payments.Count > 0, "Die Zahlungsangaben (BG-16) fehlen.", "The payment means (BG-16) are missing."),
        new("BR-DE-2", x => x.Seller.Contact is not null, "Der Ansprechpartner des Verkäufers (BG-6) fehlt.",
            "The seller's contact (BG-6) is missing."),
        new("BR-DE-3", x => x.Seller.Address?.City is not null, "Der Ort des Verkäufers (BT-37) fehlt.",
            "The seller's city (BT-37) is missing."),
        new("BR-DE-4", x => x.Seller.Address?.PostalCode is not null, "Die Postleitzahl des Verkäufers (BT-38) fehlt.",
            "The seller's post code (BT-38) is missing."),
        new("BR-DE-5", x => x.Seller.Contact is null or { Name: not null }, "Der Name des Ansprechpartners (BT-41) fehlt.",
            "The contact's name (BT-41) is missing."),
        new("BR-DE-6", x => x.Seller.Contact is null or { Phone: not null }, "Die Telefonnummer des Ansprechpartners (BT-42) fehlt.",
            "The contact's phone number (BT-42) is missing."),
        new("BR-DE-7", x => x.Seller.Contact is null or { Mail: not null }, "Die E-Mail-Adresse des Ansprechpartners (BT-43) fehlt.",
            "The contact's mail address (BT-43) is missing."),
        new("BR-DE-8", x => x.Buyer.Address?.City is not null, "Der Ort des Käufers (BT-52) fehlt.",
            "The buyer's city (BT-52) is missing."),
        new("BR-DE-9", x => x.Buyer.Address?.PostalCode is not null, "Die Postleitzahl des Käufers (BT-53) fehlt.",
            "The buyer's post code (BT-53) is missing."),
        new("BR-DE-14", Breakdown(t => t.Rate is not null), "Der Steueraufschlüsselung fehlt der Steuersatz (BT-119).",
            "The VAT breakdown has no rate (BT-119)."),
        new("BR-DE-15", x => x.BuyerReference is not null, "Die Leitweg-ID oder Käuferreferenz (BT-10) fehlt.",
            "The buyer reference (BT-10) is missing."),
        new("BR-DE-16", x => x.Seller.HasTaxId || !x.Taxes.Any(t => t.Category is "S" or "AE" or "E"),
            "Der Verkäufer hat weder USt-IdNr. (BT-31) noch Steuernummer (BT-32).",
            "The seller has neither VAT id (BT-31) nor tax number (BT-32)."),
        new("BR-DE-17", x => x.TypeCode is null || GermanTypeCodes.Contains(x.TypeCode),
            "Diese Rechnungsart (BT-3) ist in Deutschland nicht erlaubt.", "This type code (BT-3) is not allowed in Germany."),
        new("BR-DE-19", Payments(p => !IsTransfer(p) || (p.Iban is not null && Iban.IsValid(p.Iban))),
            "Die Prüfziffern der IBAN (BT-84) stimmen nicht.", "The IBAN's check digits (BT-84) are wrong."),
        new("BR-DE-21", x => x.Profile?.EndsWith("xrechnung_3.0", StringComparison.Ordinal) == true,
            "Das Profil (BT-24) ist nicht XRechnung 3.0.", "The profile (BT-24) is not XRechnung 3.0."),
        new("BR-DE-23-a", Payments(p => !IsTransfer(p) || p.HasAccount), "Bei Überweisung fehlt das Konto (BG-17).",
            "A credit transfer has no account (BG-17)."),
        new("BR-DE-26", x => x.TypeCode != "384" || x.Preceding.Count > 0,
            "Die Stornorechnung nennt die Rechnung nicht, die sie aufhebt (BG-3).",
            "The cancellation does not name the invoice that it takes back (BG-3)."),
        new("BR-DE-27", x => x.Seller.Contact is null || x.Seller.Contact.Phone?.Count(char.IsAsciiDigit) >= 3,
            "Die Telefonnummer des Ansprechpartners (BT-42) hat keine drei Ziffern.",
            "The contact's phone number (BT-42) has fewer than three digits."),
        new("BR-DE-28", x => x.Seller.Contact is null || (x.Seller.Contact.Mail is { } mail && MailForm().IsMatch(mail)),
            "Die E-Mail-Adresse des Ansprechpartners (BT-43) ist ungültig.", "The contact's mail address (BT-43) is not valid."),
        new("BR-DE-TMP-32", x => x.ServiceDate is not null || x.Period is not null
            || (x.Lines.Count > 0 && x.Lines.All(l => l.Period is not null)), "Leistungsdatum (BT-72) und Zeitraum (BG-14, BG-26) fehlen.",
            "Service date (BT-72) and period (BG-14, BG-26) are missing."),
        new("PEPPOL-EN16931-R001", x => x.Process is not null, "Der Geschäftsprozess (BT-23) fehlt.",
            "The business process (BT-23) is missing."),
        new("PEPPOL-EN16931-R008", x => !x.HasEmptyElement, "Das XML enthält ein leeres Element.", "The XML has an empty element."),
        new("PEPPOL-EN16931-R010", x => x.Buyer.Mail?.Address is not null, "Die elektronische Adresse des Käufers (BT-49) fehlt.",
            "The buyer's electronic address (BT-49) is missing."),
        new("PEPPOL-EN16931-R020", x => x.Seller.Mail?.Address is not null, "Die elektronische Adresse des Verkäufers (BT-34) fehlt.",
            "The seller's electronic address (BT-34) is missing."),
    ];

    /// <summary>Rules 01, 02, 05, 08, 09 and 10, which exist for each category.</summary>
    private static IEnumerable<Rule> OfCategory(string c)
    {
        IEnumerable<CiiTax> Sums(CiiInvoice x) => x.Breakdown.Where(t => t.Category == c);
        IEnumerable<CiiLine> Items(CiiInvoice x) => x.Lines.Where(l => l.Tax.Category == c);
        decimal NetOf(CiiInvoice x, Func<CiiLine, bool> counts) => Items(x).Where(counts).Sum(l => l.Net?.Value ?? 0);
        bool Occurs(CiiInvoice x) => x.Taxes.Any(t => t.Category == c);
        var taxed = c == "S";

        yield return new($"BR-{c}-01", x => taxed ? !Items(x).Any() || Sums(x).Any() : Sums(x).Count() == (Items(x).Any() ? 1 : 0),
            $"Positionen und Steueraufschlüsselung der Kategorie {c} passen nicht zueinander.",
            $"Lines and VAT breakdown of category {c} do not fit.");
        yield return c switch
        {
            "AE" => new("BR-AE-02", x => !Occurs(x) || (x.Seller.HasTaxId && (x.Buyer.VatId ?? x.Buyer.Register) is not null),
                "Reverse Charge braucht die Steuernummer oder USt-IdNr. des Verkäufers (BT-31, BT-32) und die USt-IdNr. des Käufers "
                    + "(BT-48).", "Reverse charge needs the seller's tax number or VAT id (BT-31, BT-32) and the buyer's VAT id (BT-48)."),
            "O" => new("BR-O-02", x => !Occurs(x) || (x.Seller.VatId ?? x.Buyer.VatId) is null,
                "Eine nicht steuerbare Leistung darf keine USt-IdNr. zeigen (BT-31, BT-48).",
                "What is not taxable must show no VAT id (BT-31, BT-48)."),
            _ => new($"BR-{c}-02", x => !Occurs(x) || x.Seller.HasTaxId,
                $"Die Kategorie {c} braucht die USt-IdNr. oder Steuernummer des Verkäufers (BT-31, BT-32).",
                $"Category {c} needs the seller's VAT id or tax number (BT-31, BT-32)."),
        };
        yield return new($"BR-{c}-05",
            x => Items(x).All(l => c switch { "S" => l.Tax.Rate?.Value > 0, "O" => l.Tax.Rate is null, _ => l.Tax.Rate?.Value == 0 }),
            $"Der Steuersatz einer Position passt nicht zur Kategorie {c} (BT-152).", $"A line's rate does not fit category {c} (BT-152).");
        yield return new($"BR-{c}-08", x => Sums(x).All(t => taxed
                ? t.Rate is null || t.Base?.Value == NetOf(x, l => l.Tax.Rate?.Value == t.Rate.Value)
                : t.Base?.Value == NetOf(x, _ => true)),
            $"Der Nettobetrag der Kategorie {c} (BT-116) ist nicht die Summe ihrer Positionen.",
            $"The base of category {c} (BT-116) is not the sum of its lines.");
        yield return new($"BR-{c}-09", x => Sums(x).All(t => taxed ? IsTaxOfBase(t) : t.Tax?.Value == 0),
            $"Der Steuerbetrag der Kategorie {c} (BT-117) stimmt nicht.", $"The tax amount of category {c} (BT-117) is wrong.");
        yield return new($"BR-{c}-10", x => Sums(x).All(t => (t.Reason ?? t.ReasonCode) is null == taxed),
            taxed ? "Die Kategorie S nennt einen Befreiungsgrund (BT-120)." : $"Die Kategorie {c} nennt keinen Befreiungsgrund (BT-120).",
            taxed ? "Category S has an exemption reason (BT-120)." : $"Category {c} has no exemption reason (BT-120).");
    }

    private static Rule Decimals(string id, string term, Func<CiiInvoice, IEnumerable<CiiAmount?>> amounts) => new(
        "BR-DEC-" + id, x => amounts(x).All(a => a is null or { Decimals: <= 2 }),
        $"Ein Betrag ({term}) hat mehr als zwei Nachkommastellen.", $"An amount ({term}) has more than two decimals.");

    private static Func<CiiInvoice, bool> Lines(Func<CiiLine, bool> holds) => x => x.Lines.All(holds);

    private static Func<CiiInvoice, bool> Breakdown(Func<CiiTax, bool> holds) => x => x.Breakdown.All(holds);

    private static Func<CiiInvoice, bool> Payments(Func<CiiPayment, bool> holds) => x => x.Payments.All(holds);

    private static bool IsTransfer(CiiPayment payment) => payment.TypeCode is "30" or "58";

    /// <summary>The official rules let pass anything below 1.00; the cent is for P-01.</summary>
    private static bool IsTaxOfBase(CiiTax t) =>
        t.Tax is not null && Math.Abs(t.Tax.Value - (t.Base?.Value * t.Rate?.Value / 100) ?? decimal.MaxValue) < 1;

    private static decimal? Cents(decimal? amount) => amount is { } value ? decimal.Round(value, 2, MidpointRounding.AwayFromZero) : null;

    private static bool BeginsWithCountry(string vatId) =>
        vatId.Length > 2 && (Countries.All.Contains(vatId[..2]) || vatId[..2] is "EL" or "XI" or "1A");

    /// <summary>BR-DE-28: one @, at least two characters before and behind it, no dot at its sides or at the ends.</summary>
    [GeneratedRegex(@"^[^@\s.][^@\s]*[^@\s.]@[^@\s.][^@\s]*[^@\s.]\z")]
    private static partial Regex MailForm();
}
