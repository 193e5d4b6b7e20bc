using System.Text;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>The check of a finished invoice: page and XML say the same, and the XML inside is the one beside it.</summary>
public sealed class InvoicePdfRulesTests
{
    [Theory]
    [InlineData("german")]
    [InlineData("english")]
    [InlineData("cancellation")]
    [InlineData("small-business")]
    [InlineData("third-country")]
    [InlineData("three-pages")]
    [InlineData("longest")]
    public void An_invoice_that_says_what_its_XML_says_is_fine(string name)
    {
        var invoice = InvoiceExamples.All[name];
        var xml = Xml(invoice);

        InvoicePdfRules.Check(InvoiceExamples.Renderer.Render(invoice, xml), xml, attached: true).ShouldBeEmpty();
        InvoicePdfRules.Check(InvoiceExamples.Renderer.Render(invoice, default), xml, attached: false).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-00042", "2026-00044")]
    [InlineData("20261122", "20261123")]
    [InlineData("70.00", "70.01")]
    [InlineData("13.30", "13.31")]
    [InlineData("83.30", "83.31")]
    [InlineData(InvoiceExamples.Iban, "DE02120300000000202051")]
    [InlineData("DE000000003", "DE000000004")]
    [InlineData("DE111111125", "DE111111126")]
    public void A_figure_that_the_page_does_not_show_is_found(string said, string drawn)
    {
        var xml = Replaced(said, drawn);

        var broken = InvoicePdfRules.Check(InvoiceExamples.Renderer.Render(InvoiceExamples.German, xml), xml, attached: true)
            .ShouldHaveSingleItem();

        broken.Id.ShouldBe("P-10");
    }

    [Fact]
    public void A_legal_text_that_the_page_does_not_show_is_found()
    {
        var xml = Xml(InvoiceExamples.English);
        var silent = InvoiceExamples.English with { Vat = InvoiceExamples.English.Vat with { Reason = "Reverse charge" } };

        InvoicePdfRules.Check(InvoiceExamples.Renderer.Render(silent, xml), xml, attached: true).ShouldHaveSingleItem().Id.ShouldBe("P-02");
    }

    [Fact]
    public void Another_XML_inside_than_beside_is_found()
    {
        var other = Replaced("</rsm:CrossIndustryInvoice>", "</rsm:CrossIndustryInvoice> ");

        InvoicePdfRules.Check(InvoiceExamples.Renderer.Render(InvoiceExamples.German, other), Xml(), attached: true)
            .ShouldHaveSingleItem().Id.ShouldBe("P-11");
    }

    [Fact]
    public void An_attachment_too_many_or_too_few_is_found()
    {
        InvoicePdfRules.Check(InvoiceExamples.Renderer.Render(InvoiceExamples.German, default), Xml(), attached: true)
            .ShouldContain(broken => broken.Id == "P-12");
        InvoicePdfRules.Check(InvoiceExamples.Renderer.Render(InvoiceExamples.German, Xml()), Xml(), attached: false)
            .ShouldContain(broken => broken.Id == "P-12");
    }

    /// <summary>Wherever it is cut off or changed, the answer is a rule and never a crash.</summary>
    [Fact]
    public void A_damaged_file_breaks_a_rule()
    {
        var pdf = InvoiceExamples.Renderer.Render(InvoiceExamples.German, Xml());

        InvoicePdfRules.Check([], Xml(), attached: true).ShouldNotBeEmpty();
        for (var length = 1; length < pdf.Length; length += 97)
        {
            InvoicePdfRules.Check(pdf[..length], Xml(), attached: true).ShouldNotBeEmpty();
        }

        var random = new Seeded();
        for (var i = 0; i < 300; i++)
        {
            // Not all bytes matter, so that some changes leave an invoice as good as it was.
            var changed = pdf.ToArray();
            changed[random.Below(pdf.Length)] ^= (byte)(1 + random.Below(255));
            Should.NotThrow(() => InvoicePdfRules.Check(changed, Xml(), attached: true), $"seed {random.Seed}, change {i}");
        }
    }

    internal static byte[] Xml(InvoiceContent? invoice = null) => CiiWriter.Write(invoice ?? InvoiceExamples.German);

    private static byte[] Replaced(string from, string to) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Xml()).Replace(from, to, StringComparison.Ordinal));
}
