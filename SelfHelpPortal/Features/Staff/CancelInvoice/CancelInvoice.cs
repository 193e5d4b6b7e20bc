using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Features.Staff.CancelInvoice;

/// <summary>
/// Takes a whole invoice back by a cancellation with a number, PDF and XML of its own; the customer is told. What was moved for the money stays moved.
/// </summary>
internal sealed class CancelInvoice(InvoiceActs acts, InvoicePress press, Outbox outbox)
{
    /// <param name="act">Its reason stands on the cancellation.</param>
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid invoice, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(CancelInvoice), act, invoice, "", (db, locked) => DecideAsync(db, locked, act, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> DecideAsync(PortalDbContext db, Invoice invoice, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var draft = invoice.DraftCancellation(press.Today(now), ForeignText.OneLine(act.Reason.Trim()));
        if (!draft.Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var before = invoice.State;
        var actor = act.Actor.AsActor();
        var origin = new InvoiceOrigin(invoice.CustomerId, invoice.TransferRequestId, invoice.Id);
        var issued = await press.IssueAsync(db, draft.Value, origin, InvoicePress.EvidenceOf(invoice), invoice.Content, actor, now, cancellationToken);
        if (!issued.Succeeded)
        {
            return new StaffResult(StaffRefusal.InvoiceInvalid, issued.Refused.BrokenRules);
        }

        var cancellation = issued.Value.Invoice;
        if (!invoice.Cancel(cancellation).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var data = new EventData { Document = cancellation.Number, Before = before.ToString(), After = invoice.State.ToString() };
        await EventLog.AppendAsync(db, invoice.Id, EventKind.InvoiceCancelled, data, actor, act.Reason.Trim(), now, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new InvoiceCancelledMail(invoice.Content.AsRecipient())
            {
                CustomerId = invoice.CustomerId,
                OriginalNumber = invoice.Number,
                Cancellation = InvoiceFacts.Of(cancellation),
                Received = invoice.Received,
                CancelledAt = now,
                Files = issued.Value.Attachments,
            },
            now,
            cancellationToken);
        return StaffResult.Done;
    }
}
