using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>Reads back what <see cref="PdfFile"/> has written. It knows only as much of the format as that writer uses.</summary>
/// <exception cref="InvalidDataException">The file is not built like that.</exception>
internal sealed partial class PdfReading
{
    private readonly byte[] _bytes;

    /// <summary>A character for each byte.</summary>
    private readonly string _file;

    private readonly List<int> _offsets;

    public PdfReading(byte[] pdf)
    {
        _bytes = pdf;
        _file = Encoding.Latin1.GetString(pdf);
        var end = End().Match(_file);
        var start = end.Success
            ? int.Parse(end.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidDataException("the file has no end");
        var trailer = start < _file.Length ? _file.IndexOf("trailer\n", start, StringComparison.Ordinal) : -1;
        if (trailer < 0 || !_file.AsSpan(start).StartsWith("xref\n"))
        {
            throw new InvalidDataException("the cross-reference table is not where the file's end says");
        }

        _offsets = [.. TableEntry().Matches(_file[start..trailer])
            .Select(entry => int.Parse(entry.Groups[1].Value, CultureInfo.InvariantCulture))];
        Trailer = _file[trailer..end.Index];
    }

    public string Trailer { get; }

    public int ObjectCount => _offsets.Count;

    /// <summary>The four bytes after the comment sign of the second line.</summary>
    public ReadOnlySpan<byte> BinaryComment => _bytes.AsSpan(_file.IndexOf("\n%", StringComparison.Ordinal) + 2, 4);

    public string Catalog => Dictionary(Reference(Trailer, "Root") ?? throw new InvalidDataException("the trailer names no catalog"));

    /// <summary>An object up to its stream.</summary>
    public string Dictionary(int number)
    {
        var start = string.Create(CultureInfo.InvariantCulture, $"{number} 0 obj\n");
        if (number < 1 || number > _offsets.Count || !_file.AsSpan(_offsets[number - 1]).StartsWith(start))
        {
            throw new InvalidDataException($"object {number} is not where the cross-reference table says");
        }

        var from = _offsets[number - 1] + start.Length;
        var length = _file.AsSpan(from).IndexOf("\nendobj\n");
        var stream = _file.AsSpan(from, length).IndexOf("\nstream\n");
        return _file.Substring(from, stream < 0 ? length : stream);
    }

    /// <summary>Unpacked.</summary>
    public byte[] Stream(int number)
    {
        var dictionary = Dictionary(number);
        var from = _offsets[number - 1] + $"{number} 0 obj\n".Length + dictionary.Length + "\nstream\n".Length;
        var length = StreamLength().Match(dictionary);
        if (!length.Success)
        {
            throw new InvalidDataException($"object {number} has no stream");
        }

        var data = _bytes.AsSpan(from, int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        if (!dictionary.Contains("/FlateDecode", StringComparison.Ordinal))
        {
            return data;
        }

        using var unpacked = new MemoryStream();
        using (var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress))
        {
            zlib.CopyTo(unpacked);
        }

        return unpacked.ToArray();
    }

    /// <summary>The object that an entry names, also as the first of a list; null where there is no such entry.</summary>
    public static int? Reference(string dictionary, string key) =>
        Regex.Match(dictionary, $@"/{key}\s?\[?([0-9]+) 0 R") is { Success: true } match
            ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : null;

    /// <summary>The fonts that the first page names, each with its number.</summary>
    public IReadOnlyDictionary<string, int> Fonts()
    {
        var resources =
            Dictionary(Reference(PageDictionaries()[0], "Resources") ?? throw new InvalidDataException("the page has no resources"));
        return FontEntry().Matches(resources)
            .ToDictionary(font => font.Groups[1].Value, font => int.Parse(font.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>What is drawn, page by page, in its order, as somebody who copies it gets it.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Texts()
    {
        var characters = Fonts().ToDictionary(font => font.Key, font => Characters(font.Value));
        return
        [
            .. PageDictionaries().Select(page => (IReadOnlyList<string>)
            [
                .. DrawnText()
                .Matches(Encoding.ASCII.GetString(Stream(Reference(page, "Contents") ?? throw new InvalidDataException("a page is empty"))))
                    .Select(text => string.Concat(
                        text.Groups[2].Value.Chunk(4).Select(number => characters[text.Groups[1].Value][new string(number)]))),
            ]),
        ];
    }

    /// <summary>The sizes of type on all pages, in points.</summary>
    public IReadOnlyList<double> Sizes() =>
    [
        .. PageDictionaries().SelectMany(page => TypeSize()
            .Matches(Encoding.ASCII.GetString(Stream(Reference(page, "Contents") ?? throw new InvalidDataException("a page is empty")))))
            .Select(size => double.Parse(size.Groups[1].Value, CultureInfo.InvariantCulture)),
    ];

    private List<string> PageDictionaries()
    {
        var tree = Dictionary(Reference(Catalog, "Pages") ?? throw new InvalidDataException("the catalog names no pages"));
        return [.. Kid().Matches(tree).Select(kid => Dictionary(int.Parse(kid.Groups[1].Value, CultureInfo.InvariantCulture)))];
    }

    private Dictionary<string, string> Characters(int font)
    {
        var map = Stream(Reference(Dictionary(font), "ToUnicode")
            ?? throw new InvalidDataException("a font does not say which characters it draws"));
        return MapEntry().Matches(Encoding.ASCII.GetString(map)).ToDictionary(
            entry => entry.Groups[1].Value,
            entry => ((char)int.Parse(entry.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
    }

    [GeneratedRegex(@"startxref\n([0-9]{1,9})\n%%EOF\n$")]
    private static partial Regex End();

    [GeneratedRegex("^([0-9]{10}) 00000 n $", RegexOptions.Multiline)]
    private static partial Regex TableEntry();

    [GeneratedRegex("/Length ([0-9]{1,9})")]
    private static partial Regex StreamLength();

    [GeneratedRegex("/(F[0-9]) ([0-9]+) 0 R")]
    private static partial Regex FontEntry();

    [GeneratedRegex(@"(?<=[\[ ])([0-9]+) 0 R(?=[\] ])")]
    private static partial Regex Kid();

    [GeneratedRegex("/(F[0-9]) [0-9.]+ Tf [^<]*<([0-9A-F]*)> Tj")]
    private static partial Regex DrawnText();

    [GeneratedRegex("/F[0-9] ([0-9.]+) Tf ")]
    private static partial Regex TypeSize();

    [GeneratedRegex("^<([0-9A-F]{4})><([0-9A-F]{4})>$", RegexOptions.Multiline)]
    private static partial Regex MapEntry();
}
