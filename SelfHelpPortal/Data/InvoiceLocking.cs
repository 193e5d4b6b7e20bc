using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Data;

/// <summary>Loads an invoice to change what became of it: first the row lock, then the payments as of now.</summary>
internal static class InvoiceLocking
{
    public static async Task<Invoice?> LockInvoiceAsync(this PortalDbContext db, Guid invoiceId, CancellationToken cancellationToken)
    {
        return await db.LockRowAsync<Invoice>(invoiceId, cancellationToken)
            ? await db.Invoices.Include(i => i.Payments).SingleAsync(i => i.Id == invoiceId, cancellationToken)
            : null;
    }
}
