using System.Text;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Portal.Invoices;

/// <param name="Payment">Null where nothing is to be paid.</param>
internal sealed record MyInvoiceRow(
    string Number, InvoiceKind Kind, InvoiceState State, DateOnly IssueDate, DateOnly? DueDate, Money Gross, bool HasXml,
    MyPayment? Payment);

/// <summary>How an invoice is paid, as its PDF says it.</summary>
/// <param name="Amount">What is left to pay.</param>
/// <param name="Code">For banking apps; null for an amount that no transfer can have.</param>
internal sealed record MyPayment(Money Amount, string Payee, string Iban, string? Bic, string? Code)
{
    public static MyPayment? For(Invoice invoice) =>
        invoice is { Kind: InvoiceKind.Invoice, State: InvoiceState.Issued, Outstanding: var left } && left > new Money(0)
            ? new MyPayment(
                left, invoice.Content.Seller.Name, InvoiceTexts.Account(invoice.Content.Seller.Iban), invoice.Content.Seller.Bic,
                GiroCode.For(invoice.Content, left) is { } code ? Encoding.UTF8.GetString(code) : null)
            : null;
}

/// <param name="Rows">Newest first.</param>
/// <param name="Next">The number of the last one shown, when there are more.</param>
internal sealed record MyInvoicesView(bool IsOwner, IReadOnlyList<MyInvoiceRow> Rows, string? Next, DateOnly Today);

/// <summary>Invoices and cancellations of the customers whose owner the person is.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class ShowMyInvoices(IDbContextFactory<PortalDbContext> contexts, LocalTimes times)
{
    public const int PageSize = 25;

    /// <param name="after">A number: what follows it.</param>
    public async Task<MyInvoicesView> ExecuteAsync(
        CustomerActor actor, string? after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var mine = Customers.For(db, actor, CustomerUseCaseAttribute.RoleOf<ShowMyInvoices>());
        var invoices = db.Invoices.AsNoTracking().Where(i => mine.Any(c => c.Id == i.CustomerId));
        if (after is not null && await invoices.Where(i => i.Number == after).Select(i => (Guid?)i.Id)
            .SingleOrDefaultAsync(cancellationToken) is { } from)
        {
            invoices = invoices.Where(i => i.Id < from);
        }

        var found = await invoices.Include(i => i.Payments).OrderByDescending(i => i.Id).Take(PageSize + 1)
            .ToListAsync(cancellationToken);
        var page = found.Take(PageSize).ToList();
        var ids = page.Select(i => i.Id).ToList();
        var withXml = await db.InvoiceDocuments.Where(d => ids.Contains(d.InvoiceId) && d.Kind == InvoiceDocumentKind.Xml)
            .Select(d => d.InvoiceId).ToHashSetAsync(cancellationToken);
        return new MyInvoicesView(
            await mine.AnyAsync(cancellationToken),
            [.. page.Select(i => new MyInvoiceRow(
                i.Number, i.Kind, i.State, i.IssueDate, i.DueDate, i.Gross, withXml.Contains(i.Id), MyPayment.For(i)))],
            found.Count > PageSize ? page[^1].Number : null,
            times.Today(now));
    }
}

/// <summary>The bytes of one stored document, as they were issued.</summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class ReadMyInvoice(IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="kind">Of those that customers get: how the XML was checked is not among them.</param>
    public async Task<DocumentFile?> ExecuteAsync(
        CustomerActor actor, string number, InvoiceDocumentKind kind, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var mine = Customers.For(db, actor, CustomerUseCaseAttribute.RoleOf<ReadMyInvoice>());
        return await (
            from d in db.InvoiceDocuments
            join i in db.Invoices on d.InvoiceId equals i.Id
            where i.Number == number && d.Kind == kind && kind != InvoiceDocumentKind.Check && mine.Any(c => c.Id == i.CustomerId)
            select new DocumentFile(d.FileName, d.ContentType, d.Bytes)).SingleOrDefaultAsync(cancellationToken);
    }
}

internal static class MyInvoiceEndpoint
{
    public static void MapMyInvoices(this IEndpointRouteBuilder app) => app.MapGet(
        "/my/invoices/{number}/{kind:regex(^(pdf|xml)$)}",
        async (string number, string kind, HttpContext context, ReadMyInvoice read, CancellationToken cancellationToken) =>
            CustomerActor.From(context) is { } actor
            && await read.ExecuteAsync(actor, number, kind == "pdf" ? InvoiceDocumentKind.Pdf : InvoiceDocumentKind.Xml, cancellationToken)
                is { } file ? file.AsResult() : Results.NotFound())
        .RequireAuthorization().ExcludeFromDescription();
}
