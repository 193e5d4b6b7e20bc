using System.Globalization;
using System.Text;
using SelfHelpPortal.Platform.Images;
using SelfHelpPortal.Platform.Pdf;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>Every kind of PNG is printed as a browser would show it on white paper; poppler is the judge.</summary>
public sealed class PngImageTests : IDisposable
{
    private const int Width = 40;
    private const int Height = 20;

    /// <summary>Dots for each pixel: with fewer, poppler mixes neighbors.</summary>
    private const int Dots = 8;

    private readonly PdfTools _tools = new();

    public void Dispose() => _tools.Dispose();

    public static TheoryData<byte, byte> Kinds()
    {
        var data = new TheoryData<byte, byte>();
        foreach (var color in (byte[])[0, 2, 3, 4, 6])
        {
            for (byte filter = 0; filter <= 4; filter++)
            {
                data.Add(color, filter);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_pixel_is_printed_in_its_color_on_white(byte color, byte filter)
    {
        var printed = Print(Png.Picture(Width, Height, Pixel, color, filter));

        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                printed[(y * Width) + x].ShouldBe(OnWhite(Pixel(x, y), color), $"{x}, {y}");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void The_color_that_is_not_to_be_seen_leaves_the_paper_white(byte color)
    {
        byte[] hidden = color == 0 ? [0, 10] : [0, 10, 0, 20, 0, 30];
        var printed = Print(Png.Picture(
            Width, Height, (x, _) => x < 20 ? ((byte)10, (byte)20, (byte)30, (byte)255) : ((byte)90, (byte)80, (byte)70, (byte)255), color,
            extra: ("tRNS", hidden)));

        printed[3].ShouldBe((255, 255, 255));
        printed[30].ShouldBe(color == 0 ? (90, 90, 90) : (90, 80, 70));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Fewer_bits_are_printed_too(byte depth)
    {
        // Each row: its filter and the least value everywhere, which is black; the last value of the range would be white.
        var row = new byte[1 + (Width * depth / 8)];
        byte[] header = [0, 0, 0, Width, 0, 0, 0, Height, depth, 0, 0, 0, 0];
        var rows = PdfFile.Compress(Enumerable.Repeat(row, Height).SelectMany(r => r).ToArray());

        Print(Png.File(("IHDR", header), ("IDAT", rows), ("IEND", []))).Distinct().ShouldHaveSingleItem().ShouldBe((0, 0, 0));
    }

    /// <summary>Few enough colors for a palette, many enough for every filter.</summary>
    private static (byte R, byte G, byte B, byte A) Pixel(int x, int y) =>
        ((byte)(x / 8 * 50), (byte)(y / 5 * 60), (byte)((x + y) % 3 * 100), (byte)(x / 10 * 85));

    private static (int R, int G, int B) OnWhite((byte R, byte G, byte B, byte A) pixel, byte color)
    {
        var opaque = color is 0 or 2 ? 255 : pixel.A;
        return color is 0 or 4
            ? (On(pixel.R), On(pixel.R), On(pixel.R))
            : (On(pixel.R), On(pixel.G), On(pixel.B));

        int On(int value) => (int)Math.Round(((value * opaque) + (255 * (255 - opaque))) / 255.0, MidpointRounding.AwayFromZero);
    }

    /// <returns>The pixels of a page that holds nothing else, as their middles are printed.</returns>
    private List<(int R, int G, int B)> Print(byte[] file)
    {
        var image = new PngImage(PngFile.Read(file).Png.ShouldNotBeNull());
        var pdf = new PdfFile(PdfaPart.Three);
        var picture = image.AddTo(pdf);
        var content = pdf.AddStream("", Encoding.ASCII.GetBytes($"{Width} 0 0 {Height} 0 0 cm /L Do"));
        var tree = pdf.Reserve();
        var page = pdf.Add($"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {Width} {Height}]/Resources<</XObject<</L {picture} 0 R>>>>"
            + $"/Contents {content} 0 R>>");
        pdf.Set(tree, $"<</Type/Pages/Kids[{page} 0 R]/Count 1>>");
        var path = _tools.Save("picture.pdf", pdf.Finish(pdf.Add($"<</Type/Catalog/Pages {tree} 0 R>>"), pdf.Add("<<>>")));
        var printed = Path.Combine(_tools.Folder, "picture");
        PdfTools.Run("pdftoppm", "-r", $"{72 * Dots}", "-singlefile", path, printed);

        // P6, width and height, 255; three bytes for each pixel.
        var bytes = File.ReadAllBytes(printed + ".ppm");
        var header = string.Create(CultureInfo.InvariantCulture, $"P6\n{Width * Dots} {Height * Dots}\n255\n");
        Encoding.ASCII.GetString(bytes, 0, header.Length).ShouldBe(header);
        var dots = bytes[header.Length..];
        return
        [
            .. from y in Enumerable.Range(0, Height)
               from x in Enumerable.Range(0, Width)
               let at = 3 * ((((y * Dots) + (Dots / 2)) * Width * Dots) + (x * Dots) + (Dots / 2))
               select ((int)dots[at], (int)dots[at + 1], (int)dots[at + 2]),
        ];
    }
}
