using System.Globalization;

namespace SelfHelpPortal.Platform.Vendor;

internal static class VendorText
{
    /// <summary>What was given without the spaces around it; null for nothing.</summary>
    public static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    public static IReadOnlyList<string> AddressLines(this VendorOptions vendor) =>
        vendor.Address.Count > 0 ? [.. vendor.Address] : ["Musterstraße 1", "12345 Musterstadt"];

    /// <summary>What the vendor calls the portal, else <paramref name="otherwise" />.</summary>
    public static string PortalName(this VendorOptions vendor, string otherwise) =>
        string.IsNullOrWhiteSpace(vendor.PortalName) ? otherwise : vendor.PortalName;

    /// <summary>The number as it stands in a sentence: never broken in two.</summary>
    public static string PhoneText(this VendorOptions vendor) => vendor.Phone.Replace(' ', '\u00A0');

    /// <summary>The number as a <c>tel:</c> link wants it.</summary>
    public static string PhoneLink(this VendorOptions vendor) =>
        string.Concat(vendor.Phone.Where(symbol => char.IsAsciiDigit(symbol) || symbol == '+'));

    /// <summary>When somebody answers the phone, in the reader's language; null when the vendor does not say it in that one.</summary>
    public static string? PhoneHours(this VendorOptions vendor, CultureInfo culture) =>
        Given(culture.TwoLetterISOLanguageName == "de" ? vendor.PhoneHoursDe : vendor.PhoneHoursEn);

    /// <summary>The same in brackets, to follow the number; empty when there is nothing to say.</summary>
    public static string PhoneHoursBehind(this VendorOptions vendor, CultureInfo culture) =>
        vendor.PhoneHours(culture) is { } hours ? $" ({hours})" : "";

    /// <summary>The words of the button that orders, with the total: the vendor's own, else <paramref name="otherwise" />.</summary>
    public static string OrderButton(this VendorOptions vendor, CultureInfo culture, string total, string otherwise) =>
        (culture.TwoLetterISOLanguageName == "de" ? vendor.OrderButtonDe : vendor.OrderButtonEn) is { } own
            && !string.IsNullOrWhiteSpace(own)
            ? own.Replace("{0}", total, StringComparison.Ordinal)
            : otherwise;
}
