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
    /// <summary>Ours as a PNG: who asks for these does not read the page's links, and seldom draws an SVG.</summary>
    private const string OwnIcon = "/touch-icon.png";

    /// <summary>A drawing opened by itself may have styles of its own and nothing else; a picture in a page never runs anything.</summary>
    private static readonly PagePolicy Policy = new("default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox");

    public static void MapBrandFiles(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(VendorImage.Root + "/{name}", GetAsync).WithMetadata(Policy).ExcludeFromDescription();
        // Programs that do not read the page's links: old browsers, readers of feeds, phones.
        endpoints.MapGet("/favicon.ico", (HttpContext context, IOptions<VendorOptions> vendor) =>
            Icon(context, vendor.Value) ?? TypedResults.Redirect(OwnIcon)).ExcludeFromDescription();
        endpoints.MapGet("/apple-touch-icon.png", (HttpContext context, IOptions<VendorOptions> vendor) =>
            Icon(context, vendor.Value) ?? TypedResults.Redirect(OwnIcon)).ExcludeFromDescription();
    }

    private const string Forever = "public, max-age=31536000, immutable";

    private static async Task<IResult> GetAsync(
        string name, HttpContext context, IOptions<VendorOptions> vendor, BrandFolder brand, IDbContextFactory<PortalDbContext> contexts)
    {
        if (brand.Find(name) is { } picture)
        {
            return Answer(context, picture.Bytes, picture.ContentType, picture.Name, Forever);
        }

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

        return file is null ? TypedResults.NotFound() : Answer(context, file, VendorImage.ContentType, checksum, Forever);
    }

    private static IResult? Icon(HttpContext context, VendorOptions vendor) =>
        vendor.Images.Icon is { } icon ? Answer(context, icon.Bytes, VendorImage.ContentType, icon.Sha256, "no-cache") : null;

    private static IResult Answer(HttpContext context, byte[] file, string type, string tag, string caching)
    {
        context.Response.Headers.CacheControl = caching;
        return TypedResults.Bytes(file, type, entityTag: new EntityTagHeaderValue($"\"{tag}\""));
    }
}
