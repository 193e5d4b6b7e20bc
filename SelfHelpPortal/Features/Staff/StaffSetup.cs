using Radzen;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Transfers;

namespace SelfHelpPortal.Features.Staff;

internal static class StaffSetup
{
    public static void AddStaff(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped<DialogService>().AddScoped<NotificationService>().AddScoped<TooltipService>().AddScoped<ContextMenuService>();
        services.AddSingleton<StaffReads>().AddSingleton<StaffActs>().AddSingleton<LicenseActs>().AddSingleton<StaffTexts>();
        services.AddSingleton<Desk.ShowDesk>().AddSingleton<Licenses.SearchLicenses>().AddSingleton<Licenses.ShowLicense>().AddSingleton<Flags.ShowFlag>();
        services.AddSingleton<AskAboutFlag.AskAboutFlag>().AddSingleton<UnlockLicense.UnlockLicense>().AddSingleton<StaffDrafts>();
        services.AddSingleton<ExcludeDevice.RequestExclusion>().AddSingleton<ExcludeDevice.ApproveExclusion>().AddSingleton<ExcludeDevice.DeclineExclusion>();
        services.AddSingleton<Audit.SearchAudit>().AddSingleton<Audit.ExportAudit>();
        services.AddSingleton<SuspendLicense.SuspendLicense>().AddSingleton<ResumeLicense.ResumeLicense>().AddSingleton<RevokeLicense.RevokeLicense>();
        services.AddSingleton<ReleaseForCustomer.ReleaseForCustomer>().AddSingleton<GrantRelease.GrantRelease>().AddSingleton<AllowFewParts.AllowFewParts>();
        services.AddSingleton<Licenses.LicensePageActs>();
        builder.AddInvoices();
        builder.AddTransfers();
        services.AddDataChecks();
    }
}
