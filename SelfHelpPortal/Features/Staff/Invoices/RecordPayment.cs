using System.Globalization;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Notes money that came in for an invoice, or went back. No document changes.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class RecordPayment(
    InvoiceActs acts, TransferSettlement transfers, Outbox outbox, LocalTimes times, IOptions<InvoicingOptions> options)
{
    private static readonly Money Largest = new(1_000_000_00);
    private const int MostDaysAgo = 366;

    /// <param name="act">Its reason is the note: where the payment was seen.</param>
    public async Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid invoice, Money amount, DateOnly receivedOn, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = times.Today(now);
        if (amount == new Money(0) || amount > Largest || amount < -Largest)
        {
            return StaffRefusal.Amount;
        }

        if (receivedOn > today || receivedOn < today.AddDays(-MostDaysAgo))
        {
            return StaffRefusal.Day;
        }

        var content = string.Create(CultureInfo.InvariantCulture, $"{amount.Cents}/{receivedOn:yyyy-MM-dd}");
        return await acts.RunAsync(
            typeof(RecordPayment), act, invoice, content, (db, locked) =>
                DecideAsync(db, locked, act, amount, receivedOn, now, cancellationToken), now, cancellationToken);
    }

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, Invoice invoice, StaffAct act, Money amount, DateOnly receivedOn, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var before = invoice.State;
        var payment =
            new Payment { InvoiceId = invoice.Id, Amount = amount, ReceivedOn = receivedOn, Note = act.Reason.Trim(), RecordedAt = now };
        if (!invoice.Record(payment, times.Zone, now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        db.Add(payment);
        var data = new EventData
        {
            Document = invoice.Number,
            Cents = amount.Cents,
            Before = before.ToString(),
            After = invoice.State.ToString()
        };
        await EventLog.AppendAsync(
            db, invoice.Id, EventKind.PaymentRecorded, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        if (options.Value.ConfirmPayments && amount > new Money(0) && invoice.State != InvoiceState.Cancelled)
        {
            await outbox.EnqueueAsync(
                db,
                new PaymentReceivedMail(invoice.Content.AsRecipient())
                {
                    CustomerId = invoice.CustomerId,
                    PaymentId = payment.Id,
                    Received = amount,
                    ReceivedOn = receivedOn,
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
