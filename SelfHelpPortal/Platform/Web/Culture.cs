using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace SelfHelpPortal.Platform.Web;

/// <summary>The reader's language: the cookie of /culture/set, then Accept-Language, then German.</summary>
internal static class Culture
{
    public const string Default = "de";

    public const string Path = "/culture/set";

    public static readonly string[] Supported = ["de", "en"];

    private const string CookieName = "culture";

    public static void Configure(RequestLocalizationOptions options, PortalCookies cookies)
    {
        options.SetDefaultCulture(Default).AddSupportedCultures(Supported).AddSupportedUICultures(Supported);
        options.RequestCultureProviders =
        [
            new CookieRequestCultureProvider { CookieName = cookies.Name(CookieName) },
            new AcceptLanguageHeaderRequestCultureProvider(),
        ];
    }

    /// <summary>The browser reads the pages in this language from now on.</summary>
    public static void Remember(HttpContext context, PortalCookies cookies, string language) => context.Response.Cookies.Append(
        cookies.Name(CookieName),
        CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(new CultureInfo(language))),
        new CookieOptions
        {
            Path = "/",
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = cookies.Secure is CookieSecurePolicy.Always,
            MaxAge = TimeSpan.FromDays(365),
        });
}
