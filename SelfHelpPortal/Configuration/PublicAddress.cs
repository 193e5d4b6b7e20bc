using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace SelfHelpPortal.Configuration;

/// <summary>The address under which the world reaches the portal, for links, QR codes and mails.</summary>
internal sealed class PublicAddress(IOptions<PortalOptions> options, IConfiguration configuration, IServer server)
{
    /// <summary>Without a path and without a slash at the end.</summary>
    public string Root => options.Value.PublicUrl is { Length: > 0 } told ? told.TrimEnd('/') : $"http://localhost:{Port}";

    /// <summary>
    /// Decides whether cookies are Secure and named <c>__Host- </c>: some browsers keep no Secure cookie on http, which only Development
    /// allows.
    /// </summary>
    public bool IsHttps => Root.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary><paramref name="path"/> begins with a slash.</summary>
    public string For(string path) => Root + path;

    // Development only: validation asks for PublicUrl elsewhere. The server knows its port once it listens; a command asks the
    // configuration.
    private int Port
    {
        get
        {
            var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
            var address = listening ?? (configuration["urls"] ?? ListenAddress.Default).Split(';')[0];
            return BindingAddress.Parse(address).Port;
        }
    }
}
