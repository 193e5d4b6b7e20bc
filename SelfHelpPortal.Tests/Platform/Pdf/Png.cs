using System.IO.Compression;
using System.Text;
using SelfHelpPortal.Platform.Pdf;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>Pictures to take as a logo: good ones and such as must be refused.</summary>
internal static class Png
{
    /// <summary>A petrol frame with a light disc.</summary>
    /// <param name="color">0 gray, 2 RGB, 3 palette, 6 RGB with transparency.</param>
    public static byte[] Logo(int width, int height, byte depth = 8, byte color = 2, byte interlacing = 0,
        (string Name, byte[] Data)? extra = null, int missingRows = 0)
    {
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var y = 0; y < height - missingRows; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < width; x++)
                {
                    var (dx, dy) = (x - (width / 2), y - (height / 2));
                    zlib.Write((dx * dx) + (dy * dy) < height * height / 9 ? [0xE4, 0xF0, 0xF3] : (ReadOnlySpan<byte>)[0x0E, 0x5A, 0x6B],
                        color switch { 0 => 1, _ => 3 });
                }
            }
        }

        byte[] header = [.. BigEndian.Bytes32((uint)width), .. BigEndian.Bytes32((uint)height), depth, color, 0, 0, interlacing];
        return
        [
            0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. extra is { } chunk ? Chunk(chunk.Name, chunk.Data) : [],
            .. Chunk("IDAT", rows.ToArray()), .. Chunk("IEND", []),
        ];
    }

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

    private static void Write(this Stream stream, ReadOnlySpan<byte> pixel, int bytes) => stream.Write(pixel[..bytes]);
}
