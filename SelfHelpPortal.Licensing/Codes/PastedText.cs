using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// What mail programs, browsers and keyboards make of a text that somebody pastes, undone: formatting, soft breaks, marks of a quotation,
/// characters without a glyph, and letters of other alphabets that look like ours.
/// </summary>
internal static class PastedText
{
    /// <summary>Longest text that is looked at, in characters; what is longer is no mail with a code in it.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>What stands around a code and is never a part of it.</summary>
    public static readonly char[] Around =
        [.. " \t\r\n\u00A0.,;:*_`'\"()[]{}<>|\u200B\uFEFF\u200E\u201E\u201C\u201D\u00AB\u00BB\u201A\u2018\u2019\u2039\u203A"];

    /// <summary>Behind these a label ends and the code begins.</summary>
    private static readonly char[] LabelEnds = [':', '=', '#'];

    private static readonly Regex DashBehindLabel = new(@"\s\p{Pd}\s", RegexOptions.CultureInvariant | RegexOptions.RightToLeft);

    private const int MostWords = 5;
    private const int LongestPassage = 200;
    private const string SoftBreakPattern = @"=(?:\r\n?|\n)";
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    /// <summary>Capital letters of other alphabets, each with the one of ours that it cannot be told from.</summary>
    private const string LookAlikes =
        "\u0410A\u0412B\u0415E\u04173\u041AK\u041CM\u041DH\u041EO\u0420P\u0421C\u0422T\u0423Y\u0425X\u0406I\u0407I" // Cyrillic
        + "\u0408J\u0405S\u0500D\u050CG\u051AQ\u051CW\u04AEY\u04BAH\u04C0I\u0474V"
        + "\u0391A\u0392B\u0395E\u0396Z\u0397H\u0399I\u039AK\u039CM\u039DN\u039FO\u03A1P\u03A4T\u03A5Y\u03A7X\u03F9C" // Greek
        + "\u037FJ"
        + "\u0555O\u054DS\u00D8O\u0131I\u0130I\u2205O"; // Armenian, then letters with a stroke or a dot, and the empty set

    private static readonly Dictionary<char, char> Latin =
        Enumerable.Range(0, LookAlikes.Length / 2).ToDictionary(i => LookAlikes[2 * i], i => LookAlikes[(2 * i) + 1]);

    // Only names of formatting: a key in angle brackets is no tag.
    private static readonly Regex Tag = new(
        "</?(?:a|b|i|u|p|s|h[1-6]|br|em|td|th|tr|li|ul|ol|tt|hr|div|pre|wbr|sub|sup|span|font|code|mark|small|table|tbody|strong|blockquote"
        + @"|o:p)(?:\s[^<>]{0,500})?/?>", Options);

    private static readonly Regex SoftBreak = new(SoftBreakPattern, Options);
    private static readonly Regex Quoted = new(
        "(?:=20|=3D|=2D|=0D|=0A|=09|=[C-F][0-9A-F](?:=[89AB][0-9A-F])+)+", RegexOptions.CultureInvariant);
    private static readonly Regex LooksQuoted = new(
        SoftBreakPattern + @"|=20[\r\n]|=3D|=[C-F][0-9A-F]=[89AB][0-9A-F]", RegexOptions.CultureInvariant);
    private static readonly Regex QuoteMarks = new(@"^[ \t]*(?:[>|][ \t]?)+", RegexOptions.CultureInvariant | RegexOptions.Multiline);

    /// <summary>The text as its writer saw it: no transfer encoding, no tags and entities, no marks of a quotation.</summary>
    public static string Plain(string text) => QuoteMarks.Replace(Unformatted(text), "");

    /// <summary>The same with the marks of a quotation, which a file's frame tells from its content.</summary>
    public static string Unformatted(string text)
    {
        if (text.Contains('=', StringComparison.Ordinal) && LooksQuoted.IsMatch(text))
        {
            text = Quoted.Replace(SoftBreak.Replace(text, ""), BytesOf);
        }

        text = text.Contains('<', StringComparison.Ordinal) ? Tag.Replace(text, TextOf) : text;
        return text.Contains('&', StringComparison.Ordinal) ? WebUtility.HtmlDecode(text) : text;
    }

    /// <summary>The plain text in capital letters and digits of our alphabet, as far as it is written in what looks like them.</summary>
    public static string Capitals(string text)
    {
        var capitals = new StringBuilder(text.Length);
        foreach (var character in CodeAlphabet.ToUpperCompatible(Plain(CodeAlphabet.ToCompatible(text))))
        {
            if (!CodeAlphabet.IsInvisible(character))
            {
                capitals.Append(Unmasked(character));
            }
        }

        return capitals.ToString();
    }

    /// <summary>A capital letter or digit of ours for one that looks like it; every other character as it is.</summary>
    public static char Unmasked(char character) =>
        character < 0x80 ? character
        : Latin.TryGetValue(character, out var latin) ? latin
        : char.IsDigit(character) ? (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(character))
        : character;

    /// <summary>What stands in a line behind its last colon, and behind its last dash with blanks around it.</summary>
    public static IEnumerable<string> WithoutLabels(string line)
    {
        if (line.LastIndexOfAny(LabelEnds) is >= 0 and var colon)
        {
            yield return line[(colon + 1)..];
        }

        if (DashBehindLabel.Match(line) is { Success: true } dash)
        {
            yield return line[(dash.Index + dash.Length)..];
        }
    }

    /// <summary>
    /// The passages that may be one key of a vendor's: each line, what stands behind its label, each word, and a few words in a row with a
    /// digit among them, which a mail program may have broken up.
    /// </summary>
    public static IEnumerable<string> Passages(string text)
    {
        var plain = Plain(text);
        foreach (var line in plain.Split('\r', '\n'))
        {
            yield return line.Trim(Around);
            foreach (var rest in WithoutLabels(line))
            {
                yield return rest.Trim(Around);
            }
        }

        var words = plain.Split([' ', '\t', '\r', '\n', '\u00A0', '"', '<', '>', '=', '|'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Trim(Around)).Where(word => word.Length > 0).ToArray();
        for (var count = 1; count <= MostWords; count++)
        {
            for (var i = 0; i + count <= words.Length; i++)
            {
                var some = words.Skip(i).Take(count).ToArray();
                if (some.Sum(word => word.Length) > LongestPassage || !some.Any(word => word.Any(char.IsDigit)))
                {
                    continue;
                }

                yield return string.Join(' ', some);
                if (count > 1)
                {
                    yield return string.Concat(some);
                    yield return string.Join('-', some);
                }

                foreach (var rest in count == 1 ? WithoutLabels(some[0]) : [])
                {
                    yield return rest.Trim(Around);
                }
            }
        }
    }

    /// <summary>A tag ends a word where a reader saw a gap; formatting inside a word does not.</summary>
    private static string TextOf(Match tag)
    {
        var name = tag.Value.TrimStart('<', '/').TrimEnd('>', '/').Split(' ', '\t', '\r', '\n')[0].ToUpperInvariant();
        return name is "B" or "I" or "U" or "S" or "EM" or "TT" or "WBR" or "SUB" or "SUP" or "SPAN" or "FONT" or "CODE" or "MARK"
            or "SMALL" or "STRONG" or "A" ? "" : "\n";
    }

    private static string BytesOf(Match quoted)
    {
        var bytes = new byte[quoted.Length / 3];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((16 * HexOf(quoted.Value[(3 * i) + 1])) + HexOf(quoted.Value[(3 * i) + 2]));
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private static int HexOf(char digit) => digit <= '9' ? digit - '0' : digit - 'A' + 10;
}
