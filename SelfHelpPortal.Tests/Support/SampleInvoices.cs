using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Invoices of a demo vendor for tests that look at other things than what stands in them.</summary>
internal static class SampleInvoices
{
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    public static InvoiceContent Content(DateOnly date, InvoiceKind kind = InvoiceKind.Invoice, params InvoiceLine[] lines) => new()
    {
        Kind = kind,
        IssueDate = date,
        ServiceDate = date,
        DueDate = kind == InvoiceKind.Invoice ? date.AddDays(14) : null,
        Format = InvoiceFormat.Zugferd,
        Language = "de",
        Reference = "M-7F3K-20",
        Seller = new InvoiceSeller
        {
            Name = "Muster Software GmbH",
            VatId = "DE123456788",
            TaxNumber = "12/345/67890",
            Register = "Amtsgericht Musterstadt, HRB 00000",
            Street = "Musterstraße 1",
            PostalCode = "12345",
            City = "Musterstadt",
            Country = "DE",
            BillingMail = "rechnung@muster-software.example",
            ContactName = "Buchhaltung",
            ContactPhone = "+49 30 0000000",
            ContactMail = "rechnung@muster-software.example",
            Iban = "DE02120300000000202051",
        },
        Buyer = new InvoiceBuyer
        {
            CustomerNumber = "C-10042",
            Company = "Muster Gastro GmbH",
            Email = "buchhaltung@muster-gastro.example",
            Street = "Beispielweg 7",
            PostalCode = "54321",
            City = "Beispielstadt",
            Country = "DE",
        },
        Vat = new VatTreatment(VatCase.Domestic, "S", 19, ReasonCode: null, Reason: null),
        Lines = lines.Length > 0 ? lines : [Fee()],
    };

    public static InvoiceLine Fee(int quantity = 1) => new()
    {
        Sku = "TRANSFER-muster-pos",
        Name = "Lizenz-Migration (Altgerät defekt)",
        Description = "Lizenz L-1044",
        Quantity = quantity,
        UnitNet = new Money(7000),
    };

    public static Customer Customer(int number) => new() { Number = $"C-{number}", Company = "Muster Gastro GmbH", Email = "inhaber@muster-gastro.example" };

    /// <summary>Takes a number and adds the invoice to the context, as issuing does, but without documents.</summary>
    public static async Task<Invoice> AddAsync(PortalDbContext db, InvoiceContent draft, InvoiceOrigin origin, DateTimeOffset now)
    {
        var taken = await InvoiceNumbers.TakeAsync(db, draft.Kind, draft.IssueDate, CancellationToken.None);
        var content = draft with { Number = InvoiceNumber.Format(draft.Kind, draft.IssueDate.Year, taken.Place), IssueDate = taken.IssueDate };
        var invoice = Invoice.Of(content, taken.Place, origin, Zone, now);
        db.Add(invoice);
        db.AddRange(InvoiceLineRow.Of(invoice));
        return invoice;
    }

    /// <summary>An invoice of a customer of its own, stored with documents whose bytes mean nothing.</summary>
    public static async Task<Invoice> StoreAsync(this PortalFactory portal, InvoiceFormat format = InvoiceFormat.Zugferd, DateOnly? date = null, string company = "Muster Gastro GmbH")
    {
        var now = portal.Clock.Now;
        await using var db = portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var customer = new Customer { Number = await Numbers.NextCustomerAsync(db, CancellationToken.None), Company = "Muster Gastro GmbH", Email = SampleLicense.Owner };
        db.Add(customer);
        await db.SaveChangesAsync();
        var draft = Content(date ?? DateOnly.FromDateTime(now.Date)) with { Format = format };
        draft = draft with { Buyer = draft.Buyer with { CustomerNumber = customer.Number, Company = company } };
        var invoice = await AddAsync(db, draft, new InvoiceOrigin(customer.Id), now);
        EventLog.Begin(db, invoice.Id, EventKind.InvoiceIssued, new EventData { Document = invoice.Number }, Actor.System, now);
        db.AddRange(
            InvoiceDocument.Of(invoice.Id, InvoiceDocumentKind.Pdf, $"Rechnung-{invoice.Number}.pdf", "application/pdf", RandomNumberGenerator.GetBytes(40_000), now),
            InvoiceDocument.Of(invoice.Id, InvoiceDocumentKind.Xml, $"Rechnung-{invoice.Number}.xml", "text/xml", RandomNumberGenerator.GetBytes(9_000), now),
            InvoiceDocument.Of(invoice.Id, InvoiceDocumentKind.Check, $"Pruefung-{invoice.Number}.json", "application/json", [1], now));
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
