using System.Net;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Web;

/// <summary>Who asks from outside, as far as the edge knows.</summary>
/// <param name="Address">The client's address after trusted proxies; null in process.</param>
internal sealed record Caller(IPAddress? Address)
{
    /// <summary>The network the caller is in: what history keeps instead of the address.</summary>
    public string? IpPrefix => Address is null ? null : ClientAddress.Prefix(Address, 24, 48);

    public static Caller From(HttpContext context) => new(context.Connection.RemoteIpAddress);

    public Actor As(ActorKind kind) => new(kind, IpPrefix: IpPrefix);
}
