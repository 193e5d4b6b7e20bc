using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>A font that holds only some glyphs of another, renumbered from 0.</summary>
/// <param name="File">A TrueType file.</param>
/// <param name="GlyphCount">The glyphs asked for and the parts that some of them are made of.</param>
internal sealed record FontSubset(byte[] File, int GlyphCount)
{
    /// <param name="glyphs">In the order of their new numbers; the first is glyph 0.</param>
    public static FontSubset Create(TrueTypeFont font, IReadOnlyList<int> glyphs)
    {
        var order = new List<int>(glyphs);
        var places = new Dictionary<int, int>();
        for (var i = 0; i < order.Count; i++)
        {
            places.TryAdd(order[i], i);
        }

        using var outlines = new MemoryStream();
        using var offsets = new MemoryStream();
        for (var i = 0; i < order.Count; i++)
        {
            offsets.Write(BigEndian.Bytes32((uint)outlines.Length));
            var outline = font.Outline(order[i]);
            foreach (var position in ComponentPositions(outline))
            {
                var component = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(position));
                if (places.TryAdd(component, order.Count))
                {
                    order.Add(component);
                }

                BinaryPrimitives.WriteUInt16BigEndian(outline.AsSpan(position), (ushort)places[component]);
            }

            outlines.Write(outline);
            outlines.Align();
        }

        offsets.Write(BigEndian.Bytes32((uint)outlines.Length));
        return new FontSubset(Assemble(Tables(font, order, outlines.ToArray(), offsets.ToArray())), order.Count);
    }

    /// <summary>Where a composite glyph (one with a negative count of contours) names the glyphs that it is made of.</summary>
    public static IEnumerable<int> ComponentPositions(byte[] outline)
    {
        if (outline.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0)
        {
            yield break;
        }

        const int Words = 0x01, Scale = 0x08, More = 0x20, TwoScales = 0x40, Matrix = 0x80;
        var position = 10;
        int flags;
        do
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(position));
            yield return position + 2;
            position += (flags & Words) != 0 ? 8 : 6;
            position += (flags & Scale) != 0 ? 2 : (flags & TwoScales) != 0 ? 4 : (flags & Matrix) != 0 ? 8 : 0;
        }
        while ((flags & More) != 0);
    }

    private static SortedDictionary<string, byte[]> Tables(TrueTypeFont font, List<int> order, byte[] outlines, byte[] offsets)
    {
        var tables = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["glyf"] = outlines,
            ["loca"] = offsets,
            ["hmtx"] =
                [.. order.SelectMany(glyph =>
                    (byte[])[.. BigEndian.Bytes16(font.Width(glyph)), .. BigEndian.Bytes16(font.LeftSideBearing(glyph))])],
        };
        foreach (var name in (string[])["head", "hhea", "maxp", "cvt ", "fpgm", "prep"])
        {
            if (font.Copy(name) is { } table)
            {
                tables[name] = table;
            }
        }

        // head: no checksum of the whole file, which readers of embedded fonts ignore, and offsets of four bytes.
        tables["head"].AsSpan(8, 4).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(tables["head"].AsSpan(50), 1);
        BinaryPrimitives.WriteUInt16BigEndian(tables["hhea"].AsSpan(34), (ushort)order.Count);
        BinaryPrimitives.WriteUInt16BigEndian(tables["maxp"].AsSpan(4), (ushort)order.Count);
        return tables;
    }

    private static byte[] Assemble(SortedDictionary<string, byte[]> tables)
    {
        using var file = new MemoryStream();
        var power = BitOperations.Log2((uint)tables.Count);
        file.Write(BigEndian.Bytes32(0x00010000));
        foreach (var number in (int[])[tables.Count, 16 << power, power, 16 * tables.Count - (16 << power)])
        {
            file.Write(BigEndian.Bytes16(number));
        }

        var offset = 12 + (16 * tables.Count);
        foreach (var (name, bytes) in tables)
        {
            file.Write(Encoding.ASCII.GetBytes(name));
            file.Write(BigEndian.Bytes32(Checksum(bytes)));
            file.Write(BigEndian.Bytes32((uint)offset));
            file.Write(BigEndian.Bytes32((uint)bytes.Length));
            offset += (bytes.Length + 3) & ~3;
        }

        foreach (var bytes in tables.Values)
        {
            file.Write(bytes);
            file.Align();
        }

        return file.ToArray();
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }

        Span<byte> rest = stackalloc byte[4];
        bytes.CopyTo(rest);
        return sum + BinaryPrimitives.ReadUInt32BigEndian(rest);
    }
}
