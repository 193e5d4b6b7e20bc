using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>Draws invoices as PDF/A-3u. Any number of threads may draw at the same time.</summary>
internal sealed class PdfInvoiceRenderer(InvoiceArtwork artwork) : IInvoiceRenderer
{
    public string FontHash => artwork.FontHash;

    public byte[] Render(InvoiceContent invoice, ReadOnlyMemory<byte> xml) => Render(invoice, xml, PdfaPart.Three);

    public void CheckTexts(InvoiceContent invoice)
    {
        var (regular, bold) = artwork.NewFonts();

        // The number that a draft does not have yet consists of these.
        _ = new InvoiceLayout(invoice with { Number = invoice.Number ?? "S0123456789-" }, regular, bold, artwork.Logo).Draw();
    }

    internal byte[] Render(InvoiceContent invoice, ReadOnlyMemory<byte> xml, PdfaPart part)
    {
        var (regular, bold) = artwork.NewFonts();
        var logo = artwork.Logo;
        var layout = new InvoiceLayout(invoice, regular, bold, logo);
        var canvases = layout.Draw();

        var metadata = new XmpMetadata(layout.Title, invoice.IssueDate, WithInvoice: !xml.IsEmpty);
        return PdfPages.Write(canvases, (regular, bold), logo, metadata, invoice.Language, xml, part);
    }
}
