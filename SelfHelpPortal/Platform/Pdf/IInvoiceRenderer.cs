using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>Draws an invoice. The seam behind which another library could draw it.</summary>
internal interface IInvoiceRenderer
{
    /// <summary>The PDF, byte for byte the same for the same invoice.</summary>
    /// <param name="invoice">What the page says; without a number it is drawn as a draft.</param>
    /// <param name="xml">The e-invoice to attach as <c>factur-x.xml</c>; empty: none is attached.</param>
    /// <exception cref="InvoiceTextException">A character has no glyph in the invoice font, or a text has no room.</exception>
    byte[] Render(InvoiceContent invoice, ReadOnlyMemory<byte> xml);

    /// <summary>Rule P-09, before a number is taken: every character of the invoice can be drawn.</summary>
    /// <exception cref="InvoiceTextException">A character has no glyph in the invoice font, or a text has no room.</exception>
    void CheckTexts(InvoiceContent invoice);

    /// <summary>SHA-256 of the fonts, for the record of how an invoice was made.</summary>
    string FontHash { get; }
}

/// <summary>A text of the invoice cannot be drawn.</summary>
/// <param name="message">Names the character, for the clerk.</param>
internal sealed class InvoiceTextException(string message) : Exception(message);
