using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;

namespace SelfHelpPortal.Shared.Access;

internal static class AccountLookUp
{
    /// <summary>The account that signs in with this address, however it is capitalized.</summary>
    public static Task<PortalUser?> FindUserAsync(this PortalDbContext db, string address, CancellationToken cancellationToken)
    {
        // As Identity's own normalizer does it.
        var normalized = address.Normalize().ToUpperInvariant();
        return db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == normalized, cancellationToken);
    }

    /// <summary>A staff account never belongs to a customer.</summary>
    public static Task<bool> IsStaffAsync(this PortalDbContext db, Guid user, CancellationToken cancellationToken) =>
        db.UserRoles.AnyAsync(r => r.UserId == user, cancellationToken);
}
