using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Shared.Invoicing;

/// <summary>A document that can be downloaded.</summary>
public sealed record RequestDocument(
    string Number, InvoiceKind Kind, DateOnly IssueDate, Money Gross, InvoiceState State, InvoiceDocumentKind Document, string FileName);

internal sealed record DocumentFile(string FileName, string ContentType, byte[] Bytes)
{
    /// <summary>As a download; the headers of every answer forbid to keep it.</summary>
    public IResult AsResult() => Results.File(Bytes, ContentType, FileName);
}

/// <summary>The documents of a transfer request, for pages whose reader has proven that the request is theirs.</summary>
internal static class RequestDocuments
{
    /// <summary>Invoices and cancellations, in the order in which they were issued; how the XML was checked is not for customers.</summary>
    public static async Task<IReadOnlyList<RequestDocument>> ListAsync(
        PortalDbContext db, Guid transferRequestId, CancellationToken cancellationToken)
    {
        var documents = await (
            from d in db.InvoiceDocuments
            join i in db.Invoices on d.InvoiceId equals i.Id
            where i.TransferRequestId == transferRequestId && d.Kind != InvoiceDocumentKind.Check
            select new RequestDocument(i.Number, i.Kind, i.IssueDate, i.Gross, i.State, d.Kind, d.FileName)).ToListAsync(cancellationToken);
        return [.. documents.OrderBy(d => d.IssueDate).ThenBy(d => d.Kind).ThenBy(d => d.Document)];
    }

    /// <summary>The stored bytes; null when this request has no such document.</summary>
    public static Task<DocumentFile?> ReadAsync(
        PortalDbContext db, Guid transferRequestId, string fileName, CancellationToken cancellationToken) => (
        from d in db.InvoiceDocuments
        join i in db.Invoices on d.InvoiceId equals i.Id
        where i.TransferRequestId == transferRequestId && d.Kind != InvoiceDocumentKind.Check && d.FileName == fileName
        select new DocumentFile(d.FileName, d.ContentType, d.Bytes)).SingleOrDefaultAsync(cancellationToken);
}
