using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <summary>The language button: the browser's pages from now on, and with a sign-in also the mails to that person.</summary>
internal static class ChooseLanguage
{
    /// <summary>
    /// A POST, so that no foreign page changes anybody's language by a picture or a link. GET is <c>LanguagePage </c>, which asks first.
    /// </summary>
    public static void MapChooseLanguage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(Culture.Path, ChooseAsync).DisableAntiforgery().ExcludeFromDescription();

    /// <remarks>
    /// Without an antiforgery token, since its cookie would then be on every page that has the language button; <see cref="OwnPages"/>
    /// takes its place.
    /// </remarks>
    private static async Task<Results<RedirectHttpResult, StatusCodeHttpResult>> ChooseAsync(
        [FromForm] string? to, [FromForm] string? @return, HttpContext context, PortalCookies cookies,
        IDbContextFactory<PortalDbContext> contexts)
    {
        if (!OwnPages.HaveSent(context.Request))
        {
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        }

        if (to is not null && Languages.All.Contains(to))
        {
            Culture.Remember(context, cookies, to);
            if (CustomerActor.From(context) is { } person)
            {
                // Mails follow the pages.
                await using var db = await contexts.CreateDbContextAsync(context.RequestAborted);
                await db.Users.Where(u => u.Id == person.Id)
                    .ExecuteUpdateAsync(s => s.SetProperty(u => u.Culture, to), context.RequestAborted);
            }
        }

        return TypedResults.LocalRedirect(ReturnUrl.LocalOrNull(@return) ?? "/");
    }
}
