using System.Globalization;
using System.Text;

namespace SelfHelpPortal.Platform.Pdf;

internal enum Align
{
    Left,
    Center,
    Right,
}

/// <summary>Draws on an A4 page. All lengths are millimeters from the upper left corner, sizes of type are points.</summary>
internal sealed class Canvas
{
    public const double Width = 210;
    public const double Height = 297;
    public const double PointsPerMillimeter = 72 / 25.4;

    private readonly StringBuilder _content = new();

    /// <param name="x">Where the text begins, has its middle or ends.</param>
    /// <param name="y">The base line.</param>
    public void Text(double x, double y, TextStyle style, string text, Align align = Align.Left)
    {
        if (text.Length == 0)
        {
            return;
        }

        var width = align == Align.Left ? 0 : style.WidthOf(text);
        var left = align switch
        {
            Align.Left => x,
            Align.Center => x - (width / 2),
            Align.Right => x - width,
        };
        _content.Append(CultureInfo.InvariantCulture, $"BT /{style.Font.Resource} {PdfFile.Number(style.Size)} Tf {X(left)} {Y(y)} Td ");
        style.Font.Write(text, style.Size, _content);
        _content.Append(" Tj ET\n");
    }

    /// <summary>A text in light gray that rises across the middle of the page. Drawn first, it lies below everything else.</summary>
    public void Stamp(TextStyle style, string text, double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var half = style.WidthOf(text) / 2;
        var (a, b) = (PdfFile.Number(cos), PdfFile.Number(sin));
        _content.Append(
            CultureInfo.InvariantCulture,
            $"q 0.9 g BT /{style.Font.Resource} {PdfFile.Number(style.Size)} Tf {a} {b} {PdfFile.Number(-sin)} {a} "
                + $"{X((Width / 2) - (half * cos))} {Y((Height / 2) + (half * sin))} Tm ");
        style.Font.Write(text, style.Size, _content);
        _content.Append(" Tj ET Q\n");
    }

    /// <param name="gray">0 is black.</param>
    public void Line(double x1, double y1, double x2, double y2, double width, double gray = 0) => _content.Append(
        CultureInfo.InvariantCulture,
        $"{PdfFile.Number(gray)} G {PdfFile.Number(width * PointsPerMillimeter)} w {X(x1)} {Y(y1)} m {X(x2)} {Y(y2)} l S\n");

    /// <summary>Fits an image into a box, at its upper right corner.</summary>
    public void Image(string resource, PngImage image, double x, double y, double width, double height)
    {
        var scale = Math.Min(width / image.Width, height / image.Height);
        var (w, h) = (image.Width * scale, image.Height * scale);
        _content.Append(
            CultureInfo.InvariantCulture,
            $"q {PdfFile.Number(w * PointsPerMillimeter)} 0 0 {PdfFile.Number(h * PointsPerMillimeter)} {X(x + width - w)} {Y(y + h)} cm "
                + $"/{resource} Do Q\n");
    }

    /// <summary>
    /// Fills cells of a square that is divided into <paramref name="cells"/> rows and columns. All of them are one path, so that no viewer
    /// shows seams between them.
    /// </summary>
    public void Cells(double x, double y, double size, int cells, IEnumerable<(int Column, int Row, int Length)> runs)
    {
        var scale = (size * PointsPerMillimeter / cells).ToString("0.######", CultureInfo.InvariantCulture);
        _content.Append(CultureInfo.InvariantCulture, $"q {scale} 0 0 -{scale} {X(x)} {Y(y)} cm\n");
        foreach (var (column, row, length) in runs)
        {
            _content.Append(CultureInfo.InvariantCulture, $"{column} {row} {length} 1 re\n");
        }

        _content.Append("f Q\n");
    }

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(_content.ToString());

    private static string X(double x) => PdfFile.Number(x * PointsPerMillimeter);

    private static string Y(double y) => PdfFile.Number((Height - y) * PointsPerMillimeter);
}
