using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Search;

/// <summary>Everything that a term may mean.</summary>
internal sealed class SearchTerm
{
    private const int LongestPart = 60;
    private const int ShortestPart = 3;

    /// <summary>Three digits stand somewhere in every hundredth number.</summary>
    private const int ShortestMiddle = 4;

    public SearchTerm(string text)
    {
        Text = text;
        Upper = text.ToUpperInvariant();
        IsNumber = text.Length > 0 && text.All(char.IsAsciiDigit);
        Licenses = LicenseNumber.Readings(text);
        Reference = RequestReference.TryParse(text, out var reference) ? reference.ToString() : Upper;
        Hardware = HardwareCode.Beginning(text);
        Amount = Amounts.TryParse(text, out var amount) && amount.Cents > 0 ? amount : null;
        Words = SearchText.Words(text);
        Part = Upper.Length is >= ShortestPart and <= LongestPart && !Upper.Any(c => char.IsWhiteSpace(c) || char.IsSurrogate(c))
            ? Upper
            : null;
        Pc = Upper.Length is >= ShortestPart and <= LongestPart ? Upper : null;
    }

    public string Text { get; }

    public string Upper { get; }

    /// <summary>Digits alone may be the number of anything, a postal code, or a part of either.</summary>
    public bool IsNumber { get; }

    /// <summary>Numbers and serials that the term may be as a whole.</summary>
    public IReadOnlyList<string> Licenses { get; }

    public string Reference { get; }

    /// <summary>A hardware code or its beginning.</summary>
    public string? Hardware { get; }

    public Money? Amount { get; }

    public IReadOnlyList<SearchWord> Words { get; }

    /// <summary>Long enough for a part of a number, and without a blank.</summary>
    public string? Part { get; }

    /// <summary>Long enough to stand anywhere in a number.</summary>
    public string? Middle => Part is { Length: >= ShortestMiddle } ? Part : null;

    /// <summary>Long enough for the beginning of a computer's name.</summary>
    public string? Pc { get; }

    /// <summary>Too little to look for parts of anything.</summary>
    public bool IsShort => Part is null && Pc is null && Words.Count == 0;

    /// <summary>The beginning of a number with this letter, which people leave out.</summary>
    public string? Begins(char letter) => Part is null ? null : Part.StartsWith($"{letter}-", StringComparison.Ordinal) ? Part
        : Part[0] == letter && Part[1..].All(char.IsAsciiDigit) ? $"{letter}-{Part[1..]}" : $"{letter}-{Part}";

    /// <summary>A whole number with this letter.</summary>
    public string Numbered(char letter) =>
        IsNumber ? $"{letter}-{Text}" : Upper.StartsWith(letter) ? Begins(letter) ?? Upper : Upper;

    /// <summary>Where the term stands in a number or name.</summary>
    public IReadOnlyList<(int Start, int Length)> PlacesIn(string text)
    {
        foreach (var wanted in ((string?[])[Reference, .. Licenses, Upper, Hardware]).OfType<string>().Where(w => w.Length > 0))
        {
            if (text.IndexOf(wanted, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
            {
                return [(at, wanted.Length)];
            }
        }

        return [];
    }
}
