using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// A PNG that becomes an image of a PDF without being drawn anew: PDF knows PNG's row filters, so the compressed data go in as they are.
/// </summary>
internal sealed class PngImage
{
    private const int MaxBytes = 20 * 1024;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly byte[] _data;
    private readonly bool _gray;

    /// <exception cref="UnusableFileException">It is not 8-bit gray or RGB, has transparency or interlacing, or is damaged or too
    /// big.</exception>
    public PngImage(byte[] png)
    {
        if (png.Length > MaxBytes)
        {
            throw new UnusableFileException("LogoTooBig");
        }

        if (!png.AsSpan().StartsWith(Signature))
        {
            throw new UnusableFileException("LogoUnsupported");
        }

        using var data = new MemoryStream();
        try
        {
            for (var at = Signature.Length; at < png.Length;)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
                var chunk = png.AsSpan(at + 8, length);
                switch (Encoding.ASCII.GetString(png, at + 4, 4))
                {
                    case "IHDR":
                        Width = BinaryPrimitives.ReadInt32BigEndian(chunk);
                        Height = BinaryPrimitives.ReadInt32BigEndian(chunk[4..]);
                        var (depth, color, interlacing) = (chunk[8], chunk[9], chunk[12]);
                        _gray = color == 0;
                        if (depth != 8 || color is not (0 or 2) || interlacing != 0)
                        {
                            throw new UnusableFileException("LogoUnsupported");
                        }

                        break;
                    case "tRNS":
                        throw new UnusableFileException("LogoUnsupported");
                    case "IDAT":
                        data.Write(chunk);
                        break;
                }

                at += 12 + length;
            }

            _data = data.ToArray();
            if (Width <= 0 || Height <= 0 || UnpackedLength() != Height * (1L + ((long)Width * Colors)))
            {
                throw new UnusableFileException("LogoDamaged");
            }
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or InvalidDataException)
        {
            throw new UnusableFileException("LogoDamaged");
        }
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    private int Colors => _gray ? 1 : 3;

    public int AddTo(PdfFile pdf) => pdf.AddStream(
        $"/Type/XObject/Subtype/Image/Width {Width}/Height {Height}/ColorSpace/{(_gray ? "DeviceGray" : "DeviceRGB")}/BitsPerComponent 8"
        + $"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors {Colors}/BitsPerComponent 8/Columns {Width}>>",
        _data);

    /// <summary>Of all rows, each with the byte that names its filter.</summary>
    private long UnpackedLength()
    {
        using var zlib = new ZLibStream(new MemoryStream(_data), CompressionMode.Decompress);
        var buffer = new byte[4096];
        long sum = 0;
        for (int read; (read = zlib.Read(buffer)) > 0;)
        {
            sum += read;
        }

        return sum;
    }
}
