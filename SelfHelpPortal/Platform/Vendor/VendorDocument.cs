using System.Globalization;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>A document of the vendor that every buyer can read: on a page of the portal, or wherever the vendor keeps it.</summary>
/// <param name="Url">Null where the text is here.</param>
/// <param name="Text">Markdown; null where it is elsewhere.</param>
/// <param name="Language">Of the text: the reader's, unless the vendor has given the document in the other one only.</param>
public sealed record VendorDocument(string? Url, string? Text, string Language)
{
    /// <summary>The path of the portal's page.</summary>
    public const string TermsPath = "/terms";

    /// <inheritdoc cref="TermsPath"/>
    public const string WithdrawalPath = "/withdrawal";

    public const int LongestText = 50_000;

    private static readonly string[] Schemes = ["http:", "https:"];

    /// <summary>Null when the vendor has none.</summary>
    internal static VendorDocument? Terms(VendorOptions vendor, CultureInfo culture) => Find(vendor.TermsDe, vendor.TermsEn, culture);

    /// <inheritdoc cref="Terms"/>
    internal static VendorDocument? Withdrawal(VendorOptions vendor, CultureInfo culture) =>
        Find(vendor.WithdrawalDe, vendor.WithdrawalEn, culture);

    /// <summary>Those that the vendor has: the word for each, and its address or the portal's path.</summary>
    internal static IEnumerable<(string Word, string Href)> Links(VendorOptions vendor, CultureInfo culture) =>
        new[] { ("Terms", Terms(vendor, culture), TermsPath), ("Withdrawal", Withdrawal(vendor, culture), WithdrawalPath) }
            .Where(one => one.Item2 is not null).Select(one => (one.Item1, one.Item2!.Url ?? one.Item3));

    internal static bool HasWithdrawal(VendorOptions vendor) =>
        VendorText.Given(vendor.WithdrawalDe) is not null || VendorText.Given(vendor.WithdrawalEn) is not null;

    /// <summary>Whether a value is meant as an address and not as the text itself.</summary>
    public static bool IsAddress(string value) => !value.Contains('\n', StringComparison.Ordinal)
        && Schemes.Any(scheme => value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    private static VendorDocument? Find(string? german, string? english, CultureInfo culture)
    {
        var (de, en) = (VendorText.Given(german), VendorText.Given(english));
        var isGerman = culture.TwoLetterISOLanguageName == "de" ? de is not null : en is null;
        return (isGerman ? de : en) is not { } value ? null
            : IsAddress(value) ? new(value, null, isGerman ? "de" : "en")
            : new(null, value, isGerman ? "de" : "en");
    }
}
