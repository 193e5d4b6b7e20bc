namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// <c>GET /robots.txt</c> (RFC 9309): search engines list the start page and what helps without a license, and ask for nothing else. It
/// keeps nobody out.
/// </summary>
internal static class RobotsText
{
    private const string Text = """
        User-agent: *
        Allow: /$
        Allow: /?lang=
        Allow: /move
        Allow: /imprint
        Allow: /accessibility
        Allow: /site.
        Allow: /vendor.css
        Allow: /brand/
        Allow: /favicon.
        Allow: /touch-icon.
        Allow: /apple-touch-icon.png
        Disallow: /

        """;

    public static void MapRobotsText(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/robots.txt", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=86400";
            return TypedResults.Text(Text, "text/plain");
        }).ExcludeFromDescription();
}
