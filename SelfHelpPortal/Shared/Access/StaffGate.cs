using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Shared.Access;

internal enum GateRefusal
{
    /// <summary>Account gone, disabled or changed since the sign-in, or the sign-in is too old.</summary>
    SignInEnded,

    /// <summary>No second factor was shown, or no role allows it.</summary>
    NotPermitted,

    /// <summary>Allowed, but the factor was shown too long ago for this.</summary>
    FactorTooOld,
}

/// <summary>
/// Asks the database, not the cookie, whether somebody may act (security.md, section 3). In the transaction of an act the account's row is
/// held FOR SHARE until the commit: whoever takes a role away or disables the account updates that row, and so waits or wins.
/// </summary>
internal sealed class StaffGate(IOptions<AccountOptions> options)
{
    /// <summary>For an act; null when it may go on.</summary>
    public async Task<GateRefusal?> CheckAsync(
        PortalDbContext db, StaffActor actor, StaffPermission permission, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("The gate was asked outside a transaction; begin the act's transaction first.");
        }

        var rows = await db.Users.FromSql($"SELECT * FROM asp_net_users WHERE id = {actor.Id} FOR SHARE").AsNoTracking()
            .ToListAsync(cancellationToken);
        return await DecideAsync(db, rows.SingleOrDefault(), actor, permission, now, cancellationToken);
    }

    /// <summary>For a screen or a circuit: the same question without holding the row.</summary>
    public async Task<GateRefusal?> LookAsync(
        PortalDbContext db, StaffActor actor, StaffPermission permission, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == actor.Id, cancellationToken);
        return await DecideAsync(db, row, actor, permission, now, cancellationToken);
    }

    /// <summary>Whether the account has one of the roles, for a decision inside an act.</summary>
    public static Task<bool> HoldsAsync(PortalDbContext db, Guid account, string[] roles, CancellationToken cancellationToken) =>
        db.UserRoles.Where(r => r.UserId == account)
            .Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role.Name!)
            .AnyAsync(name => roles.Contains(name), cancellationToken);

    /// <summary>
    /// Whether the account still counts as one of two people who want something: whoever lost it, or the role, does not.
    /// </summary>
    /// <param name="requesting">The use case by which it was asked for.</param>
    public static async Task<bool> CountsAsync(
        PortalDbContext db, Guid account, Type requesting, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.Users.AnyAsync(u => u.Id == account && (u.LockoutEnd == null || u.LockoutEnd <= now), cancellationToken)
        && await HoldsAsync(db, account, StaffPermission.For(requesting).Roles, cancellationToken);

    private async Task<GateRefusal?> DecideAsync(
        PortalDbContext db, PortalUser? user, StaffActor actor, StaffPermission permission, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (user is null || user.LockoutEnd > now || user.SecurityStamp != actor.Stamp
            || now - actor.AuthenticatedAt >= options.Value.AbsoluteTime)
        {
            return GateRefusal.SignInEnded;
        }

        if (!await db.Set<UserSession>()
            .AnyAsync(s => s.Id == actor.Session && s.UserId == actor.Id && s.EndedAt == null, cancellationToken))
        {
            return GateRefusal.SignInEnded;
        }

        var isStrong = actor.Strength is SignInStrength.Passkey || (actor.Strength is SignInStrength.Totp && user.TwoFactorEnabled);
        if (!isStrong)
        {
            return GateRefusal.NotPermitted;
        }

        return !await HoldsAsync(db, actor.Id, permission.Roles, cancellationToken) ? GateRefusal.NotPermitted
            : permission.Fresh && !FreshSignIn.IsFresh(actor, now) ? GateRefusal.FactorTooOld
            : null;
    }
}
