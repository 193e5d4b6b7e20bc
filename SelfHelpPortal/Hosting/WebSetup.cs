using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.WebEncoders;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;
using IPNetwork = System.Net.IPNetwork;

namespace SelfHelpPortal.Hosting;

/// <summary>The web around the slices: what is registered, and the one order of the pipeline.</summary>
internal static partial class WebSetup
{
    private static readonly string[] MachinePaths = ["/api", "/.well-known", "/healthz", "/metrics", "/openapi", "/_blazor"];

    public static WebApplicationBuilder AddWeb(this WebApplicationBuilder builder)
    {
        builder.AddWebLogging();
        builder.AddVendor();
        builder.WebHost.ConfigureKestrel(WebLimits.Apply);

        var services = builder.Services;
        services.AddSingleton<PortalCookies>();
        builder.AddSettings<WatchingOptions>(WatchingOptions.Section).Check((o, _) => o.Validate());
        services.AddSingleton<WatchGate>().AddSingleton<ProxyWatch>().AddSingleton<ReadinessLook>();
        services.AddHostedService<HealthSetup.StopDelay>();
        services.AddSingleton<FrontDoor>();
        services.AddOptions<SocketTransportOptions>().Configure<FrontDoor>((o, door) => o.CreateBoundListenSocket = door.Open);
        services.AddSingleton(new ReadinessCheck(HealthSetup.ProxyPart, (sp, _) =>
            Task.FromResult(sp.GetRequiredService<ProxyWatch>().Untrusted is null ? Readiness.Ready : Readiness.Degraded)));
        // Last, so that no other setting (ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts everybody) can widen it.
        services.AddOptions<ForwardedHeadersOptions>().PostConfigure<IOptions<ProxyOptions>>(TrustKnownProxies);
        services.Configure<FormOptions>(WebLimits.Apply);

        services.AddCompressedPages();
        services.AddLocalization();
        // Umlauts as they are: the pages are UTF-8.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(
            UnicodeRanges.BasicLatin, UnicodeRanges.Latin1Supplement, UnicodeRanges.LatinExtendedA, UnicodeRanges.GeneralPunctuation,
            UnicodeRanges.CurrencySymbols));
        services.AddOptions<RequestLocalizationOptions>().Configure<PortalCookies, IOptions<VendorOptions>>(Culture.Configure);
        services.AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>().Configure<PortalCookies>(Forms);
        services.AddProblemDetails();
        services.AddAuthorization();
        services.AddRazorComponents(options => options.MaxFormMappingCollectionSize = WebLimits.FormKeys).AddInteractiveServerComponents();
        return builder;
    }

    /// <summary>Everything before the endpoints, and the endpoints that belong to no slice.</summary>
    public static WebApplication UseWeb(this WebApplication app)
    {
        LogTrustedProxies(app);
        var proxies = app.Services.GetRequiredService<ProxyWatch>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseStoppingGate();
        app.Use((context, next) =>
        {
            proxies.Look(context);
            return next(context);
        });
        app.UseForwardedHeaders();
        app.UseMiddleware<AccessLog>();
        app.UseMiddleware<HostGate>();
        app.UseMiddleware<HeadRequests>();
        app.UseCompressedPages(app.Services.GetRequiredService<PortalCookies>());
        app.UseRequestLocalization();
        app.UseWhen(IsForMachines, machines => machines.UseExceptionHandler().UseStatusCodePages());
        app.UseWhen(context => !IsForMachines(context), people =>
        {
            people.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = "/error/500", CreateScopeForErrors = true });
            people.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
            people.Use(AnswerErrorsByGet);
        });
        app.UseMiddleware<RequestFaults>();
        app.UseMiddleware<RequestTextGate>();
        app.UseMiddleware<CircuitGate>();
        app.UseRouting();
        app.UseMiddleware<BodySizeGate>();
        app.UseMiddleware<FormGate>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseMiddleware<ExpiredForms>();
        app.Use(RefuseForgedForms);

        app.MapStaticAssets();
        app.MapVendorStyle();
        app.MapBrandFiles();
        app.MapRobotsText();
        app.MapRazorComponents<App>()
            // The policy stands in SecurityHeaders; Blazor would add a second one.
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null)
            .Finally(LeaveOutCircuitState);
        return app;
    }

    /// <summary>What is called by programs is answered with problem details, not with a page.</summary>
    private static bool IsForMachines(HttpContext context)
    {
        // A program that joins a base address and a path may ask for //api.
        var path = new PathString("/" + context.Request.Path.Value?.TrimStart('/'));
        return Array.Exists(MachinePaths, start => path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// A page outside the staff area has no circuit to hand state to; without this, each would carry some 2 KB of protected state and set
    /// the form cookie. The metadata's type is internal to the framework; a test sees to it that the name still fits.
    /// </summary>
    private static void LeaveOutCircuitState(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<ExcludeFromInteractiveRoutingAttribute>().Any()
            && endpoint.Metadata.FirstOrDefault(item => item.GetType().Name == "ConfiguredRenderModesMetadata") is { } modes)
        {
            endpoint.Metadata.Remove(modes);
            endpoint.Metadata.Add(Activator.CreateInstance(modes.GetType(), [Array.Empty<IComponentRenderMode>()])!);
        }
    }

    /// <summary>An error page that runs again after a POST must not look for the form, whose body may be the very error.</summary>
    private static Task AnswerErrorsByGet(HttpContext context, RequestDelegate next)
    {
        if (UnreadableRequest.IsBeingAnswered(context))
        {
            context.Request.Method = HttpMethods.Get;
            context.Features.Set<IAntiforgeryValidationFeature>(null);
        }
        return next(context);
    }

    /// <summary>Without this, Blazor answers in one line of technical English, and no page of ours can take its place.</summary>
    private static Task RefuseForgedForms(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    private static void Forms(AntiforgeryOptions options, PortalCookies cookies)
    {
        cookies.Apply(options.Cookie, "form");
        options.Cookie.SameSite = SameSiteMode.Strict;
        // frame-ancestors 'none' of the policy says it for every page.
        options.SuppressXFrameOptionsHeader = true;
    }

    /// <summary>Only the client's address is taken over. Host and scheme come from PublicUrl, whatever a proxy says.</summary>
    private static void TrustKnownProxies(ForwardedHeadersOptions options, IOptions<ProxyOptions> proxy)
    {
        options.ForwardedHeaders = proxy.Value.KnownNetworks.Count > 0 ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;
        options.ForwardLimit = 1;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxy.Value.KnownNetworks)
        {
            options.KnownIPNetworks.Add(IPNetwork.Parse(network));
        }
    }

    private static void LogTrustedProxies(WebApplication app)
    {
        var networks = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.KnownNetworks;
        Trusted(app.Logger, networks.Count == 0 ? "nobody" : string.Join(", ", networks));
    }

    [LoggerMessage(1002, LogLevel.Information, "Forwarded client addresses are taken from {Networks}")]
    private static partial void Trusted(ILogger log, string networks);
}
