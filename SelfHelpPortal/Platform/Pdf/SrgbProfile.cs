using System.Text;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// An ICC 2.1 display profile for sRGB, made from the published primaries (IEC 61966-2-1, adapted to D50) and the transfer curve, so that
/// no profile file has to be shipped.
/// </summary>
internal static class SrgbProfile
{
    private const int HeaderLength = 128;
    private const int CurvePoints = 1024;

    private static readonly byte[] White = Xyz(0.9642, 1.0, 0.8249);

    private static readonly byte[] Compressed = PdfFile.Compress(Create());

    /// <summary>What the colors of the document mean.</summary>
    public static int AddIntentTo(PdfFile pdf)
    {
        var profile = pdf.AddStream("/N 3/Filter/FlateDecode", Compressed);
        return pdf.Add(
            $"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)/Info(sRGB IEC61966-2.1)/DestOutputProfile "
                + $"{profile} 0 R>>");
    }

    private static byte[] Create()
    {
        var curve = Curve();
        (string[] Names, byte[] Data)[] tags =
        [
            (["desc"], Description("sRGB")),
            (["cprt"], [.. "text\0\0\0\0No copyright, use freely\0"u8]),
            (["wtpt"], White),
            (["rXYZ"], Xyz(0.4360747, 0.2225045, 0.0139322)),
            (["gXYZ"], Xyz(0.3850649, 0.7168786, 0.0971045)),
            (["bXYZ"], Xyz(0.1430804, 0.0606169, 0.7141733)),
            (["rTRC", "gTRC", "bTRC"], curve),
        ];
        var count = tags.Sum(tag => tag.Names.Length);
        var first = HeaderLength + 4 + (12 * count);
        using var directory = new MemoryStream();
        using var body = new MemoryStream();
        directory.Write(BigEndian.Bytes32((uint)count));
        foreach (var (names, data) in tags)
        {
            foreach (var name in names)
            {
                directory.Write(Encoding.ASCII.GetBytes(name));
                directory.Write(BigEndian.Bytes32((uint)(first + body.Length)));
                directory.Write(BigEndian.Bytes32((uint)data.Length));
            }

            body.Write(data);
            body.Align();
        }

        return [.. Header((uint)(first + body.Length)), .. directory.ToArray(), .. body.ToArray()];
    }

    private static byte[] Header(uint length)
    {
        var header = new byte[HeaderLength];
        BigEndian.Bytes32(length).CopyTo(header, 0);
        BigEndian.Bytes32(0x02100000).CopyTo(header, 8);
        "mntrRGB XYZ "u8.CopyTo(header.AsSpan(12));

        // A fixed date of making, 2026-01-01: the profile never changes.
        ((ReadOnlySpan<byte>)[0x07, 0xEA, 0, 1, 0, 1]).CopyTo(header.AsSpan(24));
        "acsp"u8.CopyTo(header.AsSpan(36));
        White.AsSpan(8).CopyTo(header.AsSpan(68));
        return header;
    }

    private static byte[] Curve()
    {
        using var curve = new MemoryStream();
        curve.Write("curv\0\0\0\0"u8);
        curve.Write(BigEndian.Bytes32(CurvePoints));
        for (var i = 0; i < CurvePoints; i++)
        {
            var value = i / (double)(CurvePoints - 1);
            var linear = value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
            curve.Write(BigEndian.Bytes16((int)Math.Round(linear * 65535, MidpointRounding.AwayFromZero)));
        }

        return curve.ToArray();
    }

    private static byte[] Xyz(double x, double y, double z) => [.. "XYZ \0\0\0\0"u8, .. Fixed(x), .. Fixed(y), .. Fixed(z)];

    /// <summary>The text in ASCII, followed by empty fields for Unicode (8 bytes) and Macintosh (70 bytes).</summary>
    private static byte[] Description(string text) =>
        [.. "desc\0\0\0\0"u8, .. BigEndian.Bytes32((uint)text.Length + 1), .. Encoding.ASCII.GetBytes(text), 0, .. new byte[8 + 70]];

    private static byte[] Fixed(double value) => BigEndian.Bytes32((uint)(int)Math.Round(value * 65536));
}
