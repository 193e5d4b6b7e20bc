using System.Globalization;
using System.Resources;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Platform.Pdf;

/// <summary>The labels of an invoice in its language; figures and dates by the seller's rules, whatever the language.</summary>
internal sealed class InvoiceTexts(CultureInfo culture)
{
    private static readonly ResourceManager Resources = new(typeof(InvoiceTexts));

    /// <summary>The minus is the sign and not a hyphen, at which readers and programs take a figure apart.</summary>
    private static readonly NumberFormatInfo German =
        new() { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeSign = "\u2212" };

    /// <summary>For sentences about an invoice, in the language of whoever is at work.</summary>
    public static InvoiceTexts OfReader => new(CultureInfo.CurrentUICulture);

    public string this[string key] =>
        Resources.GetString(key, culture) ?? throw new MissingManifestResourceException($"{nameof(InvoiceTexts)} has no text '{key}'.");

    public string this[string key, params ReadOnlySpan<object?> values] => string.Format(culture, this[key], values);

    public static string Date(DateOnly day) => day.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture);

    /// <summary>"01.12.2026–30.11.2027", both days included.</summary>
    public static string FromTo(DateOnly from, DateOnly to) => $"{Date(from)}–{Date(to)}";

    /// <summary>The space does not break.</summary>
    public static string Amount(Money money) => Amount(money.Amount);

    public static string Amount(decimal euros) => euros.ToString("#,##0.00", German) + "\u00A0€";

    public static string Count(int number) => number.ToString("0", German);

    public static string Percent(decimal percent) => percent.ToString("0.##", German) + "\u00A0%";

    /// <summary>In groups of four.</summary>
    public static string Account(string iban) => string.Join(' ', iban.Chunk(4).Select(group => new string(group)));

    /// <summary>In capitals, as the post wants it in the last line of an address.</summary>
    public string Country(string code) => CountryName(code).ToUpper(culture);

    /// <summary>The code itself where there is no name for it.</summary>
    public string CountryName(string code)
    {
        try
        {
            // The country's name in the language that would be spoken there: "de-NL" is "Niederlande".
            return new RegionInfo($"{culture.TwoLetterISOLanguageName}-{code}").NativeName;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }
}
