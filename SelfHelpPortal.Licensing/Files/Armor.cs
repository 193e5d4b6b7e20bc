using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Licensing.Files;

/// <summary>What stands between the BEGIN and END lines.</summary>
public enum ArmorKind
{
    /// <summary>A license file <c>*.lshlic</c>: a JWS in compact form.</summary>
    License,

    /// <summary>A request file <c>*.lshreq</c>: JSON.</summary>
    Request,
}

/// <summary>
/// The text frame of files that people mail and paste: <c>-----BEGIN LSHP LICENSE-----</c> … <c>-----END LSHP LICENSE-----</c>, folded at
/// 64 columns. Reading forgives what mail programs do (text around it, other line ends and dashes, indentation, marks of a quotation,
/// formatting, soft breaks, escaped dashes, the whole pasted twice); what is inside is checked strictly.
/// </summary>
public static class Armor
{
    /// <summary>Symbols of a line.</summary>
    public const int Columns = 64;

    /// <summary>Longest text that is looked at, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    private const string Dashes = "[-\u2010-\u2015\u2212]";

    /// <summary>Blanks that a mail program may take from the end of a line.</summary>
    private const int MostBlanksLost = 2;

    // Fewer dashes than were written: some mail programs take the first one, others make two of them one longer.
    private static readonly Regex Frame = new(
        $@"(?<!{Dashes}){Dashes}{{2,}}[ \t\u00A0]*(BEGIN|END)\s+LSHP\s+(LICENSE|REQUEST)[ \t\u00A0]*{Dashes}{{2,}}",
        RegexOptions.CultureInvariant);

    private static readonly Regex Quotation = new(@"\A[ \t\u00A0>|]*", RegexOptions.CultureInvariant);

    /// <summary>The framed text, each line ended by a line feed.</summary>
    public static string Wrap(ArmorKind kind, string content)
    {
        var text = new StringBuilder(content.Length + (content.Length / Columns) + 80).Append(Begin(kind)).Append('\n');
        for (var i = 0; i < content.Length; i += Columns)
        {
            text.Append(content, i, Math.Min(Columns, content.Length - i)).Append('\n');
        }

        return text.Append(End(kind)).Append('\n').ToString();
    }

    /// <summary>
    /// The content of the frame of this kind in the text; false if there is none, if there are several that differ, or if the text is too
    /// long.
    /// </summary>
    public static bool TryUnwrap(ArmorKind kind, string? text, [NotNullWhen(true)] out string? content)
    {
        content = Readings(kind, text).FirstOrDefault();
        return content is not null;
    }

    /// <summary>
    /// What may be the content, the likeliest first: a frame that is folded as it was written is taken as it is. In JSON, what looks like a
    /// trace of a mail program may belong to a name, so that whoever reads it takes the first that is JSON.
    /// </summary>
    internal static IEnumerable<string> Readings(ArmorKind kind, string? text)
    {
        if (text is null or { Length: > MaxLength })
        {
            return [];
        }

        text = text.TrimStart('\uFEFF');
        var plain = PastedText.Unformatted(text);
        return kind switch
        {
            ArmorKind.License =>
            [
                .. Content(text, kind, lines => IsFolded(lines) ? Symbols(lines) : ""),
                .. Content(plain, kind, Symbols),
            ],
            ArmorKind.Request =>
            [
                .. Content(text, kind, lines => IsFolded(lines) ? string.Concat(lines) : ""),
                .. Content(text, kind, lines => IsFolded(Cleaned(lines)) ? Folded(Cleaned(lines)) : ""),
                .. Content(plain, kind, lines => Folded(Cleaned(lines))),
                .. Content(text, kind, lines => Folded(Cleaned(lines))),
                .. Content(text, kind, string.Concat),
            ],
        };
    }

    /// <summary>Of all frames of this kind, if they hold the same and not nothing; else none.</summary>
    private static IEnumerable<string> Content(string text, ArmorKind kind, Func<IReadOnlyList<string>, string> unfold)
    {
        string? content = null;
        Match? begin = null;
        foreach (Match line in Frame.Matches(text))
        {
            if (line.Groups[2].Value != Word(kind))
            {
                continue;
            }

            var isBegin = line.Groups[1].Value == "BEGIN";
            if (isBegin == (begin is not null))
            {
                return [];
            }

            if (isBegin)
            {
                begin = line;
                continue;
            }

            var read = unfold([.. Lines(text, begin!, line)]);
            if (read.Length == 0 || (content is not null && content != read))
            {
                return [];
            }

            (content, begin) = (read, null);
        }

        return content is null || begin is not null ? [] : [content];
    }

