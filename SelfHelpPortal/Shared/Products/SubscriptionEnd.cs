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
    /// <param name="license">Locked where it is to be renewed, so that nobody else does meanwhile.</param>
    public static Task<DateOnly?> FindAsync(PortalDbContext db, License license, CancellationToken cancellationToken) =>
        FindAsync(db, license.Id, license.MaintenanceUntil, cancellationToken);

    /// <param name="maintenanceUntil">The last day that the license has.</param>
    public static async Task<DateOnly?> FindAsync(
        PortalDbContext db, Guid license, DateOnly? maintenanceUntil, CancellationToken cancellationToken)
    {
        var billed = await (
            from line in db.Set<InvoiceLineRow>()
            join invoice in db.Invoices on line.InvoiceId equals invoice.Id
            where invoice.Kind == InvoiceKind.Invoice && invoice.State != InvoiceState.Cancelled && line.PeriodTo != null
                && (invoice.LicenseId == license
                    || db.Set<TransferItem>()
                    .Any(i => i.RequestId == invoice.TransferRequestId && i.Position == line.Position && i.LicenseId == license))
            select line.PeriodTo).MaxAsync(cancellationToken);
        return billed is null || maintenanceUntil > billed ? maintenanceUntil : billed;
    }
}
