using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Web;

/// <summary>The vendor's accent as a style sheet of its own: an inline one would need a hole in the content security policy.</summary>
internal static class VendorStyle
{
    public static void MapVendorStyle(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/vendor.css", (HttpContext context, IOptions<VendorOptions> vendor) =>
        {
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Text(Css(vendor.Value.Accent), "text/css");
        }).ExcludeFromDescription();

    private static string Css(VendorAccent? accent) => accent is null
        ? ""
        : $$"""
           :root { --accent: {{accent.Light}}; --accent-strong: {{accent.LightStrong}}; }
           @media (prefers-color-scheme: dark) { :root { --accent: {{accent.Dark}}; --accent-strong: {{accent.DarkStrong}}; } }

           """;
}
