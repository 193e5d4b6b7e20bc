using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;

namespace SelfHelpPortal.Platform.Web;

/// <summary>The reader's language: the cookie of /culture, then Accept-Language, then German.</summary>
internal static class Culture
{
    public const string Default = "de";

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

    public static void MapCulture(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/culture", (string? to, string? @return, HttpContext context, PortalCookies cookies) => Choose(to, @return, context, cookies)).ExcludeFromDescription();

    private static RedirectHttpResult Choose(string? to, string? back, HttpContext context, PortalCookies cookies)
    {
        if (Supported.Contains(to))
        {
            context.Response.Cookies.Append(
                cookies.Name(CookieName),
                CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(new CultureInfo(to!))),
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
        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(back) ? back! : "/");
    }
}
