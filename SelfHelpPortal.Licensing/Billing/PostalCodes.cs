using System.Collections.Frozen;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>What the postal codes of a country look like, for the countries where all of them look the same.</summary>
public static class PostalCodes
{
    private static readonly FrozenDictionary<string, string> Examples = (
            "AT 1010, BE 1000, BG 1000, CH 8000, CY 1010, CZ 110 00, DE 12345, DK 1050, EE 10111, ES 28001, FI 00100, FR 75001, "
            + "GR 104 31, HR 10000, HU 1011, IT 00118, LI 9490, LT 01100, LU 1009, LV 1010, NL 1011 AB, NO 0150, PL 00-001, PT 1000-001, "
            + "RO 010011, SE 111 22, SI 1000, SK 811 01")
        .Split(", ").ToFrozenDictionary(line => line[..2], line => line[3..], StringComparer.Ordinal);

    /// <returns>One of the country's codes; null where nothing is known of them.</returns>
    public static string? Example(string country) => Examples.GetValueOrDefault(country);

    /// <summary>
    /// Spaces and hyphens are left out by some, and some write the country in front, as A-1010. Whether there is such a place is not asked.
    /// </summary>
    public static bool IsWellFormed(string country, string code) => Example(country) is not { } example || Shape(code) == Shape(example);

    private static string Shape(string code)
    {
        var symbols = code.Where(c => c is not (' ' or '\u00A0' or '-' or '–')).ToArray();
        return string.Concat(symbols.SkipWhile(char.IsAsciiLetter)
            .Select(c => char.IsAsciiDigit(c) ? '9' : char.IsAsciiLetter(c) ? 'A' : '?'));
    }
}
