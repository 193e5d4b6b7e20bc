using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account.Registrations;

/// <summary>
/// Whoever has the address on file agrees, by the link in the mail, that an account opened with a key belongs to the customer from now on.
/// </summary>
internal sealed class AgreeToAccess(IDbContextFactory<PortalDbContext> contexts, MembershipChanges people)
{
    /// <summary>Sent again, it has the same end. It changes nothing once the access was taken away.</summary>
    public async Task<AccessView?> ExecuteAsync(string token, string? network, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await AccessLink.FindAsync(db, token, now, cancellationToken) is not { } found)
        {
            return null;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockCustomersAsync([found.Customer], cancellationToken);
        if (found.Link.State == LinkState.Valid
            && await db.KeyAccesses.AnyAsync(k => k.CustomerId == found.Customer && k.UserId == found.User, cancellationToken))
        {
            await people.SetAsync(
                db, found.Customer, found.User, CustomerRole.Member, new Actor(ActorKind.Customer, IpPrefix: network), now,
                cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await AccessLink.ViewAsync(db, found, cancellationToken);
    }
}
