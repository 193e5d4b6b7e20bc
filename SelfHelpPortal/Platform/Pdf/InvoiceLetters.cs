using System.Globalization;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>Which characters the fonts of invoices have.</summary>
internal sealed class InvoiceLetters(InvoiceArtwork artwork)
{
    /// <summary>The first character that cannot be drawn, with its marks; null when all can, or when there is no font to ask.</summary>
    public string? FirstMissing(string? text)
    {
        if (string.IsNullOrEmpty(text) || artwork.Complaints.Count > 0)
        {
            return null;
        }

        var (regular, bold) = artwork.NewFonts();
        var elements = StringInfo.GetTextElementEnumerator(EmbeddedFont.Composed(text));
        while (elements.MoveNext())
        {
            if (!regular.CanDraw(elements.GetTextElement()) || !bold.CanDraw(elements.GetTextElement()))
            {
                return elements.GetTextElement();
            }
        }

        return null;
    }
}
