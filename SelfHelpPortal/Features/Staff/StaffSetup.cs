using Radzen;
using SelfHelpPortal.Features.Staff.Audit;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Transfers;

namespace SelfHelpPortal.Features.Staff;

/// <summary>The staff area. Its use cases are registered by their marks.</summary>
internal static class StaffSetup
{
    public static void AddStaff(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped<DialogService>().AddScoped<NotificationService>().AddScoped<TooltipService>().AddScoped<ContextMenuService>();
        services.AddSingleton<StaffReads>().AddSingleton<StaffActs>().AddSingleton<StaffTexts>().AddSingleton<StaffDrafts>();
        services.AddSingleton<LicenseActs>().AddSingleton<LicensePageActs>();
        services.AddSingleton<TransferActs>().AddSingleton<TransferPageActs>();
        services.AddSingleton<ProductFile>().AddSingleton<ImportLicenses>().AddSingleton<SeedDemo.SeedDemo>();
        builder.AddInvoices();
        services.AddDataChecks();
    }

    public static void MapStaff(this WebApplication app)
    {
        app.MapInvoiceDownloads();
        app.MapAuditExport();
    }
}
