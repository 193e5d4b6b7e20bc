using System.Globalization;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>
/// The languages of the customers' pages and mails, the default first. A browser that asks for other languages gets English where it is
/// offered, unless the vendor wants German for it.
/// </summary>
internal enum OfferedLanguages
{
    GermanAndEnglish,
    EnglishAndGerman,
    German,
    English,
    GermanFirst,
}

/// <summary>The languages that texts are written in, and which of them the vendor offers. A language is its ISO 639-1 code.</summary>
internal static class Languages
{
    public const string German = "de";
    public const string English = "en";

    /// <summary>Parameter of an address whose page is read in a certain language, as /imprint?lang=en.</summary>
    public const string Parameter = "lang";

    /// <summary>What the portal has texts in; the staff area is always there in all of them.</summary>
    public static readonly IReadOnlyList<string> All = [German, English];

    /// <summary>Of the page that is being shown.</summary>
    public static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    /// <returns>The vendor's languages, the default first.</returns>
    public static IReadOnlyList<string> Offered(this VendorOptions vendor) => vendor.Languages switch
    {
        OfferedLanguages.GermanAndEnglish or OfferedLanguages.GermanFirst => [German, English],
        OfferedLanguages.EnglishAndGerman => [English, German],
        OfferedLanguages.German => [German],
        OfferedLanguages.English => [English],
    };

    public static string DefaultLanguage(this VendorOptions vendor) => vendor.Offered()[0];

    /// <returns>The language for a browser that asks for others than those offered.</returns>
    public static string LanguageOfOthers(this VendorOptions vendor) =>
        vendor.Languages is OfferedLanguages.GermanAndEnglish ? English : vendor.DefaultLanguage();

    /// <returns>The wanted language where the vendor offers it, otherwise the default.</returns>
    public static string Nearest(this VendorOptions vendor, string? wanted)
    {
        var offered = vendor.Offered();
        return wanted is not null && offered.Contains(wanted) ? wanted : offered[0];
    }

    /// <returns>The address of the same page in this language.</returns>
    public static string InLanguage(string address, string language) =>
        $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Parameter}={language}";

    /// <returns>The name of a language in itself.</returns>
    public static string NameOf(string language) => language == German ? "Deutsch" : "English";
}
