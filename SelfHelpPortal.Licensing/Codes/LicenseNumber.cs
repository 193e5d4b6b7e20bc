using System.Text.RegularExpressions;

namespace SelfHelpPortal.Licensing.Codes;

/// <summary>
/// Numbers of licenses (<c>L-6004</c>) and serials (<c>S-ABCDE-FGHJK</c>) as people write them: with another dash or none, with a label,
/// in quotes, without the letter. They have no check symbol, so only what is nothing else is read as one.
/// </summary>
public static class LicenseNumber
{
    private const int Longest = 60;
    private const string Separator = @"[\p{Pd}\u2212\s./_#:]{0,3}";
    private const string Label = @"(?:[\p{L} .\-]{2,30}[\s.:#\u2116=]{1,3}(?:NR\.?|NO\.?|NUMMER|NUMBER|ID)?[\s.:#\u2116=]{0,3})?";

    private static readonly Regex Number =
        new($@"\A{Label}L{Separator}([0-9OIL]{{0,10}}[0-9][0-9OIL]{{0,10}})\z", RegexOptions.CultureInvariant);

    private static readonly Regex Serial =
        new($@"\A{Label}S{Separator}([0-9A-Z]{{5}}){Separator}([0-9A-Z]{{5}})\z", RegexOptions.CultureInvariant);

    private static readonly Regex Bare = new($@"\A{Label}([0-9]{{1,9}})\z", RegexOptions.CultureInvariant);

    /// <summary>The number or serial with its letter; null when the text is neither, which a key is not.</summary>
    public static string? Read(string? text)
    {
        var clean = Clean(text);
        return Number.Match(clean) is { Success: true } number
            ? "L-" + string.Concat(number.Groups[1].Value.Select(CodeAlphabet.Unconfused))
            : Serial.Match(clean) is { Success: true } serial ? $"S-{serial.Groups[1].Value}-{serial.Groups[2].Value}"
            : null;
    }

    /// <summary>The same where nothing but a number or serial is asked for: digits alone are a number.</summary>
    public static string? ReadDigits(string? text) =>
        Read(text) ?? (Bare.Match(Clean(text)) is { Success: true } digits ? "L-" + digits.Groups[1].Value : null);

    /// <summary>
    /// Every form in which a license may be found by what was typed, the likeliest first: a vendor's serials may look like anything.
    /// </summary>
    public static IReadOnlyList<string> Readings(string? text) =>
        [.. new[] { ReadDigits(text), Clean(text), (text ?? "").Trim() }.OfType<string>().Where(reading => reading.Length > 0).Distinct()];

    /// <summary>In capitals, with plain dashes, without what stands around it.</summary>
    private static string Clean(string? text)
    {
        var capitals = text is null or { Length: > CodeFinder.MaxText } ? ""
            : PastedText.Capitals(text).Trim(PastedText.Around).TrimEnd('!', '?');
        return capitals.Length > Longest ? ""
            : string.Concat(capitals.Select(c => CodeAlphabet.IsDash(c) ? '-' : char.IsWhiteSpace(c) ? ' ' : c));
    }
}