    /// <summary>The lines between the two of a frame, without what stands before the first on its line.</summary>
    private static IEnumerable<string> Lines(string text, Match begin, Match end)
    {
        var before = Quotation.Match(LineBefore(text, begin)).Value;
        var isEscaped = LineBefore(text, begin).EndsWith("- ", StringComparison.Ordinal);
        var from = begin.Index + begin.Length;
        var to = Math.Max(from, end.Index - (LineBefore(text, end) is var mark && mark.All(IsMark) ? mark.Length : 0));
        foreach (var line in text[from..to].Split('\r', '\n'))
        {
            var bare = before.Length > 0 && line.StartsWith(before, StringComparison.Ordinal) ? line[before.Length..]
                : before.TrimEnd() is { Length: > 0 } trimmed && line.StartsWith(trimmed, StringComparison.Ordinal) ? line[trimmed.Length..]
                : line;
            if (bare.Length > 0)
            {
                yield return isEscaped && bare.StartsWith("- -", StringComparison.Ordinal) ? bare[2..] : bare;
            }
        }
    }

    private static bool IsMark(char character) => char.IsWhiteSpace(character) || character is '>' or '|' or '-';

    private static string LineBefore(string text, Match begin) =>
        text[(text.LastIndexOfAny(['\r', '\n'], begin.Index) + 1)..begin.Index];

    /// <summary>Of a signed text, which has neither blanks nor brackets.</summary>
    private static string Symbols(IEnumerable<string> lines) =>
        string.Concat(lines.SelectMany(line => line).Where(c => !(char.IsWhiteSpace(c) || c is '>' or '|')));

    private static bool IsFolded(IReadOnlyList<string> lines) =>
        lines.Count > 0 && lines.Take(lines.Count - 1).All(IsFull) && lines[lines.Count - 1].Length <= Columns;

    /// <summary>Without empty lines and marks of a quotation, and with blanks at the end of a line only where the fold has them.</summary>
    private static List<string> Cleaned(IReadOnlyList<string> lines) =>
    [
        .. lines.Where(line => !line.All(IsMark)).SelectMany((line, i) => Unjoined(i == 0 ? Clean(line).TrimStart() : Clean(line)))
            .Select(line => line.Length > Columns && line.TrimEnd().Length <= Columns ? line[..Columns] : line)
            .Where(line => line.Length > 0),
    ];

    /// <summary>By symbols, or by bytes as some tools fold.</summary>
    private static bool IsFull(string line) => line.Length == Columns || Encoding.UTF8.GetByteCount(line) == Columns;

    /// <summary>Where some lines have the length of the fold, the others have lost the blanks at their ends.</summary>
    private static string Folded(IReadOnlyList<string> lines) => !lines.Any(IsFull) ? string.Concat(lines) : string.Concat(lines.Select(
        (line, i) => i < lines.Count - 1 && !IsFull(line) && line.Length >= Columns - MostBlanksLost ? line.PadRight(Columns) : line));

    private static string Clean(string line) => string.Concat(line.Where(c => !CodeAlphabet.IsInvisible(c)).Select(
        c => c is '\u00A0' ? ' ' : c is '“' or '”' or '„' ? '"' : c));

    /// <summary>Lines that a mail program joined by blanks.</summary>
    private static IEnumerable<string> Unjoined(string line)
    {
        const int Joined = Columns + 1;
        if (line.TrimEnd().Length <= Joined || !Enumerable.Range(1, line.Length / Joined).All(i => line[(i * Joined) - 1] == ' '))
        {
            return [line];
        }

        return Enumerable.Range(0, (line.Length + Columns) / Joined).Select(
            i => line.Substring(i * Joined, Math.Min(Columns, line.Length - (i * Joined))));
    }

    private static string Begin(ArmorKind kind) => $"-----BEGIN LSHP {Word(kind)}-----";

    private static string End(ArmorKind kind) => $"-----END LSHP {Word(kind)}-----";

    private static string Word(ArmorKind kind) => kind switch
    {
        ArmorKind.License => "LICENSE",
        ArmorKind.Request => "REQUEST",
    };
}
