using SelfHelpPortal.Features.Portal.Data;
using SelfHelpPortal.Features.Portal.Invoices;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Portal.Licenses;
using SelfHelpPortal.Features.Portal.People;
using SelfHelpPortal.Features.Portal.Renew;
using SelfHelpPortal.Features.Portal.Transfers;

namespace SelfHelpPortal.Features.Portal;

/// <summary>The pages under <c>/my</c>. Their use cases are registered by their marks.</summary>
internal static class PortalSetup
{
    public static void AddPortal(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<CustomerActs>().AddSingleton<MyRole>().AddSingleton<PeopleActs>().AddSingleton<MyTransferActs>();
        services.AddSingleton<PeopleRules>();
        services.AddSingleton<RenewalOffers>().AddSingleton<RenewalMailer>();
    }

    public static void MapPortal(this WebApplication app)
    {
        app.MapMyLicenseFile();
        app.MapMyTransferFiles();
        app.MapMyInvoices();
        app.MapDataDownload();
    }
}
