using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>
/// What the tax adviser gets: the stored documents of a time, <c>index.csv </c> with their SHA-256, and the <see cref="BookingLists"/>. The
/// ReverseCharge lines of <c>booking.csv </c>, with the VAT ids, are what the recapitulative statement needs.
/// </summary>
[StaffUseCase(StaffWork.Invoices, Fresh = true)]
internal sealed class ExportInvoices(IDbContextFactory<PortalDbContext> contexts, StaffReads reads, BookingLists lists, TimeProvider time)
{
    private const int BatchSize = 50;

    /// <summary>For a person of staff. Nothing is written when that person may not.</summary>
    /// <param name="target">Asked for once it is clear that there is an answer.</param>
    public async Task<StaffRefusal?> ExecuteAsync(
        StaffActor actor, DateOnly from, DateOnly to, Func<Stream> target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var allowed = await reads.ReadAsync(
            typeof(ExportInvoices), actor, audited: null, _ => Task.FromResult<object?>(actor), now, cancellationToken);
        if (allowed.Refused is { } refused)
        {
            return refused;
        }

        await AuditLog.NoteAsync(contexts, actor.Id, AuditKind.InvoicesExported, null, Period(from, to), now, cancellationToken);

        await WriteAsync(from, to, target(), CultureInfo.CurrentUICulture, cancellationToken);
        return null;
    }

    public static string Period(DateOnly from, DateOnly to) =>
        string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd} – {to:yyyy-MM-dd}");

    /// <param name="from">First date of issue, and first day on which payments were received.</param>
    /// <param name="to">Last of both, included.</param>
    /// <param name="language">Of the lists.</param>
    /// <returns>How many invoices and cancellations were written.</returns>
    public async Task<int> WriteAsync(
        DateOnly from, DateOnly to, Stream target, CultureInfo language, CancellationToken cancellationToken)
    {
        var index = new StringBuilder(Csv.Line("number", "file", "sha256", "bytes"));
        var booking = lists.Begin(language);
        var count = 0;
        await using (
            var zip = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var ids = await db.Invoices.Where(i => i.IssueDate >= from && i.IssueDate <= to)
                .OrderBy(i => i.Kind).ThenBy(i => i.Year).ThenBy(i => i.Place).Select(i => i.Id).ToListAsync(cancellationToken);
            foreach (var batch in ids.Chunk(BatchSize))
            {
                db.ChangeTracker.Clear();
                var invoices = await db.Invoices.AsNoTracking().Where(i => batch.Contains(i.Id))
                    .ToDictionaryAsync(i => i.Id, cancellationToken);
                var documents = await db.InvoiceDocuments.AsNoTracking()
                    .Where(d => batch.Contains(d.InvoiceId) && d.Kind != InvoiceDocumentKind.Check).ToListAsync(cancellationToken);
                foreach (var id in batch)
                {
                    var invoice = invoices[id];
                    foreach (var document in documents.Where(d => d.InvoiceId == id).OrderBy(d => d.Kind))
                    {
                        await AddAsync(zip, document.FileName, document.Bytes, cancellationToken);
                        index.Append(Csv.Line(invoice.Number, document.FileName, document.Sha256,
                            document.Bytes.Length.ToString(CultureInfo.InvariantCulture)));
                    }

                    booking.Add(invoice);
                    count++;
                }
            }

            await AddAsync(zip, "index.csv", Csv.Bytes(index), cancellationToken);
            db.ChangeTracker.Clear();
            var payments = await (
                from p in db.Set<Payment>().AsNoTracking()
                join i in db.Invoices.AsNoTracking() on p.InvoiceId equals i.Id
                where p.ReceivedOn >= @from && p.ReceivedOn <= to
                orderby p.ReceivedOn, p.Id
                select new { Payment = p, Invoice = i }).ToListAsync(cancellationToken);
            foreach (var paid in payments)
            {
                booking.Add(paid.Payment, paid.Invoice);
            }

            foreach (var (name, bytes) in booking.Files(from, to, time.GetUtcNow()))
            {
                await AddAsync(zip, name, bytes, cancellationToken);
            }
        }

        return count;
    }

    private static async Task AddAsync(ZipArchive zip, string name, byte[] bytes, CancellationToken cancellationToken)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync(cancellationToken);
        await entry.WriteAsync(bytes, cancellationToken);
    }
}
