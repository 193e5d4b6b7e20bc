using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Releases;

namespace SelfHelpPortal.Shared.Invoicing;

/// <summary>What every mail about an invoice says of it.</summary>
/// <param name="Reference">Of the request or, without one, its own number; mails with the same one are one thread.</param>
/// <param name="Outstanding">What is left to pay.</param>
public sealed record InvoiceFacts(
    string Number, string Reference, DateOnly IssueDate, DateOnly? DueDate, Money Gross, Money Outstanding, string Iban, string Payee)
{
    internal static InvoiceFacts From(Invoice invoice) => new(
        invoice.Number,
        invoice.Content.Reference ?? invoice.Number,
        invoice.IssueDate,
        invoice.DueDate,
        invoice.Gross,
        invoice.Outstanding,
        invoice.Content.Seller.Iban,
        invoice.Content.Seller.Name);
}

/// <summary>What mails about invoices have in common: to whom, and with which of the stored documents.</summary>
internal static class InvoiceMails
{
    public const string Source = "invoice";

    /// <summary>The invoice's own address and language: a copy of what was said then.</summary>
    public static MailRecipient AsRecipient(this InvoiceContent content) => new(content.Buyer.Email, content.Buyer.Name, content.Language);

    /// <summary>The PDF, and where the XML leads, that too.</summary>
    public static IReadOnlyList<MailAttachment> Attachments(InvoiceFormat format, IEnumerable<InvoiceDocument> documents) =>
        [.. documents.Where(d => IsSent(d.Kind, format)).OrderBy(d => d.Kind)
            .Select(d => new MailAttachment(Source, d.Id, d.FileName, d.ContentType, d.Sha256, d.Bytes.Length))];

    /// <summary>The same of an invoice that is stored, without its bytes.</summary>
    public static async Task<IReadOnlyList<MailAttachment>> AttachmentsAsync(
        PortalDbContext db, Invoice invoice, CancellationToken cancellationToken)
    {
        var stored = await db.InvoiceDocuments.Where(d => d.InvoiceId == invoice.Id)
            .Select(d => new { d.Kind, d.Id, d.FileName, d.ContentType, d.Sha256, d.Bytes.Length })
            .ToListAsync(cancellationToken);
        return [.. stored.Where(d => IsSent(d.Kind, invoice.Content.Format)).OrderBy(d => d.Kind)
            .Select(d => new MailAttachment(Source, d.Id, d.FileName, d.ContentType, d.Sha256, d.Length))];
    }

    /// <summary>For the sender of mails.</summary>
    public static MailAttachmentSource AttachmentSource(IDbContextFactory<PortalDbContext> contexts) =>
        new(Source, async (id, cancellationToken) =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.InvoiceDocuments.Where(d => d.Id == id).Select(d => d.Bytes).SingleOrDefaultAsync(cancellationToken);
    });

    private static bool IsSent(InvoiceDocumentKind kind, InvoiceFormat format) => kind switch
    {
        InvoiceDocumentKind.Pdf => true,
        InvoiceDocumentKind.Xml => format == InvoiceFormat.XRechnung,
        InvoiceDocumentKind.Check => false,
    };
}
