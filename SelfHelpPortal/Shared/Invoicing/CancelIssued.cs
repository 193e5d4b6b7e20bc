using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Shared.Contacts;

namespace SelfHelpPortal.Shared.Invoicing;

/// <summary>
/// Takes a whole invoice back by a cancellation with a number, PDF and XML of its own; the customer is told. What was moved for the money
/// stays moved; a renewal whose days have not begun is taken back, and of any other staff decide. In the caller's transaction, which holds
/// the invoice's lock; it does not commit, and after a refusal the caller rolls back.
/// </summary>
internal sealed class CancelIssued(InvoiceIssuer press, OwnerMails mails)
{
    /// <param name="reason">Stands on the cancellation.</param>
    /// <param name="tellsOwners">Every owner hears of it, since one of them did it; otherwise only the address on the invoice.</param>
    /// <returns><see cref="Refusal.Conflict"/>, or <see cref="Refusal.InvoiceInvalid"/> with what is broken.</returns>
    public async Task<Outcome<Invoice>> ExecuteAsync(
        PortalDbContext db, Invoice invoice, string reason, bool tellsOwners, Actor actor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var draft = invoice.DraftCancellation(press.Today(now), CancellationNotes.Of(invoice, UntrustedText.OneLine(reason)));
        if (!draft.Succeeded)
        {
            return draft.Refused;
        }

        var before = invoice.State;
        var shortened = await ShortenAsync(db, invoice, actor, now, cancellationToken);
        var origin = new InvoiceOrigin(invoice.CustomerId, invoice.TransferRequestId, invoice.Id, LicenseId: invoice.LicenseId);
        var issued = await press.IssueAsync(
            db, draft.Value, origin, InvoiceIssuer.EvidenceOf(invoice), invoice.Content, actor, now, cancellationToken);
        if (!issued.Succeeded)
        {
            return issued.Refused;
        }

        var cancellation = issued.Value.Invoice;
        if (invoice.Cancel(cancellation) is { Succeeded: false } refused)
        {
            return refused;
        }

        var data = new EventData { Document = cancellation.Number, Before = before.ToString(), After = invoice.State.ToString() };
        await EventLog.AppendAsync(db, invoice.Id, EventKind.InvoiceCancelled, data, actor, reason, now, cancellationToken);
        await mails.EnqueueAsync(
            db,
            invoice.CustomerId,
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
            _ => tellsOwners,
            now,
            cancellationToken);
        return invoice;
    }

    /// <summary>
    /// The license is locked after its invoice here, as a payment does it: nobody locks an invoice that exists while holding a license.
    /// </summary>
    /// <returns>The new end of the subscription; null when it stays as it is.</returns>
    private async Task<DateOnly?> ShortenAsync(
        PortalDbContext db, Invoice invoice, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (invoice.LicenseId is not { } id || invoice.RenewedPeriod is not { } period
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
