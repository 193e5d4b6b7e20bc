using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Common;

/// <summary>
/// Looks once a day whether stored documents are still what was issued: all of yesterday's and some at random. What differs is told and never
/// repaired: a restored backup has the right bytes.
/// </summary>
internal sealed partial class CheckDocuments(IDbContextFactory<PortalDbContext> contexts, ILogger<CheckDocuments> log)
{
    public const string JobName = "invoice-documents";
    public static readonly TimeOnly At = new(4, 30);

    private const int AtRandom = 200;

    private volatile int _differing;

    /// <summary>How many documents differed when this node looked last.</summary>
    public int Differing => _differing;

    /// <returns>The file names of those that differ.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Yesterday began at most two days ago, wherever the vendor is.
        var since = now.AddDays(-2);
        var recent = await db.InvoiceDocuments.Where(d => d.CreatedAt >= since).Select(d => d.Id).ToListAsync(cancellationToken);
        var some = await db.InvoiceDocuments.OrderBy(d => EF.Functions.Random()).Take(AtRandom).Select(d => d.Id).ToListAsync(cancellationToken);
        List<string> differing = [];
        foreach (var id in recent.Union(some))
        {
            var document = await db.InvoiceDocuments.AsNoTracking().SingleAsync(d => d.Id == id, cancellationToken);
            if (InvoiceDocument.HashOf(document.Bytes) != document.Sha256)
            {
                LogDiffers(document.FileName, document.Id);
                differing.Add(document.FileName);
            }
        }

        _differing = differing.Count;
        return differing;
    }

    [LoggerMessage(3311, LogLevel.Critical, "The stored document {FileName} ({Id}) is not what was issued. Restore it from a backup")]
    private partial void LogDiffers(string fileName, Guid id);
}
