using System.Text;
using SelfHelpPortal.Platform.Images;
using SelfHelpPortal.Tests.Platform.Pdf;

namespace SelfHelpPortal.Tests.Platform.Images;

/// <summary>A picture is judged by its content, before anything of it is unpacked that would not fit.</summary>
public class PngFileTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(6, 4)]
    public void Every_kind_that_an_invoice_can_show_is_taken(byte color, int channels)
    {
        var (png, problem) = PngFile.Read(Png.Logo(60, 20, color: color));

        problem.ShouldBeNull();
        png.ShouldNotBeNull().ShouldSatisfyAllConditions(
            p => (p.Width, p.Height, p.Depth, p.Channels).ShouldBe((60, 20, 8, channels)), p => p.Color.ShouldBe((PngColor)color),
            p => p.Unpack().ShouldNotBeNull().Length.ShouldBe(20 * (1 + (60 * channels))));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "text", "NoPng" },
        { "svg", "NoPng" },
        { "jpeg", "NoPng" },
        { "too many bytes", "TooManyBytes" },
        { "16 bits", "Unsupported" },
        { "interlaced", "Unsupported" },
        { "animated", "Unsupported" },
        { "wide", "TooManyPixels" },
        { "bomb", "TooManyPixels" },
        { "no width", "Damaged" },
        { "cut", "Damaged" },
        { "rows missing", "Damaged" },
        { "rows too many", "Damaged" },
        { "unknown filter", "Damaged" },
        { "wrong checksum", "Damaged" },
        { "something behind", "Damaged" },
        { "two headers", "Damaged" },
        { "no palette", "Damaged" },
        { "negative length", "Damaged" },
        { "nothing", "NoPng" },
        { "signature alone", "Damaged" },
        { "no rows", "Damaged" },
        { "unknown color", "Damaged" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_none_is_refused_with_its_reason(string what, string reason)
    {
        var good = Png.Logo(20, 10);
        byte[] file = what switch
        {
            "svg" => Encoding.UTF8.GetBytes(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>"),
            "jpeg" => [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[100]],
            "too many bytes" => [.. good, .. new byte[PngFile.MaxBytes]],
            "16 bits" => Png.Logo(20, 10, depth: 16),
            "interlaced" => Png.Logo(20, 10, interlacing: 1),
            "animated" => Png.Logo(20, 10, extra: ("acTL", new byte[8])),
            "wide" => Png.Bomb(PngFile.MaxSide + 1, 10),
            "bomb" => Png.Bomb(int.MaxValue, int.MaxValue),
            "no width" => Png.Bomb(0, 10),
            "cut" => good[..60],
            "rows missing" => Png.Logo(20, 10, missingRows: 1),
            "rows too many" => Png.Logo(20, 10, missingRows: -1),
            "unknown filter" => Png.Picture(20, 10, (_, _) => default, filter: 5),
            "wrong checksum" => [.. good[..30], (byte)(good[30] ^ 1), .. good[31..]],
            "something behind" => [.. good, .. "<script>"u8],
            "two headers" => Png.Logo(20, 10, extra: ("IHDR", good[16..29])),
            "no palette" => Png.File(("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 3, 0, 0, 0]), ("IDAT", Rows(2)), ("IEND", [])),
            "negative length" => [.. good[..33], 0xFF, 0xFF, 0xFF, 0xF0, .. "IDAT"u8, 0, 0, 0, 0],
            "nothing" => [],
            "signature alone" => good[..8],
            "no rows" => Png.File(("IHDR", good[16..29]), ("IEND", [])),
            "unknown color" => Png.File(("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 5, 0, 0, 0]), ("IDAT", Rows(2)), ("IEND", [])),
            _ => Encoding.ASCII.GetBytes(what),
        };

        var (png, problem) = PngFile.Read(file);

        png.ShouldBeNull();
        problem.ToString().ShouldBe(reason);
    }

    [Fact]
    public void A_small_file_that_unpacks_to_a_large_one_is_not_read_to_its_end()
    {
        var bomb = Png.File(
            ("IHDR", [0, 0, 0, 10, 0, 0, 0, 10, 8, 0, 0, 0, 0]),
            ("IDAT", SelfHelpPortal.Platform.Pdf.PdfFile.Compress(new byte[15 * 1024 * 1024])), ("IEND", []));
        bomb.Length.ShouldBeLessThan(PngFile.MaxBytes);
        var before = GC.GetAllocatedBytesForCurrentThread();

        PngFile.Read(bomb).Problem.ShouldBe(PngProblem.Damaged);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1024 * 1024);
    }

    private static byte[] Rows(int bytes) => SelfHelpPortal.Platform.Pdf.PdfFile.Compress(new byte[bytes]);
}
