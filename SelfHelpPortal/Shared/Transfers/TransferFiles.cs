using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Transfers;

/// <param name="Document">Invoice or cancellation; null of a license file.</param>
public sealed record TransferFile(string Name, RequestDocument? Document = null);

/// <summary>
/// What an order brought, to be downloaded from its status page: the stored invoices and the license files of the new computers.
/// </summary>
internal sealed class TransferFiles(IDbContextFactory<PortalDbContext> contexts, LicenseFiles licenses)
{
    private const string LicenseType = "application/octet-stream";

    public static async Task<IReadOnlyList<TransferFile>> ListAsync(
        PortalDbContext db, TransferRequest request, CancellationToken cancellationToken) =>
    [
        .. await DocumentsAsync(db, request, cancellationToken),
        .. await ListLicensesAsync(db, request, cancellationToken),
    ];

    /// <summary>By the link that whoever ordered has.</summary>
    public static async Task<IReadOnlyList<TransferFile>> ListForOrdererAsync(
        PortalDbContext db, TransferRequest request, CancellationToken cancellationToken) =>
        await LicenseDelivery.OrdererGetsItAsync(db, request, cancellationToken)
            ? await ListAsync(db, request, cancellationToken)
            : [.. await DocumentsAsync(db, request, cancellationToken)];

    public static async Task<IReadOnlyList<TransferFile>> ListLicensesAsync(
        PortalDbContext db, TransferRequest request, CancellationToken cancellationToken) =>
        [.. (await LicensesAsync(db, request, cancellationToken)).Select(f => new TransferFile(f.Name))];

    /// <summary>Null when the link is none of ours or too old for files, or its order has no such file.</summary>
    public async Task<DocumentFile?> ReadAsync(string token, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await ShowTransferStatus.FindAsync(db, token, now, cancellationToken) is not { } link
            || !ShowTransferStatus.GivesFiles(link, now)
            || await db.LoadTransferAsync(link.RecordId, cancellationToken) is not { } request
            || !(await ListForOrdererAsync(db, request, cancellationToken)).Any(f => f.Name == name))
        {
            return null;
        }

        return await ReadAsync(db, request, name, cancellationToken);
    }

    /// <summary>For a reader whose right to the request is known.</summary>
    public async Task<DocumentFile?> ReadAsync(
        PortalDbContext db, TransferRequest request, string name, CancellationToken cancellationToken)
    {
        var license = (await LicensesAsync(db, request, cancellationToken)).Find(f => f.Name == name);
        return license.Name is null
            ? await RequestDocuments.ReadAsync(db, request.Id, name, cancellationToken)
            : await licenses.ReadAsync(license.Id, cancellationToken) is { } bytes ? new DocumentFile(name, LicenseType, bytes) : null;
    }

    private static async Task<IEnumerable<TransferFile>> DocumentsAsync(
        PortalDbContext db, TransferRequest request, CancellationToken cancellationToken) =>
        (await RequestDocuments.ListAsync(db, request.Id, cancellationToken)).Select(d => new TransferFile(d.FileName, d));

    /// <summary>Of a completed order, the newest file of each computer that took a dead one's place.</summary>
    private static async Task<List<(string Name, Guid Id)>> LicensesAsync(
        PortalDbContext db, TransferRequest request, CancellationToken cancellationToken)
    {
        var files = new List<(string, Guid)>();
        foreach (var item in request.State == TransferState.Completed ? request.Items : [])
        {
            var file = await (
                from f in db.Set<StoredLicenseFile>()
                join a in db.Activations on f.ActivationId equals a.Id
                join l in db.Licenses on a.LicenseId equals l.Id
                where l.Id == item.LicenseId && a.HardwareCode == item.NewHardware
                orderby f.CreatedAt descending
                select new { f.Id, l.Number }).FirstOrDefaultAsync(cancellationToken);
            if (file is not null)
            {
                files.Add((LicenseFiles.NameOf(file.Number), file.Id));
            }
        }

        return files;
    }
}
