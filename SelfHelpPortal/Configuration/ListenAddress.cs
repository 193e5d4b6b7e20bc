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

    /// <summary>The sentence about an address that is none, or null.</summary>
    public static string? Complaint(IConfiguration configuration, IHostEnvironment environment)
    {
        foreach (var url in Addresses(configuration))
        {
            try
            {
                var address = BindingAddress.Parse(url);
                var isHttps = address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase);
                if (!isHttps && !address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
                {
                    return Wrong(url);
                }

                if (!address.IsUnixPipe && !address.IsNamedPipe && address.Port is < 0 or > 65535)
                {
                    return $"Urls has '{url}'; a port is 1 to 65535.";
                }

                if (isHttps && !environment.IsDevelopment() && !configuration.GetSection("Kestrel:Certificates:Default").Exists())
                {
                    return $"Urls has '{url}', which needs a certificate (Kestrel:Certificates:Default:Path). Behind a reverse "
                        + $"proxy, which has "
                        + $"the certificate, it is {Default}.";
                }
            }
            catch (FormatException)
            {
                return Wrong(url);
            }
        }

        return null;

        static string Wrong(string url) => $"Urls has '{url}'; an address to listen at is written like {Default}.";
    }

    /// <summary>
    /// The sentence about an address that another program holds, or null. Asked before the host starts, which would log a stack trace.
    /// </summary>
    public static string? Validate(IConfiguration configuration)
    {
        foreach (var url in Addresses(configuration))
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
    /// <summary>Where a program on this machine reaches a portal with this configuration.</summary>
    public static Uri OfThisMachine(IConfiguration configuration)
    {
        var told = Addresses(configuration).FirstOrDefault()
            ?? configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).FirstOrDefault(u =>
                !string.IsNullOrEmpty(u))
            ?? (configuration["http_ports"] is { Length: > 0 } ports ? $"http://*:{ports.Split(';')[0]}" : Default);
        var address = BindingAddress.Parse(told);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new UriBuilder(address.Scheme, host, address.Port).Uri;
    }

    /// <summary>As they stand in the configuration.</summary>
    public static string[] Addresses(IConfiguration configuration) =>
        (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
