using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Staff.Invoices;

internal sealed record InvoiceView
{
    public required Invoice Invoice { get; init; }
    public required string CustomerNumber { get; init; }
    public required string Customer { get; init; }
    public required bool CustomerRemindersPaused { get; init; }

    /// <summary>The invoice that this cancels, or the cancellation of this.</summary>
    public required string? Counterpart { get; init; }

    public required IReadOnlyList<StoredDocument> Documents { get; init; }

    /// <summary>Payments that can still be taken back.</summary>
    public required IReadOnlySet<Guid> MayBeUndone { get; init; }

    /// <summary>Newest first.</summary>
    public required History History { get; init; }

    public required DateOnly Today { get; init; }
}

internal sealed record StoredDocument(InvoiceDocumentKind Kind, string FileName, int Length, string Sha256);

/// <summary>An invoice with its documents, payments and everything that happened to it.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ShowInvoice(StaffReads reads, LocalTimes times)
{
    public Task<StaffAnswer<InvoiceView>> ExecuteAsync(
        StaffActor actor, string number, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(ShowInvoice), actor, new(AuditKind.InvoiceOpened, number),
            db => ReadAsync(db, number, now, cancellationToken), now, cancellationToken);

    private async Task<InvoiceView?> ReadAsync(PortalDbContext db, string number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Invoices.AsNoTracking().Include(i => i.Payments)
            .SingleOrDefaultAsync(i => i.Number == number, cancellationToken) is not { } invoice)
        {
            return null;
        }

        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == invoice.CustomerId, cancellationToken);
        var other = invoice.CancelsId ?? invoice.CancelledById;
        return new InvoiceView
        {
            Invoice = invoice,
            CustomerNumber = customer.Number,
            Customer = customer.Company,
            CustomerRemindersPaused = customer.RemindersPaused,
            Counterpart = other is null
                ? null
                : await db.Invoices.Where(i => i.Id == other).Select(i => i.Number).SingleAsync(cancellationToken),
            Documents =
            [
                .. (await db.InvoiceDocuments.Where(d => d.InvoiceId == invoice.Id)
                    .Select(d => new StoredDocument(d.Kind, d.FileName, d.Bytes.Length, d.Sha256)).ToListAsync(cancellationToken))
                    .OrderBy(d => d.Kind),
            ],
            MayBeUndone = invoice.Payments.Where(p => invoice.CanUndo(p, times.Today(now), times.Zone)).Select(p => p.Id).ToHashSet(),
            History = await History.ReadAsync(db, invoice.Id, [], cancellationToken),
            Today = times.Today(now),
        };
    }
}

/// <summary>The bytes of one stored document, for a download by staff.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class ReadInvoiceDocument(StaffReads reads)
{
    public Task<StaffAnswer<DocumentFile>> ExecuteAsync(
        StaffActor actor, string number, InvoiceDocumentKind kind, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ReadInvoiceDocument),
            actor,
            new(AuditKind.InvoiceDocumentRead, number, kind.ToString()),
            db => (
                from d in db.InvoiceDocuments
                join i in db.Invoices on d.InvoiceId equals i.Id
                where i.Number == number && d.Kind == kind
                select new DocumentFile(d.FileName, d.ContentType, d.Bytes)).SingleOrDefaultAsync(cancellationToken),
            now,
            cancellationToken);
}
