using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;

namespace SelfHelpPortal.Shared.Transfers;

/// <summary>The invoice of an order that is not cancelled. There is at most one.</summary>
internal static class LivingInvoice
{
    public static Task<Guid?> IdAsync(PortalDbContext db, Guid request, CancellationToken cancellationToken) =>
        Of(db, request).Select(i => (Guid?)i.Id).SingleOrDefaultAsync(cancellationToken);

    /// <summary>Whether the customer may take the order back now.</summary>
    public static async Task<bool> MayBeWithdrawnAsync(PortalDbContext db, TransferRequest request, CancellationToken cancellationToken) =>
        request.MayBeWithdrawn
        || (request.State == TransferState.Accepted
            && await Of(db, request.Id).AsNoTracking().Include(i => i.Payments).SingleOrDefaultAsync(cancellationToken) is { } invoice
            && request.MayBeUndone(invoice));

    private static IQueryable<Invoice> Of(PortalDbContext db, Guid request) => db.Invoices.Where(
        i => i.TransferRequestId == request && i.Kind == InvoiceKind.Invoice && i.State != InvoiceState.Cancelled);
}
