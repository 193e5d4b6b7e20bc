using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Shared.Products;

/// <summary>Where the next renewal of a subscription starts from.</summary>
internal static class SubscriptionEnd
{
    /// <summary>
    /// The last day that the license has or that somebody was billed for: where the license follows the payment, an invoice is ahead of the
    /// license, and no two invoices may bill the same days. Null when there is neither.
    /// </summary>
    /// <param name="license">Locked, so that nobody renews it meanwhile.</param>
    public static async Task<DateOnly?> FindAsync(PortalDbContext db, License license, CancellationToken cancellationToken)
    {
        var billed = await (
            from line in db.Set<InvoiceLineRow>()
            join invoice in db.Invoices on line.InvoiceId equals invoice.Id
            where invoice.Kind == InvoiceKind.Invoice && invoice.State != InvoiceState.Cancelled && line.PeriodTo != null
                && (invoice.LicenseId == license.Id
                    || db.Set<TransferItem>()
                    .Any(i => i.RequestId == invoice.TransferRequestId && i.Position == line.Position && i.LicenseId == license.Id))
            select line.PeriodTo).MaxAsync(cancellationToken);
        return billed is null || license.MaintenanceUntil > billed ? license.MaintenanceUntil : billed;
    }
}
