using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Access;

internal static class AccountLookUp
{
    /// <summary>The account that signs in with this address, however it is spelled.</summary>
    public static Task<PortalUser?> FindUserAsync(this PortalDbContext db, string address, CancellationToken cancellationToken)
    {
        var normalized = Normalize(address);
        return db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedEmail == normalized, cancellationToken);
    }

    /// <summary>
    /// Under which accounts and names of roles are looked up: all spellings of one address have one name, and the database keeps a second
    /// account from having it.
    /// </summary>
    public static string Normalize(string text) => (MailAddresses.Normalize(text) ?? text.Normalize()).ToUpperInvariant();

    /// <summary>A staff account never belongs to a customer.</summary>
    public static Task<bool> IsStaffAsync(this PortalDbContext db, Guid user, CancellationToken cancellationToken) =>
        db.UserRoles.AnyAsync(r => r.UserId == user, cancellationToken);
}
