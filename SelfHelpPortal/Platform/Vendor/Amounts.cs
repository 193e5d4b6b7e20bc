using System.Globalization;
using System.Text.RegularExpressions;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>Amounts as people read them.</summary>
internal static partial class Amounts
{
    private static readonly CultureInfo German = CultureInfo.GetCultureInfo("de-DE");

    /// <summary>"1.083,30 €" or "EUR 1,083.30", never broken between lines.</summary>
    public static string Text(Money money, CultureInfo culture) => culture.TwoLetterISOLanguageName == "de"
        ? money.Amount.ToString("N2", German) + "\u00A0€"
        : $"{Money.Currency}\u00A0{money.Amount.ToString("N2", CultureInfo.InvariantCulture)}";

    /// <summary>Reads what somebody typed, in either way of writing: "83,30", "1.083,30 €", "EUR 83.30", "-5".</summary>
    public static bool TryParse(string? text, out Money money)
    {
        money = default;
        if (Typed().Match((text ?? "").Trim()) is not { Success: true } typed)
        {
            return false;
        }

        var digits = string.Concat(typed.Groups["whole"].Value.Where(char.IsAsciiDigit)) + typed.Groups["cents"].Value.PadRight(2, '0');
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var cents))
        {
            return false;
        }

        money = typed.Groups["minus"].Success ? -new Money(cents) : new Money(cents);
        return true;
    }

    [GeneratedRegex(
        @"^(?:EUR|€)?\s*(?<minus>[-\u2212])?\s*(?<whole>[0-9]{1,3}(?:[.,\s][0-9]{3})+|[0-9]+)(?:[.,](?<cents>[0-9]{1,2}))?\s*(?:EUR|€)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Typed();
}
