using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Configuration;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.RemindInvoice;

/// <summary>
/// Reminds of every invoice that is due for it. Each is a transaction of its own: locked, raised by one level, its mail enqueued. Several nodes share
/// the work, and what was done stays done when one of them stops.
/// </summary>
internal sealed partial class RemindInvoices(
    IDbContextFactory<PortalDbContext> contexts, Outbox outbox, LocalTimes times, PublicAddress address, IOptions<MailOptions> mail, ILogger<RemindInvoices> log)
{
    public const string JobName = "invoice-reminders";

    /// <summary>Six in the morning, as <see cref="ReminderPlan"/> plans.</summary>
    public static readonly TimeOnly At = new(6, 0);

    /// <returns>How many were reminded of.</returns>
    public async Task<int> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var count = 0;
        while (await RemindOneAsync(now, cancellationToken))
        {
            count++;
        }

        if (count > 0)
        {
            LogReminded(count);
        }

        return count;
    }

    private async Task<bool> RemindOneAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var due = await db.Database.SqlQuery<Guid>(
            $"""
             SELECT id AS "Value" FROM invoice
             WHERE state = 'Issued' AND NOT reminders_paused AND next_reminder_at <= {now}
             ORDER BY next_reminder_at LIMIT 1 FOR UPDATE SKIP LOCKED
             """).ToListAsync(cancellationToken);
        if (due is [])
        {
            return false;
        }

        var invoice = await db.LockInvoiceAsync(due[0], cancellationToken) ?? throw new InvalidOperationException("A locked invoice is there.");
        var reminded = invoice.Remind(times.Zone, now);
        if (!reminded.Succeeded)
        {
            throw new InvalidOperationException($"Invoice {invoice.Number} is due for a reminder and must not be reminded of.");
        }

        await TellAsync(db, invoice, reminded.Value, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task TellAsync(PortalDbContext db, Invoice invoice, int level, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var facts = InvoiceFacts.Of(invoice);
        await EventLog.AppendAsync(
            db, invoice.Id, EventKind.InvoiceReminded, new EventData { Document = invoice.Number, Level = level }, Actor.System, text: null, now, cancellationToken);
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

    [LoggerMessage(3301, LogLevel.Information, "Reminded of {Count} invoices")]
    private partial void LogReminded(int count);
}
