using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Vendor;

internal static class VendorSetup
{
    public static void AddVendor(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<LocalTimes>();
        services.AddSingleton<VendorInvoicing>();
        services.AddSingleton<CurrentVendor>().AddSingleton<IOptions<VendorOptions>>(sp => sp.GetRequiredService<CurrentVendor>());
        // First of all, since the others begin with what is stored.
        services.AddHostedService<VendorChanges>();
        services.AddHostedService<InvoicingNotice>();
        services.AddSingleton(sp => BrandFolder.Open(
            sp.GetRequiredService<IOptions<BrandOptions>>(), sp.GetRequiredService<IHostEnvironment>()));
        builder.AddSettings<BrandOptions>(BrandOptions.Section)
            .Check((o, environment) => BrandFolder.Read(o.Folder, environment).Complaints);
        builder.AddSettings<TaxOptions>(TaxOptions.Section);
        var settings = builder.AddSettings<VendorOptions>(VendorOptions.Section)
            .PostConfigure<IHostEnvironment, IConfiguration>((o, environment, all) =>
            {
                var folder = all[$"{BrandOptions.Section}:{nameof(BrandOptions.Folder)}"];
                o.Logo = VendorText.Given(o.Logo) ?? BrandFolder.PngAt(folder, "logo", environment);
                o.LogoDark = VendorText.Given(o.LogoDark) ?? BrandFolder.PngAt(folder, "logoDark", environment);
                o.Icon = VendorText.Given(o.Icon) ?? BrandFolder.PngAt(folder, "icon", environment);
                o.Images = VendorImages.FromFiles(o, environment);
            })
            // A logo that cannot be used keeps invoices waiting instead, as it always has.
            .Check((o, environment) => VendorImages.Complaint("logoDark", o.LogoDark, environment))
            .Check((o, environment) => VendorImages.Complaint("icon", o.Icon, environment))
            .Check((o, _) => TimeZoneInfo.TryFindSystemTimeZoneById(o.TimeZone, out var _)
                ? null
                : $"Vendor:TimeZone is '{o.TimeZone}'; a zone has a name like Europe/Berlin.");
        foreach (var rule in VendorRules.Always)
        {
            settings.Check((o, _) => rule(o) is { } broken ? VendorRules.Sentence(broken) : null);
        }
    }
}
