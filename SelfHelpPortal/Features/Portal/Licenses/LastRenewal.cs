using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Features.Portal.Licenses;

/// <summary>The renewal that was ordered last, so that nobody orders it twice who sees no invoice yet.</summary>
/// <param name="Until">Its last day.</param>
internal sealed record LastRenewal(string InvoiceNumber, DateOnly IssuedOn, DateOnly Until)
{
    /// <param name="customer">The invoices of a licensee before are not theirs to see.</param>
    public static Task<LastRenewal?> FindAsync(PortalDbContext db, Guid license, Guid customer, CancellationToken cancellationToken) =>
        (from invoice in db.Invoices
         join line in db.Set<InvoiceLineRow>() on invoice.Id equals line.InvoiceId
         where invoice.LicenseId == license && invoice.CustomerId == customer && invoice.Kind == InvoiceKind.Invoice
             && invoice.State != InvoiceState.Cancelled && line.PeriodTo != null
         orderby line.PeriodTo descending
         select new LastRenewal(invoice.Number, invoice.IssueDate, line.PeriodTo!.Value)).FirstOrDefaultAsync(cancellationToken);
}
