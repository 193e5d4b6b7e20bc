using System.Globalization;
using System.Text;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// A font of one document. Characters get their number in the subset at first use, so that pages are written before the subset exists.
/// </summary>
/// <param name="font">The whole font.</param>
/// <param name="resource">Name on the pages; its last character tells the fonts of a document apart.</param>
internal sealed class EmbeddedFont(TrueTypeFont font, string resource)
{
    private readonly List<Rune> _characters = [];
    private readonly Dictionary<Rune, int> _numbers = [];

    public string Resource => resource;

    /// <summary>Writes a text as the page content wants it.</summary>
    /// <exception cref="InvoiceTextException">A character has no glyph.</exception>
    public void Write(string text, StringBuilder content)
    {
        content.Append('<');
        foreach (var character in Drawn(text))
        {
            content.Append(Number(character, text).ToString("X4", CultureInfo.InvariantCulture));
        }

        content.Append('>');
    }

    /// <summary>In points.</summary>
    public double Width(string text, double size)
    {
        var units = 0;
        foreach (var character in Drawn(text))
        {
            units += font.Width(font.Glyph(character));
        }

        return units * size / font.UnitsPerEm;
    }

    public int AddTo(PdfFile pdf)
    {
        // Each character has a number of its own, also where two share a glyph: what is copied from the page is what was written.
        List<int> glyphs = [0, .. _characters.Select(font.Glyph)];
        var subset = FontSubset.Create(font, glyphs);

        // Six letters and a plus mark a subset.
        var name = $"INVOI{(char)('A' + resource[^1] - '0')}+Invoice{resource}";
        var file = pdf.AddCompressed($"/Length1 {Invariant(subset.File.Length)}", subset.File);
        var descriptor = pdf.Add(
            $"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{string.Join(' ', font.Box.Select(Scaled))}]/ItalicAngle 0"
            + $"/Ascent {Scaled(font.Ascent)}/Descent {Scaled(font.Descent)}/CapHeight {Scaled(font.CapHeight)}/StemV 80"
            + $"/FontFile2 {Invariant(file)} 0 R{(pdf.Part == PdfaPart.One ? CidSet(pdf, subset.GlyphCount) : "")}>>");
        var descendant = pdf.Add(
            $"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            + $"/FontDescriptor {Invariant(descriptor)} 0 R/DW 0"
            + $"/W[0[{string.Join(' ', glyphs.Select(glyph => Scaled(font.Width(glyph))))}]]/CIDToGIDMap/Identity>>");
        var unicode = pdf.AddCompressed("", Encoding.ASCII.GetBytes(ToUnicode()));
        return pdf.Add(
            $"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
            + $"/DescendantFonts[{Invariant(descendant)} 0 R]/ToUnicode {Invariant(unicode)} 0 R>>");
    }

    private int Number(Rune character, string text)
    {
        if (_numbers.TryGetValue(character, out var number))
        {
            return number;
        }

        // A script that runs from right to left would be drawn backwards.
        if (font.Glyph(character) == 0
            || character.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF))
        {
            throw new InvoiceTextException(
                InvoiceTexts.OfReader["NoGlyph", character.Value.ToString("X4", CultureInfo.InvariantCulture), Shown(character), text]);
        }

        _characters.Add(character);
        return _numbers[character] = _characters.Count;
    }

    /// <summary>
    /// Letters with their accents as one character, for which fonts have a glyph; and without what is invisible, such as soft hyphens.
    /// </summary>
    private static IEnumerable<Rune> Drawn(string text) =>
        text.Normalize().EnumerateRunes().Where(character => Rune.GetUnicodeCategory(character) != UnicodeCategory.Format);

    private static string Shown(Rune character) => Rune.IsControl(character) ? "" : character.ToString();

    /// <summary>Part 1 asks which glyphs are in the subset; later parts do not.</summary>
    private static string CidSet(PdfFile pdf, int count)
    {
        var bits = new byte[(count + 7) / 8];
        for (var i = 0; i < count; i++)
        {
            bits[i / 8] |= (byte)(0x80 >> (i % 8));
        }

        return $"/CIDSet {Invariant(pdf.AddCompressed("", bits))} 0 R";
    }

    /// <summary>Which character each number stands for; at most a hundred lines in a block.</summary>
    private string ToUnicode()
    {
        var map = new StringBuilder(
            """
            /CIDInit /ProcSet findresource begin 12 dict begin begincmap
            /CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def
            /CMapName /Adobe-Identity-UCS def /CMapType 2 def
            1 begincodespacerange <0000><FFFF> endcodespacerange

            """);
        foreach (var block in _characters.Select((character, index) => (character, index)).Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (character, index) in block)
            {
                map.Append(CultureInfo.InvariantCulture, $"<{index + 1:X4}><{character.Value:X4}>\n");
            }

            map.Append("endbfchar\n");
        }

        return map.Append("endcmap CMapName currentdict /CMap defineresource pop end end").ToString();
    }

    private string Scaled(int units) => PdfFile.Number(units * 1000.0 / font.UnitsPerEm);

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
