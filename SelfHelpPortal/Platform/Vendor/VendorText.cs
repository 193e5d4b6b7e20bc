namespace SelfHelpPortal.Platform.Vendor;

internal static class VendorText
{
    public static IReadOnlyList<string> AddressLines(this VendorOptions vendor) =>
        vendor.Address.Count > 0 ? [.. vendor.Address] : ["Musterstraße 1", "12345 Musterstadt"];

    /// <summary>The number as a <c>tel:</c> link wants it.</summary>
    public static string PhoneLink(this VendorOptions vendor) =>
        string.Concat(vendor.Phone.Where(symbol => char.IsAsciiDigit(symbol) || symbol == '+'));
}
