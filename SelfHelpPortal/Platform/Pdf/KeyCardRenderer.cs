using System.Globalization;
using System.Resources;
using System.Text;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// Draws a license with its key for the customer's folder: large, and once more as a QR code. The code holds the key alone.
/// </summary>
internal sealed class KeyCardRenderer(InvoiceArtwork artwork)
{
    private readonly InvoiceLetters _letters = new(artwork);

    private const double Left = 25;
    private const double Right = 190;
    private const double Value = 70;
    private const double CodeSize = 45;

    private static readonly ResourceManager Resources = new(typeof(KeyCardRenderer));

    public byte[] Render(KeyCard card)
    {
        var culture = CultureInfo.GetCultureInfo(card.Language);
        var (regular, bold) = artwork.NewFonts();
        var canvas = new Canvas();
        var logo = artwork.Logo;
        if (logo is not null)
        {
            canvas.Image(PdfPages.LogoResource, logo, 125, 12, 65, 25);
        }

        Line(canvas, Left, 22, new TextStyle(bold, 14), card.Vendor, 95);
        Line(canvas, Left, 60, new TextStyle(bold, 22), Text("Title"), Right - Left);
        var y = 76.0;
        foreach (var (label, value) in new[]
        {
            (Text("Product"), card.Product), (Text("License"), card.LicenseNumber), (Text("Customer"), card.Company),
            (Text("Seats"), card.Seats.ToString(culture)),
            (Text("Until"), card.MaintenanceUntil is { } until ? InvoiceTexts.Date(until) : ""),
        }.Where(fact => fact.Item2.Length > 0))
        {
            canvas.Text(Left, y, new TextStyle(regular, 11), label);
            Line(canvas, Value, y, new TextStyle(bold, 11), value, Right - Value);
            y += 7;
        }

        y += 8;
        canvas.Text(Left, y, new TextStyle(regular, 11), Text("Key"));
        Line(canvas, Left, y + 11, new TextStyle(bold, 24), card.Key, Right - Left);
        var code = QrImage.From(Encoding.UTF8.GetBytes(card.Key));
        canvas.Cells(Left, y + 18, CodeSize, code.Size, code.Runs);
        var small = new TextStyle(regular, 10);
        var note = y + 24;
        foreach (var line in small.Wrap(Drawable(string.Format(culture, Text("Note"), card.Portal)), Right - Left - CodeSize - 8))
        {
            canvas.Text(Left + CodeSize + 8, note, small, line);
            note += 4.6;
        }

        var metadata = new XmpMetadata($"{Text("Title")} {card.LicenseNumber}", card.Date, WithInvoice: false);
        return PdfPages.Write([canvas], (regular, bold), logo, metadata, card.Language, default, PdfaPart.Three);

        string Text(string name) => Resources.GetString(name, culture)
            ?? throw new MissingManifestResourceException($"{nameof(KeyCardRenderer)} has no text '{name}'.");
    }

    private void Line(Canvas canvas, double x, double y, TextStyle style, string text, double width)
    {
        var drawable = Drawable(text);
        canvas.Text(x, y, style.Fit(drawable, width), drawable);
    }

    /// <summary>A name is still a name with a question mark in it; a customer without a card helps nobody.</summary>
    private string Drawable(string text) =>
        string.Concat(EmbeddedFont.Composed(text).EnumerateRunes().Select(rune => rune.ToString())
            .Select(rune => _letters.FirstMissing(rune) is null ? rune : "?"));
}
