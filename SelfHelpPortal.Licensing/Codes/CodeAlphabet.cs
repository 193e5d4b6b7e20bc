using System.Buffers;
using System.Globalization;
using System.Text;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>The 32 symbols of Douglas Crockford's base 32 and how human typing is brought to them.</summary>
public static class CodeAlphabet
{
    /// <summary>The symbols in the order of their values 0 to 31. There is no I, L, O and U.</summary>
    public const string Symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int BitsPerSymbol = 5;
    private const int BitsPerByte = 8;

    private static readonly SearchValues<char> Searched = SearchValues.Create(Symbols);

    /// <summary>The value 0 to 31 of a normalized symbol, or −1 for any other character.</summary>
    public static int ValueOf(char symbol) => Symbols.IndexOf(symbol, StringComparison.Ordinal);

    /// <summary>The place of the first character that is not a symbol, or −1.</summary>
    internal static int IndexOfForeign(ReadOnlySpan<char> symbols) => symbols.IndexOfAnyExcept(Searched);

    /// <summary>
    /// NFKC, upper case, without spaces, dashes, dots, underscores and invisible characters, and with <c>O→0</c>, <c>I→1</c>, <c>L→1</c>.
    /// Every other character stays, also <c>U</c>, so that the caller can name it.
    /// </summary>
    public static string Normalize(string input)
    {
        var text = ToUpperCompatible(input);
        var symbols = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (char.IsAsciiLetterOrDigit(character) || !IsIgnored(character))
            {
                symbols.Append(Unconfused(character));
            }
        }

        return symbols.ToString();
    }

    /// <summary>
    /// The first <paramref name="count"/> symbols of the bytes, most significant bit first, zero bits appended where they run out.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> asks for a symbol behind the last bit.</exception>
    public static string Encode(ReadOnlySpan<byte> bytes, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, SymbolsFor(bytes.Length));
        Span<char> symbols = stackalloc char[count];
        var (buffer, bits, next) = (0, 0, 0);
        for (var i = 0; i < count; i++)
        {
            if (bits < BitsPerSymbol)
            {
                buffer = (buffer << BitsPerByte) | (next < bytes.Length ? bytes[next++] : 0);
                bits += BitsPerByte;
            }

            bits -= BitsPerSymbol;
            symbols[i] = Symbols[buffer >> bits];
            buffer &= (1 << bits) - 1;
        }

        return symbols.ToString();
    }

    /// <summary>All symbols of the bytes, the last one padded with zero bits on the right.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Encode(bytes, SymbolsFor(bytes.Length));

    /// <summary>
    /// The bytes of normalized symbols. False when a symbol is not in the alphabet or when the text is not what
    /// <see cref="Encode(ReadOnlySpan{byte})"/> writes (wrong length, padding bits that are not zero), so that no two texts stand for the
    /// same bytes.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> symbols, out byte[] bytes)
    {
        bytes = new byte[symbols.Length * BitsPerSymbol / BitsPerByte];
        var (buffer, bits, next) = (0, 0, 0);
        foreach (var symbol in symbols)
        {
            var value = ValueOf(symbol);
            if (value < 0)
            {
                return false;
            }

            buffer = (buffer << BitsPerSymbol) | value;
            bits += BitsPerSymbol;
            if (bits >= BitsPerByte)
            {
                bits -= BitsPerByte;
                bytes[next++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }

        return buffer == 0 && symbols.Length == SymbolsFor(bytes.Length);
    }

    internal static string ToUpperCompatible(string input) => ToCompatible(input).ToUpperInvariant();

    /// <summary>NFKC; broken surrogates become U+FFFD, because <see cref="string.Normalize()"/> throws at them.</summary>
    internal static string ToCompatible(string input) =>
        Ascii.IsValid(input) ? input : WellFormed(input).Normalize(NormalizationForm.FormKC);

    private static string WellFormed(string input)
    {
        var wellFormed = new StringBuilder(input.Length);
        foreach (var rune in input.EnumerateRunes())
        {
            // U+FFFE is no character; the platform's normalization throws at it too.
            wellFormed.Append((rune.Value == 0xFFFE ? Rune.ReplacementChar : rune).ToString());
        }

        return wellFormed.ToString();
    }

    /// <summary>Spaces and line ends, dashes of every kind, dots, underscores and characters without a glyph.</summary>
    internal static bool IsIgnored(char character) =>
        IsDash(character) || IsInvisible(character) || char.GetUnicodeCategory(character) switch
        {
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
            UnicodeCategory.Control or UnicodeCategory.ConnectorPunctuation => true,
            _ => character is '.' or '·' or '•' or '‧' or '∙' or '⋅',
        };

    internal static bool IsDash(char character) =>
        char.GetUnicodeCategory(character) == UnicodeCategory.DashPunctuation
        || character is '\u2212' or '\u02D7' or '\u2043'; // minus, modifier minus, hyphen bullet

    /// <summary>Zero-width characters, direction marks and variation selectors, which mail programs leave in copied text.</summary>
    internal static bool IsInvisible(char character) =>
        char.GetUnicodeCategory(character) == UnicodeCategory.Format || character is >= '\uFE00' and <= '\uFE0F' or '\u034F';

    internal static char Unconfused(char character) => character switch
    {
        'O' => '0',
        'I' or 'L' => '1',
        _ => character,
    };

    private static int SymbolsFor(int bytes) => ((bytes * BitsPerByte) + BitsPerSymbol - 1) / BitsPerSymbol;
}
