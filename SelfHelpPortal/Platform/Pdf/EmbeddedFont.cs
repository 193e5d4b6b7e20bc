using System.Globalization;
using System.Text;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// A font of one document. Characters get their number in the subset at first use, so that pages are written before the subset exists.
/// </summary>
/// <param name="font">The whole font.</param>
/// <param name="resource">Name on the pages; its last character tells the fonts of a document apart.</param>
/// <param name="others">Asked in this order for what <paramref name="font"/> does not have.</param>
internal sealed class EmbeddedFont(TrueTypeFont font, string resource, IReadOnlyList<EmbeddedFont>? others = null)
{
    /// <summary>
    /// Scripts whose letters change with their neighbors or run from right to left. Nothing here shapes them, so that drawing letter by
    /// letter would make other words of them. Hebrew and Arabic, those of India, Thai to Burmese, Khmer and Mongolian, presentation forms.
    /// </summary>
    private static readonly (int First, int Last)[] Shaped =
        [(0x0590, 0x08FF), (0x0900, 0x109F), (0x1700, 0x18AF), (0x1A20, 0x1AAF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF)];

    private readonly List<Rune> _characters = [];
    private readonly Dictionary<Rune, int> _numbers = [];

    public string Resource => resource;

    /// <summary>With its <c>others</c>, those that a page needs.</summary>
    public IEnumerable<EmbeddedFont> InUse => (others ?? []).Where(other => other._characters.Count > 0).Prepend(this);

    /// <summary>Letters with their accents as one character, for which fonts have a glyph.</summary>
    public static string Composed(string text) => text.Normalize();

    /// <summary>Writes a text as the page content wants it.</summary>
    /// <exception cref="InvoiceTextException">A character has no glyph.</exception>
    public void Write(string text, double size, StringBuilder content)
    {
        content.Append('<');
        var current = this;
        foreach (var character in Drawn(text))
        {
            var next = FontOf(character) ?? throw Missing(character, text);
            if (next != current)
            {
                content.Append(CultureInfo.InvariantCulture, $"> Tj /{next.Resource} {PdfFile.Number(size)} Tf <");
                current = next;
            }

            content.Append(next.Number(character).ToString("X4", CultureInfo.InvariantCulture));
        }

        content.Append('>');
    }

    /// <summary>Whether <see cref="Write"/> takes it.</summary>
    public bool CanDraw(string text) => Drawn(text).All(character => FontOf(character) is not null);

    /// <summary>In points.</summary>
    public double Width(string text, double size)
    {
        var width = 0.0;
        foreach (var character in Drawn(text))
        {
            width += (FontOf(character) ?? this).WidthOf(character);
        }

        return width * size;
    }

    private double WidthOf(Rune character) => (double)font.Width(font.Glyph(character)) / font.UnitsPerEm;

    /// <summary>
    /// A mark that is left after composing belongs onto the letter before it, where only a font's own tables can put it: N with two dots
    /// would get them beside it.
    /// </summary>
    private EmbeddedFont? FontOf(Rune character) =>
        Array.Exists(Shaped, script => character.Value >= script.First && character.Value <= script.Last)
        || Rune.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark
            ? null
            : font.Glyph(character) != 0 ? this
            : (others ?? []).FirstOrDefault(other => other.FontOf(character) is not null);

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

    private static InvoiceTextException Missing(Rune character, string text) => new(
        InvoiceTexts.OfReader["NoGlyph", character.Value.ToString("X4", CultureInfo.InvariantCulture), Shown(character), text]);

    private int Number(Rune character)
    {
        if (_numbers.TryGetValue(character, out var number))
        {
            return number;
        }

        _characters.Add(character);
        return _numbers[character] = _characters.Count;
    }

    /// <summary>Composed, and without what is invisible, such as soft hyphens.</summary>
    private static IEnumerable<Rune> Drawn(string text) =>
        Composed(text).EnumerateRunes().Where(character => Rune.GetUnicodeCategory(character) != UnicodeCategory.Format);

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
