using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account.Mails;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <param name="Seed">For typing into the app, and in <paramref name="AppAddress"/> for its camera.</param>
/// <param name="Sealed">The same for the form: nothing is kept before a code has shown that the app has it.</param>
internal sealed record AuthenticatorSetup(string Email, string Seed, string AppAddress, string Sealed);

/// <param name="Offer">Null when the app is set up, or there is no password that it could add to.</param>
internal sealed record AuthenticatorAppView(bool IsOn, bool CanBeRemoved, AuthenticatorSetup? Offer);

internal enum AppChange
{
    Done,
    WrongCode,
    TooManyTries,

    /// <summary>Too old a sign-in, or the offer is of another day.</summary>
    StartAgain,
    LastSignInMethod,
}

/// <summary>The authenticator app of somebody who is signed in: optional for customers, beside a passkey for staff.</summary>
internal sealed class AuthenticatorApp(
    PortalDbContext db,
    UserManager<PortalUser> users,
    IUserStore<PortalUser> store,
    SecondFactor factor,
    PortalSignInManager session,
    AccountMails mails,
    AuthenticatorSetups offers)
{
    public async Task<AuthenticatorAppView?> ShowAsync(ClaimsPrincipal principal, string? offered)
    {
        if (await users.GetUserAsync(principal) is not { } user)
        {
            return null;
        }

        var ways = await SignInMethods.GetAsync(users, user);
        if (ways.HasApp || !ways.HasPassword)
        {
            return new AuthenticatorAppView(ways.HasApp, ways.CanRemoveAuthenticator, null);
        }

        return new AuthenticatorAppView(false, false, offers.Make(user, offered));
    }

    /// <returns>With the recovery codes, shown once.</returns>
    public async Task<(AppChange Result, string[] Codes)> SetUpAsync(
        ClaimsPrincipal principal, string? offered, string? code, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!FreshSignIn.IsFresh(principal, now)
            || await users.GetUserAsync(principal) is not { TwoFactorEnabled: false, PasswordHash: not null } user
            || offers.SeedOf(user, offered) is not { } seed)
        {
            return (AppChange.StartAgain, []);
        }

        var accepted = await factor.AcceptCodeAsync(user, seed, code, now, cancellationToken);
        if (accepted != FactorResult.Accepted)
        {
            return (accepted == FactorResult.TooManyTries ? AppChange.TooManyTries : AppChange.WrongCode, []);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ((IUserAuthenticatorKeyStore<PortalUser>)store).SetAuthenticatorKeyAsync(user, seed, cancellationToken);
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCode.Count) ?? [];
        if (!(await users.SetTwoFactorEnabledAsync(user, true)).Succeeded)
        {
            return (AppChange.StartAgain, []);
        }

        await mails.NotifyChangeAsync(db, user, SecurityChange.AppAdded, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await session.RefreshAsync(user, principal);
        return (AppChange.Done, [.. codes]);
    }

    public async Task<AppChange> RemoveAsync(ClaimsPrincipal principal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!FreshSignIn.IsFresh(principal, now) || !Guid.TryParse(users.GetUserId(principal), out var owner))
        {
            return AppChange.StartAgain;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await Passkeys.LockAsync(db, owner, cancellationToken);
        if (await users.GetUserAsync(principal) is not { TwoFactorEnabled: true } user)
        {
            return AppChange.Done;
        }

        if (!(await SignInMethods.GetAsync(users, user)).CanRemoveAuthenticator)
        {
            return AppChange.LastSignInMethod;
        }

        await users.RemoveAuthenticationTokenAsync(user, PortalUserStore.Provider, PortalUserStore.Seed);
        await users.RemoveAuthenticationTokenAsync(user, PortalUserStore.Provider, PortalUserStore.RecoveryCodes);
        await users.SetTwoFactorEnabledAsync(user, false);
        await mails.NotifyChangeAsync(db, user, SecurityChange.AppRemoved, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await session.RefreshAsync(user, principal);
        return AppChange.Done;
    }
}

/// <summary>Makes what an app is set up with, and takes it back from the form.</summary>
internal sealed class AuthenticatorSetups(IDataProtectionProvider protection, IOptions<VendorOptions> vendor)
{
    /// <param name="offered">From the form: after a wrong code the same seed again, since the app has it already.</param>
    public AuthenticatorSetup Make(PortalUser user, string? offered)
    {
        var seed = SeedOf(user, offered) ?? Totp.NewSeed();
        return new AuthenticatorSetup(user.Email!, seed, Totp.Address(vendor.Value.PortalName ?? vendor.Value.Name, user.Email!, seed),
            Protector(user).Protect(seed));
    }

    public string? SeedOf(PortalUser user, string? offered)
    {
        try
        {
            return string.IsNullOrEmpty(offered) ? null : Protector(user).Unprotect(offered);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>After any change of a factor an old offer is void.</summary>
    private IDataProtector Protector(PortalUser user) =>
        protection.CreateProtector("lshp/app-offer/v1", user.Id.ToString(), user.SecurityStamp ?? "");
}
