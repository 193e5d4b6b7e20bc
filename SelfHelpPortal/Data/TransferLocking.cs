using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Data;

/// <summary>Loads a transfer request, as <see cref="LicenseLocking"/> does a license. Who changes licenses as well locks those first.</summary>
internal static class TransferLocking
{
    public static async Task<TransferRequest?> LockTransferAsync(this PortalDbContext db, Guid requestId, CancellationToken cancellationToken)
    {
        var found = await db.Database.SqlQuery<Guid>($"SELECT id AS \"Value\" FROM transfer_request WHERE id = {requestId} FOR UPDATE").ToListAsync(cancellationToken);
        return found is [] ? null : await db.LoadTransferAsync(requestId, cancellationToken);
    }

    public static async Task<TransferRequest?> LoadTransferAsync(this PortalDbContext db, Guid requestId, CancellationToken cancellationToken) =>
        await db.Transfers
            .Include(r => r.Items.OrderBy(i => i.Position))
            .Include(r => r.WorkingPcs.OrderBy(p => p.Position))
            .Include(r => r.Messages.OrderBy(m => m.At))
            .AsSplitQuery()
            .SingleOrDefaultAsync(r => r.Id == requestId, cancellationToken);
}
