using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>
/// What the tax adviser gets: the stored documents of a time, <c>index.csv </c> with their SHA-256, and <c>booking.csv </c> with a line per
/// invoice. Its ReverseCharge lines, with the VAT ids, are what the recapitulative statement needs.
/// </summary>
[StaffUseCase(StaffWork.Invoices, Fresh = true)]
internal sealed class ExportInvoices(IDbContextFactory<PortalDbContext> contexts, StaffReads reads, IOptions<InvoicingOptions> options)
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

        await WriteAsync(from, to, target(), cancellationToken);
        return null;
    }

    public static string Period(DateOnly from, DateOnly to) =>
        string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd} – {to:yyyy-MM-dd}");

    /// <param name="from">First date of issue.</param>
    /// <param name="to">Last date of issue, included.</param>
    /// <returns>How many invoices and cancellations were written.</returns>
    public async Task<int> WriteAsync(DateOnly from, DateOnly to, Stream target, CancellationToken cancellationToken)
    {
        var index = new StringBuilder(Csv.Line("number", "file", "sha256", "bytes"));
        var booking =
            new StringBuilder(Csv.Line("date", "number", "cancels", "customer", "name", "country", "vat_id", "net", "vat_rate", "vat",
                "gross", "tax_case", "account"));
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

                    booking.Append(Booking(invoice));
                    count++;
                }
            }

            await AddAsync(zip, "index.csv", Csv.Bytes(index), cancellationToken);
            await AddAsync(zip, "booking.csv", Csv.Bytes(booking), cancellationToken);
        }

        return count;
    }

    private string Booking(Invoice invoice)
    {
        var buyer = invoice.Content.Buyer;
        return Csv.Line(
            invoice.IssueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            invoice.Number,
            invoice.Content.Cancels?.Number ?? "",
            buyer.CustomerNumber ?? "",
            buyer.Name,
            buyer.Country,
            buyer.VatId ?? "",
            invoice.Net.ToString(),
            invoice.VatRate.ToString("0.00", CultureInfo.InvariantCulture),
            invoice.Vat.ToString(),
            invoice.Gross.ToString(),
            invoice.VatCase.ToString(),
            options.Value.Accounts.For(invoice.VatCase));
    }

    private static async Task AddAsync(ZipArchive zip, string name, byte[] bytes, CancellationToken cancellationToken)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync(cancellationToken);
        await entry.WriteAsync(bytes, cancellationToken);
    }
}
