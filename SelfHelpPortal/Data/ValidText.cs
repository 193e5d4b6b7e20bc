using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SelfHelpPortal.Data;

/// <summary>
/// What counts as text: Unicode without U+0000, which PostgreSQL cannot store, without noncharacters such as U+FFFE, which no XML file may
/// hold, and without halves of surrogate pairs, which no encoding can write.
/// </summary>
internal static class ValidText
{
    public static bool Is(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0'))
        {
            return false;
        }

        // Everything that needs a closer look lies behind the last ordinary character.
        for (var at = text.IndexOfAnyInRange('\uD800', '\uFFFF'); at >= 0; at = text.IndexOfAnyInRange('\uD800', '\uFFFF'))
        {
            text = text[at..];
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done || IsNoncharacter(rune.Value))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    /// <summary>
    /// The same for text in percent escapes: each escape is whole, and together they are UTF-8 of <see cref="Is">text </see>.
    /// </summary>
    public static bool IsEscaped(ReadOnlySpan<byte> escaped)
    {
        if (!escaped.Contains((byte)'%'))
        {
            return IsUtf8(escaped);
        }

        var bytes = ArrayPool<byte>.Shared.Rent(escaped.Length);
        try
        {
            var length = 0;
            for (var i = 0; i < escaped.Length; i++)
            {
                if (escaped[i] != '%')
                {
                    bytes[length++] = escaped[i];
                }
                else if (i + 2 < escaped.Length && char.IsAsciiHexDigit((char)escaped[i + 1]) && char.IsAsciiHexDigit((char)escaped[i + 2]))
                {
                    bytes[length++] = Convert.FromHexString([(char)escaped[i + 1], (char)escaped[i + 2]])[0];
                    i += 2;
                }
                else
                {
                    return false;
                }
            }

            return IsUtf8(bytes.AsSpan(0, length));
        }
        finally
        {
            // It may have been a password.
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    private static bool IsUtf8(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0) || !Utf8.IsValid(bytes))
        {
            return false;
        }

        // The noncharacters are EF B7 90 to EF B7 AF and whatever ends in BF BE or BF BF.
        for (var at = bytes.IndexOfAnyInRange((byte)0xEF, (byte)0xF4); at >= 0; at = bytes.IndexOfAnyInRange((byte)0xEF, (byte)0xF4))
        {
            bytes = bytes[at..];
            Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            if (IsNoncharacter(rune.Value))
            {
                return false;
            }

            bytes = bytes[length..];
        }

        return true;
    }

    private static bool IsNoncharacter(int value) => (value & 0xFFFE) == 0xFFFE || value is >= 0xFDD0 and <= 0xFDEF;
}
