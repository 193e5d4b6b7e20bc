using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>What a Cross Industry Invoice says, read from its bytes: texts as they stand there, null where nothing stands.</summary>
internal sealed record CiiInvoice
{
    private static readonly XNamespace Root = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";
    private static readonly XNamespace Aggregate = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";

    public required string? Process { get; init; }
    public required string? Profile { get; init; }
    public required string? Number { get; init; }
    public required string? TypeCode { get; init; }
    public required string? IssueDate { get; init; }
    public required string? Currency { get; init; }
    public required string? BuyerReference { get; init; }
    public required CiiParty Seller { get; init; }
    public required CiiParty Buyer { get; init; }
    public required string? ServiceDate { get; init; }
    public required string? DueDate { get; init; }
    public required string? Terms { get; init; }
    public required CiiPeriod? Period { get; init; }
    public required IReadOnlyList<CiiPayment> Payments { get; init; }
    public required IReadOnlyList<CiiTax> Breakdown { get; init; }
    public required CiiAmount? LineTotal { get; init; }
    public required CiiAmount? TaxBasis { get; init; }
    public required IReadOnlyList<CiiAmount> TaxTotals { get; init; }
    public required CiiAmount? Grand { get; init; }
    public required CiiAmount? Due { get; init; }
    public required IReadOnlyList<CiiPreceding> Preceding { get; init; }
    public required IReadOnlyList<CiiLine> Lines { get; init; }
    public required bool HasEmptyElement { get; init; }

    public bool IsXRechnung => Profile?.Contains("xrechnung", StringComparison.Ordinal) == true;

    /// <summary>The taxes of the lines and of the breakdown.</summary>
    public IEnumerable<CiiTax> Taxes => Lines.Select(line => line.Tax).Concat(Breakdown);

