using System.Text;
using System.Xml.Linq;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Tests.Licensing.Billing;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>What the XML says, element by element.</summary>
public class CiiWriterTests
{
    private static readonly XNamespace Ram = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";

    [Fact]
    public void Every_business_term_stands_where_the_standard_wants_it()
    {
        var plain = EInvoices.Create(VatCase.Domestic);
        var invoice = plain with
        {
            Notes = ["Versteuerung nach vereinnahmten Entgelten", "Danke"],
            Lines = [plain.Lines[0] with { Quantity = 3 }, EInvoices.Renewal(new DateOnly(2026, 12, 1), 12)],
            Seller = plain.Seller with { SellerId = "4711", Bic = "BYLADEM1001", RepresentedBy = "Erika Muster" },
            Buyer = plain.Buyer
                with
            { Person = "Einkauf", Street2 = "Hinterhof", VatId = "DE136695976", OrderNumber = "PO-7", BuyerReference = "R-42" },
        };

        Leaves(invoice).ShouldBe(
        [
            "GuidelineSpecifiedDocumentContextParameter/ID urn:cen.eu:en16931:2017",
            "ExchangedDocument/ID 2026-00042",
            "ExchangedDocument/TypeCode 380",
            "IssueDateTime/DateTimeString 20261121",
            "IncludedNote/Content Versteuerung nach vereinnahmten Entgelten",
            "IncludedNote/Content Danke",
            "AssociatedDocumentLineDocument/LineID 1",
            "SpecifiedTradeProduct/SellerAssignedID TRANSFER-muster-pos",
            "SpecifiedTradeProduct/Name Lizenz-Migration (Altgerät defekt)",
            "SpecifiedTradeProduct/Description Lizenz L-1044",
            "NetPriceProductTradePrice/ChargeAmount 70.00",
            "SpecifiedLineTradeDelivery/BilledQuantity@C62 3",
            "ApplicableTradeTax/TypeCode VAT",
            "ApplicableTradeTax/CategoryCode S",
            "ApplicableTradeTax/RateApplicablePercent 19.00",
            "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount 210.00",
            "AssociatedDocumentLineDocument/LineID 2",
            "SpecifiedTradeProduct/SellerAssignedID RENEWAL-muster-pos-12M",
            "SpecifiedTradeProduct/Name Verlängerung der Subscription, 12 Monate",
            "SpecifiedTradeProduct/Description Lizenz L-1044",
            "NetPriceProductTradePrice/ChargeAmount 120.00",
            "SpecifiedLineTradeDelivery/BilledQuantity@C62 1",
            "ApplicableTradeTax/TypeCode VAT",
            "ApplicableTradeTax/CategoryCode S",
            "ApplicableTradeTax/RateApplicablePercent 19.00",
            "StartDateTime/DateTimeString 20261201",
            "EndDateTime/DateTimeString 20271130",
            "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount 120.00",
            "ApplicableHeaderTradeAgreement/BuyerReference R-42",
            "SellerTradeParty/ID 4711",
            "SellerTradeParty/Name Muster Software GmbH",
            "SellerTradeParty/Description Muster Software GmbH; Sitz Musterstadt; Amtsgericht Musterstadt, HRB 00000; vertreten durch "
                + "Erika Muster",
            "SpecifiedLegalOrganization/ID Amtsgericht Musterstadt, HRB 00000",
            "DefinedTradeContact/PersonName Buchhaltung",
            "TelephoneUniversalCommunication/CompleteNumber +49 30 0000000",
            "EmailURIUniversalCommunication/URIID rechnung@muster-software.example",
            "PostalTradeAddress/PostcodeCode 12345",
            "PostalTradeAddress/LineOne Musterstraße 1",
            "PostalTradeAddress/CityName Musterstadt",
            "PostalTradeAddress/CountryID DE",
            "URIUniversalCommunication/URIID@EM rechnung@muster-software.example",
            "SpecifiedTaxRegistration/ID@FC 12/345/67890",
            "SpecifiedTaxRegistration/ID@VA DE123456788",
            "BuyerTradeParty/ID C-10042",
            "BuyerTradeParty/Name Muster Gastro GmbH",
            "DefinedTradeContact/PersonName Einkauf",
            "PostalTradeAddress/PostcodeCode 54321",
            "PostalTradeAddress/LineOne Beispielweg 7",
            "PostalTradeAddress/LineTwo Hinterhof",
            "PostalTradeAddress/CityName Beispielstadt",
            "PostalTradeAddress/CountryID DE",
            "URIUniversalCommunication/URIID@EM buchhaltung@muster-gastro.example",
            "SpecifiedTaxRegistration/ID@VA DE136695976",
            "BuyerOrderReferencedDocument/IssuerAssignedID PO-7",
            "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery ",
            "ApplicableHeaderTradeSettlement/PaymentReference 2026-00042",
            "ApplicableHeaderTradeSettlement/InvoiceCurrencyCode EUR",
            "SpecifiedTradeSettlementPaymentMeans/TypeCode 58",
            "PayeePartyCreditorFinancialAccount/IBANID DE02120300000000202051",
            "PayeePartyCreditorFinancialAccount/AccountName Muster Software GmbH",
            "PayeeSpecifiedCreditorFinancialInstitution/BICID BYLADEM1001",
            "ApplicableTradeTax/CalculatedAmount 62.70",
            "ApplicableTradeTax/TypeCode VAT",
            "ApplicableTradeTax/BasisAmount 330.00",
            "ApplicableTradeTax/CategoryCode S",
            "ApplicableTradeTax/RateApplicablePercent 19.00",
            "StartDateTime/DateTimeString 20261201",
            "EndDateTime/DateTimeString 20271130",
            "SpecifiedTradePaymentTerms/Description Zahlbar bis 05.12.2026 ohne Abzug",
            "DueDateDateTime/DateTimeString 20261205",
            "SpecifiedTradeSettlementHeaderMonetarySummation/LineTotalAmount 330.00",
            "SpecifiedTradeSettlementHeaderMonetarySummation/TaxBasisTotalAmount 330.00",
            "SpecifiedTradeSettlementHeaderMonetarySummation/TaxTotalAmount@EUR 62.70",
            "SpecifiedTradeSettlementHeaderMonetarySummation/GrandTotalAmount 392.70",
            "SpecifiedTradeSettlementHeaderMonetarySummation/DuePayableAmount 392.70",
        ]);
    }

