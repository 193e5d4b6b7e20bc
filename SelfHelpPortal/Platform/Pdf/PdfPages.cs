using System.Globalization;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>Makes a PDF/A file of drawn pages.</summary>
internal static class PdfPages
{
    public const string LogoResource = "L";

    /// <param name="fonts">With which the pages were drawn, so that they know their characters.</param>
    /// <param name="xml">The e-invoice inside; empty for another document.</param>
    public static byte[] Write(
        IReadOnlyList<Canvas> canvases, (EmbeddedFont Regular, EmbeddedFont Bold) fonts, PngImage? logo, XmpMetadata metadata,
        string language, ReadOnlyMemory<byte> xml, PdfaPart part)
    {
        var (regular, bold) = fonts;
        var pdf = new PdfFile(part);
        var image = logo is null ? "" : Invariant($"/XObject<</{LogoResource} {logo.AddTo(pdf)} 0 R>>");
        var used = regular.InUse.Concat(bold.InUse).Distinct().OrderBy(font => font.Resource, StringComparer.Ordinal)
            .Select(font => Invariant($"/{font.Resource} {font.AddTo(pdf)} 0 R"));
        var resources = pdf.Add($"<</Font<<{string.Concat(used)}>>{image}>>");
        var tree = pdf.Reserve();
        var pages = canvases.Select(canvas =>
        {
            var content = pdf.AddCompressed("", canvas.ToBytes());
            return pdf.Add(Invariant(
                $"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 595.276 841.89]/Resources {resources} 0 R/Contents {content} 0 R>>"));
        }).ToList();
        pdf.Set(tree,
            Invariant($"<</Type/Pages/Kids[{string.Join(' ', pages.Select(page => Invariant($"{page} 0 R")))}]/Count {pages.Count}>>"));

        var attached = xml.IsEmpty ? "" : Attachment.AddTo(pdf, xml.Span, metadata.PdfDate);
        var catalog = pdf.Add(
            Invariant($"<</Type/Catalog/Pages {tree} 0 R/Metadata {metadata.AddTo(pdf)} 0 R")
            + Invariant($"/OutputIntents[{SrgbProfile.AddIntentTo(pdf)} 0 R]/Lang({language}){attached}>>"));
        return pdf.Finish(catalog, metadata.AddInfoTo(pdf));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
