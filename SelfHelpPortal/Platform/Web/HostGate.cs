using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Web;

/// <summary>Answers only to the portal's own name, so that no page, mail or cookie can be made for a foreign one.</summary>
internal sealed class HostGate(RequestDelegate next, PublicAddress address, IHostEnvironment environment)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Probes ask by the address of the node; no link, cookie or page comes of it.
        if (context.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal) || context.Request.Path == "/metrics")
        {
            return next(context);
        }

        var ours = new Uri(address.Root);
        if (!IsOurs(context.Request.Host, ours))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync("Unknown host", context.RequestAborted);
        }

        // The scheme and the port that customers see: whether the last hop was TLS, and at which port, is the proxy's business. A forgotten
        // X-Forwarded-Proto must not break every form, and a redirect carries what PublicUrl says.
        context.Request.Scheme = ours.Scheme;
        if (string.Equals(context.Request.Host.Host, ours.Host, StringComparison.OrdinalIgnoreCase))
        {
            context.Request.Host = new HostString(ours.Authority);
        }

        return next(context);
    }

    private bool IsOurs(HostString host, Uri ours) =>
        string.Equals(host.Host, ours.Host, StringComparison.OrdinalIgnoreCase)
        || (environment.IsDevelopment()
            && (string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase) || host.Host is "127.0.0.1" or "[::1]"));
}
