using System.Globalization;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>Amounts as people read them.</summary>
internal static class Amounts
{
    private static readonly CultureInfo German = CultureInfo.GetCultureInfo("de-DE");

    /// <summary>"1.083,30 €" or "EUR 1,083.30", never broken between lines.</summary>
    public static string Text(Money money, CultureInfo culture) => culture.TwoLetterISOLanguageName == "de"
        ? money.Amount.ToString("N2", German) + "\u00A0€"
        : $"{Money.Currency}\u00A0{money.Amount.ToString("N2", CultureInfo.InvariantCulture)}";
}
