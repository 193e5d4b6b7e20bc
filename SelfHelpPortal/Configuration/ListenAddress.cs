using System.Net;
using System.Net.Sockets;

namespace SelfHelpPortal.Configuration;

/// <summary>Where the portal listens: <c>--urls</c>, <c>ASPNETCORE_URLS</c>, the configuration of Kestrel, else loopback.</summary>
internal static class ListenAddress
{
    public const string Default = "http://127.0.0.1:5080";

    public static void UseDefaultAddress(this WebApplicationBuilder builder)
    {
        var told = builder.Configuration["urls"] ?? builder.Configuration["http_ports"] ?? builder.Configuration["https_ports"];
        if (string.IsNullOrEmpty(told) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(Default);
        }
    }

    /// <summary>
    /// The sentence about an address that another program holds, or null. Asked before the host starts, which would log a stack trace.
    /// </summary>
    public static string? Validate(IConfiguration configuration)
    {
        foreach (var url in (configuration["urls"] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = BindingAddress.Parse(url);
            var host = address.Host switch
            {
                "localhost" => IPAddress.Loopback,
                var name when IPAddress.TryParse(name, out var ip) => ip,
                _ => IPAddress.Any,
            };
            if (address.Port == 0 || address.IsUnixPipe || address.IsNamedPipe)
            {
                continue;
            }

            using var probe = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(host, address.Port));
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return $"{url} is in use. Stop the program that listens there or choose another address with --urls.";
            }
            catch (SocketException refused)
            {
                return $"{url} cannot be listened at: {refused.Message}.";
            }
        }

        return null;
    }
}
