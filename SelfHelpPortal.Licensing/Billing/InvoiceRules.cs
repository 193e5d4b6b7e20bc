using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>An invoice and what its rules need to know beside it.</summary>
public sealed record InvoiceEvidence(InvoiceContent Invoice)
{
    /// <summary>What was known of the buyer's VAT id when the tax case was decided.</summary>
    public VatIdCheck? VatId { get; init; }

    /// <summary>The invoice that a cancellation takes back.</summary>
    public InvoiceContent? Original { get; init; }

    /// <summary>The date that came with the number.</summary>
    public DateOnly? LastIssueDate { get; init; }

    /// <summary>The account that money must go to; null: the seller's on the invoice.</summary>
    public string? Iban { get; init; }
}

/// <summary>
/// The portal's own rules, P-01 to P-08, P-13 and P-14, for what the official ones let pass. P-09 to P-12 concern the drawn page and are
/// asked there.
/// </summary>
public static partial class InvoiceRules
{
    private const int LongestText = 300;
    private const int LongestNote = 2000;
    private const int LongestTerm = 120;

    private static readonly Rule[] OfContent =
    [
        new("P-04", e => HasItsServiceDate(e.Invoice) && e.Invoice.Lines.All(HasPeriodOfItsSku),
            "Das Leistungsdatum liegt nach dem Rechnungsdatum oder ist nicht der letzte Tag des Leistungszeitraums, oder ein Zeitraum "
                + "passt nicht zu den Monaten der Verlängerung.",
            "The service date is after the issue date or not the last day of the service period, or a period does not fit the months of "
                + "the renewal."),
        new("P-05", e => e.Invoice.Kind == InvoiceKind.Invoice ? e.Invoice.Cancels is null : IsMirror(e),
            "Die Stornorechnung hebt die Rechnung nicht Position für Position auf.",
            "The cancellation does not take the invoice back line by line."),
        new("P-06", e => IsComplete(e.Invoice),
            "Eine Pflichtangabe fehlt (§ 14 Abs. 4 UStG): Name und vollständige Anschrift beider Seiten, Steuernummer, Positionen, Texte; "
                + "bei XRechnung auch Leitweg-ID und Postleitzahl.",
            "An obligatory item is missing (§ 14(4) UStG): name and full address of both sides, tax number, lines, texts; with XRechnung "
                + "also buyer reference and post code."),
        new("P-08", e => Texts(e.Invoice).All(t => t.Text.Length <= t.Limit && t.Text.All(IsPrintable) && !HasLoneSurrogate(t.Text)),
            "Ein Text ist zu lang oder enthält Steuerzeichen.", "A text is too long or has control characters."),
        new("P-14", e => e.Invoice.Totals.Gross.Cents * (e.Invoice.Kind == InvoiceKind.Invoice ? 1 : -1) > 0,
            "Die Rechnung lautet auf 0,00 Euro; was nichts kostet, wird nicht berechnet.",
            "The invoice is for 0.00 euros; what costs nothing is not invoiced."),
        new("P-13", e => e.Invoice.Vat.Case != VatCase.ReverseCharge || e.Invoice.Kind == InvoiceKind.Cancellation
            || IsConfirmedElsewhereInEu(e),
            "Reverse Charge setzt einen Käufer in einem anderen EU-Staat mit bestätigter USt-IdNr. voraus.",
            "Reverse charge needs a buyer in another EU state whose VAT id is confirmed."),
    ];

