using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>
/// Takes a whole invoice back by a cancellation with a number, PDF and XML of its own; the customer is told. What was moved for the money
/// stays moved; a renewal whose days have not begun is taken back, and of any other staff decide.
/// </summary>
[StaffUseCase(StaffWork.Invoices, Fresh = true)]
internal sealed class CancelInvoice(InvoiceActs acts, InvoiceIssuer press, Outbox outbox)
{
    /// <param name="act">Its reason stands on the cancellation.</param>
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid invoice, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(CancelInvoice), act, invoice, "", (db, locked) => DecideAsync(db, locked, act, now, cancellationToken), now,
            cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, Invoice invoice, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var draft = invoice.DraftCancellation(
            press.Today(now), CancellationNotes.Of(invoice, UntrustedText.OneLine(act.Reason.Trim())));
        if (!draft.Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var before = invoice.State;
        var actor = act.Actor.AsActor();
        var shortened = await ShortenAsync(db, invoice, actor, now, cancellationToken);
        var origin = new InvoiceOrigin(invoice.CustomerId, invoice.TransferRequestId, invoice.Id, LicenseId: invoice.LicenseId);
        var issued = await press.IssueAsync(
            db, draft.Value, origin, InvoiceIssuer.EvidenceOf(invoice), invoice.Content, actor, now, cancellationToken);
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
                Cancellation = InvoiceFacts.From(cancellation),
                Received = invoice.Received,
                CancelledAt = now,
                SubscriptionUntil = shortened,
                Files = issued.Value.Attachments,
            },
            now,
            cancellationToken);
        return StaffResult.Done;
    }

    /// <summary>
    /// The license is locked after its invoice here, as a payment does it: nobody locks an invoice that exists while holding a license.
    /// </summary>
    /// <returns>The new end of the subscription; null when it stays as it is.</returns>
    private async Task<DateOnly?> ShortenAsync(
        PortalDbContext db, Invoice invoice, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (invoice.LicenseId is not { } id || invoice.Content.Lines is not [{ Period: { } period }]
            || await db.LockLicenseAsync(id, cancellationToken) is not { } license || !license.TakeBack(period, press.Today(now)))
        {
            return null;
        }

        var until = new DateTimeOffset(license.MaintenanceUntil!.Value.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        await EventLog.AppendAsync(
            db, license.Id, EventKind.SubscriptionShortened, new EventData { Until = until, Document = invoice.Number }, actor, text: null,
            now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return license.MaintenanceUntil;
    }
}
