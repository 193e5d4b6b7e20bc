using System.Globalization;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Components.Layout;

/// <summary>A link whose text is Words[<see cref="Word" />].</summary>
internal sealed record SiteLink(string Word, string Href);

/// <summary>The links around every public page. A line is added with the page it leads to.</summary>
internal static class SiteLinks
{
    public const string SignIn = "/account/sign-in";

    public static IReadOnlyList<SiteLink> Header { get; } = [new("SeeStatus", "/transfer/status")];

    public static IEnumerable<SiteLink> Footer(VendorOptions vendor, CultureInfo culture) =>
    [
        new("Imprint", "/imprint"),
        new("Privacy", "/privacy"),
        .. Documents(vendor, culture),
        new("Accessibility", "/accessibility"),
    ];

    /// <summary>What holds for an order: those documents that the vendor has.</summary>
    public static IReadOnlyList<SiteLink> Documents(VendorOptions vendor, CultureInfo culture) =>
        [.. VendorDocument.Links(vendor, culture).Select(link => new SiteLink(link.Word, link.Href))];
}
