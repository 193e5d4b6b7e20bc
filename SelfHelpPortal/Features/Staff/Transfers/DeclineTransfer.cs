using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Contacts;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>Refuses an order. One whose invoice is out can be refused only after that invoice was cancelled.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class DeclineTransfer(TransferActs acts, ProductCatalog products, Outbox outbox)
{
    /// <param name="act">Its reason is what the customer reads.</param>
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
        typeof(DeclineTransfer), act, request, "", (db, locked) =>
            DecideAsync(db, locked, act, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, LockedTransfer locked, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var request = locked.Request;
        var before = request.State;
        var isInvoiced = before == TransferState.Accepted && await db.Invoices.AnyAsync(
            i => i.TransferRequestId == request.Id && i.Kind == InvoiceKind.Invoice && i.State != InvoiceState.Cancelled,
            cancellationToken);
        if (isInvoiced)
        {
            return StaffRefusal.StillInvoiced;
        }

        if (!request.Decline(act.Reason.Trim(), now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        await TransferEvents.AppendAsync(db, request, before, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new TransferDeclinedMail(request.AsRecipient())
            {
                ProductId = request.ProductId,
                CustomerId = request.CustomerId,
                RequestId = request.Id,
                RequestReference = request.Reference!,
                Product = (await products.GetAsync(db, request.ProductId, cancellationToken)).Name,
                Why = act.Reason.Trim(),
                DeclinedAt = now,
            },
            now,
            cancellationToken);
        return StaffResult.Done;
    }
}
