using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Which invoices are asked for. Its words stand in the address.</summary>
internal enum InvoiceFilter
{
    All,

    /// <summary>Issued and not yet paid.</summary>
    Open,

    /// <summary>Open beyond its due date.</summary>
    Overdue,

    /// <summary>Open after the last reminder: a person decides.</summary>
    Level3,
    Paid,

    /// <summary>More came in than is asked for.</summary>
    Overpaid,
    Cancelled,
    Cancellations,
}

internal sealed record FoundInvoice(
    string Number, InvoiceKind Kind, InvoiceState State, DateOnly IssueDate, DateOnly? DueDate, Money Gross, int ReminderLevel,
    bool RemindersPaused, bool IsOverpaid, string CustomerNumber, string Customer)
{
    public bool IsOverdue(DateOnly today) => State == InvoiceState.Issued && DueDate < today;
}

/// <param name="Invoices">Newest first.</param>
internal sealed record InvoicesView(IReadOnlyList<FoundInvoice> Invoices, bool HasNewer, bool HasOlder, DateOnly Today);

/// <summary>Where in the list: behind or before the invoice of that number; neither is the beginning.</summary>
internal readonly record struct InvoicePlace(string? OlderThan, string? NewerThan);

/// <summary>Invoices and cancellations, by state and by number or customer.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SearchInvoices(StaffReads reads, LocalTimes times)
{
    public const int PageSize = 25;
    private const int LongestTerm = 100;

    /// <param name="period">When they were issued; null for all days.</param>
    public Task<StaffAnswer<InvoicesView>> ExecuteAsync(
        StaffActor actor, InvoiceFilter filter, string term, DayRange? period, InvoicePlace place, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(SearchInvoices), actor, AuditedRead.Search(AuditKind.InvoicesSearched, Clean(term)),
            db => ReadAsync(db, filter, Clean(term), period, place, times.Today(now), cancellationToken), now, cancellationToken);

    public static string Clean(string? term)
    {
        var trimmed = (term ?? "").Trim();
        return UntrustedText.Shorten(trimmed, LongestTerm);
    }

    private static async Task<InvoicesView?> ReadAsync(
        PortalDbContext db, InvoiceFilter filter, string term, DayRange? period, InvoicePlace place, DateOnly today,
        CancellationToken cancellationToken)
    {
        await using var search = await db.BeginSearchAsync(cancellationToken);
        var invoices = Filtered(db.Invoices.AsNoTracking(), filter, today);
        if (period is var (first, last))
        {
            invoices = invoices.Where(i => i.IssueDate >= first && i.IssueDate <= last);
        }

        if (term.Length > 0)
        {
            invoices = await MatchingAsync(db, invoices, term, cancellationToken);
        }

        // Ids grow with time, so they are the order and the place in it.
        var backwards = place.NewerThan is not null;
        if ((place.NewerThan ?? place.OlderThan) is { } number
            && await db.Invoices.Where(i => i.Number == number).Select(i => (Guid?)i.Id)
            .SingleOrDefaultAsync(cancellationToken) is { } from)
        {
            invoices = backwards ? invoices.Where(i => i.Id > from) : invoices.Where(i => i.Id < from);
        }

        var rows = await (
            from i in backwards ? invoices.OrderBy(i => i.Id) : invoices.OrderByDescending(i => i.Id)
            join c in db.Customers on i.CustomerId equals c.Id
            select new FoundInvoice(
                i.Number, i.Kind, i.State, i.IssueDate, i.DueDate, i.Gross, i.ReminderLevel, i.RemindersPaused, i.IsOverpaid, c.Number,
                c.Company))
            .Take(PageSize + 1).ToListAsync(cancellationToken);

        var more = rows.Count > PageSize;
        var page = rows.Take(PageSize);
        return new InvoicesView(
            [.. backwards ? page.Reverse() : page], backwards ? more : place.OlderThan is not null, backwards || more, today);
    }

    private static async Task<IQueryable<Invoice>> MatchingAsync(
        PortalDbContext db, IQueryable<Invoice> invoices, string term, CancellationToken cancellationToken)
    {
        // Who types a number means just that, whoever else has it in the name.
        var upper = term.ToUpperInvariant();
        var customers = await db.Customers.Numbered(term).ToListAsync(cancellationToken);
        if (customers.Count > 0 || await db.Invoices.AnyAsync(i => i.Number == upper, cancellationToken))
        {
            return invoices.Where(i => i.Number == upper || customers.Contains(i.CustomerId));
        }

        var named = db.Customers.Named(term).Select(c => c.Id);
        return invoices.Where(i => named.Contains(i.CustomerId));
    }

    private static IQueryable<Invoice> Filtered(IQueryable<Invoice> invoices, InvoiceFilter filter, DateOnly today) => filter switch
    {
        InvoiceFilter.All => invoices,
        InvoiceFilter.Open => invoices.Where(i => i.Kind == InvoiceKind.Invoice && i.State == InvoiceState.Issued),
        InvoiceFilter.Overdue => invoices.Where(i => i.State == InvoiceState.Issued && i.DueDate < today),
        InvoiceFilter.Level3 => invoices.Where(i => i.State == InvoiceState.Issued && i.ReminderLevel == ReminderPlan.Levels),
        InvoiceFilter.Paid => invoices.Where(i => i.State == InvoiceState.Paid),
        InvoiceFilter.Overpaid => invoices.Where(i => i.IsOverpaid),
        InvoiceFilter.Cancelled => invoices.Where(i => i.State == InvoiceState.Cancelled),
        InvoiceFilter.Cancellations => invoices.Where(i => i.Kind == InvoiceKind.Cancellation),
    };
}
