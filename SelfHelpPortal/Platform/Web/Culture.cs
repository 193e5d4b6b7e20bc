using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Account;
using SelfHelpPortal.Data;

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
        endpoints.MapGet("/culture", ChooseAsync).ExcludeFromDescription();

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

    private static async Task<RedirectHttpResult> ChooseAsync(
        string? to, string? @return, HttpContext context, PortalCookies cookies, IDbContextFactory<PortalDbContext> contexts)
    {
        if (Supported.Contains(to))
        {
            Remember(context, cookies, to!);
            if (CustomerActor.Of(context) is { } person)
            {
                // Mails follow the pages.
                await using var db = await contexts.CreateDbContextAsync(context.RequestAborted);
                await db.Users.Where(u => u.Id == person.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.Culture, to!), context.RequestAborted);
            }
        }

        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(@return) ? @return! : "/");
    }
}
