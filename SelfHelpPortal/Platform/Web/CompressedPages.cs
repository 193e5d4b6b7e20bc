using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// Compresses pages for whoever is not signed in. A page that shows secrets of its reader beside what a stranger put into its address would
/// give those away by its length (BREACH), so what has a query, a form that was sent, or a reader who is signed in goes out as it is. The
/// form's own token is written anew for each answer. Style and scripts are compressed by the build.
/// </summary>
internal static class CompressedPages
{
    public static IServiceCollection AddCompressedPages(this IServiceCollection services) => services
        .AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["text/html"];
        })
        .Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest)
        .Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);

    public static void UseCompressedPages(this WebApplication app, PortalCookies cookies) =>
        app.UseWhen(context => Fits(context.Request, cookies), pages => pages.UseResponseCompression());

    private static bool Fits(HttpRequest request, PortalCookies cookies) =>
        HttpMethods.IsGet(request.Method) && !request.QueryString.HasValue
        && !request.Cookies.ContainsKey(cookies.Name(PortalCookies.Account));
}
