using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Account;
using SelfHelpPortal.Account.Pages;
using SelfHelpPortal.Data;

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

    /// <summary>A POST, so that no foreign page changes anybody's language by a picture or a link. GET is <c>LanguagePage</c>, which asks first.</summary>
    public static void MapCulture(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(Path, ChooseAsync).DisableAntiforgery().ExcludeFromDescription();

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

    /// <remarks>
    /// Without an antiforgery token, since its cookie would then be on every page that has the language button; <see cref="OwnPages"/> takes its place.
    /// </remarks>
    private static async Task<Results<RedirectHttpResult, StatusCodeHttpResult>> ChooseAsync(
        [FromForm] string? to, [FromForm] string? @return, HttpContext context, PortalCookies cookies, IDbContextFactory<PortalDbContext> contexts)
    {
        if (!OwnPages.HaveSent(context.Request))
        {
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        }

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

        return TypedResults.LocalRedirect(LocalReturn.Of(@return) ?? "/");
    }
}
