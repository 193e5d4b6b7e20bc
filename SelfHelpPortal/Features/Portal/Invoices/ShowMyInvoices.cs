using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Portal.Invoices;

internal sealed record MyInvoiceRow(
    Guid Id, string Number, InvoiceKind Kind, InvoiceState State, DateOnly IssueDate, DateOnly? DueDate, Money Gross, string Company,
    bool HasXml);

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

        var rows = await (
            from i in invoices.OrderByDescending(i => i.Id)
            join c in db.Customers on i.CustomerId equals c.Id
            select new MyInvoiceRow(
                i.Id, i.Number, i.Kind, i.State, i.IssueDate, i.DueDate, i.Gross, c.Company,
                db.InvoiceDocuments.Any(d => d.InvoiceId == i.Id && d.Kind == InvoiceDocumentKind.Xml)))
            .Take(PageSize + 1).ToListAsync(cancellationToken);
        return new MyInvoicesView(
            await mine.AnyAsync(cancellationToken),
            [.. rows.Take(PageSize)],
            rows.Count > PageSize ? rows[PageSize - 1].Number : null,
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
