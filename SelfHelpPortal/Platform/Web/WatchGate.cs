using System.Net;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Web;

/// <summary>Who may see how the portal is doing: whoever has the token, and programs on the portal's own machine.</summary>
internal sealed class WatchGate(IOptions<WatchingOptions> options)
{
    /// <summary>What proxies add. A request through one is not of this machine, even where the proxy is.</summary>
    private static readonly string[] OfProxies =
        ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Real-IP", "Forwarded", "Via"];

    public bool Lets(HttpContext context) => HasToken(context.Request) || IsOfThisMachine(context);

    private bool HasToken(HttpRequest request) =>
        options.Value.Token is { Length: > 0 } token && BearerToken.Has(request, token);

    /// <summary>By its address, and by the name it asks for: a proxy passes on the portal's public one.</summary>
    private static bool IsOfThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
        && (context.Request.Host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(context.Request.Host.Host, out var host) && IPAddress.IsLoopback(host)))
        && !OfProxies.Any(context.Request.Headers.ContainsKey);
}
