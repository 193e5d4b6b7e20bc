using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

internal enum SetUpStep
{
    /// <summary>Unknown, expired or used: the page says the same.</summary>
    InvalidLink,
    Password,
    Authenticator,
    Done,
}

/// <summary>Where the owner of a one-time link stands.</summary>
/// <param name="Seed">For typing into the app, and in <paramref name="AppAddress"/> for its camera; only in the authenticator step.</param>
/// <param name="Ticket">For a passkey instead of a password; only in the first step.</param>
internal sealed record SetUpView(
    SetUpStep Step, string? Email = null, string? Seed = null, string? AppAddress = null, string? Ticket = null);

/// <param name="Problems">Keys of the page's texts.</param>
/// <param name="RecoveryCodes">Shown once, with the step that is done.</param>
internal sealed record SetUpResult(SetUpView View, string[] Problems, string[] RecoveryCodes)
{
    public static SetUpResult From(SetUpView view) => new(view, [], []);

    public static SetUpResult Refused(SetUpView view, params string[] problems) => new(view, problems, []);
}

/// <summary>From a one-time link to an account that works: a password, then an authenticator app, then recovery codes on paper.</summary>
internal sealed class SetUpAccount(
    PortalDbContext db,
    UserManager<PortalUser> users,
    PortalSignInManager session,
    SecondFactor factor,
    PasswordLimiter passwords,
    KnownDevice devices,
    Passkeys passkeys,
    IOptions<VendorOptions> vendor)
{
    public const string Busy = "Busy";

    /// <summary>Changes nothing: mail scanners open every link.</summary>
    public async Task<SetUpView> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await FindAsync(token, now, cancellationToken)).View;

    /// <param name="culture">The language in which the page is read: mails to this person will be in it.</param>
    public async Task<SetUpResult> SetPasswordAsync(
        string token, string password, string culture, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (_, user, view) = await FindAsync(token, now, cancellationToken);
        if (user is null || view.Step != SetUpStep.Password)
        {
            return SetUpResult.From(view);
        }

        if (await users.PasswordProblemsAsync(user, password) is [_, ..] problems)
        {
            return SetUpResult.Refused(view, problems);
        }

        if (passwords.TryHash(user, password) is not { } hash)
        {
            return SetUpResult.Refused(view, Busy);
        }

        (user.PasswordHash, user.Culture) = (hash, culture);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        (await users.UpdateSecurityStampAsync(user)).ThrowIfRefused();
        await users.ResetAuthenticatorKeyAsync(user);
        await transaction.CommitAsync(cancellationToken);
        await session.BeginTwoFactorAsync(user);
        return SetUpResult.From(await ViewAsync(user));
    }

    /// <summary>The first code shows that the app has the seed; only now does the second factor count and is the link used up.</summary>
    public async Task<SetUpResult> ConfirmAppAsync(string token, string? code, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (link, user, view) = await FindAsync(token, now, cancellationToken);
        if (link is null || user is null || view.Step != SetUpStep.Authenticator)
        {
            return SetUpResult.From(view);
        }

        // Whoever set the password in this browser a moment ago has shown both factors.
        var isPasswordShown = (await session.GetTwoFactorUserAsync())?.Id == user.Id;
        var accepted = await factor.AcceptCodeAsync(user, code, now, cancellationToken);
        if (accepted != FactorResult.Accepted)
        {
            return SetUpResult.Refused(view, accepted == FactorResult.TooManyTries ? "TooManyCodes" : "WrongCode");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await SecretLinks.UseAsync(db, link, now, cancellationToken))
        {
            return SetUpResult.From(new SetUpView(SetUpStep.InvalidLink));
        }

        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCode.Count) ?? [];
        await users.SetTwoFactorEnabledAsync(user, true);
        await transaction.CommitAsync(cancellationToken);
        if (isPasswordShown)
        {
            await session.SignInAsync(user, SignInStrength.Totp, now);
            devices.Remember(user);
        }

        return new SetUpResult(new SetUpView(SetUpStep.Done, user.Email), [], [.. codes]);
    }

    internal async Task<(FoundLink? Link, PortalUser? User, SetUpView View)> FindAsync(
        string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var link = await SecretLinks.FindAsync(db, LinkPurpose.StaffAccount, token, now, cancellationToken);
        return link is { State: LinkState.Valid }
            && await users.FindByIdAsync(link.RecordId.ToString()) is { } user
            && !(user.LockoutEnd > now)
            ? (link, user, await ViewAsync(user))
            : (null, null, new SetUpView(SetUpStep.InvalidLink));
    }

    private async Task<SetUpView> ViewAsync(PortalUser user)
    {
        if (user.PasswordHash is null || await users.GetAuthenticatorKeyAsync(user) is not { } seed)
        {
            return new SetUpView(SetUpStep.Password, user.Email, Ticket: passkeys.Ticket(user.Id, user.Email!, user.DisplayName));
        }

        // A link of an account that works already has nothing more to do.
        return user.TwoFactorEnabled
            ? new SetUpView(SetUpStep.InvalidLink)
            : new SetUpView(SetUpStep.Authenticator, user.Email, seed,
                Totp.Address(vendor.Value.PortalName ?? vendor.Value.Name, user.Email!, seed));
    }
}
