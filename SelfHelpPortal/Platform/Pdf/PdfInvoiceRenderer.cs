using System.Globalization;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>Draws invoices as PDF/A-3b. Any number of threads may draw at the same time.</summary>
internal sealed class PdfInvoiceRenderer(InvoiceArtwork artwork) : IInvoiceRenderer
{
    public string FontHash => artwork.FontHash;

    public byte[] Render(InvoiceContent invoice, ReadOnlyMemory<byte> xml) => Render(invoice, xml, PdfaPart.Three);

    public void CheckTexts(InvoiceContent invoice)
    {
        var (regular, bold) = Fonts();

        // The number that a draft does not have yet consists of these.
        _ = new InvoiceLayout(invoice with { Number = invoice.Number ?? "S0123456789-" }, regular, bold, artwork.Logo).Draw();
    }

    internal byte[] Render(InvoiceContent invoice, ReadOnlyMemory<byte> xml, PdfaPart part)
    {
        var (regular, bold) = Fonts();
        var layout = new InvoiceLayout(invoice, regular, bold, artwork.Logo);
        var canvases = layout.Draw();

        var pdf = new PdfFile(part);
        var logo = artwork.Logo is { } image ? Invariant($"/XObject<</{InvoiceLayout.LogoResource} {image.AddTo(pdf)} 0 R>>") : "";
        var resources =
            pdf.Add(Invariant($"<</Font<</{regular.Resource} {regular.AddTo(pdf)} 0 R/{bold.Resource} {bold.AddTo(pdf)} 0 R>>{logo}>>"));
        var tree = pdf.Reserve();
        var pages = canvases.Select(canvas =>
        {
            var content = pdf.AddCompressed("", canvas.ToBytes());
            return pdf.Add(Invariant(
                $"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 595.276 841.89]/Resources {resources} 0 R/Contents {content} 0 R>>"));
        }).ToList();
        pdf.Set(tree,
            Invariant($"<</Type/Pages/Kids[{string.Join(' ', pages.Select(page => Invariant($"{page} 0 R")))}]/Count {pages.Count}>>"));

        var metadata = new XmpMetadata(layout.Title, invoice.IssueDate, WithInvoice: !xml.IsEmpty);
        var attached = xml.IsEmpty ? "" : Attachment.AddTo(pdf, xml.Span, metadata.PdfDate);
        var catalog = pdf.Add(
            Invariant($"<</Type/Catalog/Pages {tree} 0 R/Metadata {metadata.AddTo(pdf)} 0 R")
            + Invariant($"/OutputIntents[{SrgbProfile.AddIntentTo(pdf)} 0 R]/Lang({invoice.Language}){attached}>>"));
        return pdf.Finish(catalog, metadata.AddInfoTo(pdf));
    }

    private (EmbeddedFont Regular, EmbeddedFont Bold) Fonts() => artwork is { Complaints: [], Regular: { } regular, Bold: { } bold }
        ? (new EmbeddedFont(regular, "F0"), new EmbeddedFont(bold, "F1"))
        : throw new InvalidOperationException(
            "The vendor's fonts or logo cannot be used; see the complaint at the start and on the staff desk.");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
