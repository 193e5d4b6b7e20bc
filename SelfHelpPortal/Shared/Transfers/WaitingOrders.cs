using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Contacts;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>
/// An owner is asked for one order of a license at a time. The first one that waits stays, unless it has less to show for itself than the
/// new one: a stranger who knows no more than a number holds up neither the owner nor whoever has the key.
/// </summary>
internal sealed class WaitingOrders(EndTransfer end)
{
    /// <summary>Ends the orders that give way to the new one. In the caller's transaction, which goes on to order.</summary>
    /// <param name="isOwner">An owner orders, signed in: every order that waits gives way.</param>
    /// <returns>False when one stays.</returns>
    public async Task<bool> MakeRoomAsync(
        PortalDbContext db, Identification known, bool isOwner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var licenses = LicensesOf(known);
        var waiting = await db.Transfers.AsNoTracking().Include(r => r.Items)
            .Where(r => r.State == TransferState.AwaitingConfirmation
                && r.Items.Any(i => i.LicenseId != null && licenses.Contains(i.LicenseId.Value)))
            .OrderBy(r => r.Id).ToListAsync(cancellationToken);
        foreach (var request in waiting)
        {
            // Also while the owner has not been asked yet, because his mailbox has had enough of such mails today.
            var stays = !isOwner && !(known.IsProven && request.IsStatedOnly)
                && (request.OrderedAt > now - LinkPurpose.TransferConfirm.Lifetime
                    || await db.Set<MailLink>()
                    .AnyAsync(l => l.Purpose == LinkPurpose.TransferConfirm && l.RecordId == request.Id && l.UsedAt == null
                        && l.ExpiresAt > now, cancellationToken));
            if (stays)
            {
                return false;
            }
        }

        foreach (var request in waiting)
        {
            await end.GiveWayAsync(db, request.Id, now, cancellationToken);
        }

        // Before the new one is stored, which the database refuses as long as another waits.
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Where the owner was asked about the order that waits; only for whoever has shown more than a number.</summary>
    public static async Task<string?> AskedAtAsync(PortalDbContext db, Identification known, CancellationToken cancellationToken)
    {
        var email = await db.Customers.Where(c => c.Id == known.CustomerId).Select(c => c.Email).SingleOrDefaultAsync(cancellationToken);
        return email is null ? null : Masks.Address(email);
    }

    private static List<Guid> LicensesOf(Identification known) => [.. known.Items.Select(i => i.License?.Id).OfType<Guid>().Distinct()];
}
