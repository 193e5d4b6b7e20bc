using Microsoft.AspNetCore.Mvc;
using SelfHelpPortal.Features.Machine.Activate;
using SelfHelpPortal.Features.Machine.ActivateOffline;
using SelfHelpPortal.Features.Machine.Blocklist;
using SelfHelpPortal.Features.Machine.CheckIn;
using SelfHelpPortal.Features.Machine.KeySet;
using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Features.Machine.Release;

namespace SelfHelpPortal.Features.Machine;

/// <summary>
/// What the licensed software calls (api.md). No cookie and no sign-in: a caller is known by a key or by the release secret of its
/// activation, so there is nothing that a foreign page could make a browser send along, and no antiforgery token is asked for.
/// </summary>
internal static class MachineApi
{
    /// <summary>The longest body that is read. The longest honest one has a request file of 8 KiB in it.</summary>
    public const long BodyBytes = 64 * 1024;

    public static void AddMachineApi(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<CheckInWording>();
        services.AddSingleton<ListBlocked>().AddSingleton<CheckInComputer>().AddSingleton<UsageConflictHandler>()
            .AddSingleton<ReleaseFromApp>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, MachineJson.Default));
    }

    public static void MapMachineApi(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1").WithMetadata(new RequestSizeLimitAttribute(BodyBytes));
        // Past authentication, authorization and antiforgery, which have nothing to decide here.
        api.ShortCircuit();
        api.MapActivate();
        api.MapActivateOffline();
        api.MapCheckIn();
        api.MapRelease();
        api.MapBlocklist();
        app.MapKeySet();
    }
}
