using MudBlazor;
using MudBlazor.Services;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Theme;
using SelfHelpPortal.Features.Staff.Transfers;

namespace SelfHelpPortal.Features.Staff;

internal static class StaffSetup
{
    public static void AddStaff(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddComponents();
        services.AddSingleton<ThemeSheet>().AddHostedService(provider => provider.GetRequiredService<ThemeSheet>());
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

    /// <summary>MudBlazor's components, in the reader's language.</summary>
    public static void AddComponents(this IServiceCollection services) =>
        services.AddMudServices().AddTransient<MudLocalizer, StaffMudLocalizer>();

    /// <summary>The colors of MudBlazor's components.</summary>
    public static void MapStaffTheme(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(ThemeSheet.Path, (HttpContext context, ThemeSheet sheet) => sheet.Answer(context)).ExcludeFromDescription();
}
