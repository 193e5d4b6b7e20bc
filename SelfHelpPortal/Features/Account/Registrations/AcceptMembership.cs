using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Account.Registrations;

/// <param name="License">The key alone leads there, and to no more than this license, until an owner or the address on file has
/// agreed.</param>
internal sealed record JoinedCustomer(Guid Id, string Company, CustomerRole Role, JoinedLicense? License = null);

internal sealed record JoinedLicense(Guid Id, string Number);

/// <summary>Which customers a registration leads to, as of now: the address on file may have changed since the mail.</summary>
internal static class AcceptMembership
{
    /// <param name="user">The account that exists already; where it has the role already, nothing is left to join.</param>
    public static async Task<IReadOnlyList<JoinedCustomer>> FindAsync(
        PortalDbContext db, Registration registration, Guid? user, CancellationToken cancellationToken)
    {
        var found = await db.CustomersAt(registration.Email).Select(c => new JoinedCustomer(c.Id, c.Company, CustomerRole.Owner, null))
            .ToListAsync(cancellationToken);
        if (registration.LicenseId is { } license)
        {
            found.AddRange(await (
                from l in db.Licenses
                join c in db.Customers on l.CustomerId equals c.Id
                where l.Id == license && l.State != LicenseState.Revoked
                    && !db.KeyAccesses.Any(k => k.LicenseId == l.Id && k.CustomerId == c.Id && k.UserId == user)
                select new JoinedCustomer(c.Id, c.Company, CustomerRole.KeyHolder, new JoinedLicense(l.Id, l.Number)))
                    .ToListAsync(cancellationToken));
        }

        if (registration is { CustomerId: { } customer, Role: { } role })
        {
            found.AddRange(await db.Customers.Where(c => c.Id == customer).Select(c => new JoinedCustomer(c.Id, c.Company, role, null))
                .ToListAsync(cancellationToken));
        }

        var has = await db.CustomerMembers.Where(m => m.UserId == user)
            .ToDictionaryAsync(m => m.CustomerId, m => m.Role, cancellationToken);
        return
        [
            .. found.GroupBy(c => c.Id).Select(same => same.MaxBy(c => c.Role)!)
                .Where(c => !has.TryGetValue(c.Id, out var role) || role < c.Role)
                .OrderBy(c => c.Company, StringComparer.Ordinal).ThenBy(c => c.Id),
        ];
    }
}