    [Fact]
    public void A_cancellation_has_negative_quantities_and_names_what_it_takes_back()
    {
        var leaves = Leaves(EInvoices.Cancel(EInvoices.Create(VatCase.Domestic)));

        leaves.ShouldContain("ExchangedDocument/TypeCode 384");
        leaves.ShouldContain("SpecifiedLineTradeDelivery/BilledQuantity@C62 -1");
        leaves.ShouldContain("NetPriceProductTradePrice/ChargeAmount 70.00");
        leaves.ShouldContain("ApplicableTradeTax/CalculatedAmount -13.30");
        leaves.ShouldContain("SpecifiedTradeSettlementHeaderMonetarySummation/DuePayableAmount -83.30");
        leaves[^2..].ShouldBe(["InvoiceReferencedDocument/IssuerAssignedID 2026-00042", "FormattedIssueDateTime/DateTimeString 20261121"]);
        leaves.ShouldNotContain(leaf => leaf.StartsWith("DueDateDateTime", StringComparison.Ordinal));
    }

    /// <summary>Point 7: nobody is to pay a cancellation. XRechnung wants a means (BR-DE-1) and gets one without account.</summary>
    [Theory]
    [InlineData(InvoiceFormat.Zugferd)]
    [InlineData(InvoiceFormat.PlainPdf)]
    [InlineData(InvoiceFormat.XRechnung)]
    public void A_cancellation_names_no_account(InvoiceFormat format)
    {
        var original = EInvoices.Create(VatCase.Domestic, format);
        var cancellation = EInvoices.Cancel(original with { Seller = original.Seller with { Bic = "BYLADEM1001" } });

        var leaves = Leaves(cancellation);

        leaves.Where(leaf => leaf.Contains("Payment", StringComparison.Ordinal) || leaf.StartsWith("Payee", StringComparison.Ordinal))
            .ShouldBe(format == InvoiceFormat.XRechnung ? ["SpecifiedTradeSettlementPaymentMeans/TypeCode 1"] : []);
        EInvoiceRules.Check(CiiWriter.Write(cancellation)).ShouldBeEmpty();
    }

    /// <summary>Point 4: what business letters say of their sender, and a small business why there is no tax.</summary>
    [Theory]
    [InlineData(VatCase.SmallBusiness, "de", "Muster Software GmbH; Sitz Musterstadt; Amtsgericht Musterstadt, HRB 00000; "
        + "Steuerfreier Umsatz nach § 19 UStG (Kleinunternehmer)")]
    [InlineData(VatCase.ThirdCountry, "en", "Muster Software GmbH; registered office Musterstadt; Amtsgericht Musterstadt, HRB 00000")]
    public void The_seller_says_who_it_is(VatCase vat, string language, string expected) =>
        Leaves(EInvoices.Create(vat, language: language)).ShouldContain("SellerTradeParty/Description " + expected);

    /// <summary>A seller in no register has no seat either; one whose entry names the seat keeps its own words.</summary>
    [Theory]
    [InlineData(null, "Muster Software GmbH")]
    [InlineData("Sitz Anderswo, Amtsgericht Anderswo, HRB 1", "Muster Software GmbH; Sitz Anderswo, Amtsgericht Anderswo, HRB 1")]
    public void The_seat_goes_with_the_register(string? register, string expected)
    {
        var invoice = EInvoices.Create(VatCase.Domestic);

        LegalTexts.Company(invoice.Seller with { Register = register }, VatCase.Domestic, "de").ShouldBe(expected);
    }

