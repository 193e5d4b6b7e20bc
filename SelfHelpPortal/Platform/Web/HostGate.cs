using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Web;

/// <summary>Answers only to the portal's own name, so that no page, mail or cookie can be made for a foreign one.</summary>
internal sealed class HostGate(RequestDelegate next, PublicAddress address, IHostEnvironment environment)
{
    public Task InvokeAsync(HttpContext context)
    {
        var ours = new Uri(address.Root);
        if (!IsOurs(context.Request.Host, ours))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync("Unknown host", context.RequestAborted);
        }

        // The scheme that customers see: whether the last hop was TLS is the proxy's business, and a forgotten X-Forwarded-Proto must not
        // break every form.
        context.Request.Scheme = ours.Scheme;
        return next(context);
    }

    private bool IsOurs(HostString host, Uri ours) =>
        string.Equals(host.Host, ours.Host, StringComparison.OrdinalIgnoreCase)
        || (environment.IsDevelopment()
            && (string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase) || host.Host is "127.0.0.1" or "[::1]"));
}
