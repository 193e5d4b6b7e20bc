using System.Globalization;
using System.Text;

namespace SelfHelpPortal.Platform.Mail;

/// <summary>Names and the like that somebody typed, made fit to stand in a header or a line.</summary>
internal static class UntrustedText
{
    /// <summary>
    /// One line without control characters and without the invisible marks that turn the direction of writing or hide text;
    /// what separated words goes on separating them.
    /// </summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse:
                    break;
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.SpaceSeparator:
                    if (line.Length > 0 && line[^1] != ' ')
                    {
                        line.Append(' ');
                    }

                    break;
                default:
                    line.Append(rune.ToString());
                    break;
            }
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>Each line of a longer text as <see cref="OneLine"/>, without the empty ones.</summary>
    public static IEnumerable<string> Lines(string text) => text.Split('\n').Select(OneLine).Where(line => line.Length > 0);

    /// <summary>A name in a header: besides, no quotes and brackets, and not longer than anybody needs.</summary>
    public static string? Name(string? text)
    {
        var name = OneLine(text ?? "").Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal)
            .Replace("<", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal).Trim();
        name = Shorten(name, 100);
        return name.Length == 0 ? null : name;
    }

    /// <summary>At most <paramref name="length"/> UTF-16 units, never half a surrogate pair.</summary>
    public static string Shorten(string text, int length) =>
        text.Length <= length ? text
        : char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)]
        : text[..length];
}
