using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Asks the database, not the cookie, whether somebody may act for a customer. The rows of the account and of its membership are held until
/// the commit: whoever disables the account or takes the membership away updates them, and so waits or wins.
/// </summary>
internal sealed class CustomerGate(IOptions<AccountOptions> options)
{
    /// <summary>For an act for a customer, in its transaction; null when it may go on.</summary>
    public Task<GateRefusal?> CheckAsync(
        PortalDbContext db, CustomerActor actor, Guid customer, CustomerRole role, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        CheckAsync(db, actor, customer, license: null, role, now, cancellationToken);

    /// <summary>The same for an act on a license, which its key may be enough for.</summary>
    /// <param name="license">Null: an act that no license has to do with.</param>
    public async Task<GateRefusal?> CheckAsync(
        PortalDbContext db, CustomerActor actor, Guid customer, Guid? license, CustomerRole role, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (await CheckAsync(db, actor, $"SELECT * FROM asp_net_users WHERE id = {actor.Id} FOR SHARE", now, cancellationToken)
            is { } ended)
        {
            return ended;
        }

        var memberships = await db.CustomerMembers
            .FromSql($"SELECT * FROM customer_member WHERE customer_id = {customer} AND user_id = {actor.Id} FOR SHARE")
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        if (memberships is [{ } membership])
        {
            return membership.Role >= role ? null : GateRefusal.NotPermitted;
        }

        if (role != CustomerRole.KeyHolder)
        {
            return GateRefusal.NotPermitted;
        }

        var held = await db.KeyAccesses
            .FromSql($"SELECT * FROM key_access WHERE customer_id = {customer} AND user_id = {actor.Id} FOR SHARE")
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return held.Any(k => license is null || k.LicenseId == license) ? null : GateRefusal.NotPermitted;
    }

    /// <summary>For an act on the person's own account, in its transaction; null when it may go on.</summary>
    /// <remarks>
    /// Such an act changes the row itself. Two that shared it would each wait for the other to let go, so the second one waits here.
    /// </remarks>
    public Task<GateRefusal?> CheckAccountAsync(
        PortalDbContext db, CustomerActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        CheckAsync(db, actor, $"SELECT * FROM asp_net_users WHERE id = {actor.Id} FOR NO KEY UPDATE", now, cancellationToken);

    private async Task<GateRefusal?> CheckAsync(
        PortalDbContext db, CustomerActor actor, FormattableString account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("The gate was asked outside a transaction; begin the act's transaction first.");
        }

        var users = await db.Users.FromSql(account).AsNoTracking().ToListAsync(cancellationToken);
        return users is not [{ } user] || user.LockoutEnd > now || user.SecurityStamp != actor.Stamp
            || now - actor.AuthenticatedAt >= options.Value.CustomerAbsoluteTime
            ? GateRefusal.SignInEnded
            : null;
    }
}
