using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;

namespace SelfHelpPortal.Account.Pages;

/// <summary>Where somebody wanted to go before signing in; only ever a path of our own.</summary>
internal static class LocalReturn
{
    /// <summary>In ASCII, since it goes into a header; the portal's own addresses are.</summary>
    public static string? Of(string? path) =>
        path is { Length: > 0 and < 500 } && RedirectHttpResult.IsLocalUrl(path) && !path.AsSpan().ContainsAnyExceptInRange('!', '~') ? path : null;

    /// <summary>Staff whose second factor is missing can do nothing yet but look at their account.</summary>
    public static string AfterSignIn(ClaimsPrincipal principal, string? wanted) => !StaffPolicy.HasRole(principal)
        ? wanted ?? "/my"
        : SignInClaims.StrengthOf(principal) is SignInStrength.Password ? "/account" : wanted ?? "/staff";

    public static string With(string page, string? path) => path is null ? page : $"{page}?return={Uri.EscapeDataString(path)}";
}

internal static class BusyAnswer
{
    /// <summary>All slots of the password hash are taken.</summary>
    public static void AnswerBusy(this HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = ((int)PasswordLimiter.RetryAfter.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
