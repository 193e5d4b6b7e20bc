using Microsoft.Net.Http.Headers;

namespace SelfHelpPortal.Platform.Web;

/// <summary>Tells a form of the portal's own pages from one that a foreign page has made the browser send.</summary>
internal static class OwnPages
{
    /// <summary>
    /// Old browsers send no Sec-Fetch-Site, and pages without a referrer send "Origin: null". Both pass: the cookie of a sign-in is
    /// SameSite and stays behind when such a request does come from elsewhere.
    /// </summary>
    public static bool HaveSent(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is "same-origin" or "none";
        }

        var origin = request.Headers[HeaderNames.Origin].ToString();
        return origin is "" or "null" || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value);
    }
}
