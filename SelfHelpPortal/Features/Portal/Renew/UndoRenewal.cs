using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Portal.Renew;

/// <summary>That a renewal is taken back.</summary>
internal sealed record RenewalUndone(string InvoiceNumber);

/// <summary>
/// An owner takes a renewal back that nobody has paid and whose first day is still to come: the former end counts again, the invoice is
/// cancelled, and the address on it and every owner are told.
/// </summary>
[CustomerUseCase(CustomerRole.Owner)]
internal sealed class UndoRenewal(
    IDbContextFactory<PortalDbContext> contexts, CustomerActs acts, CancelIssued cancel, LocalTimes times)
{
    /// <returns><see cref="CustomerRefusal.Conflict"/> when it is too late.</returns>
    public async Task<CustomerAnswer<RenewalUndone>> ExecuteAsync(
        CustomerAct act, string number, string invoiceNumber, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ShowRenewal.FindAsync(db, act.Actor, number, cancellationToken) is { } own
            && await db.Invoices.Where(i => i.Number == invoiceNumber && i.LicenseId == own.Id && i.CustomerId == own.CustomerId
                && i.Kind == InvoiceKind.Invoice).Select(i => (Guid?)i.Id).SingleOrDefaultAsync(cancellationToken) is { } invoice
            ? await acts.RunAsync<RenewalUndone>(
                typeof(UndoRenewal), act, own.CustomerId, new { invoiceNumber },
                transaction => UndoAsync(transaction, act.Actor.AsActor(), invoice, own.Id, now, cancellationToken), now, cancellationToken)
            : CustomerRefusal.NotFound;
    }

    private async Task<CustomerAnswer<RenewalUndone>> UndoAsync(
        PortalDbContext db, Actor actor, Guid id, Guid licenseId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The invoice before its license, as a payment locks them.
        if (await db.LockInvoiceAsync(id, cancellationToken) is not { } invoice
            || await db.LockLicenseAsync(licenseId, cancellationToken) is not { } license || license.CustomerId != invoice.CustomerId)
        {
            return CustomerRefusal.NotFound;
        }

        var reason = InvoiceWords.Text("Cancelled.ByCustomer", invoice.Content.Language);
        return license.MayUndoRenewal(invoice, times.Today(now))
            && (await cancel.ExecuteAsync(db, invoice, reason, tellsOwners: true, actor, now, cancellationToken)).Succeeded
                ? new RenewalUndone(invoice.Number)
                : CustomerRefusal.Conflict;
    }
}
