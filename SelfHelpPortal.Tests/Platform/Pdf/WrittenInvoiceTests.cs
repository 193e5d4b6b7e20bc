using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Tests.Licensing.Billing;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>The real XML on the real page, in every tax case: no rule is broken on either side.</summary>
public class WrittenInvoiceTests
{
    public static TheoryData<VatCase, string, bool> Cases()
    {
        var cases = new TheoryData<VatCase, string, bool>();
        foreach (var vat in Enum.GetValues<VatCase>())
        {
            cases.Add(vat, "de", false);
            cases.Add(vat, "de", true);
            cases.Add(vat, "en", false);
            cases.Add(vat, "en", true);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Page_and_XML_say_the_same(VatCase vat, string language, bool cancelled)
    {
        var original = EInvoices.Create(vat, language: language);
        original = original with
        {
            ServiceDate = new(2027, 11, 20),
            Lines = [original.Lines[0] with { Quantity = 20 }, EInvoices.Renewal(EInvoices.Today, 12)],
        };
        var invoice = cancelled ? EInvoices.Cancel(original) : original;

        var xml = CiiWriter.Write(invoice);

        InvoiceRules.Check(xml, EInvoices.Evidence(invoice, cancelled ? original : null)).ShouldBeEmpty();
        InvoicePdfRules.Check(InvoiceExamples.Renderer.Render(invoice, xml), xml, attached: true).ShouldBeEmpty();
    }
}
