using System.Globalization;
using System.Text.RegularExpressions;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Vendor;

internal static partial class VendorSetup
{
    /// <summary>WCAG 2.2, 1.4.3.</summary>
    private const double LeastContrast = 4.5;

    /// <summary>What the accent stands on or under, from site.css: surface, page, info box, and the text on a button.</summary>
    private static readonly string[] Light = ["#ffffff", "#f5f6f8", "#e4f0f3"];
    private static readonly string[] Dark = ["#19212a", "#11161b", "#13303a", "#06222a"];

    public static void AddVendor(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LocalTimes>();
        builder.Services.AddSingleton<VendorInvoicing>();
        builder.Services.AddHostedService<InvoicingNotice>();
        builder.AddSettings<TaxOptions>(TaxOptions.Section);
        builder.AddSettings<VendorOptions>(VendorOptions.Section)
            .Check((o, _) => string.IsNullOrWhiteSpace(o.Name) ? "Vendor:Name is missing: who runs the portal." : null)
            .Check((o, _) => string.IsNullOrWhiteSpace(o.Phone)
                ? "Vendor:Phone is missing: the number that customers are told to call."
                : null)
            .Check((o, _) => VendorMailbox.AddressOf(o.SupportMail) is not null
                ? null : $"Vendor:SupportMail is '{o.SupportMail}', which is not an e-mail address.")
            .Check((o, _) => SecurityText.ContactOf(o) is not null
                ? null : $"Vendor:SecurityContact is '{o.SecurityContact}'; it is an e-mail address or an https address.")
            .Check((o, _) => Region().IsMatch(o.Country) ? null : $"Vendor:Country is '{o.Country}'; a country has two letters, like DE.")
            .Check((o, _) => TimeZoneInfo.TryFindSystemTimeZoneById(o.TimeZone, out var _)
                ? null
                : $"Vendor:TimeZone is '{o.TimeZone}'; a zone has a name like Europe/Berlin.")
            .Check((o, _) => o.RemoteSupportUrl is null or "" || Uri.TryCreate(o.RemoteSupportUrl, UriKind.Absolute, out var url)
                && url.Scheme is "https"
                ? null : $"Vendor:RemoteSupportUrl is '{o.RemoteSupportUrl}'; it is an https address.")
            .Check((o, _) => o.Accent is null ? null : Pale(o.Accent));
    }

    private static string? Pale(VendorAccent accent) =>
        Pale(nameof(accent.Light), accent.Light, Light) ?? Pale(nameof(accent.LightStrong), accent.LightStrong, Light)
        ?? Pale(nameof(accent.Dark), accent.Dark, Dark) ?? Pale(nameof(accent.DarkStrong), accent.DarkStrong, Dark);

    private static string? Pale(string name, string color, string[] beside)
    {
        if (!Color().IsMatch(color))
        {
            return $"Vendor:Accent:{name} is '{color}'; a color is written like #0e5a6b.";
        }

        var worst = beside.MinBy(other => Contrast.Ratio(color, other))!;
        var ratio = Contrast.Ratio(color, worst);
        return ratio >= LeastContrast
            ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"Vendor:Accent:{name} {color} has a contrast of {ratio:0.0} to {worst}; people need {LeastContrast:0.0}.");
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$")]
    private static partial Regex Color();

    [GeneratedRegex("^[A-Z]{2}$")]
    private static partial Regex Region();
}
