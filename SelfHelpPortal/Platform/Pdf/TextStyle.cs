using System.Buffers;

namespace SelfHelpPortal.Platform.Pdf;

/// <param name="Size">In points.</param>
internal readonly record struct TextStyle(EmbeddedFont Font, double Size)
{
    private static readonly SearchValues<char> Separators = SearchValues.Create("-–/@._,;:\u00A0");

    /// <summary>In millimeters.</summary>
    public double WidthOf(string text) => Font.Width(text, Size) / Canvas.PointsPerMillimeter;

    /// <summary>Smaller where the text needs it to fit into one line.</summary>
    /// <param name="least">Points; what does not fit in them either sticks out.</param>
    public TextStyle Fit(string text, double width, double least = 6)
    {
        var needed = WidthOf(text);
        return needed <= width ? this : this with { Size = Math.Max(least, Math.Floor(Size * width / needed * 10) / 10) };
    }

    /// <summary>
    /// Breaks at spaces. A word that is too long for a line is broken behind the last sign in it that separates, else with a hyphen between
    /// letters; numbers are only parted where there is no other way, since a hyphen would become part of them.
    /// </summary>
    /// <param name="width">In millimeters.</param>
    public IReadOnlyList<string> Wrap(string text, double width)
    {
        List<string> lines = [];
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && WidthOf(longer) > width)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
            while (WidthOf(line) > width && Cut(line, width) is > 0 and var cut)
            {
                lines.Add(IsInsideWord(line, cut) ? line[..cut] + "-" : line[..cut]);
                line = line[cut..];
            }
        }

        if (line.Length > 0)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>How much of the start fits; at least one character, and never half of one.</summary>
    private int Cut(string word, double width)
    {
        var cut = 0;
        foreach (var character in word.EnumerateRunes())
        {
            var next = cut + character.Utf16SequenceLength;
            if (cut > 0 && WidthOf(IsInsideWord(word, next) ? word[..next] + "-" : word[..next]) > width)
            {
                break;
            }

            cut = next;
        }

        return cut == word.Length ? 0 : word.AsSpan(0, cut).LastIndexOfAny(Separators) is > 0 and var separator ? separator + 1 : cut;
    }

    private static bool IsInsideWord(string word, int cut) =>
        cut > 0 && cut < word.Length && char.IsLetter(word[cut - 1]) && char.IsLetter(word[cut]);
}
