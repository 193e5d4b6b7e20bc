using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Account;

/// <summary>Identity's store, except that a stolen dump holds neither seeds nor recovery codes.</summary>
internal sealed class PortalUserStore(
    PortalDbContext db, StoredSecrets secrets, Peppers peppers, IHttpContextAccessor accessor, TimeProvider time,
    IdentityErrorDescriber? describer = null)
    : UserStore<PortalUser, IdentityRole<Guid>, PortalDbContext, Guid>(db, describer)
{
    public const string Provider = "[AspNetUserStore]";
    public const string RecoveryCodes = "RecoveryCodes";
    public const string Seed = "AuthenticatorKey";
    private const string SeedKind = "user/totp-seed";

    /// <summary>Ends every session but the one that asks for it, in the same unit of work.</summary>
    public override async Task SetSecurityStampAsync(PortalUser user, string stamp, CancellationToken cancellationToken)
    {
        await base.SetSecurityStampAsync(user, stamp, cancellationToken);
        var here = accessor.HttpContext is { } context ? SignInClaims.SessionOf(context.User) : null;
        foreach (var session in await Context.Set<UserSession>().Where(s => s.UserId == user.Id && s.Id != here && s.EndedAt == null)
            .ToListAsync(cancellationToken))
        {
            session.EndedAt = time.GetUtcNow();
        }
    }

    public override Task SetAuthenticatorKeyAsync(PortalUser user, string key, CancellationToken cancellationToken) =>
        base.SetAuthenticatorKeyAsync(user, Convert.ToBase64String(secrets.SealText(key, SeedKind, user.Id)), cancellationToken);

    public override async Task<string?> GetAuthenticatorKeyAsync(PortalUser user, CancellationToken cancellationToken) =>
        await base.GetAuthenticatorKeyAsync(user, cancellationToken) is { } stored
            ? secrets.UnsealText(Convert.FromBase64String(stored), SeedKind, user.Id)
            : null;

    public override Task ReplaceCodesAsync(PortalUser user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        // One for all of them: the current one may change meanwhile.
        var kid = peppers.CurrentKid;
        return StoreAsync(user, recoveryCodes.Select(code => $"{kid}:{Mac(kid, user, code)}"), cancellationToken);
    }

    /// <summary>
    /// Takes the code out of the unit of work; of two at once, the second meets the user's concurrency stamp when it is saved.
    /// </summary>
    public override async Task<bool> RedeemCodeAsync(PortalUser user, string code, CancellationToken cancellationToken)
    {
        var kept = await StoredAsync(user, cancellationToken);
        var used = Array.Find(kept, stored => Is(user, code, stored));
        if (used is null)
        {
            return false;
        }

        await StoreAsync(user, kept.Where(stored => stored != used), cancellationToken);
        return true;
    }

    public override async Task<int> CountCodesAsync(PortalUser user, CancellationToken cancellationToken) =>
        (await StoredAsync(user, cancellationToken)).Length;

    private bool Is(PortalUser user, string code, string stored) =>
        stored.Split(':') is [var kid, var mac]
        && Mac(kid, user, code) is { } computed
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(computed), Encoding.ASCII.GetBytes(mac));

    private string? Mac(string kid, PortalUser user, string code) =>
        peppers.Mac(kid, $"lshp/recovery-code/v1|{user.Id:n}|{RecoveryCode.Normalize(code)}") is { } mac
            ? Convert.ToHexStringLower(mac)
            : null;

    private async Task<string[]> StoredAsync(PortalUser user, CancellationToken cancellationToken) =>
        (await GetTokenAsync(user, Provider, RecoveryCodes, cancellationToken) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);

    private Task StoreAsync(PortalUser user, IEnumerable<string> codes, CancellationToken cancellationToken) =>
        SetTokenAsync(user, Provider, RecoveryCodes, string.Join(';', codes), cancellationToken);
}
