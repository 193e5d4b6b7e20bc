using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// The vendor's pictures. Pages name them by their checksums, so that browsers keep them and a change still shows at once; a few programs
/// ask at addresses of their own.
/// </summary>
internal static class BrandFiles
{
    private const string OwnIcon = "/favicon.svg";

    public static void MapBrandFiles(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(VendorImage.Root + "/{name}", GetAsync).ExcludeFromDescription();
        // Programs that do not read the page's links: old browsers, readers of feeds, phones.
        endpoints.MapGet("/favicon.ico", (HttpContext context, IOptions<VendorOptions> vendor) =>
            Icon(context, vendor.Value) ?? TypedResults.Redirect(OwnIcon)).ExcludeFromDescription();
        endpoints.MapGet("/apple-touch-icon.png", (HttpContext context, IOptions<VendorOptions> vendor) =>
            Icon(context, vendor.Value) ?? TypedResults.NotFound()).ExcludeFromDescription();
    }

    private static async Task<IResult> GetAsync(
        string name, HttpContext context, IOptions<VendorOptions> vendor, IDbContextFactory<PortalDbContext> contexts)
    {
        if (VendorImage.ChecksumIn(name) is not { } checksum)
        {
            return TypedResults.NotFound();
        }

        var file = vendor.Value.Images.Find(checksum)?.Bytes;
        if (file is null)
        {
            // The page came from a node that knows a newer picture, or it is an older page in the browser's memory.
            await using var db = await contexts.CreateDbContextAsync(context.RequestAborted);
            file = await VendorImageStore.FindAsync(db, checksum, context.RequestAborted);
        }

        return file is null ? TypedResults.NotFound() : Answer(context, file, checksum, "public, max-age=31536000, immutable");
    }

    private static IResult? Icon(HttpContext context, VendorOptions vendor) =>
        vendor.Images.Icon is { } icon ? Answer(context, icon.Bytes, icon.Sha256, "no-cache") : null;

    private static IResult Answer(HttpContext context, byte[] file, string checksum, string caching)
    {
        context.Response.Headers.CacheControl = caching;
        return TypedResults.Bytes(file, VendorImage.ContentType, entityTag: new EntityTagHeaderValue($"\"{checksum}\""));
    }
}
