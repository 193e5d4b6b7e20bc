using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <summary>Signs in with the claims that say how, and takes a disabled account for no account.</summary>
internal sealed class PortalSignInManager(
    UserManager<PortalUser> users,
    IHttpContextAccessor context,
    IUserClaimsPrincipalFactory<PortalUser> claims,
    IOptions<IdentityOptions> options,
    ILogger<PortalSignInManager> log,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<PortalUser> confirmation,
    TimeProvider time,
    UserSessions sessions,
    IOptions<AccountOptions> accounts)
    : SignInManager<PortalUser>(users, context, claims, options, log, schemes, confirmation)
{
    /// <summary>Replaces whatever sign-in there was, so that nobody goes on in somebody else's session.</summary>
    public async Task SignInAsync(PortalUser user, SignInStrength strength, DateTimeOffset now)
    {
        await EndSessionAsync();
        await GiveCookieAsync(user, strength, now, await sessions.BeginAsync(user.Id, strength, now));
    }

    /// <summary>The person has proved again who they are: the same session, with a new time.</summary>
    public async Task RenewAsync(PortalUser user, ClaimsPrincipal principal, SignInStrength strength, DateTimeOffset now)
    {
        if (SignInClaims.SessionOf(principal) is { } session)
        {
            await sessions.RenewAsync(session, strength, now);
            await GiveCookieAsync(user, strength, now, session);
        }
    }

    /// <summary>After a change of the account: this session goes on with the new stamp, as strong and as old as it was.</summary>
    public Task RefreshAsync(PortalUser user, ClaimsPrincipal principal) => GiveCookieAsync(
        user, SignInClaims.StrengthOf(principal), SignInClaims.AuthTimeOf(principal) ?? DateTimeOffset.UnixEpoch,
        SignInClaims.SessionOf(principal) ?? Guid.Empty);

    /// <summary>Remembers for five minutes that the password was right; alone it opens nothing.</summary>
    public async Task BeginTwoFactorAsync(PortalUser user)
    {
        await EndSessionAsync();
        await Context.SignOutAsync(IdentityConstants.ApplicationScheme);
        var identity =
            new ClaimsIdentity([new Claim(ClaimTypes.Name, await UserManager.GetUserIdAsync(user)),
                new Claim(StampType, user.SecurityStamp ?? "")], IdentityConstants.TwoFactorUserIdScheme);
        await Context.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(identity));
    }

    /// <summary>Whose password was right a moment ago; null when the account has changed since.</summary>
    public async Task<PortalUser?> GetTwoFactorUserAsync()
    {
        var result = await Context.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme);
        return result.Principal?.FindFirstValue(ClaimTypes.Name) is { } id
            && await UserManager.FindByIdAsync(id) is { } user
            && result.Principal.FindFirstValue(StampType) == user.SecurityStamp
            && !IsDisabled(user)
            ? user
            : null;
    }

    public override async Task SignOutAsync()
    {
        await EndSessionAsync();
        await Context.SignOutAsync(IdentityConstants.ApplicationScheme);
        await Context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
    }

    public override async Task<PortalUser?> ValidateSecurityStampAsync(ClaimsPrincipal? principal) =>
        await base.ValidateSecurityStampAsync(principal) is { } user && !IsDisabled(user) ? user : null;

    private Task EndSessionAsync() =>
        SignInClaims.SessionOf(Context.User) is { } session
            ? sessions.EndAsync(Context.User, session, time.GetUtcNow(), Context.RequestAborted)
            : Task.CompletedTask;

    /// <summary>A customer's stays when the browser is closed, for as long as the session lasts; one of staff does not.</summary>
    private async Task GiveCookieAsync(PortalUser user, SignInStrength strength, DateTimeOffset authenticatedAt, Guid session)
    {
        await Context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        var isStaff = (await UserManager.GetRolesAsync(user)).Any(StaffRoles.All.Contains);
        var now = time.GetUtcNow();
        var properties = new AuthenticationProperties
        {
            IsPersistent = !isStaff,
            IssuedUtc = now,
            ExpiresUtc = now + (isStaff ? accounts.Value.IdleTime : accounts.Value.CustomerIdleTime),
        };
        await SignInWithClaimsAsync(user, properties, SignInClaims.Create(strength, authenticatedAt, session));
    }

    /// <summary>LockoutEnd has this one meaning here; wrong passwords never set it (security.md, section 2.1).</summary>
    private bool IsDisabled(PortalUser user) => user.LockoutEnd > time.GetUtcNow();

    private string StampType => Options.ClaimsIdentity.SecurityStampClaimType;
}
