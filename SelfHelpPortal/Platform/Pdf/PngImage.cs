using System.Globalization;
using SelfHelpPortal.Platform.Images;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// A PNG that becomes an image of a PDF. PDF knows PNG's row filters, so the compressed data go in as they are; only where each pixel says
/// how opaque it is, they are drawn anew on the white of the paper.
/// </summary>
internal sealed class PngImage
{
    private readonly string _entries;
    private readonly byte[] _data;

    public PngImage(PngFile png)
    {
        (Width, Height) = (png.Width, png.Height);
        if (png.Color is PngColor.GrayAlpha or PngColor.Rgba)
        {
            _data = PdfFile.Compress(OnWhite(png));
            _entries = $"/ColorSpace/{(png.Color == PngColor.Rgba ? "DeviceRGB" : "DeviceGray")}/BitsPerComponent 8/Filter/FlateDecode";
            return;
        }

        _data = png.Data;
        var space = png.Color switch
        {
            PngColor.Palette => $"[/Indexed/DeviceRGB {(png.Palette.Length / 3) - 1}<{Convert.ToHexString(PaletteOnWhite(png))}>]",
            PngColor.Gray => "/DeviceGray",
            _ => "/DeviceRGB",
        };
        _entries = string.Create(
            CultureInfo.InvariantCulture,
            $"/ColorSpace{space}/BitsPerComponent {png.Depth}{HiddenColor(png)}/Filter/FlateDecode/DecodeParms<</Predictor 15"
                + $"/Colors {png.Channels}/BitsPerComponent {png.Depth}/Columns {Width}>>");
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    public int AddTo(PdfFile pdf) => pdf.AddStream($"/Type/XObject/Subtype/Image/Width {Width}/Height {Height}{_entries}", _data);

    /// <summary>The color that a gray or RGB picture does not show, which PDF calls a color key mask.</summary>
    private static string HiddenColor(PngFile png)
    {
        if (png.Color == PngColor.Palette || png.Transparency.IsEmpty)
        {
            return "";
        }

        // Two bytes for each value, of which the second is enough for 8 bits. PDF wants a range.
        var values = png.Transparency.ToArray().Where((_, place) => place % 2 == 1).Select(value => $"{value} {value}");
        return $"/Mask[{string.Join(' ', values)}]";
    }

    private static byte[] PaletteOnWhite(PngFile png)
    {
        var colors = png.Palette.ToArray();
        for (var at = 0; at < png.Transparency.Length * 3; at++)
        {
            colors[at] = OnWhite(colors[at], png.Transparency.Span[at / 3]);
        }

        return colors;
    }

    /// <returns>The rows without their filters and without how opaque they are.</returns>
    private static byte[] OnWhite(PngFile png)
    {
        var (step, length) = (png.Channels, png.RowLength);
        var rows = png.Unpack() ?? throw new InvalidOperationException("The picture was unpacked when it was read, but not any more.");
        var (before, drawn) = (new byte[length], new byte[png.Height * png.Width * (step - 1)]);
        var to = 0;
        for (var y = 0; y < png.Height; y++)
        {
            var row = rows.AsSpan(1 + (y * (1 + length)), length);
            TakeFilterOff(rows[y * (1 + length)], row, before, step);
            for (var at = 0; at < length; at += step)
            {
                for (var value = 0; value < step - 1; value++)
                {
                    drawn[to++] = OnWhite(row[at + value], row[at + step - 1]);
                }
            }

            row.CopyTo(before);
        }

        return drawn;
    }

    /// <summary>Sections 9.2 to 9.4 of the PNG specification.</summary>
    private static void TakeFilterOff(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (var at = 0; at < row.Length; at++)
        {
            var left = at < step ? 0 : row[at - step];
            row[at] += (byte)(filter switch
            {
                1 => left,
                2 => above[at],
                3 => (left + above[at]) / 2,
                4 => Paeth(left, above[at], at < step ? 0 : above[at - step]),
                _ => 0,
            });
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        var (toLeft, toAbove, toCorner) =
            (Math.Abs(above - corner), Math.Abs(left - corner), Math.Abs(left + above - corner - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }

    private static byte OnWhite(int value, int opaque) => (byte)(((value * opaque) + (255 * (255 - opaque)) + 127) / 255);
}
