using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Data;

/// <summary>Loads an invoice to change what became of it: first the row lock, then the payments as of now.</summary>
internal static class InvoiceLocking
{
    public static async Task<Invoice?> LockInvoiceAsync(this PortalDbContext db, Guid invoiceId, CancellationToken cancellationToken)
    {
        var found = await db.Database.SqlQuery<Guid>($"SELECT id AS \"Value\" FROM invoice WHERE id = {invoiceId} FOR UPDATE")
            .ToListAsync(cancellationToken);
        return found is [] ? null : await db.Invoices.Include(i => i.Payments).SingleAsync(i => i.Id == invoiceId, cancellationToken);
    }
}
