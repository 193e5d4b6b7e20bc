using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account.Registrations;

/// <summary>
/// The way out of the mail about an account that was opened with a key: whoever has the address on file takes the access away.
/// </summary>
internal sealed class RemoveAccess(IDbContextFactory<PortalDbContext> contexts, MembershipChanges people)
{
    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<AccessView?> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await AccessLink.FindAsync(db, token, now, cancellationToken) is { } found
            ? await AccessLink.ViewAsync(db, found, cancellationToken)
            : null;
    }

    /// <summary>Sent again, it has the same end.</summary>
    public async Task<AccessView?> ExecuteAsync(string token, string? network, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await AccessLink.FindAsync(db, token, now, cancellationToken) is not { } found)
        {
            return null;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockCustomersAsync([found.Customer], cancellationToken);
        if (await SecretLinks.UseAsync(db, found.Link, now, cancellationToken))
        {
            await people.SetAsync(
                db, found.Customer, found.User, role: null, new Actor(ActorKind.Customer, IpPrefix: network), now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await AccessLink.ViewAsync(db, found, cancellationToken);
    }
}
