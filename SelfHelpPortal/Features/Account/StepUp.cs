using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <param name="ByPassword">With the app's code as well where <paramref name="NeedsCode"/>.</param>
internal sealed record StepUpView(string Email, bool ByPasskey, bool ByPassword, bool NeedsCode);

internal enum StepUpResult
{
    Done,
    WrongPasskey,

    /// <summary>Password or code, without saying which.</summary>
    Wrong,
    Busy,
}

/// <summary>
/// "Confirm that it is you": before a factor or something else of weight is changed, the sign-in has to be a young one (security.md,
/// section 2.4). Ask <see cref="FreshSignIn"/> in the act and lead to the page if it says no.
/// </summary>
internal sealed class StepUp(
    UserManager<PortalUser> users, Passkeys passkeys, PasswordProof proof, SecondFactor factor, PortalSignInManager session)
{
    public async Task<StepUpView?> ShowAsync(ClaimsPrincipal principal) => await users.GetUserAsync(principal) is { } user
        ? CreateView(user, await SignInMethods.GetAsync(users, user))
        : null;

    public async Task<StepUpResult> ByPasskeyAsync(
        ClaimsPrincipal principal, PasskeyAnswer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await passkeys.ProveAsync(answer, now, cancellationToken) is not { } user || user.Id.ToString() != users.GetUserId(principal))
        {
            return StepUpResult.WrongPasskey;
        }

        await session.RenewAsync(user, principal, SignInStrength.Passkey, now);
        return StepUpResult.Done;
    }

    public async Task<StepUpResult> ByPasswordAsync(
        ClaimsPrincipal principal, string password, string? code, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(principal) is not { } user
            || CreateView(user, await SignInMethods.GetAsync(users, user)) is not { ByPassword: true } ways)
        {
            return StepUpResult.Wrong;
        }

        if (await proof.OfSignedInAsync(user, password, now, cancellationToken) is var answer && answer != PasswordAnswer.Right)
        {
            return answer == PasswordAnswer.Busy ? StepUpResult.Busy : StepUpResult.Wrong;
        }

        if (ways.NeedsCode && await factor.AcceptAfterPasswordAsync(user, code, now, cancellationToken) != FactorResult.Accepted)
        {
            return StepUpResult.Wrong;
        }

        // Whoever came in by passkey has shown more than this.
        var shown = ways.NeedsCode ? SignInStrength.Totp : SignInStrength.Password;
        var before = SignInClaims.StrengthOf(principal);
        await session.RenewAsync(user, principal, shown > before ? shown : before, now);
        return StepUpResult.Done;
    }

    private static StepUpView CreateView(PortalUser user, SignInMethods ways) =>
        new(user.Email!, ways.Passkeys > 0, ways.HasPassword && (ways.HasApp || !ways.IsStaff), ways.HasApp);
}
