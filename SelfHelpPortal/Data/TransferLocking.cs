using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Data;

/// <param name="Licenses">Of the items that are identified, by their ids.</param>
internal sealed record LockedTransfer(TransferRequest Request, IReadOnlyDictionary<Guid, License> Licenses);

/// <summary>
/// Loads a transfer request, as <see cref="LicenseLocking"/> does a license. Who changes licenses as well locks those first.
/// </summary>
internal static class TransferLocking
{
    public static async Task<TransferRequest?> LockTransferAsync(
        this PortalDbContext db, Guid requestId, CancellationToken cancellationToken)
    {
        return await db.LockRowAsync<TransferRequest>(requestId, cancellationToken)
            ? await db.LoadTransferAsync(requestId, cancellationToken)
            : null;
    }

    /// <summary>
    /// Locks the request with every license it moves, in the order of security.md: licenses first, by id. Null when there is no such
    /// request or when its licenses changed on the way, so that the wrong ones were locked.
    /// </summary>
    public static async Task<LockedTransfer?> LockTransferWithLicensesAsync(
        this PortalDbContext db, Guid requestId, CancellationToken cancellationToken)
    {
        var ids = await db.Set<TransferItem>().Where(i => i.RequestId == requestId && i.LicenseId != null)
            .Select(i => i.LicenseId!.Value).Distinct().OrderBy(id => id).ToListAsync(cancellationToken);
        var licenses = new Dictionary<Guid, License>();
        foreach (var id in ids)
        {
            licenses[id] = await db.LockLicenseAsync(id, cancellationToken)
                ?? throw new MissingRowException("License", id, "an item of a transfer request");
        }

        return await db.LockTransferAsync(requestId, cancellationToken) is { } request
            && request.Items.All(i => i.LicenseId is not { } id || licenses.ContainsKey(id))
            ? new LockedTransfer(request, licenses)
            : null;
    }

    public static async Task<TransferRequest?> LoadTransferAsync(
        this PortalDbContext db, Guid requestId, CancellationToken cancellationToken) =>
        await db.Transfers
            .Include(r => r.Items.OrderBy(i => i.Position))
            .Include(r => r.WorkingPcs.OrderBy(p => p.Position))
            .Include(r => r.Messages.OrderBy(m => m.At))
            .AsSplitQuery()
            .SingleOrDefaultAsync(r => r.Id == requestId, cancellationToken);
}
