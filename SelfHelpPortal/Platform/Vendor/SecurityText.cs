using System.Globalization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary><c>GET /.well-known/security.txt</c> (RFC 9116): whom somebody tells who found a hole in this portal.</summary>
internal static class SecurityText
{
    /// <summary>The RFC asks for less than a year. The file is written at each request, so it ends only with the portal.</summary>
    private const int ExpiresAfterDays = 180;

    public static void MapSecurityText(this WebApplication app) => app.MapGet("/.well-known/security.txt", Get).ExcludeFromDescription();

    /// <summary>As the file names it: <c>mailto:</c> or <c>https:</c>; null when the setting is neither.</summary>
    public static string? ContactOf(VendorOptions vendor)
    {
        var told = vendor.SecurityContact is { Length: > 0 } own ? own : vendor.SupportMail;
        return Uri.TryCreate(told, UriKind.Absolute, out var page) && page.Scheme == Uri.UriSchemeHttps ? page.AbsoluteUri
            : VendorMailbox.AddressOf(told) is { } address ? $"mailto:{address}"
            : vendor.SecurityContact is { Length: > 0 } ? null
            : "";
    }

    private static IResult Get(IOptions<VendorOptions> vendor, PublicAddress address, TimeProvider time, HttpContext context)
    {
        var expires = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(ExpiresAfterDays);
        context.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Text(string.Create(
            CultureInfo.InvariantCulture,
            $"""
             Contact: {ContactOf(vendor.Value)}
             Expires: {expires:yyyy-MM-dd'T'HH:mm:ss'Z'}
             Preferred-Languages: de, en
             Canonical: {address.For("/.well-known/security.txt")}

             """));
    }
}
