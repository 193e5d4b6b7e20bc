namespace SelfHelpPortal.Licensing.Billing;

/// <summary>International account numbers (ISO 13616), without spaces.</summary>
public static class Iban
{
    private const int GermanLength = 22;

    public static string Normalize(string iban) => string.Concat(iban.Where(symbol => !char.IsWhiteSpace(symbol))).ToUpperInvariant();

    /// <summary>Whether the check digits are right (modulo 97) and a German one is as long as it must be.</summary>
    /// <param name="iban">Normalized.</param>
    public static bool IsValid(string iban)
    {
        if (iban.Length is < 15 or > 34 || !iban.All(char.IsAsciiLetterOrDigit) || !iban[..2].All(char.IsAsciiLetterUpper)
            || !iban[2..4].All(char.IsAsciiDigit))
        {
            return false;
        }

        var remainder = 0;
        foreach (var symbol in iban[4..] + iban[..4])
        {
            if (char.IsAsciiLetterLower(symbol))
            {
                return false;
            }

            remainder = (char.IsAsciiDigit(symbol) ? (remainder * 10) + symbol - '0' : (remainder * 100) + symbol - 'A' + 10) % 97;
        }

        return remainder == 1 && (!iban.StartsWith("DE", StringComparison.Ordinal) || iban.Length == GermanLength);
    }
}
