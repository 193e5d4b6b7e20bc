using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Shared.Access;

/// <summary>Changes who belongs to a customer, and tells it in the customer's history. The caller holds the customer's row.</summary>
/// <param name="Before">Null: none.</param>
/// <param name="After">Null: none any more.</param>
internal readonly record struct AccessChange(CustomerRole? Before, CustomerRole? After);

internal static class Memberships
{
    /// <summary>In the order of their ids, so that two who take several never wait for each other.</summary>
    public static Task LockCustomersAsync(this PortalDbContext db, IEnumerable<Guid> customers, CancellationToken cancellationToken)
    {
        var ids = customers.ToArray();
        return db.Database.SqlQuery<Guid>($"SELECT id AS \"Value\" FROM customer WHERE id = ANY ({ids}) ORDER BY id FOR NO KEY UPDATE")
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// What a key alone gave ends with it: somebody who belongs to the customer needs it no more, and somebody who is sent away has it no
    /// longer.
    /// </summary>
    /// <param name="role">Null: belongs to the customer no more.</param>
    /// <returns>Null when there was nothing to change.</returns>
    public static async Task<AccessChange?> SetMemberAsync(
        this PortalDbContext db, Guid customer, Guid user, CustomerRole? role, Actor actor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var member = await db.CustomerMembers.SingleOrDefaultAsync(m => m.CustomerId == customer && m.UserId == user, cancellationToken);
        var hadKey = await db.KeyAccesses.Where(k => k.CustomerId == customer && k.UserId == user)
            .ExecuteDeleteAsync(cancellationToken) > 0;
        var before = member?.Role ?? (hadKey ? CustomerRole.KeyHolder : null);
        var data = new EventData { Member = user, Before = before.ToString(), After = role?.ToString() };
        switch (member, role)
        {
            case (null, { } wanted):
                db.Add(new CustomerMember { CustomerId = customer, UserId = user, Role = wanted, Since = now });
                break;
            case ({ }, { } wanted):
                member.Role = wanted;
                break;
            case ({ }, null):
                db.Remove(member);
                break;
            case (null, null) when !hadKey:
                return null;
        }

        await EventLog.AppendAsync(db, customer, EventKind.MemberChanged, data, actor, text: null, now, cancellationToken);
        return before == role ? null : new AccessChange(before, role);
    }

    /// <summary>The key of a license was shown: the account sees that license, and nothing else of the customer.</summary>
    public static Task AddKeyAsync(
        this PortalDbContext db, Guid customer, Guid license, string licenseNumber, Guid user, Actor actor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        db.Add(new KeyAccess { UserId = user, LicenseId = license, CustomerId = customer, Since = now });
        var data = new EventData { Member = user, After = nameof(CustomerRole.KeyHolder), Reference = licenseNumber };
        return EventLog.AppendAsync(db, customer, EventKind.MemberChanged, data, actor, text: null, now, cancellationToken);
    }
}
