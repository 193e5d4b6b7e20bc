namespace SelfHelpPortal.Platform.Pdf;

/// <param name="Size">In points.</param>
internal readonly record struct TextStyle(EmbeddedFont Font, double Size)
{
    /// <summary>In millimeters.</summary>
    public double WidthOf(string text) => Font.Width(text, Size) / Canvas.PointsPerMillimeter;

    /// <summary>Smaller where the text needs it to fit into one line.</summary>
    public TextStyle Fit(string text, double width)
    {
        const double Least = 6;
        var needed = WidthOf(text);
        return needed <= width ? this : this with { Size = Math.Max(Least, Math.Floor(Size * width / needed * 10) / 10) };
    }

    /// <summary>Breaks at spaces; a word that is too long for a line is broken at its last hyphen, or where the line ends.</summary>
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
                lines.Add(line[..cut]);
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
            if (cut > 0 && WidthOf(word[..next]) > width)
            {
                break;
            }

            cut = next;
        }

        return cut == word.Length ? 0 : word.LastIndexOf('-', cut - 1) is > 0 and var hyphen ? hyphen + 1 : cut;
    }
}
