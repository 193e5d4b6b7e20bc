using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account.Mails;
using SelfHelpPortal.Features.Account.Registrations;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <param name="CodesLeft">Recovery codes that were not used yet.</param>
internal sealed record OwnAccountView(
    string Email, string DisplayName, string[] Roles, bool HasPassword, bool HasSecondFactor, int CodesLeft)
{
    public bool IsStaff => Roles.Length > 0;
}

/// <summary>What people change about their own sign-in. Every change renews the stamp, which ends all other sessions.</summary>
internal sealed class OwnAccount(
    PortalDbContext db,
    UserManager<PortalUser> users,
    PortalSignInManager session,
    SecondFactor factor,
    PasswordLimiter limiter,
    PasswordProof proof,
    AccountMails mails)
{
    public const string WrongPassword = "WrongPassword";

    /// <summary>There was no password yet, and the sign-in is too old to give the account one.</summary>
    public const string NeedsStepUp = "NeedsStepUp";

    public async Task<OwnAccountView?> ShowAsync(ClaimsPrincipal principal) => await users.GetUserAsync(principal) is { } user
        ? new OwnAccountView(user.Email!, user.DisplayName, [.. await users.GetRolesAsync(user)], user.PasswordHash is not null,
            user.TwoFactorEnabled, await users.CountRecoveryCodesAsync(user))
        : null;

    /// <returns>Keys of the page's texts; none when it is done.</returns>
    public async Task<string[]> ChangePasswordAsync(
        ClaimsPrincipal principal, string current, string wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(principal) is not { } user)
        {
            return [WrongPassword];
        }

        if (user.PasswordHash is null)
        {
            if (!FreshSignIn.IsFresh(principal, now))
            {
                return [NeedsStepUp];
            }
        }
        else if (await proof.OfSignedInAsync(user, current, now, cancellationToken) is var answer && answer != PasswordAnswer.Right)
        {
            return [answer == PasswordAnswer.Busy ? SetUpAccount.Busy : WrongPassword];
        }

        if (await users.PasswordProblemsAsync(user, wanted) is [_, ..] problems)
        {
            return problems;
        }

        if (limiter.TryHash(user, wanted) is not { } hash)
        {
            return [SetUpAccount.Busy];
        }

        user.PasswordHash = hash;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        (await users.UpdateSecurityStampAsync(user)).ThrowIfRefused();
        await mails.NotifyChangeAsync(db, user, SecurityChange.Password, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await session.RefreshAsync(user, principal);
        return [];
    }

    /// <summary>
    /// The name that the person's colleagues and the portal's staff read. That of a staff account is given by an administrator: the audit
    /// log names people by it.
    /// </summary>
    /// <param name="name">Neither empty nor longer than <see cref="OpenAccount.LongestName"/>.</param>
    public async Task ChangeNameAsync(ClaimsPrincipal principal, string name, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(principal) is { } user && !await db.IsStaffAsync(user.Id, cancellationToken))
        {
            user.DisplayName = name;
            (await users.UpdateAsync(user)).ThrowIfRefused();
            // The name stands in the cookie too.
            await session.RefreshAsync(user, principal);
        }
    }

    /// <summary>Ten new codes for a code of the app; the old ones end.</summary>
    public async Task<(FactorResult Result, string[] Codes)> NewRecoveryCodesAsync(
        ClaimsPrincipal principal, string? code, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(principal) is not { TwoFactorEnabled: true } user)
        {
            return (FactorResult.StartAgain, []);
        }

        var result = await factor.AcceptCodeAsync(user, code, now, cancellationToken);
        if (result != FactorResult.Accepted)
        {
            return (result, []);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCode.Count) ?? [];
        await users.UpdateSecurityStampAsync(user);
        await mails.NotifyChangeAsync(db, user, SecurityChange.RecoveryCodes, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await session.RefreshAsync(user, principal);
        return (FactorResult.Accepted, [.. codes]);
    }

    /// <summary>Every session of the account ends, this one too.</summary>
    public async Task SignOutEverywhereAsync(ClaimsPrincipal principal)
    {
        if (await users.GetUserAsync(principal) is { } user)
        {
            await users.UpdateSecurityStampAsync(user);
        }

        await session.SignOutAsync();
    }
}
