using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Data;

internal sealed record OwnedCustomer(string Number, string Company);

/// <param name="Owned">Whose data the person may have exported and erased.</param>
internal sealed record DataView(string Email, bool IsStaff, IReadOnlyList<OwnedCustomer> Owned);

/// <summary>What the page about one's own data offers.</summary>
[OwnAccountUseCase]
internal sealed class ShowData(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Null when the account is gone.</summary>
    public async Task<DataView?> ExecuteAsync(CustomerActor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(u => u.Id == actor.Id).Select(u => u.Email).SingleOrDefaultAsync(cancellationToken) is { } email
            ? new DataView(
                email,
                await db.UserRoles.AnyAsync(r => r.UserId == actor.Id, cancellationToken),
                await Customers.For(db, actor, CustomerRole.Owner).OrderBy(c => c.Number)
                .Select(c => new OwnedCustomer(c.Number, c.Company))
                .ToListAsync(cancellationToken))
            : null;
    }
}
