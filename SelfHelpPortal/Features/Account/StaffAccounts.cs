using System.Globalization;
using Microsoft.AspNetCore.Identity;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account.Mails;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Account;

/// <summary>A staff account as the operator asks for it.</summary>
/// <param name="Password">Null: the owner of the link chooses it.</param>
internal sealed record NewStaffAccount(string Email, string DisplayName, string Role, string? Password);

/// <param name="Link">One-time, absolute, for 24 hours; null when refused.</param>
/// <param name="Refusal">One sentence in English, for the command line.</param>
internal readonly record struct StaffAccountResult(string? Link, string? Refusal);

/// <summary>Makes, resets and disables staff accounts. There is no other way to one: no seeded account, no default password.</summary>
internal sealed class StaffAccounts(
    PortalDbContext db, UserManager<PortalUser> users, RoleManager<IdentityRole<Guid>> roles, PublicAddress address, AccountMails mails)
{
    public async Task<StaffAccountResult> CreateAsync(NewStaffAccount wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await users.FindByEmailAsync(wanted.Email) is not null)
        {
            return Refuse($"There is an account with the address {wanted.Email} already; 'admin reset' gives it a new link.");
        }

        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(now),
            UserName = wanted.Email,
            Email = wanted.Email,
            EmailConfirmed = true,
            DisplayName = wanted.DisplayName,
            CreatedAt = now,
        };
        var created = wanted.Password is { } password ? await users.CreateAsync(user, password) : await users.CreateAsync(user);
        if (!created.Succeeded)
        {
            return Refuse(Sentence(created));
        }

        await EnsureRoleAsync(wanted.Role, now);
        await users.AddToRoleAsync(user, wanted.Role);
        if (wanted.Password is not null)
        {
            await users.ResetAuthenticatorKeyAsync(user);
        }

        var link = Link(user, now);
        await NoteAsync(AuditKind.AccountCreated, user, wanted.Role, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new StaffAccountResult(link, null);
    }

    /// <summary>
    /// For who never finished, or lost telephone and codes: password, second factor and passkeys go, all sign-ins end, and a new link
    /// begins again.
    /// </summary>
    public async Task<StaffAccountResult> ResetAsync(string email, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            return Refuse($"There is no account with the address {email}.");
        }

        await users.RemovePasswordAsync(user);
        await users.SetTwoFactorEnabledAsync(user, false);
        foreach (var passkey in await users.GetPasskeysAsync(user))
        {
            await users.RemovePasskeyAsync(user, passkey.CredentialId);
        }

        await users.RemoveAuthenticationTokenAsync(user, PortalUserStore.Provider, PortalUserStore.Seed);
        await users.RemoveAuthenticationTokenAsync(user, PortalUserStore.Provider, PortalUserStore.RecoveryCodes);
        await SecretLinks.ExpireAsync(db, LinkPurpose.StaffAccount, user.Id, now, cancellationToken);
        var link = Link(user, now);
        await users.UpdateSecurityStampAsync(user);
        await mails.NotifyChangeAsync(db, user, SecurityChange.Reset, now, cancellationToken);
        await NoteAsync(AuditKind.AccountReset, user, null, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new StaffAccountResult(link, null);
    }

    /// <summary>The role of a staff account becomes another one. Its sign-ins end, since they say what the old one allowed.</summary>
    public async Task<StaffAccountResult> ChangeRoleAsync(
        string email, string role, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            return Refuse($"There is no account with the address {email}.");
        }

        string[] before = [.. (await users.GetRolesAsync(user)).Where(StaffRoles.All.Contains)];
        if (before.Length == 0)
        {
            return Refuse($"{email} is no account of staff; 'admin create' makes one.");
        }

        if (before is [StaffRoles.Administrator] && role != StaffRoles.Administrator
            && (await users.GetUsersInRoleAsync(StaffRoles.Administrator)).Count(u => u.LockoutEnd is null) < 2)
        {
            return Refuse($"{email} is the only administrator.");
        }

        await EnsureRoleAsync(role, now);
        await users.RemoveFromRolesAsync(user, before);
        await users.AddToRoleAsync(user, role);
        await users.UpdateSecurityStampAsync(user);
        await NoteAsync(AuditKind.RoleChanged, user, $"{string.Join(", ", before)} → {role}", now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return default;
    }

    /// <summary>Ends every sign-in of the account and refuses new ones, or allows them again.</summary>
    public async Task<StaffAccountResult> SetDisabledAsync(
        string email, bool disabled, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            return Refuse($"There is no account with the address {email}.");
        }

        user.LockoutEnd = disabled ? DateTimeOffset.MaxValue : null;
        await users.UpdateSecurityStampAsync(user);
        await NoteAsync(disabled ? AuditKind.AccountDisabled : AuditKind.AccountEnabled, user, null, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return default;
    }

    /// <summary>Staff accounts are changed from the command line only, so that is who acted.</summary>
    private Task NoteAsync(AuditKind kind, PortalUser user, string? text, DateTimeOffset now, CancellationToken cancellationToken) =>
        AuditLog.AppendAsync(db, AuditLog.CommandLine, kind, user.Id.ToString(), text, now, cancellationToken);

    private async Task EnsureRoleAsync(string role, DateTimeOffset now)
    {
        if (!await roles.RoleExistsAsync(role))
        {
            await roles.CreateAsync(new IdentityRole<Guid>(role) { Id = Guid.CreateVersion7(now) });
        }
    }

    private string Link(PortalUser user, DateTimeOffset now) =>
        address.For($"/account/set-up/{SecretLinks.Issue(db, LinkPurpose.StaffAccount, user.Id, now)}");

    private static StaffAccountResult Refuse(string sentence) => new(null, sentence);

    private static string Sentence(IdentityResult result) => result.Errors.First() switch
    {
        { Code: PasswordRules.TooShort } =>
            string.Create(CultureInfo.InvariantCulture, $"The password needs at least {PasswordRules.Shortest} characters."),
        { Code: PasswordRules.TooLong } =>
            string.Create(CultureInfo.InvariantCulture, $"The password can have {PasswordRules.Longest} characters at most."),
        { Code: PasswordRules.TooCommon } => "The password is a common one.",
        { Code: PasswordRules.HasOurWords } => "The password contains the address, the portal's name or a product's name.",
        var other => other.Description,
    };
}
