using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>ISO 19005. Part 1 allows no attachment; it is there for checkers that know no other part.</summary>
internal enum PdfaPart
{
    One = 1,
    Three = 3,
}

/// <summary>Collects numbered objects and writes them with a cross-reference table.</summary>
internal sealed class PdfFile(PdfaPart part)
{
    private readonly List<byte[]?> _objects = [];

    public PdfaPart Part => part;

    /// <summary>Takes a number for an object that is written later with <see cref="Set"/>.</summary>
    public int Reserve()
    {
        _objects.Add(null);
        return _objects.Count;
    }

    public void Set(int number, string content) => _objects[number - 1] = Encoding.Latin1.GetBytes(content);

    public int Add(string content)
    {
        var number = Reserve();
        Set(number, content);
        return number;
    }

    /// <param name="entries">Of the stream's dictionary, without its length.</param>
    /// <param name="data">As they stand in the file.</param>
    public int AddStream(string entries, byte[] data)
    {
        var start = string.Create(CultureInfo.InvariantCulture, $"<<{entries}/Length {data.Length}>>\nstream\n");
        _objects.Add([.. Encoding.Latin1.GetBytes(start), .. data, .. "\nendstream"u8]);
        return _objects.Count;
    }

    public int AddCompressed(string entries, ReadOnlySpan<byte> data) => AddStream(entries + "/Filter/FlateDecode", Compress(data));

    public byte[] Finish(int catalog, int info)
    {
        using var file = new MemoryStream();

        // Four bytes above 127 tell transfer programs that the file is binary; PDF/A asks for them.
        file.Write(Encoding.Latin1.GetBytes($"%PDF-{(part == PdfaPart.One ? "1.4" : "1.7")}\n%\u00e2\u00e3\u00cf\u00d3\n"));
        var table = new StringBuilder();
        for (var i = 0; i < _objects.Count; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"{file.Position:D10} 00000 n \n");
            file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n")));
            file.Write(_objects[i] ?? throw new InvalidOperationException($"Object {i + 1} was reserved and never set."));
            file.Write("\nendobj\n"u8);
        }

        // The id comes from the content, so that the same invoice gives the same bytes.
        var id = Convert.ToHexString(SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)), 0, 16);
        var size = _objects.Count + 1;
        file.Write(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root {catalog} 0 R/Info {info} 0 "
                + $"R/ID[<{id}><{id}>]>>\nstartxref\n{file.Position}\n%%EOF\n")));
        return file.ToArray();
    }

    /// <summary>A text string in UTF-16, which holds any character.</summary>
    public static string Text(string value) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(value))}>";

    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    public static byte[] Compress(ReadOnlySpan<byte> data)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(data);
        }

        return packed.ToArray();
    }
}
