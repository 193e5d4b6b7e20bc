using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Tests.Support;

/// <content>In the database of a portal.</content>
internal static partial class SampleInvoices
{
    /// <summary>Takes a number and adds the invoice to the context, as issuing does, but without documents.</summary>
    public static async Task<Invoice> AddAsync(PortalDbContext db, InvoiceContent draft, InvoiceOrigin origin, DateTimeOffset now)
    {
        var taken = await InvoiceNumbers.TakeAsync(db, draft.Kind, draft.IssueDate, CancellationToken.None);
        var content =
            draft with { Number = InvoiceNumber.Format(draft.Kind, draft.IssueDate.Year, taken.Place), IssueDate = taken.IssueDate };
        var invoice = Invoice.Issue(content, taken.Place, origin, Zone, now);
        db.Add(invoice);
        db.AddRange(InvoiceLineRow.From(invoice));
        return invoice;
    }

    /// <summary>An invoice of a customer of its own, stored with documents whose bytes mean nothing.</summary>
    public static async Task<Invoice> StoreAsync(this PortalFactory portal, InvoiceFormat format = InvoiceFormat.Zugferd,
        DateOnly? date = null, string company = "Muster Gastro GmbH")
    {
        var now = portal.Clock.Now;
        await using var db = portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var customer = new Customer
        {
            Number = await Numbers.NextCustomerAsync(db, CancellationToken.None),
            Company = "Muster Gastro GmbH",
            Email = SampleLicense.Owner
        };
        db.Add(customer);
        await db.SaveChangesAsync();
        var draft = Content(date ?? DateOnly.FromDateTime(now.Date)) with { Format = format };
        draft = draft with { Buyer = draft.Buyer with { CustomerNumber = customer.Number, Company = company } };
        var invoice = await AddAsync(db, draft, new InvoiceOrigin(customer.Id), now);
        EventLog.Begin(db, invoice.Id, EventKind.InvoiceIssued, new EventData { Document = invoice.Number }, Actor.System, now);
        db.AddRange(
            InvoiceDocument.Create(invoice.Id, InvoiceDocumentKind.Pdf, $"Rechnung-{invoice.Number}.pdf", "application/pdf",
                RandomNumberGenerator.GetBytes(40_000), now),
            InvoiceDocument.Create(invoice.Id, InvoiceDocumentKind.Xml, $"Rechnung-{invoice.Number}.xml", "text/xml",
                RandomNumberGenerator.GetBytes(9_000), now),
            InvoiceDocument.Create(invoice.Id, InvoiceDocumentKind.Check, $"Pruefung-{invoice.Number}.json", "application/json", [1], now));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return invoice;
    }

    public static async Task<Invoice> ReadInvoiceAsync(this PortalFactory portal, Guid id)
    {
        await using var db = portal.Open();
        return await db.Invoices.AsNoTracking().Include(i => i.Payments).SingleAsync(i => i.Id == id);
    }
}
