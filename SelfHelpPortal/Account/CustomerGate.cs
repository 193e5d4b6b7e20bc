using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Account;

/// <summary>
/// Asks the database, not the cookie, whether somebody may act for a customer. The rows of the account and of its membership are held FOR SHARE until
/// the commit: whoever disables the account or takes the membership away updates them, and so waits or wins.
/// </summary>
internal sealed class CustomerGate(IOptions<AccountOptions> options)
{
    /// <summary>For an act for a customer, in its transaction; null when it may go on.</summary>
    public async Task<GateRefusal?> CheckAsync(
        PortalDbContext db, CustomerActor actor, Guid customer, CustomerRole role, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await CheckAccountAsync(db, actor, now, cancellationToken) is { } ended)
        {
            return ended;
        }

        var memberships = await db.CustomerMembers
            .FromSql($"SELECT * FROM customer_member WHERE customer_id = {customer} AND user_id = {actor.Id} FOR SHARE")
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return memberships is [{ } membership] && membership.Role >= role ? null : GateRefusal.NotPermitted;
    }

    /// <summary>For an act on the person's own account, in its transaction; null when it may go on.</summary>
    public async Task<GateRefusal?> CheckAccountAsync(PortalDbContext db, CustomerActor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("The gate stands in the transaction of the act.");
        }

        var users = await db.Users.FromSql($"SELECT * FROM asp_net_users WHERE id = {actor.Id} FOR SHARE").AsNoTracking().ToListAsync(cancellationToken);
        return users is not [{ } user] || user.LockoutEnd > now || user.SecurityStamp != actor.Stamp || now - actor.AuthenticatedAt >= options.Value.CustomerAbsoluteTime
            ? GateRefusal.SignInEnded
            : null;
    }
}
