using System.Globalization;
using System.Security.Claims;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account.Pages;

/// <summary>What the pages of signing in answer alike.</summary>
internal static class SignInAnswers
{
    /// <summary>Staff whose second factor is missing can do nothing yet but look at their account.</summary>
    public static string PathAfterSignIn(ClaimsPrincipal principal, string? wanted) => !StaffPolicy.HasRole(principal)
        ? wanted ?? "/my"
        : SignInClaims.StrengthOf(principal) is SignInStrength.Password ? "/account" : wanted ?? "/staff";

    /// <summary>All slots of the password hash are taken.</summary>
    public static void AnswerBusy(this HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = ((int)PasswordLimiter.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }
}
