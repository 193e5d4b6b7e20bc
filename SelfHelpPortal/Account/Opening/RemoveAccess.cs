using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Account.Opening;

/// <param name="Person">The address of the account.</param>
/// <param name="IsRemoved">Nothing is left to remove.</param>
internal sealed record AccessView(string Person, string Company, bool IsRemoved);

/// <summary>The way out of the mail about an account that was opened with a key: whoever has the address on file takes the access away.</summary>
internal sealed class RemoveAccess(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Null when the link is none of ours, or too old.</summary>
    public async Task<AccessView?> ShowAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, token, now, cancellationToken) is var (_, view, _, _) ? view : null;
    }

    /// <summary>Sent again, it has the same end.</summary>
    public async Task<AccessView?> ExecuteAsync(string token, string? network, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, token, now, cancellationToken) is not var (link, view, customer, user))
        {
            return null;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockCustomersAsync([customer], cancellationToken);
        if (await SecretLinks.UseAsync(db, link, now, cancellationToken))
        {
            await db.SetMemberAsync(customer, user, role: null, new Actor(ActorKind.Customer, IpPrefix: network), now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return view with { IsRemoved = true };
    }

    private static async Task<(FoundLink Link, AccessView View, Guid Customer, Guid User)?> FindAsync(
        PortalDbContext db, string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var link = await SecretLinks.FindAsync(db, LinkPurpose.AccessObjection, token, now, cancellationToken);
        if (link is null or { State: LinkState.Expired })
        {
            return null;
        }

        var found = await (
            from r in db.Set<Registration>()
            join l in db.Licenses on r.LicenseId equals l.Id
            join c in db.Customers on l.CustomerId equals c.Id
            where r.Id == link.RecordId && r.UserId != null
            select new { r.Email, c.Company, Customer = c.Id, User = r.UserId!.Value }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (link, new AccessView(found.Email, found.Company, link.State == LinkState.Used), found.Customer, found.User);
    }
}