    /// <summary>BT-72 is for what is rendered on a day; BG-14 holds the periods of all lines, whatever their order.</summary>
    [Fact]
    public void A_day_or_a_period_of_service_is_named_and_never_both()
    {
        var fee = EInvoices.Create(VatCase.Domestic);
        var renewals = fee with
        {
            Lines = [EInvoices.Renewal(new DateOnly(2027, 3, 1), 12), EInvoices.Renewal(new DateOnly(2026, 12, 1), 12)],
        };

        Dates(fee).ShouldBe(["OccurrenceDateTime/DateTimeString 20261121"]);
        Dates(renewals)[^2..].ShouldBe(["StartDateTime/DateTimeString 20261201", "EndDateTime/DateTimeString 20280229"]);
        Dates(renewals).Count.ShouldBe(6, "each line has its own period inside");
        InvoiceRules.Check(CiiWriter.Write(renewals), EInvoices.Evidence(renewals with { ServiceDate = new(2028, 2, 29) })).ShouldBeEmpty();

        static List<string> Dates(InvoiceContent invoice) =>
            [.. Leaves(invoice).Where(leaf => leaf.Split('/')[0] is "OccurrenceDateTime" or "StartDateTime" or "EndDateTime")];
    }

    [Fact]
    public void A_third_country_sees_no_vat_id_and_no_rate_on_the_line()
    {
        var leaves = Leaves(EInvoices.Create(VatCase.ThirdCountry));

        leaves.ShouldNotContain(leaf => leaf.Contains("@VA", StringComparison.Ordinal));
        leaves.Where(leaf => leaf.StartsWith("ApplicableTradeTax/", StringComparison.Ordinal)).ShouldBe(
        [
            "ApplicableTradeTax/TypeCode VAT",
            "ApplicableTradeTax/CategoryCode O",
            "ApplicableTradeTax/CalculatedAmount 0.00",
            "ApplicableTradeTax/TypeCode VAT",
            "ApplicableTradeTax/ExemptionReason Nicht im Inland steuerbare Leistung (§ 3a Abs. 2 UStG)",
            "ApplicableTradeTax/BasisAmount 70.00",
            "ApplicableTradeTax/CategoryCode O",
            "ApplicableTradeTax/ExemptionReasonCode VATEX-EU-O",
            "ApplicableTradeTax/RateApplicablePercent 0.00",
        ]);
    }

    [Fact]
    public void A_person_is_the_buyer_and_no_contact()
    {
        var invoice = EInvoices.Create(VatCase.Domestic);
        var leaves = Leaves(invoice with { Buyer = invoice.Buyer with { Company = null, Person = "Einkauf" } });

        leaves.ShouldContain("BuyerTradeParty/Name Einkauf");
        leaves.Count(leaf => leaf.StartsWith("DefinedTradeContact", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void XRechnung_differs_in_profile_and_process_only()
    {
        var zugferd = EInvoices.Create(VatCase.Domestic);
        zugferd = zugferd with { Buyer = zugferd.Buyer with { BuyerReference = "04011000-12345-34" } };

        Leaves(zugferd with { Format = InvoiceFormat.XRechnung }).Except(Leaves(zugferd)).ShouldBe(
        [
            "BusinessProcessSpecifiedDocumentContextParameter/ID urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
            "GuidelineSpecifiedDocumentContextParameter/ID urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        ]);
    }

    [Fact]
    public void The_bytes_are_the_same_in_every_culture_and_begin_with_the_declaration()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        var bytes = CiiWriter.Write(EInvoices.Create(VatCase.Domestic));
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = new("ar-SA");
            CiiWriter.Write(EInvoices.Create(VatCase.Domestic)).ShouldBe(bytes);
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }

        Encoding.UTF8.GetString(bytes).ShouldStartWith("""<?xml version="1.0" encoding="utf-8"?>""");
    }

    [Fact]
    public void A_draft_has_no_xml() =>
        Should.Throw<InvalidOperationException>(() => CiiWriter.Write(EInvoices.Create(VatCase.Domestic) with { Number = null }));

    /// <summary>Parent, name, the attribute that matters, and text of each element without children, in the document's order.</summary>
    private static List<string> Leaves(InvoiceContent invoice)
    {
        var document = XDocument.Parse(Encoding.UTF8.GetString(CiiWriter.Write(invoice)));
        var attribute = (XElement e) => e.Attributes().FirstOrDefault(a => a.Name != "format")?.Value;
        return [.. document.Descendants().Where(e => !e.HasElements)
            .Select(e => $"{e.Parent!.Name.LocalName}/{e.Name.LocalName}{(attribute(e) is { } a ? "@" + a : "")} {e.Value}")];
    }
}
