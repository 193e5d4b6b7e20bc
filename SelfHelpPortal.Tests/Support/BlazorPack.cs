using System.Buffers.Binary;
using System.Text;

namespace SelfHelpPortal.Tests.Support;

/// <summary>The little of MessagePack that the circuit's hub protocol ("blazorpack") needs, each message behind its length.</summary>
internal static class BlazorPack
{
    /// <summary>A call of a hub method. With an id it is answered.</summary>
    public static byte[] Invocation(string? id, string target, object?[] arguments)
    {
        var body = new List<byte>();
        Write(body, new object?[] { 1, new Dictionary<string, string>(), id, target, arguments, Array.Empty<object?>() });
        var message = new List<byte>();
        for (var length = body.Count; ; length >>= 7)
        {
            if (length < 0x80)
            {
                message.Add((byte)length);
                break;
            }

            message.Add((byte)(length | 0x80));
        }

        message.AddRange(body);
        return [.. message];
    }

    /// <summary>The whole messages at the beginning of what was received, and how many bytes they take.</summary>
    public static (List<object?[]> Messages, int Consumed) Read(ReadOnlySpan<byte> received)
    {
        var messages = new List<object?[]>();
        var consumed = 0;
        while (true)
        {
            var (length, at, shift) = (0, consumed, 0);
            while (at < received.Length && received[at] >= 0x80)
            {
                length |= (received[at++] & 0x7F) << shift;
                shift += 7;
            }

            if (at >= received.Length || at + 1 + (length |= received[at] << shift) > received.Length)
            {
                return (messages, consumed);
            }

            var place = 0;
            messages.Add((object?[])ReadValue(received.Slice(at + 1, length), ref place)!);
            consumed = at + 1 + length;
        }
    }

    private static void Write(List<byte> to, object? value)
    {
        switch (value)
        {
            case null:
                to.Add(0xC0);
                break;
            case bool yes:
                to.Add(yes ? (byte)0xC3 : (byte)0xC2);
                break;
            case int or long:
                to.Add(0xD3);
                Span<byte> number = stackalloc byte[8];
                BinaryPrimitives.WriteInt64BigEndian(number, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                to.AddRange(number);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                to.Add(0xDB);
                WriteLength(to, bytes.Length);
                to.AddRange(bytes);
                break;
            case Dictionary<string, string>:
                to.Add(0x80);
                break;
            case object?[] items:
                to.Add(0xDD);
                WriteLength(to, items.Length);
                foreach (var item in items)
                {
                    Write(to, item);
                }

                break;
            default:
                throw new NotSupportedException($"{value.GetType()} is not written.");
        }
    }

    private static void WriteLength(List<byte> to, int length)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, length);
        to.AddRange(number);
    }

    private static object? ReadValue(ReadOnlySpan<byte> from, ref int at)
    {
        var type = from[at++];
        switch (type)
        {
            case < 0x80: return (long)type;
            case < 0x90: return ReadMap(from, ref at, type & 0x0F);
            case < 0xA0: return ReadArray(from, ref at, type & 0x0F);
            case < 0xC0: return ReadText(from, ref at, type & 0x1F);
            case 0xC0: return null;
            case 0xC2: return false;
            case 0xC3: return true;
            case 0xC4 or 0xC5 or 0xC6: return ReadBytes(from, ref at, (int)ReadUnsigned(from, ref at, 1 << (type - 0xC4))).ToArray();
            case >= 0xCC and <= 0xCF: return (long)ReadUnsigned(from, ref at, 1 << (type - 0xCC));
            case 0xD0: return (long)(sbyte)from[at++];
            case 0xD1: return (long)(short)ReadUnsigned(from, ref at, 2);
            case 0xD2: return (long)(int)ReadUnsigned(from, ref at, 4);
            case 0xD3: return (long)ReadUnsigned(from, ref at, 8);
            case 0xD9 or 0xDA or 0xDB: return ReadText(from, ref at, (int)ReadUnsigned(from, ref at, 1 << (type - 0xD9)));
            case 0xDC or 0xDD: return ReadArray(from, ref at, (int)ReadUnsigned(from, ref at, type == 0xDC ? 2 : 4));
            case 0xDE or 0xDF: return ReadMap(from, ref at, (int)ReadUnsigned(from, ref at, type == 0xDE ? 2 : 4));
            case >= 0xE0: return (long)(sbyte)type;
            default: throw new NotSupportedException($"MessagePack type {type:X2} is not read.");
        }
    }

    private static object?[] ReadArray(ReadOnlySpan<byte> from, ref int at, int count)
    {
        var items = new object?[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = ReadValue(from, ref at);
        }

        return items;
    }

    private static object? ReadMap(ReadOnlySpan<byte> from, ref int at, int count)
    {
        for (var i = 0; i < 2 * count; i++)
        {
            ReadValue(from, ref at);
        }

        return null;
    }

    private static string ReadText(ReadOnlySpan<byte> from, ref int at, int length) =>
        Encoding.UTF8.GetString(ReadBytes(from, ref at, length));

    private static ReadOnlySpan<byte> ReadBytes(ReadOnlySpan<byte> from, ref int at, int length)
    {
        var bytes = from.Slice(at, length);
        at += length;
        return bytes;
    }

    private static ulong ReadUnsigned(ReadOnlySpan<byte> from, ref int at, int bytes)
    {
        var value = 0UL;
        for (var i = 0; i < bytes; i++)
        {
            value = (value << 8) | from[at++];
        }

        return value;
    }
}
