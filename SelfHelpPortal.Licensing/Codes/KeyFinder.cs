using System.Text;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>Finds an activation key in running text.</summary>
internal static partial class KeyFinder
{
    private const int MaxText = 65_536;
    private const int MaxGap = 6; // a dash, a line end and the quote mark of an answered mail
    private const int KeyLength = 25;
    private const int GroupsThatMakeAKey = 3;
    private const string ShapePattern = @"(?<![0-9A-Z])K[0-9A-Z]{3,5}(?:[\p{Pd}\u2212][0-9A-Z]{4,6}){4}(?![0-9A-Z])";

    public static string? Find(string text)
    {
        var line = CodeAlphabet.ToUpperCompatible(text.Length > MaxText ? text[..MaxText] : text);
        string? mistyped = null;
        for (var start = 0; start < line.Length; start++)
        {
            if (line[start] != (char)CodeKind.ActivationKey || (start > 0 && IsWord(line[start - 1]))
                || ReadKey(line, start) is not { } symbols)
            {
                continue;
            }

            var right = GroupedCode.RightGroups(symbols, CodeKind.ActivationKey);
            if (right == KeyLength / GroupedCode.GroupLength)
            {
                return GroupedCode.Format(symbols);
            }

            if (right >= GroupsThatMakeAKey)
            {
                mistyped ??= GroupedCode.Format(symbols);
            }
        }

        return mistyped ?? FindShape(line);
    }

    /// <summary>25 symbols from here, over separators, with no letter or digit behind them; otherwise null.</summary>
    private static string? ReadKey(string line, int start)
    {
        var symbols = new StringBuilder(KeyLength);
        var gap = 0;
        for (var i = start; i < line.Length; i++)
        {
            var symbol = CodeAlphabet.Unconfused(line[i]);
            if (CodeAlphabet.ValueOf(symbol) >= 0)
            {
                if (symbols.Length == KeyLength)
                {
                    return null;
                }

                symbols.Append(symbol);
                gap = 0;
            }
            else if (symbols.Length == KeyLength)
            {
                return IsWord(line[i]) ? null : symbols.ToString();
            }
            else if (!(CodeAlphabet.IsIgnored(line[i]) || line[i] == '>') || ++gap > MaxGap)
            {
                return null;
            }
        }

        return symbols.Length == KeyLength ? symbols.ToString() : null;
    }

    /// <summary>Five groups with dashes, about 25 letters and digits: a key so mistyped that its check symbols say nothing.</summary>
    private static string? FindShape(string line)
    {
        foreach (Match match in Shape().Matches(line))
        {
            var symbols = CodeAlphabet.Normalize(match.Value);
            if (symbols.Length is >= KeyLength - 1 and <= KeyLength + 1 && match.Value.Any(char.IsAsciiDigit))
            {
                return GroupedCode.Format(symbols);
            }
        }

        return null;
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character);

    [GeneratedRegex(ShapePattern, RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
