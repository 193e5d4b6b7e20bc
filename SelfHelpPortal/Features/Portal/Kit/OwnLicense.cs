using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Portal.Kit;

/// <param name="Role">What the person is for its customer.</param>
internal sealed record OwnLicense(Guid Id, Guid CustomerId, CustomerRole Role)
{
    public bool IsOwner => Role == CustomerRole.Owner;

    /// <summary>The person only had its key: nothing that names people or computers in full, and no file that carries a secret.</summary>
    public bool IsByKey => Role == CustomerRole.KeyHolder;

    /// <summary>By its number, as one that the person may see; null when there is none, or it is another's.</summary>
    public static Task<OwnLicense?> FindAsync(
        PortalDbContext db, CustomerActor actor, Type useCase, string number, CancellationToken cancellationToken) =>
        Customers.LicensesOf(db, actor, CustomerUseCaseAttribute.RoleOf(useCase)).Where(l => l.Number == number)
            .Select(l => new OwnLicense(
                l.Id,
                l.CustomerId,
                db.CustomerMembers.Where(m => m.CustomerId == l.CustomerId && m.UserId == actor.Id).Select(m => (CustomerRole?)m.Role)
                .SingleOrDefault() ?? CustomerRole.KeyHolder))
            .SingleOrDefaultAsync(cancellationToken);

    public static string PathOf(string number) => $"/my/licenses/{Uri.EscapeDataString(number)}";
}
