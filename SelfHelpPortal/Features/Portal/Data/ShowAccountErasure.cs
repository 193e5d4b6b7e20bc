using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Data;

/// <param name="HasOtherOwner">Somebody else can give roles and have the data erased.</param>
/// <param name="HasOthers">Other people belong to the customer.</param>
internal sealed record OwnMembership(Guid CustomerId, string Number, string Company, CustomerRole Role, bool HasOtherOwner, bool HasOthers)
{
    /// <summary>People stay behind whom nobody leads: somebody is made an owner first.</summary>
    public bool MustHandOver => Role == CustomerRole.Owner && !HasOtherOwner && HasOthers;

    /// <summary>Nobody is left.</summary>
    public bool IsLeftAlone => !HasOthers;
}

internal sealed record AccountErasure(string Email, bool IsStaff, IReadOnlyList<OwnMembership> Memberships)
{
    public bool MayBeErased => !IsStaff && !Memberships.Any(m => m.MustHandOver);

    public IEnumerable<OwnMembership> LeftAlone => Memberships.Where(m => m.IsLeftAlone);

    public static async Task<AccountErasure?> ReadAsync(PortalDbContext db, Guid user, CancellationToken cancellationToken)
    {
        if (await db.Users.Where(u => u.Id == user).Select(u => u.Email).SingleOrDefaultAsync(cancellationToken) is not { } email)
        {
            return null;
        }

        var memberships = await (
            from m in db.CustomerMembers
            join c in db.Customers on m.CustomerId equals c.Id
            where m.UserId == user
            orderby c.Number
            select new OwnMembership(
                c.Id, c.Number, c.Company, m.Role,
                db.CustomerMembers.Any(o => o.CustomerId == c.Id && o.UserId != user && o.Role == CustomerRole.Owner),
                db.CustomerMembers.Any(o => o.CustomerId == c.Id && o.UserId != user))).ToListAsync(cancellationToken);
        return new AccountErasure(email, await db.UserRoles.AnyAsync(r => r.UserId == user, cancellationToken), memberships);
    }
}

/// <summary>What goes with an account, and what stands against it.</summary>
[OwnAccountUseCase]
internal sealed class ShowAccountErasure(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Null when the account is gone.</summary>
    public async Task<AccountErasure?> ExecuteAsync(CustomerActor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await AccountErasure.ReadAsync(db, actor.Id, cancellationToken);
    }
}
