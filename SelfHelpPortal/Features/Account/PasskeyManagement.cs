using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account.Mails;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account;

/// <param name="Id">Short enough for a path; found among the owner's only.</param>
/// <param name="LastUsedAt">Null: not in the time that is remembered.</param>
/// <param name="IsForgotten">Not used all that time, although it was there.</param>
internal sealed record PasskeyView(string Id, string Name, DateTimeOffset AddedAt, DateTimeOffset? LastUsedAt, bool IsForgotten);

internal enum PasskeyChange
{
    Done,

    /// <summary>None of this person's.</summary>
    Unknown,

    /// <summary>Nobody would get in any more.</summary>
    LastSignInMethod,
    NeedsStepUp,
}

/// <summary>What people do with their own passkeys. Whoever adds or deletes one ends all other sessions and gets a mail.</summary>
internal sealed class PasskeyManagement(
    PortalDbContext db, UserManager<PortalUser> users, Passkeys passkeys, PortalSignInManager session, AccountMails mails)
{
    public async Task<IReadOnlyList<PasskeyView>> ListAsync(
        ClaimsPrincipal principal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(principal) is not { } user)
        {
            return [];
        }

        var own = await users.GetPasskeysAsync(user);
        var ids = own.Select(p => p.CredentialId).ToList();
        var used = await db.Set<PasskeyUse>().Where(u => ids.Contains(u.CredentialId)).GroupBy(u => u.CredentialId)
            .Select(g => new { g.Key, At = g.Max(u => u.UsedAt) }).ToListAsync(cancellationToken);
        return
        [
            .. from passkey in own
               let at = used.Find(u => u.Key.AsSpan().SequenceEqual(passkey.CredentialId))?.At
               orderby passkey.CreatedAt
               select new PasskeyView(IdOf(passkey.CredentialId), passkey.Name ?? "", passkey.CreatedAt, at, at is null
                   && passkey.CreatedAt < now - PasskeyUse.Remembered),
        ];
    }

    public async Task<string?> TicketAsync(ClaimsPrincipal principal) =>
        await users.GetUserAsync(principal) is { } user ? passkeys.Ticket(user.Id, user.Email!, user.DisplayName) : null;

    public async Task<PasskeyAdded> AddAsync(
        ClaimsPrincipal principal, PasskeyAnswer answer, string? name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!FreshSignIn.IsFresh(principal, now) || await users.GetUserAsync(principal) is not { } user)
        {
            return PasskeyAdded.Invalid;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var added = await passkeys.AddAsync(user, answer, name, cancellationToken);
        if (added == PasskeyAdded.Done)
        {
            await mails.NotifyChangeAsync(db, user, SecurityChange.PasskeyAdded, now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await session.RefreshAsync(user, principal);
        }

        return added;
    }

    public async Task<PasskeyChange> RenameAsync(ClaimsPrincipal principal, string id, string? name)
    {
        if (await FindAsync(principal, id) is not ({ } user, { } passkey))
        {
            return PasskeyChange.Unknown;
        }

        passkey.Name = Passkeys.Shortened(name);
        await users.AddOrUpdatePasskeyAsync(user, passkey);
        return PasskeyChange.Done;
    }

    public async Task<PasskeyChange> RemoveAsync(
        ClaimsPrincipal principal, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!FreshSignIn.IsFresh(principal, now))
        {
            return PasskeyChange.NeedsStepUp;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (Guid.TryParse(users.GetUserId(principal), out var owner))
        {
            await Passkeys.LockAsync(db, owner, cancellationToken);
        }

        if (await FindAsync(principal, id) is not ({ } user, { } passkey))
        {
            return PasskeyChange.Unknown;
        }

        if (!(await SignInMethods.GetAsync(users, user)).CanLosePasskey)
        {
            return PasskeyChange.LastSignInMethod;
        }

        await users.RemovePasskeyAsync(user, passkey.CredentialId);
        await users.UpdateSecurityStampAsync(user);
        await mails.NotifyChangeAsync(db, user, SecurityChange.PasskeyRemoved, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await session.RefreshAsync(user, principal);
        return PasskeyChange.Done;
    }

    private async Task<(PortalUser? User, UserPasskeyInfo? Passkey)> FindAsync(ClaimsPrincipal principal, string id) =>
        await users.GetUserAsync(principal) is { } user
            ? (user, (await users.GetPasskeysAsync(user)).FirstOrDefault(p => IdOf(p.CredentialId) == id))
            : (null, null);

    private static string IdOf(byte[] credentialId) => Base64Url.EncodeToString(SHA256.HashData(credentialId).AsSpan(0, 16));
}
