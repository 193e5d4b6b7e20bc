using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account.Registrations;

internal enum AccessState
{
    /// <summary>The account sees the licenses whose keys it had; nobody has said yes or no.</summary>
    Asked,

    /// <summary>It belongs to the customer.</summary>
    Agreed,

    /// <summary>Nothing is left to take away.</summary>
    Removed,
}

/// <param name="Name">As the person typed it.</param>
/// <param name="Email">The address of the account, which it has confirmed.</param>
/// <param name="Licenses">Numbers of those that it sees by their keys.</param>
internal sealed record AccessView(AccessState State, string Name, string Email, string Company, IReadOnlyList<string> Licenses);

/// <summary>
/// The link of the mail about an account that was opened with a key: whoever has the address on file, or is an owner, decides.
/// </summary>
internal sealed record AccessLink(FoundLink Link, Guid Customer, Guid User)
{
    /// <summary>Null when the link is none of ours, or too old.</summary>
    public static async Task<AccessLink?> FindAsync(
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
            where r.Id == link.RecordId && r.UserId != null
            select new { l.CustomerId, User = r.UserId!.Value }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new AccessLink(link, found.CustomerId, found.User);
    }

    /// <summary>As it stands now: an owner may have decided meanwhile.</summary>
    public static async Task<AccessView?> ViewAsync(PortalDbContext db, AccessLink link, CancellationToken cancellationToken)
    {
        var licenses = await (
            from k in db.KeyAccesses
            join l in db.Licenses on k.LicenseId equals l.Id
            where k.CustomerId == link.Customer && k.UserId == link.User
            orderby l.Number
            select l.Number).ToListAsync(cancellationToken);
        var isMember = await db.CustomerMembers.AnyAsync(m => m.CustomerId == link.Customer && m.UserId == link.User, cancellationToken);
        var state = link.Link.State == LinkState.Used ? AccessState.Removed : isMember ? AccessState.Agreed : licenses.Count > 0
            ? AccessState.Asked
            : AccessState.Removed;
        return await (
            from u in db.Users
            from c in db.Customers
            where u.Id == link.User && c.Id == link.Customer
            select new AccessView(state, u.DisplayName, u.Email!, c.Company, licenses)).SingleOrDefaultAsync(cancellationToken);
    }
}
