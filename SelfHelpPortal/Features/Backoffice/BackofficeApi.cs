using Microsoft.AspNetCore.Mvc;
using SelfHelpPortal.Features.Backoffice.Changes;
using SelfHelpPortal.Features.Backoffice.Customers;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Features.Backoffice.Licenses;

namespace SelfHelpPortal.Features.Backoffice;

/// <summary>
/// What the vendor's shop calls (api.md). A caller is known by its token alone; no cookie counts, so no antiforgery token is asked for.
/// </summary>
internal static class BackofficeApi
{
    /// <summary>The longest body that is read; the longest honest one is a tenth of it.</summary>
    private const long BodyBytes = 64 * 1024;

    public static void AddBackofficeApi(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<TokenGate>().AddSingleton<TokenActs>().AddSingleton<BackofficeProblems>();
        services.AddSingleton<CreateCustomer>().AddSingleton<ReadCustomer>();
        services.AddSingleton<LicenseTokenActs>().AddSingleton<CreateLicense>().AddSingleton<ReadLicense>().AddSingleton<RenewByToken>()
            .AddSingleton<SuspendByToken>().AddSingleton<ResumeByToken>();
        services.AddSingleton<ListChanges>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, BackofficeJson.Default));
    }

    public static void MapBackofficeApi(this WebApplication app)
    {
        var api = app.MapGroup(BackofficePath.Root).WithMetadata(new RequestSizeLimitAttribute(BodyBytes));
        // Past authentication, authorization and antiforgery: each endpoint asks for its token itself.
        api.ShortCircuit();
        api.MapCustomers();
        api.MapLicenses();
        api.MapChanges();
    }
}
