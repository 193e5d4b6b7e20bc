using System.Net;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// Notices a reverse proxy that the configuration does not name. Behind one, every visitor counts as the proxy: all share the limits of one
/// address, and no log tells them apart.
/// </summary>
/// <remarks>
/// Only in private networks and on this machine, where proxies are. Anybody on the internet can send the header, and nobody must be led to
/// trust a stranger's address.
/// </remarks>
internal sealed partial class ProxyWatch(IOptions<ProxyOptions> options, TimeProvider time, ILogger<ProxyWatch> log)
{
    /// <summary>How long it is held to be there, and how often the log says so.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly Lazy<IPNetwork[]> _trusted = new(() => [.. options.Value.KnownNetworks.Select(IPNetwork.Parse)]);
    private Sighting? _last;

    /// <summary>The address of a proxy that is not trusted; null when none was seen within the hour.</summary>
    public string? Untrusted => _last is { } seen && time.GetUtcNow() - seen.At < Remembered ? seen.Address : null;

    /// <summary>Looks at a request as it arrived, before forwarded addresses are taken over.</summary>
    public void Look(HttpContext context)
    {
        if (!context.Request.Headers.ContainsKey("X-Forwarded-For") || context.Connection.RemoteIpAddress is not { } from)
        {
            return;
        }

        var address = from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from;
        if (PublicAddresses.Contains(address) || Array.Exists(_trusted.Value, n => n.Contains(address)))
        {
            return;
        }

        var (now, before) = (time.GetUtcNow(), _last);
        if (before is null || now - before.Said >= Remembered)
        {
            NotTrusted(address.ToString());
            _last = new(address.ToString(), now, now);
        }
        else
        {
            _last = before with { At = now };
        }
    }

    private sealed record Sighting(string Address, DateTimeOffset At, DateTimeOffset Said);

    [LoggerMessage(1006, LogLevel.Warning,
        "A proxy at {Address} sends X-Forwarded-For, but Proxy:KnownNetworks does not name it: every visitor counts as that "
            + "address, in all "
            + "limits and in the log. If the proxy is yours, add it there (with /32 behind it, or /128 for IPv6) and start the "
                + "portal again")]
    private partial void NotTrusted(string address);
}
