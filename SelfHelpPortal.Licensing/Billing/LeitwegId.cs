using System.Globalization;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Licensing.Billing;

/// <summary>
/// The number by which German public offices receive invoices: a coarse address (country, district, community), where there is one a fine
/// address, and two check digits. Source: KoSIT, "Formatspezifikation Leitweg-ID" 2.0.2; the digits are those of ISO 7064, MOD 97-10.
/// </summary>
public static partial class LeitwegId
{
    private const int Longest = 46;

    /// <summary>As the standard writes it: in capitals, without what people put around it.</summary>
    public static string Normalize(string text) => text.Trim().ToUpperInvariant();

    /// <param name="text">In any case of its letters.</param>
    public static bool IsValid(string? text) => text is not null && IsWellFormed(text) && HasCheckDigits(text);

    /// <summary>It has the parts of one, whatever its check digits.</summary>
    public static bool IsWellFormed(string text) => Normalize(text) is { Length: <= Longest } id && Form().IsMatch(id);

    /// <summary>Letters count from A = 10; the whole number leaves 1 when it is divided by 97.</summary>
    private static bool HasCheckDigits(string text)
    {
        var rest = 0;
        foreach (var symbol in Normalize(text).Where(symbol => symbol != '-'))
        {
            rest = symbol is >= 'A' and <= 'Z'
                ? ((rest * 100) + symbol - 'A' + 10) % 97
                : ((rest * 10) + int.Parse([symbol], CultureInfo.InvariantCulture)) % 97;
        }

        return rest == 1;
    }

    [GeneratedRegex(@"^[0-9]{2,12}(?:-[0-9A-Z]{1,30})?-[0-9]{2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
