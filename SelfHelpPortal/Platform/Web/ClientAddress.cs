using System.Net;
using System.Net.Sockets;

namespace SelfHelpPortal.Platform.Web;

internal static class ClientAddress
{
    /// <summary>
    /// The caller's network, /24 or /48, as it may be kept in logs and events; "-" when there is none (a socket without an address).
    /// </summary>
    public static string Network(HttpContext context) => Prefix(context.Connection.RemoteIpAddress, 24, 48);

    /// <summary>What a guess is counted against: the IPv4 address, or the /64 that one IPv6 customer owns.</summary>
    public static string Subject(HttpContext context) => Prefix(context.Connection.RemoteIpAddress, 32, 64);

    public static string Prefix(IPAddress? address, int bits4, int bits6)
    {
        if (address is null)
        {
            return "-";
        }
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? bits4 : bits6;
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(bits - (8 * i), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }
        return $"{new IPAddress(bytes)}/{bits}";
    }
}
