namespace SelfHelpPortal.Platform.Web;

/// <summary><c>GET /robots.txt</c> (RFC 9309): what search engines need not ask for. It keeps nobody out.</summary>
internal static class RobotsText
{
    private static readonly string Text = string.Concat(
        new[] { "/staff", "/my", "/account", "/api" }.Concat(LinkRoutes.Prefixes).Select(path => $"Disallow: {path}\n")
            .Prepend("User-agent: *\n"));

    public static void MapRobotsText(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/robots.txt", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=86400";
            return TypedResults.Text(Text, "text/plain");
        }).ExcludeFromDescription();
}
