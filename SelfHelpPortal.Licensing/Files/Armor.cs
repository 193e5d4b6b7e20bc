using System.Diagnostics.CodeAnalysis;
using System.Text;

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
/// 64 columns. Reading forgives what mail programs do (text around it, other line ends, indentation, <c>&gt; </c> of a quotation); what is
/// inside is checked strictly.
/// </summary>
public static class Armor
{
    /// <summary>Symbols of a line.</summary>
    public const int Columns = 64;

    /// <summary>Longest text that is looked at, in characters.</summary>
    public const int MaxLength = 64 * 1024;

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
    /// The content of the one frame of this kind in the text; false if there is none, more than one, or the text is too long.
    /// </summary>
    public static bool TryUnwrap(ArmorKind kind, string? text, [NotNullWhen(true)] out string? content)
    {
        content = null;
        if (text is null or { Length: > MaxLength })
        {
            return false;
        }

        var (begin, end) = (Begin(kind), End(kind));
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : text.IndexOf(end, from + begin.Length, StringComparison.Ordinal);
        if (to < 0 || text.IndexOf(begin, from + 1, StringComparison.Ordinal) >= 0)
        {
            return false;
        }

        content = Unfold(kind, text.AsSpan(from + begin.Length, to - from - begin.Length));
        return content.Length > 0;
    }

    private static string Unfold(ArmorKind kind, ReadOnlySpan<char> lines)
    {
        var text = new StringBuilder(lines.Length);
        foreach (var line in lines.EnumerateLines())
        {
            // Blanks mean nothing in a JWS, but may belong to a name in JSON, where a folded line can begin or end with one.
            foreach (var c in line)
            {
                var dropped = kind switch
                {
                    ArmorKind.License => char.IsWhiteSpace(c) || c == '>',
                    ArmorKind.Request => false,
                };
                if (!dropped)
                {
                    text.Append(c);
                }
            }
        }

        return text.ToString();
    }

    private static string Begin(ArmorKind kind) => $"-----BEGIN LSHP {Word(kind)}-----";

    private static string End(ArmorKind kind) => $"-----END LSHP {Word(kind)}-----";

    private static string Word(ArmorKind kind) => kind switch
    {
        ArmorKind.License => "LICENSE",
        ArmorKind.Request => "REQUEST",
    };
}
