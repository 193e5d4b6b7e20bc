using System.Globalization;
using System.Text;
using System.Xml;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// Writes an invoice as UN/CEFACT Cross Industry Invoice (D16B) in the profile EN 16931 or XRechnung 3.0. The numbers in the comments are
/// the business terms (BT) of EN 16931; what has no value has no element.
/// </summary>
internal static class CiiWriter
{
    private const string XRechnung = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0";
    private const string En16931 = "urn:cen.eu:en16931:2017";
    private const string Process = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

    private static readonly XmlWriterSettings Settings =
        new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, NewLineChars = "\n" };

    /// <param name="invoice">With its number.</param>
    /// <exception cref="ArgumentException">A text has characters that XML cannot carry (<see cref="InvoiceRules"/>, P-08).</exception>
    public static byte[] Write(InvoiceContent invoice)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Settings))
        {
            new Document(xml, invoice).Write();
        }

        return bytes.ToArray();
    }

    private sealed class Document(XmlWriter xml, InvoiceContent invoice)
    {
        private const string Root = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";
        private const string Aggregate = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100";
        private const string Unqualified = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100";
        private const string Qualified = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100";

        private readonly InvoiceTotals _totals = invoice.Totals;
        private readonly bool _isOutOfScope = invoice.Vat.Case == VatCase.ThirdCountry;
        private readonly string _number = invoice.Number
            ?? throw new InvalidOperationException(
                "The e-invoice of a draft was asked for; issue the invoice first, which gives it its number.");

        public void Write()
        {
            xml.WriteStartElement("rsm", "CrossIndustryInvoice", Root);
            xml.WriteAttributeString("xmlns", "ram", null, Aggregate);
            xml.WriteAttributeString("xmlns", "udt", null, Unqualified);
            xml.WriteAttributeString("xmlns", "qdt", null, Qualified);
            RootPart("ExchangedDocumentContext", Context);
            RootPart("ExchangedDocument", Head);
            RootPart("SupplyChainTradeTransaction", () =>
            {
                for (var i = 0; i < invoice.Lines.Count; i++)
                {
                    Line(i + 1, invoice.Lines[i]);
                }

                In("ApplicableHeaderTradeAgreement", Agreement);
                In("ApplicableHeaderTradeDelivery", Delivery);
                In("ApplicableHeaderTradeSettlement", Settlement);
            });
            xml.WriteEndElement();
        }

        private void Context()
        {
            if (invoice.Format == InvoiceFormat.XRechnung)
            {
                In("BusinessProcessSpecifiedDocumentContextParameter", () => Text("ID", Process)); // 23
            }

            // 24
            In("GuidelineSpecifiedDocumentContextParameter",
                () => Text("ID", invoice.Format == InvoiceFormat.XRechnung ? XRechnung : En16931));
        }

        private void Head()
        {
            Text("ID", _number); // 1
            Text("TypeCode", invoice.Kind switch { InvoiceKind.Invoice => "380", InvoiceKind.Cancellation => "384" }); // 3
            Day("IssueDateTime", invoice.IssueDate); // 2
            foreach (var note in invoice.Notes)
            {
                In("IncludedNote", () => Text("Content", note)); // 22
            }
        }

        private void Line(int number, InvoiceLine line) => In("IncludedSupplyChainTradeLineItem", () =>
        {
            In("AssociatedDocumentLineDocument", () => Text("LineID", number.ToString(CultureInfo.InvariantCulture))); // 126
            In("SpecifiedTradeProduct", () =>
            {
                Text("SellerAssignedID", line.Sku); // 155
                Text("Name", line.Name); // 153
                Text("Description", line.Description); // 154
            });
            In("SpecifiedLineTradeAgreement", () => In("NetPriceProductTradePrice", () => Amount("ChargeAmount", line.UnitNet))); // 146
            // 129, 130
            In("SpecifiedLineTradeDelivery",
                () => Text("BilledQuantity", line.Quantity.ToString(CultureInfo.InvariantCulture), "unitCode", "C62"));
            In("SpecifiedLineTradeSettlement", () =>
            {
                In("ApplicableTradeTax", () =>
                {
                    Text("TypeCode", "VAT");
                    Text("CategoryCode", invoice.Vat.Category); // 151
                    if (!_isOutOfScope)
                    {
                        Text("RateApplicablePercent", Rate); // 152
                    }
                });
                Span(line.Period); // 134, 135
                In("SpecifiedTradeSettlementLineMonetarySummation", () => Amount("LineTotalAmount", line.Net)); // 131
            });
        });

        private void Agreement()
        {
            Text("BuyerReference", invoice.Buyer.BuyerReference); // 10
            In("SellerTradeParty", Seller);
            In("BuyerTradeParty", Buyer);
            if (!string.IsNullOrWhiteSpace(invoice.Buyer.OrderNumber))
            {
                In("BuyerOrderReferencedDocument", () => Text("IssuerAssignedID", invoice.Buyer.OrderNumber)); // 13
            }
        }

        /// <summary>A service over time has its period instead (BG-14): no profile written here wants a date beside it.</summary>
        private void Delivery()
        {
            if (invoice.ServicePeriod is null)
            {
                In("ActualDeliverySupplyChainEvent", () => Day("OccurrenceDateTime", invoice.ServiceDate)); // 72
            }
        }

        private void Seller()
        {
            var seller = invoice.Seller;
            Text("ID", seller.SellerId); // 29
            Text("Name", seller.Name); // 27
            Text("Description", LegalTexts.Company(seller, invoice.Vat.Case, invoice.Language)); // 33
            if (!string.IsNullOrWhiteSpace(seller.Register))
            {
                In("SpecifiedLegalOrganization", () => Text("ID", seller.Register)); // 30
            }

            In("DefinedTradeContact", () =>
            {
                Text("PersonName", seller.ContactName); // 41
                In("TelephoneUniversalCommunication", () => Text("CompleteNumber", seller.ContactPhone)); // 42
                In("EmailURIUniversalCommunication", () => Text("URIID", seller.ContactMail)); // 43
            });
            Address(seller.PostalCode, seller.Street, null, seller.City, seller.Country); // 35, 37, 38, 40
            Mailbox(seller.BillingMail); // 34
            TaxId("FC", seller.TaxNumber); // 32
            TaxId("VA", _isOutOfScope ? null : seller.VatId); // 31
        }

        private void Buyer()
        {
            var buyer = invoice.Buyer;
            Text("ID", buyer.CustomerNumber); // 46
            Text("Name", buyer.Name); // 44
            if (buyer.Company is not null && !string.IsNullOrWhiteSpace(buyer.Person))
            {
                In("DefinedTradeContact", () => Text("PersonName", buyer.Person)); // 56
            }

            Address(buyer.PostalCode, buyer.Street, buyer.Street2, buyer.City, buyer.Country); // 50, 51, 52, 53, 55
            Mailbox(buyer.Email); // 49
            TaxId("VA", _isOutOfScope ? null : buyer.VatId); // 48
        }

        private void Settlement()
        {
            var isInvoice = invoice.Kind == InvoiceKind.Invoice;
            Text("PaymentReference", isInvoice ? _number : null); // 83
            Text("InvoiceCurrencyCode", Money.Currency); // 5
            if (isInvoice)
            {
                Transfer();
            }
            else if (invoice.Format == InvoiceFormat.XRechnung)
            {
                // BR-DE-1 wants the group; "instrument not defined" names no account that somebody could pay to.
                In("SpecifiedTradeSettlementPaymentMeans", () => Text("TypeCode", "1")); // 81
            }

            In("ApplicableTradeTax", () =>
            {
                Amount("CalculatedAmount", _totals.Vat); // 117
                Text("TypeCode", "VAT");
                Text("ExemptionReason", invoice.Vat.Reason); // 120
                Amount("BasisAmount", _totals.Net); // 116
                Text("CategoryCode", invoice.Vat.Category); // 118
                Text("ExemptionReasonCode", invoice.Vat.ReasonCode); // 121
                Text("RateApplicablePercent", Rate); // 119
            });
            Span(invoice.ServicePeriod); // 73, 74
            if (invoice.DueDate is { } due)
            {
                In("SpecifiedTradePaymentTerms", () =>
                {
                    Text("Description", Terms(due)); // 20
                    Day("DueDateDateTime", due); // 9
                });
            }

            In("SpecifiedTradeSettlementHeaderMonetarySummation", () =>
            {
                Amount("LineTotalAmount", _totals.Net); // 106
                Amount("TaxBasisTotalAmount", _totals.Net); // 109
                Text("TaxTotalAmount", _totals.Vat.ToString(), "currencyID", Money.Currency); // 110
                Amount("GrandTotalAmount", _totals.Gross); // 112
                Amount("DuePayableAmount", _totals.Gross); // 115
            });
            if (invoice.Cancels is { } cancelled)
            {
                In("InvoiceReferencedDocument", () =>
                {
                    Text("IssuerAssignedID", cancelled.Number); // 25
                    Day("FormattedIssueDateTime", cancelled.IssueDate, "qdt", Qualified); // 26
                });
            }
        }

        private void Transfer() => In("SpecifiedTradeSettlementPaymentMeans", () =>
        {
            Text("TypeCode", "58"); // 81, SEPA credit transfer
            In("PayeePartyCreditorFinancialAccount", () =>
            {
                Text("IBANID", invoice.Seller.Iban); // 84
                Text("AccountName", invoice.Seller.Name); // 85
            });
            if (!string.IsNullOrWhiteSpace(invoice.Seller.Bic))
            {
                In("PayeeSpecifiedCreditorFinancialInstitution", () => Text("BICID", invoice.Seller.Bic)); // 86
            }
        });

        private string Rate => invoice.Vat.Rate.ToString("0.00", CultureInfo.InvariantCulture);

        /// <summary>The page writes dates alike in both languages.</summary>
        private string Terms(DateOnly due)
        {
            var day = due.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture);
            return invoice.Language == "de" ? $"Zahlbar bis {day} ohne Abzug" : $"Payable by {day} without deduction";
        }

        private void Address(string postalCode, string street, string? street2, string city, string country) =>
            In("PostalTradeAddress", () =>
        {
            Text("PostcodeCode", postalCode);
            Text("LineOne", street);
            Text("LineTwo", street2);
            Text("CityName", city);
            Text("CountryID", country);
        });

        private void Span(Period? period)
        {
            if (period is not null)
            {
                In("BillingSpecifiedPeriod", () =>
                {
                    Day("StartDateTime", period.From);
                    Day("EndDateTime", period.To);
                });
            }
        }

        private void Mailbox(string address) => In("URIUniversalCommunication", () => Text("URIID", address, "schemeID", "EM"));

        private void TaxId(string scheme, string? id)
        {
            if (!string.IsNullOrWhiteSpace(id))
            {
                In("SpecifiedTaxRegistration", () => Text("ID", id, "schemeID", scheme));
            }
        }

        private void RootPart(string name, Action content)
        {
            xml.WriteStartElement("rsm", name, Root);
            content();
            xml.WriteEndElement();
        }

        private void In(string name, Action content)
        {
            xml.WriteStartElement("ram", name, Aggregate);
            content();
            xml.WriteEndElement();
        }

        private void Text(string name, string? value, string? attribute = null, string? attributeValue = null)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                return;
            }

            xml.WriteStartElement("ram", name, Aggregate);
            if (attribute is not null)
            {
                xml.WriteAttributeString(attribute, attributeValue);
            }

            xml.WriteString(value);
            xml.WriteEndElement();
        }

        private void Amount(string name, Money amount) => Text(name, amount.ToString());

        /// <summary>Format 102: <c>20261121</c>.</summary>
        private void Day(string name, DateOnly day, string prefix = "udt", string type = Unqualified) => In(name, () =>
        {
            xml.WriteStartElement(prefix, "DateTimeString", type);
            xml.WriteAttributeString("format", "102");
            xml.WriteString(day.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        });
    }
}
