using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Shared.Access;

/// <summary>What owners have offered to people who have not answered yet.</summary>
internal static class Invitations
{
    /// <summary>Ends those that are open, with their links. In the transaction of an act.</summary>
    /// <returns>How many.</returns>
    public static async Task<int> WithdrawAsync(
        PortalDbContext db, Expression<Func<Registration, bool>> which, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var open = await db.Set<Registration>().Where(which).Where(r => r.UsedAt == null && r.ExpiresAt > now).Select(r => r.Id)
            .ToListAsync(cancellationToken);
        foreach (var id in open)
        {
            await SecretLinks.ExpireAsync(db, LinkPurpose.Invitation, id, now, cancellationToken);
        }

        return await db.Set<Registration>().Where(r => open.Contains(r.Id)).ExecuteDeleteAsync(cancellationToken);
    }
}
