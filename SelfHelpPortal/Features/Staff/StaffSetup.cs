using MudBlazor;
using MudBlazor.Services;
using SelfHelpPortal.Features.Staff.Appointments;
using SelfHelpPortal.Features.Staff.Audit;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Flags;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Features.Staff.People;
using SelfHelpPortal.Features.Staff.Products;
using SelfHelpPortal.Features.Staff.Reports;
using SelfHelpPortal.Features.Staff.Settings;
using SelfHelpPortal.Features.Staff.Taxes;
using SelfHelpPortal.Features.Staff.Theme;
using SelfHelpPortal.Features.Staff.Tokens;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Features.Staff.Vendor;
using SelfHelpPortal.Features.Staff.Webhooks;

namespace SelfHelpPortal.Features.Staff;

/// <summary>The staff area. Its use cases are registered by their marks.</summary>
internal static class StaffSetup
{
    public static void AddStaff(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddComponents();
        services.AddSingleton<ThemeSheet>().AddHostedService(provider => provider.GetRequiredService<ThemeSheet>());
        services.AddSingleton<StaffReads>().AddSingleton<StaffActs>().AddSingleton<StaffTexts>().AddSingleton<StaffDrafts>()
            .AddSingleton<TypedTexts>();
        services.AddSingleton<FlagResolver>().AddSingleton<FlagPageActs>();
        services.AddSingleton<LicenseActs>().AddSingleton<LicensePageActs>();
        services.AddSingleton<TransferActs>().AddSingleton<TransferEntry>().AddSingleton<TransferPageActs>();
        services.AddSingleton<AppointmentActs>().AddSingleton<AppointmentPageActs>().AddSingleton<ReadCalendarFeed>();
        services.AddSingleton<OwnerChangeActs>().AddSingleton<OwnerChangePageActs>();
        services.AddSingleton<SettingActs>().AddSingleton<PriceActs>().AddSingleton<ProductPageActs>().AddSingleton<SettingsFile>();
        services.AddSingleton<TaxRateActs>().AddSingleton<SampleMail>();
        services.AddSingleton<StaffAccountActs>().AddSingleton<PeoplePageActs>();
        services.AddSingleton<ImportContent>().AddSingleton<LicenseWriter>()
            .AddSingleton<ImportSteps>().AddSingleton<ImportActs>().AddSingleton<ImportPageActs>();
        services.AddSingleton<ImportChanges>().AddHostedService(provider => provider.GetRequiredService<ImportChanges>());
        services.AddSingleton<ImportLicenses>().AddSingleton<ExportLicenses>().AddSingleton<SeedDemo.SeedDemo>();
        services.AddSingleton<AdministrationActs>().AddSingleton<WebhookActs>().AddSingleton<WebhookPageActs>();
        builder.AddInvoices();
        services.AddDataChecks();
        services.AddReports();
    }

    public static void MapStaff(this WebApplication app)
    {
        app.MapInvoiceDownloads();
        app.MapAuditExport();
        app.MapImportDownloads();
        app.MapKeyCards();
        app.MapOwnerDocuments();
        app.MapCalendarFeed();
        app.MapFiguresExport();
        app.MapGet(ThemeSheet.Path, (HttpContext context, ThemeSheet sheet) => sheet.AnswerAsync(context)).ExcludeFromDescription();
    }

    /// <summary>MudBlazor's components, in the reader's language.</summary>
    public static void AddComponents(this IServiceCollection services) =>
        services.AddMudServices().AddTransient<MudLocalizer, StaffMudLocalizer>();
}
