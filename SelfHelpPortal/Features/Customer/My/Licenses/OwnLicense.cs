using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Account;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Customer.My.Licenses;

/// <param name="IsOwner">The person is an owner of its customer.</param>
internal sealed record OwnLicense(Guid Id, Guid CustomerId, bool IsOwner)
{
    /// <summary>By its number, as a license of somebody the person belongs to; null when there is none, or it is another's.</summary>
    public static Task<OwnLicense?> FindAsync(PortalDbContext db, CustomerActor actor, Type useCase, string number, CancellationToken cancellationToken)
    {
        var mine = Customers.Of(db, actor, CustomerPermissions.Of(useCase));
        var owned = Customers.Of(db, actor, CustomerRole.Owner);
        return db.Licenses.Where(l => l.Number == number && mine.Any(c => c.Id == l.CustomerId))
            .Select(l => new OwnLicense(l.Id, l.CustomerId, owned.Any(c => c.Id == l.CustomerId)))
            .SingleOrDefaultAsync(cancellationToken);
    }

    public static string PathOf(string number) => $"/my/licenses/{Uri.EscapeDataString(number)}";
}
