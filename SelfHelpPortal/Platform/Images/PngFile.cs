using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SelfHelpPortal.Platform.Images;

/// <summary>Why a file is not taken as a picture.</summary>
internal enum PngProblem
{
    /// <summary>More than <see cref="PngFile.MaxBytes"/>.</summary>
    TooManyBytes,

    /// <summary>Another kind of file, whatever its name says.</summary>
    NoPng,

    /// <summary>Interlaced, animated or with 16 bits: browsers show it, but an invoice cannot.</summary>
    Unsupported,

    /// <summary>More than <see cref="PngFile.MaxSide"/>; nothing of it was unpacked.</summary>
    TooManyPixels,

    /// <summary>It does not keep the rules of its format.</summary>
    Damaged,
}

/// <summary>How the pixels of a PNG are written; the numbers are those of the file.</summary>
internal enum PngColor : byte
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}

/// <summary>
/// A PNG file that was judged by its content: every chunk has its checksum, and the pixels are there, no more and no fewer.
/// </summary>
internal sealed class PngFile
{
    public const int MaxBytes = 20 * 1024;

    /// <summary>In pixels, of width and height.</summary>
    public const int MaxSide = 2000;

    private PngFile(byte[] bytes, Header header) => (Bytes, Width, Height, Depth, Color) =
        (bytes, (int)header.Width, (int)header.Height, header.Depth, header.Color);

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The file as it is.</summary>
    public byte[] Bytes { get; }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>Bits of each value: 1 to 8.</summary>
    public int Depth { get; }

    public PngColor Color { get; }

    /// <summary>Values of a pixel.</summary>
    public int Channels => Color switch
    {
        PngColor.Gray or PngColor.Palette => 1,
        PngColor.GrayAlpha => 2,
        PngColor.Rgb => 3,
        PngColor.Rgba => 4,
    };

    /// <summary>The colors that the pixels name, three bytes each; empty unless <see cref="Color"/> is a palette.</summary>
    public ReadOnlyMemory<byte> Palette { get; private init; }

    /// <summary>How opaque the first colors of the palette are, or which color of the picture is not to be seen; may be empty.</summary>
    public ReadOnlyMemory<byte> Transparency { get; private init; }

    /// <summary>The rows, compressed with zlib.</summary>
    public required byte[] Data { get; init; }

    /// <summary>Bytes of a row, without the one before it that names its filter.</summary>
    public int RowLength => ((Width * Channels * Depth) + 7) / 8;

    /// <returns>The picture, or what keeps the file from being one.</returns>
    public static (PngFile? Png, PngProblem? Problem) Read(byte[] bytes, int maxBytes = MaxBytes)
    {
        if (bytes.Length > maxBytes)
        {
            return (null, PngProblem.TooManyBytes);
        }

        if (!bytes.AsSpan().StartsWith(Signature))
        {
            return (null, PngProblem.NoPng);
        }

        if (ChunksOf(bytes) is not [{ Name: "IHDR", Data.Length: 13 } first, .. var chunks] || chunks.Exists(c => c.Name == "IHDR"))
        {
            return (null, PngProblem.Damaged);
        }

        var header = Header.From(first.Data.Span);
        if (header.Problem is { } problem)
        {
            return (null, problem);
        }

        if (chunks.Exists(c => c.Name == "acTL"))
        {
            return (null, PngProblem.Unsupported);
        }

        var png = new PngFile(bytes, header)
        {
            Data = [.. chunks.Where(c => c.Name == "IDAT").SelectMany(c => c.Data.ToArray())],
            Palette = header.Color == PngColor.Palette ? chunks.Find(c => c.Name == "PLTE").Data : default,
            Transparency = chunks.Find(c => c.Name == "tRNS").Data,
        };
        return png.HasItsColors() && png.Unpack() is not null ? (png, null) : (null, PngProblem.Damaged);
    }

    /// <returns>All rows, each with the byte before it that names its filter; null when they are not what the header says.</returns>
    public byte[]? Unpack()
    {
        var rows = new byte[Height * (1 + RowLength)];
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(Data), CompressionMode.Decompress);
            return zlib.ReadAtLeast(rows, rows.Length, throwOnEndOfStream: false) == rows.Length && zlib.ReadByte() < 0
                && Enumerable.Range(0, Height).All(row => rows[row * (1 + RowLength)] <= 4)
                ? rows
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private bool HasItsColors()
    {
        var colors = Palette.Length / 3;
        return Color switch
        {
            PngColor.Palette => Palette.Length % 3 == 0 && colors is > 0 and <= 256 && Transparency.Length <= colors,
            PngColor.Gray => Transparency.Length is 0 or 2,
            PngColor.Rgb => Transparency.Length is 0 or 6,
            PngColor.GrayAlpha or PngColor.Rgba => Transparency.Length == 0,
        };
    }

    /// <returns>Null when the file is torn, a checksum is wrong, or anything follows the end.</returns>
    private static List<Chunk>? ChunksOf(byte[] png)
    {
        List<Chunk> chunks = [];
        for (var at = Signature.Length; png.Length - at >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - 12)
            {
                return null;
            }

            var named = png.AsMemory(at + 4, (int)length + 4);
            if (BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + (int)length)) != Checksum(named.Span))
            {
                return null;
            }

            chunks.Add(new(Encoding.ASCII.GetString(named.Span[..4]), named[4..]));
            at += 12 + (int)length;
            if (chunks[^1].Name == "IEND")
            {
                return at == png.Length ? chunks : null;
            }
        }

        return null;
    }

    /// <summary>CRC-32, as PNG and zip have it; .NET has it in a package only.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
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

    private readonly record struct Chunk(string Name, ReadOnlyMemory<byte> Data);

    private readonly record struct Header(uint Width, uint Height, byte Depth, PngColor Color, PngProblem? Problem)
    {
        public static Header From(ReadOnlySpan<byte> data)
        {
            var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
            var (depth, color, packing, filters, interlacing) = (data[8], (PngColor)data[9], data[10], data[11], data[12]);
            var isKnown = color switch
            {
                PngColor.Gray or PngColor.Palette => depth is 1 or 2 or 4 or 8 or 16,
                PngColor.Rgb or PngColor.GrayAlpha or PngColor.Rgba => depth is 8 or 16,
                _ => false,
            };
            return new(width, height, depth, color, width == 0 || height == 0 || !isKnown || packing != 0 || filters != 0
                ? PngProblem.Damaged
                : width > MaxSide || height > MaxSide ? PngProblem.TooManyPixels
                : depth == 16 || interlacing != 0 ? PngProblem.Unsupported
                : null);
        }
    }
}
