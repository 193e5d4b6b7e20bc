using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Stops the reminders of every invoice of a customer, those to come included, or lets them go on.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class PauseCustomerReminders(StaffActs acts)
{
    /// <param name="invoice">The one that the clerk looks at; its history tells of it.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid invoice, bool paused, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(PauseCustomerReminders),
        act,
        new(invoice, async db => await db.LockInvoiceAsync(invoice, cancellationToken) is not null),
        paused ? "pause" : "resume",
        db => DecideAsync(db, act, invoice, paused, now, cancellationToken),
        now,
        cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffAct act, Guid invoiceId, bool paused, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Invoices.Where(i => i.Id == invoiceId).Select(i => (Guid?)i.CustomerId)
            .SingleOrDefaultAsync(cancellationToken) is not { } customer)
        {
            return StaffRefusal.NotFound;
        }

        // The customer's row before the invoice's, in the fixed order of locks.
        var changed = await db.Customers.Where(c => c.Id == customer && c.RemindersPaused != paused)
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.RemindersPaused, paused), cancellationToken);
        if (changed == 0 || await db.LockInvoiceAsync(invoiceId, cancellationToken) is not { } invoice)
        {
            return StaffRefusal.Conflict;
        }

        var kind = paused ? EventKind.CustomerRemindersPaused : EventKind.CustomerRemindersResumed;
        await EventLog.AppendAsync(db, invoice.Id, kind, new EventData(), act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        return StaffResult.Done;
    }
}
