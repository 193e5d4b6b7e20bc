using System.IO.Compression;
using System.Text;
using SelfHelpPortal.Platform.Pdf;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>Pictures to take as a logo: good ones and such as must be refused.</summary>
internal static class Png
{
    private static readonly (byte R, byte G, byte B, byte A) Petrol = (0x0E, 0x5A, 0x6B, 0xFF);

    private static readonly (byte R, byte G, byte B, byte A) Pale = (0xE4, 0xF0, 0xF3, 0xFF);

    /// <summary>A petrol frame with a light disc.</summary>
    /// <param name="color">0 gray, 2 RGB, 3 palette, 4 gray and 6 RGB with transparency.</param>
    public static byte[] Logo(int width, int height, byte depth = 8, byte color = 2, byte interlacing = 0,
        (string Name, byte[] Data)? extra = null, int missingRows = 0) =>
        Picture(
            width, height, (x, y) =>
            {
                var (dx, dy) = (x - (width / 2), y - (height / 2));
                return (dx * dx) + (dy * dy) < height * height / 9 ? Pale : Petrol;
            },
            color, depth: depth, interlacing: interlacing, extra: extra, missingRows: missingRows);

    /// <param name="pixel">Gray pictures take the red part.</param>
    /// <param name="filter">Of every row: 0 none, 1 left, 2 above, 3 their mean, 4 Paeth's.</param>
    public static byte[] Picture(
        int width, int height, Func<int, int, (byte R, byte G, byte B, byte A)> pixel, byte color = 2, byte filter = 0, byte depth = 8,
        byte interlacing = 0, (string Name, byte[] Data)? extra = null, int missingRows = 0)
    {
        var palette = Enumerable.Range(0, height).SelectMany(y => Enumerable.Range(0, width).Select(x => pixel(x, y))).Distinct().ToList();
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] above = [];
            for (var y = 0; y < height - missingRows; y++)
            {
                byte[] row = [.. Enumerable.Range(0, width).SelectMany(x => Values(pixel(x, y)))];
                zlib.WriteByte(filter);
                zlib.Write(Filtered(filter, row, above.Length > 0 ? above : new byte[row.Length], row.Length / width));
                above = row;
            }
        }

        byte[] header = [.. BigEndian.Bytes32((uint)width), .. BigEndian.Bytes32((uint)height), depth, color, 0, 0, interlacing];
        return File(
        [
            ("IHDR", header),
            .. color == 3 ? [("PLTE", [.. palette.SelectMany(p => new[] { p.R, p.G, p.B })]), ("tRNS", [.. palette.Select(p => p.A)])]
                : Array.Empty<(string, byte[])>(),
            .. extra is { } chunk ? [chunk] : Array.Empty<(string, byte[])>(),
            ("IDAT", rows.ToArray()), ("IEND", []),
        ]);

        byte[] Values((byte R, byte G, byte B, byte A) p) => color switch
        {
            0 => [p.R],
            2 => [p.R, p.G, p.B],
            3 => [(byte)palette.IndexOf(p)],
            4 => [p.R, p.A],
            _ => [p.R, p.G, p.B, p.A],
        };
    }

    /// <summary>A file of these chunks, with their checksums.</summary>
    public static byte[] File(params (string Name, byte[] Data)[] chunks) =>
        [0x89, .. "PNG\r\n\u001a\n"u8, .. chunks.SelectMany(chunk => Chunk(chunk.Name, chunk.Data))];

    /// <summary>A header that promises so many pixels, and next to nothing behind it.</summary>
    public static byte[] Bomb(uint width, uint height) =>
        File(
            ("IHDR", [.. BigEndian.Bytes32(width), .. BigEndian.Bytes32(height), 8, 6, 0, 0, 0]),
            ("IDAT", PdfFile.Compress(new byte[1000])), ("IEND", []));

    private static byte[] Filtered(byte filter, byte[] row, byte[] above, int step) =>
    [
        .. row.Select((value, at) =>
        {
            var (left, corner) = at < step ? (0, 0) : ((int)row[at - step], (int)above[at - step]);
            return (byte)(value - filter switch
            {
                1 => left,
                2 => above[at],
                3 => (left + above[at]) / 2,
                4 => new[] { left, above[at], corner }.MinBy(near => Math.Abs(left + above[at] - corner - near)),
                _ => 0,
            });
        }),
    ];

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
        return [.. BigEndian.Bytes32((uint)data.Length), .. body, .. BigEndian.Bytes32(Crc(body))];
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }
        }

        return ~crc;
    }
}