    private static readonly XmlRule[] OfXml =
    [
        new("P-01", (x, _) => x.Breakdown.All(
            t => t.Tax?.Value == decimal.Round((t.Base?.Value * t.Rate?.Value / 100) ?? 0, 2, MidpointRounding.AwayFromZero)),
            "Der Steuerbetrag ist nicht auf den Cent genau.", "The tax amount is not exact to the cent."),
        new("P-02", (x, e) => x.Breakdown.All(t => t.Reason == e.Invoice.Vat.Reason) && SaysWhatTheLawWants(e.Invoice.Vat),
            "Der vorgeschriebene Hinweis zum Steuerfall fehlt (BT-120).", "The prescribed text of the tax case is missing (BT-120)."),
        new("P-03", (x, e) => x.Number == e.Invoice.Number && NumberForm(e.Invoice).IsMatch(x.Number ?? "")
            && x.IssueDate == Day(e.Invoice.IssueDate) && (e.LastIssueDate ?? e.Invoice.IssueDate) == e.Invoice.IssueDate,
            "Nummer oder Rechnungsdatum passen nicht zum Nummernkreis.", "Number or issue date does not fit its series."),
        new("P-04", (x, _) => x.Lines.All(l => l.Period is null || (x.Period is { } whole && Contains(whole, l.Period))),
            "Der Zeitraum einer Position liegt nicht im Leistungszeitraum (BG-14, BG-26).",
            "A line's period is not within the service period (BG-14, BG-26)."),
        new("P-05", (x, e) => e.Invoice.Kind == InvoiceKind.Invoice ? x.TypeCode == "380" : x.TypeCode == "384" && x.Preceding is [var p]
            && p.Number == e.Invoice.Cancels?.Number && x.Due?.Value <= 0,
            "Das XML nennt nicht die Rechnung, die es aufhebt.", "The XML does not name the invoice that it takes back."),
        new("P-06", SaysTheSame, "Das XML sagt etwas anderes als die Rechnung.", "The XML says something else than the invoice."),
        new("P-07",
            (x, e) => e.Invoice.Kind == InvoiceKind.Cancellation
                ? x.Payments.All(p => !p.HasAccount && p.TypeCode == "1")
                : x.Payments is [{ Iban: { } iban }] && iban == (e.Iban ?? e.Invoice.Seller.Iban) && Iban.IsValid(iban),
            "Die IBAN ist nicht die des Verkäufers, oder eine Stornorechnung nennt ein Konto.",
            "The IBAN is not the seller's, or a cancellation names an account."),
    ];