    /// <exception cref="XmlException">The bytes are no well-formed XML without document type.</exception>
    public static CiiInvoice Read(byte[] xml)
    {
        using var reader =
            XmlReader.Create(new MemoryStream(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        var root = XDocument.Load(reader).Root!;
        var context = root.Element(Root + "ExchangedDocumentContext");
        var head = root.Element(Root + "ExchangedDocument");
        var trade = root.Element(Root + "SupplyChainTradeTransaction");
        var agreement = Below(trade, "ApplicableHeaderTradeAgreement");
        var settlement = Below(trade, "ApplicableHeaderTradeSettlement");
        var sums = Below(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation");
        return new CiiInvoice
        {
            Process = Text(context, "BusinessProcessSpecifiedDocumentContextParameter", "ID"),
            Profile = Text(context, "GuidelineSpecifiedDocumentContextParameter", "ID"),
            Number = Text(head, "ID"),
            TypeCode = Text(head, "TypeCode"),
            IssueDate = Text(head, "IssueDateTime"),
            Currency = Text(settlement, "InvoiceCurrencyCode"),
            BuyerReference = Text(agreement, "BuyerReference"),
            Seller = Party(Below(agreement, "SellerTradeParty")),
            Buyer = Party(Below(agreement, "BuyerTradeParty")),
            ServiceDate = Text(trade, "ApplicableHeaderTradeDelivery", "ActualDeliverySupplyChainEvent", "OccurrenceDateTime"),
            DueDate = Text(settlement, "SpecifiedTradePaymentTerms", "DueDateDateTime"),
            Terms = Text(settlement, "SpecifiedTradePaymentTerms", "Description"),
            Period = Span(settlement),
            Payments = [.. All(settlement, "SpecifiedTradeSettlementPaymentMeans").Select(means => new CiiPayment(
                Text(means, "TypeCode"), Below(means, "PayeePartyCreditorFinancialAccount") is not null,
                Text(means, "PayeePartyCreditorFinancialAccount", "IBANID")))],
            Breakdown = [.. All(settlement, "ApplicableTradeTax").Select(Tax)],
            LineTotal = Amount(sums, "LineTotalAmount"),
            TaxBasis = Amount(sums, "TaxBasisTotalAmount"),
            TaxTotals = [.. All(sums, "TaxTotalAmount").Select(CiiAmount.Read).OfType<CiiAmount>()],
            Grand = Amount(sums, "GrandTotalAmount"),
            Due = Amount(sums, "DuePayableAmount"),
            Preceding = [.. All(settlement, "InvoiceReferencedDocument")
                .Select(p => new CiiPreceding(Text(p, "IssuerAssignedID"), Text(p, "FormattedIssueDateTime")))],
            Lines = [.. All(trade, "IncludedSupplyChainTradeLineItem").Select(Line)],
            // The schema asks for this one even when there is nothing in it, so the official rule lets it be.
            HasEmptyElement = root.DescendantsAndSelf()
                .Any(e => !e.HasElements && string.IsNullOrWhiteSpace(e.Value) && e.Name != Aggregate + "ApplicableHeaderTradeDelivery"),
        };
    }

    private static CiiParty Party(XElement? party)
    {
        var contact = Below(party, "DefinedTradeContact");
        var address = Below(party, "PostalTradeAddress");
        var mail = Below(party, "URIUniversalCommunication", "URIID");
        string? TaxId(string scheme) => All(party, "SpecifiedTaxRegistration").Select(r => r.Element(Aggregate + "ID"))
            .Where(id => id?.Attribute("schemeID")?.Value == scheme).Select(id => Given(id!.Value)).FirstOrDefault();
        return new CiiParty(
            Text(party, "ID"),
            Text(party, "Name"),
            Text(party, "SpecifiedLegalOrganization", "ID"),
            TaxId("VA"),
            TaxId("FC"),
            contact is null ? null : new CiiContact(
                Text(contact, "PersonName"), Text(contact, "TelephoneUniversalCommunication", "CompleteNumber"),
                Text(contact, "EmailURIUniversalCommunication", "URIID")),
            address is null ? null : new CiiAddress(
                Text(address, "LineOne"), Text(address, "PostcodeCode"), Text(address, "CityName"), Text(address, "CountryID")),
            mail is null ? null : new CiiMail(Given(mail.Value), Given(mail.Attribute("schemeID")?.Value)));
    }

    private static CiiLine Line(XElement line)
    {
        var quantity = Below(line, "SpecifiedLineTradeDelivery", "BilledQuantity");
        var settlement = Below(line, "SpecifiedLineTradeSettlement");
        return new CiiLine(
            Text(line, "AssociatedDocumentLineDocument", "LineID"),
            Text(line, "SpecifiedTradeProduct", "SellerAssignedID"),
            Text(line, "SpecifiedTradeProduct", "Name"),
            quantity is null ? null : CiiAmount.Read(quantity),
            Given(quantity?.Attribute("unitCode")?.Value),
            Amount(Below(line, "SpecifiedLineTradeAgreement", "NetPriceProductTradePrice"), "ChargeAmount"),
            Below(settlement, "ApplicableTradeTax") is { } tax ? Tax(tax) : new CiiTax(null, null, null, null, null, null),
            Span(settlement),
            Amount(Below(settlement, "SpecifiedTradeSettlementLineMonetarySummation"), "LineTotalAmount"));
    }

    private static CiiTax Tax(XElement tax) => new(
        Text(tax, "CategoryCode"), Amount(tax, "RateApplicablePercent"), Amount(tax, "BasisAmount"), Amount(tax, "CalculatedAmount"),
        Text(tax, "ExemptionReason"), Text(tax, "ExemptionReasonCode"));

    private static CiiPeriod? Span(XElement? settlement) =>
        Below(settlement, "BillingSpecifiedPeriod") is { } span
            ? new CiiPeriod(Text(span, "StartDateTime"), Text(span, "EndDateTime"))
            : null;

    private static CiiAmount? Amount(XElement? parent, string name) => Below(parent, name) is { } element ? CiiAmount.Read(element) : null;

    private static string? Text(XElement? parent, params string[] path) => Below(parent, path) is { } element ? Given(element.Value) : null;

    private static XElement? Below(XElement? parent, params string[] path) =>
        path.Aggregate(parent, (element, name) => element?.Element(Aggregate + name));

    private static IEnumerable<XElement> All(XElement? parent, string name) => parent?.Elements(Aggregate + name) ?? [];

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

internal sealed record CiiParty(
    string? Id, string? Name, string? Register, string? VatId, string? TaxNumber, CiiContact? Contact, CiiAddress? Address, CiiMail? Mail)
{
    public bool HasTaxId => (VatId ?? TaxNumber) is not null;
}

internal sealed record CiiContact(string? Name, string? Phone, string? Mail);

internal sealed record CiiAddress(string? Street, string? PostalCode, string? City, string? Country);

internal sealed record CiiMail(string? Address, string? Scheme);

internal sealed record CiiPayment(string? TypeCode, bool HasAccount, string? Iban);

internal sealed record CiiPreceding(string? Number, string? IssueDate);

/// <summary>Days in format 102, so that they compare as texts.</summary>
internal sealed record CiiPeriod(string? Start, string? End)
{
    public bool IsEmpty => (Start ?? End) is null;

    public bool IsBackwards => Start is not null && End is not null && string.CompareOrdinal(End, Start) < 0;
}

internal sealed record CiiTax(string? Category, CiiAmount? Rate, CiiAmount? Base, CiiAmount? Tax, string? Reason, string? ReasonCode);

internal sealed record CiiLine(
    string? Id, string? Sku, string? Name, CiiAmount? Quantity, string? Unit, CiiAmount? Price, CiiTax Tax, CiiPeriod? Period,
    CiiAmount? Net);

/// <param name="Decimals">As written: 70.000 has three.</param>
internal sealed record CiiAmount(decimal Value, int Decimals, string? Currency)
{
    public static CiiAmount? Read(XElement element)
    {
        var text = element.Value.Trim();
        return decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? new CiiAmount(value, text.Contains('.', StringComparison.Ordinal)
                ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1
                : 0, element.Attribute("currencyID")?.Value)
            : null;
    }
}
