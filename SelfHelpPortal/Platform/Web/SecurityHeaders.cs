using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// Sets the security headers on every response. The outermost step: an error page clears what was set before it, hence OnStarting.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next, IOptions<WebOptions> options)
{
    private readonly string _strict = "max-age=31536000" + (options.Value.HstsIncludeSubDomains ? "; includeSubDomains" : "");

    public const string PublicPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'; object-src 'none'";

    /// <summary>MudBlazor writes style attributes, and so do mails in their preview; nothing else is loosened.</summary>
    public const string StaffPolicy = PublicPolicy + "; style-src-attr 'unsafe-inline'";

    public Task InvokeAsync(HttpContext context)
    {
        // The path as it was asked for: an error page runs under another one.
        var asked = context.Request.Path;
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.StrictTransportSecurity = _strict;
            headers.XContentTypeOptions = "nosniff";
            headers.ContentSecurityPolicy = context.GetEndpoint()?.Metadata.GetMetadata<PagePolicy>()?.Value
                ?? (StaffArea.HasInlineStyles(asked) ? StaffPolicy : PublicPolicy);
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            var link = LinkRoutes.Contains(asked);
            headers["Referrer-Policy"] = link ? "no-referrer" : "strict-origin-when-cross-origin";
            if (link)
            {
                headers["X-Robots-Tag"] = "noindex";
            }
            // Static files and published keys say themselves how long they keep; everything else may be somebody's.
            if (link || !headers.ContainsKey(HeaderNames.CacheControl))
            {
                headers.CacheControl = "no-store";
            }
            return Task.CompletedTask;
        });
        return next(context);
    }
}

/// <summary>The content security policy of an endpoint whose page is not ours and cannot do with <see cref="SecurityHeaders"/>'.</summary>
internal sealed record PagePolicy(string Value);