    /// <summary>Every rule of this class.</summary>
    public static IReadOnlyList<string> Ids =>
        [.. OfContent.Select(r => r.Id).Concat(OfXml.Select(r => r.Id)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What can be asked before the number is taken.</summary>
    public static IReadOnlyList<BrokenRule> CheckDraft(InvoiceEvidence evidence) =>
        [.. OfContent.Where(rule => !rule.Holds(evidence)).Select(rule => new BrokenRule(rule.Id, rule.InGerman, rule.InEnglish))];

    /// <summary>Everything: the official rules on the written bytes, and the portal's own.</summary>
    public static IReadOnlyList<BrokenRule> Check(byte[] xml, InvoiceEvidence evidence)
    {
        CiiInvoice read;
        try
        {
            read = CiiInvoice.Read(xml);
        }
        catch (XmlException)
        {
            return EInvoiceRules.Check(xml);
        }

        return
        [
            .. EInvoiceRules.Check(read),
            .. OfXml.Where(rule => !rule.Holds(read, evidence)).Select(rule => new BrokenRule(rule.Id, rule.InGerman, rule.InEnglish)),
            .. CheckDraft(evidence),
        ];
    }

    /// <summary>
    /// A service of one day has been rendered; one over time is paid for in advance and is rendered on its last day. A cancellation repeats
    /// the date of what it takes back, and renewals once had the day of issue.
    /// </summary>
    private static bool HasItsServiceDate(InvoiceContent invoice) => invoice.Kind == InvoiceKind.Cancellation
        || (invoice.ServicePeriod is { } period ? invoice.ServiceDate == period.To : invoice.ServiceDate <= invoice.IssueDate);

    private static bool Contains(CiiPeriod whole, CiiPeriod part) =>
        string.CompareOrdinal(whole.Start, part.Start) <= 0 && string.CompareOrdinal(part.End, whole.End) <= 0;

    /// <summary>
    /// The months that the SKU names (<c>RENEWAL-…-12M</c>); where a vendor's SKU names none, any number of whole months.
    /// </summary>
    private static bool HasPeriodOfItsSku(InvoiceLine line)
    {
        if (line.Period is not { } period)
        {
            return true;
        }

        var months = MonthsOfSku().Match(line.Sku) is { Success: true } named
            ? [int.Parse(named.Groups[1].ValueSpan, CultureInfo.InvariantCulture)]
            : Enumerable.Range(1, LongestTerm);
        return months.Any(count => period.To == RenewalPeriod.LastDay(period.From, count));
    }

    private static bool IsMirror(InvoiceEvidence e) =>
        e is { Original: { Kind: InvoiceKind.Invoice } original, Invoice: { DueDate: null, Cancels: { } cancels } invoice }
        && cancels == new PrecedingInvoice(original.Number ?? "", original.IssueDate)
        && invoice.Buyer == original.Buyer
        && invoice.Vat == original.Vat
        && invoice.ServiceDate == original.ServiceDate
        && invoice.Lines.SequenceEqual(original.Lines.Select(line => line with { Quantity = -line.Quantity }))
        && invoice.Totals == new InvoiceTotals(-original.Totals.Net, -original.Totals.Vat, -original.Totals.Gross);

    private static bool IsComplete(InvoiceContent invoice)
    {
        var (seller, buyer) = (invoice.Seller, invoice.Buyer);
        var needsPostalCode = invoice.Format == InvoiceFormat.XRechnung || (Countries.IsEu(buyer.Country) && buyer.Country != "IE");
        string?[] needed =
        [
            seller.Name, seller.Street, seller.PostalCode, seller.City, seller.Country, seller.TaxNumber ?? seller.VatId,
                seller.BillingMail,
            buyer.Company ?? buyer.Person, buyer.Street, buyer.City, buyer.Country, buyer.Email, needsPostalCode ? buyer.PostalCode : "–",
            invoice.Format == InvoiceFormat.XRechnung ? buyer.BuyerReference : "–",
            .. invoice.Lines.SelectMany(line => new[] { line.Sku, line.Name }),
        ];
        return invoice.Lines.Count > 0 && invoice.Lines.All(line => line.Quantity != 0)
            && needed.All(text => !string.IsNullOrWhiteSpace(text));
    }

    /// <summary>The literal texts of each case, whatever the model was given.</summary>
    private static bool SaysWhatTheLawWants(VatTreatment vat) => vat.Case switch
    {
        VatCase.Domestic => vat.Reason is null,
        VatCase.ReverseCharge => vat.Reason == LegalTexts.ReverseCharge,
        VatCase.ThirdCountry => vat.Reason == LegalTexts.ThirdCountry("de") || vat.Reason == LegalTexts.ThirdCountry("en"),
        VatCase.SmallBusiness => vat.Reason == LegalTexts.SmallBusiness,
    };

    private static bool IsConfirmedElsewhereInEu(InvoiceEvidence e)
    {
        var buyer = e.Invoice.Buyer;
        var place = VatTerritories.Find(buyer.Country, buyer.PostalCode, buyer.City);
        return place.Territory == VatTerritory.EuropeanUnion && place.Country != e.Invoice.Seller.Country
            && e.VatId is { Result: VatIdResult.Valid } check && check.VatId == buyer.VatId
            && VatIds.CountryOf(check.VatId) == place.Country;
    }

    private static bool SaysTheSame(CiiInvoice x, InvoiceEvidence e)
    {
        var invoice = e.Invoice;
        var totals = invoice.Totals;
        var ids = invoice.Vat.Case != VatCase.ThirdCountry;
        return x.Seller.Name == invoice.Seller.Name.Trim() && x.Buyer.Name == invoice.Buyer.Name.Trim()
            && x.Buyer.Address?.Country == invoice.Buyer.Country && x.Buyer.Address.City == invoice.Buyer.City.Trim()
            && x.Buyer.Address.Street == invoice.Buyer.Street.Trim()
            && x.Seller.TaxNumber == invoice.Seller.TaxNumber && x.Seller.VatId == (ids ? invoice.Seller.VatId : null)
            && x.Buyer.VatId == (ids ? invoice.Buyer.VatId : null)
            && x.ServiceDate == (invoice.ServicePeriod is null ? Day(invoice.ServiceDate) : null)
            && x.Period == Written(invoice.ServicePeriod) && x.DueDate == (invoice.DueDate is { } due ? Day(due) : null)
            && x.LineTotal?.Value == totals.Net.Amount && x.TaxTotals is [var tax] && tax.Value == totals.Vat.Amount
            && x.Grand?.Value == totals.Gross.Amount
            && x.Breakdown is [{ Rate: { } rate } sum] && rate.Value == invoice.Vat.Rate && sum.Category == invoice.Vat.Category
            && x.IsXRechnung == (invoice.Format == InvoiceFormat.XRechnung)
            && x.Lines.Count == invoice.Lines.Count
            && x.Lines.Zip(invoice.Lines).All(pair => SaysTheSame(pair.First, pair.Second));
    }

    private static bool SaysTheSame(CiiLine x, InvoiceLine line) =>
        x.Sku == line.Sku.Trim() && x.Name == line.Name.Trim() && x.Quantity?.Value == line.Quantity
            && x.Price?.Value == line.UnitNet.Amount && x.Net?.Value == line.Net.Amount
        && x.Period == Written(line.Period);

    private static CiiPeriod? Written(Period? period) => period is null ? null : new CiiPeriod(Day(period.From), Day(period.To));

    private static IEnumerable<(string Text, int Limit)> Texts(InvoiceContent invoice)
    {
        var (seller, buyer) = (invoice.Seller, invoice.Buyer);
        string?[] single =
        [
            invoice.Number, invoice.Reference, seller.Name, seller.SellerId, seller.Register, seller.VatId, seller.TaxNumber, seller.Street,
                seller.PostalCode, seller.City, seller.Country,
            seller.BillingMail, seller.ContactName, seller.ContactPhone, seller.ContactMail, seller.Iban, seller.Bic,
            buyer.CustomerNumber, buyer.Company, buyer.Person, buyer.Email, buyer.Street, buyer.Street2, buyer.PostalCode, buyer.City,
            buyer.Country, buyer.VatId, buyer.BuyerReference,
            buyer.OrderNumber,
            .. invoice.Lines.SelectMany(line => new[] { line.Sku, line.Name, line.Description }),
        ];
        return single.OfType<string>().Select(text => (text, LongestText))
            .Concat(invoice.Notes.Concat(invoice.Introduction).Append(invoice.Vat.Reason ?? "").Select(text => (text, LongestNote)));
    }

    private static bool IsPrintable(char c) =>
        !char.IsControl(c) && c is not ('\uFFFE' or '\uFFFF')
            && char.GetUnicodeCategory(c) is not (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return true;
            }
        }

        return false;
    }

    private static Regex NumberForm(InvoiceContent invoice) =>
        new($"^{(invoice.Kind == InvoiceKind.Cancellation ? "S" : "")}{invoice.IssueDate.Year:0000}-[0-9]{{5,}}\\z",
            RegexOptions.CultureInvariant);

    private static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-([1-9][0-9]{0,2})M\z", RegexOptions.CultureInvariant)]
    private static partial Regex MonthsOfSku();

    private sealed record Rule(string Id, Func<InvoiceEvidence, bool> Holds, string InGerman, string InEnglish);

    private sealed record XmlRule(string Id, Func<CiiInvoice, InvoiceEvidence, bool> Holds, string InGerman, string InEnglish);
}
