using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>A font that the vendor adds (<c>Vendor:Fonts</c>), with letters that the portal's own font lacks.</summary>
public sealed class OtherFontsTests : IDisposable
{
    private const string Company = "株式会社見本 Muster";

    private readonly PdfTools _tools = new();

    [Fact]
    public void A_Japanese_company_gets_its_invoice()
    {
        new InvoiceLetters(InvoiceExamples.Artwork(new VendorOptions())).FirstMissing(Company).ShouldBe("株");
        var artwork = InvoiceExamples.Artwork(new VendorOptions { Fonts = { Font() } });
        artwork.Complaints.ShouldBeEmpty();
        new InvoiceLetters(artwork).FirstMissing(Company).ShouldBeNull();

        var invoice = InvoiceExamples.German with { Buyer = InvoiceExamples.German.Buyer with { Company = Company } };
        var file = _tools.Save("japanese.pdf", new PdfInvoiceRenderer(artwork).Render(invoice, InvoiceExamples.AnyXml));

        PdfTools.Run("pdftotext", "-layout", file, "-").ShouldContain(Company);
        PdfTools.Run("pdffonts", file).Split('\n').Count(line => line.Contains(" CID TrueType ", StringComparison.Ordinal)).ShouldBe(3);
        PdfTools.Run("qpdf", "--check", file);
    }

    [Fact]
    public void What_is_no_font_is_said_at_the_start()
    {
        var artwork = InvoiceExamples.Artwork(new VendorOptions { Fonts = { "/nowhere/font.ttf", _tools.Save("font.ttf", [1, 2, 3, 4]) } });

        artwork.Complaints.Select(c => c.Word).ShouldBe(["FileUnreadable", "FontNotTrueType"]);
    }

    public void Dispose() => _tools.Dispose();

    private static string Font()
    {
        var font = Environment.GetEnvironmentVariable("SELFHELP_CJK_FONT");
        font.ShouldNotBeNullOrEmpty("test.sh unpacks Debian's fonts-ipafont-gothic and names its file in SELFHELP_CJK_FONT");
        return font;
    }
}
