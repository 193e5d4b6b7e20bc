using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>A payment with what follows from it: the state of the invoice, the event, the mail, and the license that waited.</summary>
internal sealed class PaymentWriter(TransferSettlement transfers, Outbox outbox, LocalTimes times, IOptions<InvoicingOptions> options)
{
    public async Task<StaffResult> WriteAsync(
        PortalDbContext db, Invoice invoice, Payment payment, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = invoice.State;
        if (!invoice.Record(payment, times.Zone, now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        db.Add(payment);
        var data = new EventData
        {
            Document = invoice.Number,
            Cents = payment.Amount.Cents,
            Before = before.ToString(),
            After = invoice.State.ToString()
        };
        await EventLog.AppendAsync(
            db, invoice.Id, EventKind.PaymentRecorded, data, act.Actor.AsActor(), payment.Note, now, cancellationToken);
        if (options.Value.ConfirmPayments && payment is { UndoesId: null, Amount.Cents: > 0 } && invoice.State != InvoiceState.Cancelled)
        {
            await outbox.EnqueueAsync(
                db,
                new PaymentReceivedMail(invoice.Content.AsRecipient())
                {
                    CustomerId = invoice.CustomerId,
                    PaymentId = payment.Id,
                    Received = payment.Amount,
                    ReceivedOn = payment.ReceivedOn,
                    Invoice = InvoiceFacts.From(invoice),
                    AsOf = now,
                },
                now,
                cancellationToken);
        }

        if (before == InvoiceState.Issued && invoice is { State: InvoiceState.Paid, TransferRequestId: { } request })
        {
            await transfers.IssuePaidAsync(db, request, act.Actor.AsActor(), now, cancellationToken);
        }

        return StaffResult.Done;
    }
}
