using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>
/// Reminds of every invoice that is due for it. Each is a transaction of its own: locked, raised by one level, its mail enqueued. Several
/// nodes share the work, and what was done stays done when one of them stops.
/// </summary>
internal sealed partial class RemindInvoices(
    IDbContextFactory<PortalDbContext> contexts, Outbox outbox, LocalTimes times, PublicAddress address, IOptions<MailOptions> mail,
    ILogger<RemindInvoices> log)
{
    public const string JobName = "invoice-reminders";

    /// <summary>Six in the morning, as <see cref="ReminderPlan"/> plans.</summary>
    public static readonly TimeOnly At = new(6, 0);

    /// <returns>How many were reminded of.</returns>
    public async Task<int> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var count = 0;
        var next = await NextAsync(null, now, cancellationToken);
        while (next is not null)
        {
            try
            {
                count += await RemindAsync(next.Id, now, cancellationToken) ? 1 : 0;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The others are reminded of all the same; this one is tried again tomorrow.
                LogFailed(e, next.Id);
            }

            next = await NextAsync(next, now, cancellationToken);
        }

        if (count > 0)
        {
            LogReminded(count);
        }

        return count;
    }

    /// <param name="last">The one before it in the order of the list, whatever became of that.</param>
    private async Task<DueInvoice?> NextAsync(DueInvoice? last, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var due = db.Invoices.Where(i => i.State == InvoiceState.Issued && !i.RemindersPaused && i.NextReminderAt <= now);
        if (last is not null)
        {
            due = due.Where(i => EF.Functions.GreaterThan(
                ValueTuple.Create(i.NextReminderAt!.Value, i.Id), ValueTuple.Create(last.At, last.Id)));
        }

        return await (
            from i in due
            join c in db.Customers on i.CustomerId equals c.Id
            where !c.RemindersPaused
            orderby i.NextReminderAt, i.Id
            select new DueInvoice(i.Id, i.NextReminderAt!.Value)).FirstOrDefaultAsync(cancellationToken);
    }

    /// <returns>False when another node was faster, or the invoice was paid meanwhile.</returns>
    private async Task<bool> RemindAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var invoice = await db.LockInvoiceAsync(id, cancellationToken)
            ?? throw new MissingRowException("Invoice", id, "the list of unpaid ones");
        var reminded = invoice.Remind(times.Zone, now);
        if (!reminded.Succeeded)
        {
            return false;
        }

        await TellAsync(db, invoice, reminded.Value, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task TellAsync(PortalDbContext db, Invoice invoice, int level, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var facts = InvoiceFacts.From(invoice);
        await EventLog.AppendAsync(
            db, invoice.Id, EventKind.InvoiceReminded, new EventData { Document = invoice.Number, Level = level }, Actor.System, text: null,
            now, cancellationToken);
        await outbox.EnqueueAsync(
            db,
            new InvoiceReminderMail(invoice.Content.AsRecipient())
            {
                CustomerId = invoice.CustomerId,
                InvoiceId = invoice.Id,
                Level = level,
                Invoice = facts,
                AsOf = now,
                Files = await InvoiceMails.AttachmentsAsync(db, invoice, cancellationToken),
            },
            now,
            cancellationToken);
        if (level < ReminderPlan.Levels)
        {
            return;
        }

        foreach (var recipient in mail.Value.StaffRecipients())
        {
            await outbox.EnqueueAsync(
                db,
                new StaffPaymentMail(recipient)
                {
                    CustomerId = invoice.CustomerId,
                    InvoiceId = invoice.Id,
                    Invoice = facts,
                    Customer = invoice.Content.Buyer.Name,
                    InvoiceAddress = $"{address.Root}/staff/invoices/{invoice.Number}",
                    AsOf = now,
                },
                now,
                cancellationToken);
        }
    }

    [LoggerMessage(3302, LogLevel.Error, "Invoice {Id} could not be reminded of")]
    private partial void LogFailed(Exception error, Guid id);

    private sealed record DueInvoice(Guid Id, DateTimeOffset At);

    [LoggerMessage(3301, LogLevel.Information, "Reminded of {Count} invoices")]
    private partial void LogReminded(int count);
}
