using System.Buffers.Binary;
using System.Text;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>
/// The parts of a TrueType font that drawing text and embedding a subset need. Parsed once, never changed, shared by all threads.
/// Source: the OpenType specification, tables cmap, glyf, head, hhea, hmtx, loca, maxp, OS/2.
/// </summary>
internal sealed class TrueTypeFont
{
    private readonly byte[] _data;
    private readonly Dictionary<string, (int Offset, int Length)> _tables = [];
    private readonly ushort[] _glyphs = new ushort[0x10000];
    private readonly bool _longOffsets;
    private readonly int _widthCount;

    /// <exception cref="UnusableFileException">It is not a font that may and can be embedded.</exception>
    public TrueTypeFont(byte[] data)
    {
        _data = data;
        try
        {
            // OpenType with CFF outlines begins with OTTO, WOFF2 with wOF2.
            if (U32(0) is not (0x00010000 or 0x74727565))
            {
                throw new UnusableFileException("FontNotTrueType");
            }

            for (var i = 0; i < U16(4); i++)
            {
                var entry = 12 + (16 * i);
                _tables[Encoding.ASCII.GetString(data, entry, 4)] = (checked((int)U32(entry + 8)), checked((int)U32(entry + 12)));
            }

            var (os2, head, hhea) = (Table("OS/2"), Table("head"), Table("hhea"));

            // fsType: 2 forbids embedding, 0x100 subsets, 0x200 outlines.
            if ((U16(os2 + 8) & 0x000F) == 2 || (U16(os2 + 8) & 0x0300) != 0)
            {
                throw new UnusableFileException("FontForbidden");
            }

            UnitsPerEm = U16(head + 18);
            Box = [S16(head + 36), S16(head + 38), S16(head + 40), S16(head + 42)];
            _longOffsets = U16(head + 50) == 1;
            Ascent = S16(hhea + 4);
            Descent = S16(hhea + 6);
            _widthCount = U16(hhea + 34);
            CapHeight = U16(os2) >= 2 ? S16(os2 + 88) : Ascent;
            ReadCharacterMap(Table("cmap"));
            ReadOutlines();
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or KeyNotFoundException or OverflowException)
        {
            throw new UnusableFileException("FontDamaged");
        }
    }

    public int UnitsPerEm { get; }

    /// <summary>Left, bottom, right and top of all glyphs laid upon each other.</summary>
    public IReadOnlyList<int> Box { get; }

    public int Ascent { get; }

    public int Descent { get; }

    public int CapHeight { get; }

    /// <summary>The number of a character's glyph; 0 where the font has none.</summary>
    public int Glyph(Rune character) => character.IsBmp ? _glyphs[character.Value] : 0;

    public int Width(int glyph) => U16(Table("hmtx") + (4 * Math.Min(glyph, _widthCount - 1)));

    public int LeftSideBearing(int glyph) => glyph < _widthCount
        ? S16(Table("hmtx") + (4 * glyph) + 2)
        : S16(Table("hmtx") + (4 * _widthCount) + (2 * (glyph - _widthCount)));

    public byte[] Outline(int glyph)
    {
        var loca = Table("loca");
        var start = _longOffsets ? U32(loca + (4 * glyph)) : U16(loca + (2 * glyph)) * 2u;
        var end = _longOffsets ? U32(loca + (4 * glyph) + 4) : U16(loca + (2 * glyph) + 2) * 2u;
        return _data.AsSpan(checked((int)(Table("glyf") + start)), checked((int)(end - start))).ToArray();
    }

    /// <summary>A copy of a whole table; null where the font has none of that name.</summary>
    public byte[]? Copy(string name) =>
        _tables.TryGetValue(name, out var table) ? _data.AsSpan(table.Offset, table.Length).ToArray() : null;

    /// <summary>Reads everything once, so that a damaged font is found now and not when an invoice is written.</summary>
    private void ReadOutlines()
    {
        var count = U16(Table("maxp") + 4);
        ArgumentOutOfRangeException.ThrowIfZero(count);
        ArgumentOutOfRangeException.ThrowIfZero(UnitsPerEm);
        ArgumentOutOfRangeException.ThrowIfZero(_widthCount);
        foreach (var glyph in _glyphs.Distinct().Concat(Enumerable.Range(0, count).Select(glyph => (ushort)glyph)))
        {
            _ = Width(glyph) + LeftSideBearing(glyph);
            var outline = Outline(glyph);
            foreach (var position in FontSubset.ComponentPositions(outline))
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(
                    BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(position)), count);
            }
        }

        _ = FontSubset.Create(this, [0]);
    }

    private void ReadCharacterMap(int cmap)
    {
        for (var i = 0; i < U16(cmap + 2); i++)
        {
            var (platform, encoding) = (U16(cmap + 4 + (8 * i)), U16(cmap + 6 + (8 * i)));
            var table = checked(cmap + (int)U32(cmap + 8 + (8 * i)));
            if ((platform == 0 || (platform, encoding) == (3, 1)) && U16(table) == 4)
            {
                ReadSegments(table);
                return;
            }
        }

        throw new UnusableFileException("FontDamaged");
    }

    /// <summary>Format 4: ranges of characters, with either a difference to the glyph's number or a list of numbers.</summary>
    private void ReadSegments(int table)
    {
        var count = U16(table + 6) / 2;
        for (var segment = 0; segment < count; segment++)
        {
            var end = U16(table + 14 + (2 * segment));
            var start = U16(table + 16 + (2 * (count + segment)));
            var delta = S16(table + 16 + (2 * ((2 * count) + segment)));
            var rangeAt = table + 16 + (2 * ((3 * count) + segment));
            var range = U16(rangeAt);
            for (var c = start; c <= end && c != 0xFFFF; c++)
            {
                var listed = range == 0 ? c : U16(rangeAt + range + (2 * (c - start)));
                _glyphs[c] = range != 0 && listed == 0 ? (ushort)0 : (ushort)(listed + delta);
            }
        }
    }

    private int Table(string name) => _tables[name].Offset;

    private int U16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_data.AsSpan(offset));

    private int S16(int offset) => BinaryPrimitives.ReadInt16BigEndian(_data.AsSpan(offset));

    private uint U32(int offset) => BinaryPrimitives.ReadUInt32BigEndian(_data.AsSpan(offset));
}
