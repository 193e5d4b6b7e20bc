using System.Buffers.Binary;
using System.Text;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Something on a page that takes an event.</summary>
/// <param name="Event">As the attribute is called: <c>onclick</c>.</param>
/// <param name="Element">Its name; empty where only the handler changed.</param>
/// <param name="Attributes">The element's other attributes, as <c>name=value</c>.</param>
/// <param name="Text">What stands in it.</param>
internal sealed record RenderedHandler(string Event, long Id, string Element, string Attributes, string Text);

/// <summary>Reads of a render batch what a foreign client needs to know: which events are taken, and on what.</summary>
internal static class RenderedHandlers
{
    // Each frame is its type in 4 bytes and 16 bytes of what it says.
    private const int FrameSize = 20;
    private const int Element = 1;
    private const int Text = 2;
    private const int Attribute = 3;

    /// <summary>The handlers of a batch, and the ids of those that it takes away.</summary>
    public static (List<RenderedHandler> Handlers, List<long> Gone) In(byte[] batch)
    {
        var frames = Number(batch, batch.Length - 16);
        var strings = Number(batch, batch.Length - 4);
        var count = Number(batch, frames);
        var handlers = new List<RenderedHandler>();
        var place = -1;
        for (var i = 0; i < count; i++)
        {
            var frame = frames + 4 + (i * FrameSize);
            if (Number(batch, frame) == Element)
            {
                place = i;
            }

            if (Number(batch, frame) == Attribute && BinaryPrimitives.ReadInt64LittleEndian(batch.AsSpan(frame + 12)) is > 0 and var id)
            {
                var (name, attributes, text) = place >= 0 && IsDirectly(place, i) ? Describe(place) : ("", "", "");
                handlers.Add(new(String(Number(batch, frame + 4)), id, name, attributes, text));
            }
        }

        var gone = Number(batch, batch.Length - 8);
        return (handlers,
            [.. Enumerable.Range(0, Number(batch, gone))
                .Select(i => BinaryPrimitives.ReadInt64LittleEndian(batch.AsSpan(gone + 4 + (i * 8))))]);

        // Between an element and its attributes stands nothing but attributes.
        bool IsDirectly(int element, int attribute)
        {
            for (var i = element + 1; i < attribute; i++)
            {
                if (Number(batch, frames + 4 + (i * FrameSize)) != Attribute)
                {
                    return false;
                }
            }

            return true;
        }

        (string Name, string Attributes, string Text) Describe(int element)
        {
            var at = frames + 4 + (element * FrameSize);
            var end = element + Number(batch, at + 4);
            var (attributes, text) = (new StringBuilder(), new StringBuilder());
            for (var i = element + 1; i < Math.Min(end, count); i++)
            {
                var frame = frames + 4 + (i * FrameSize);
                if (Number(batch, frame) == Attribute && IsDirectly(element, i))
                {
                    attributes.Append(String(Number(batch, frame + 4))).Append('=').Append(String(Number(batch, frame + 8))).Append(' ');
                }
                else if (Number(batch, frame) == Text)
                {
                    text.Append(String(Number(batch, frame + 4)));
                }
            }

            return (String(Number(batch, at + 8)), attributes.ToString(), text.ToString().Trim());
        }

        string String(int index)
        {
            if (index < 0)
            {
                return "";
            }

            var at = Number(batch, strings + (index * 4));
            var (length, shift) = (0, 0);
            while (true)
            {
                var part = batch[at++];
                length |= (part & 0x7F) << shift;
                if (part < 0x80)
                {
                    return Encoding.UTF8.GetString(batch, at, length);
                }

                shift += 7;
            }
        }
    }

    private static int Number(byte[] batch, int at) => BinaryPrimitives.ReadInt32LittleEndian(batch.AsSpan(at));
}
