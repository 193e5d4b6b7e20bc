using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Sends the stored documents once more, to the address of the invoice.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SendInvoiceAgain(InvoiceActs acts, Outbox outbox)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid invoice, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(SendInvoiceAgain), act, invoice, "", (db, locked) => DecideAsync(db, locked, act, now, cancellationToken), now,
            cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, Invoice invoice, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var files = await InvoiceMails.AttachmentsAsync(db, invoice, cancellationToken);
        if (files.Count == 0)
        {
            return StaffRefusal.Conflict;
        }

        await EventLog.AppendAsync(db, invoice.Id, EventKind.InvoiceSent, new EventData { Document = invoice.Number }, act.Actor.AsActor(),
            act.Reason.Trim(), now, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new InvoiceCopyMail(invoice.Content.AsRecipient())
            {
                CustomerId = invoice.CustomerId,
                CopyId = act.CommandId,
                Document = invoice.Kind,
                Invoice = InvoiceFacts.From(invoice),
                SentAt = now,
                Files = files,
            },
            now,
            cancellationToken);
        return StaffResult.Done;
    }
}
