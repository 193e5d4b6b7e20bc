using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Stops the reminders of one invoice, or lets them go on.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class PauseReminders(InvoiceActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid invoice, bool paused, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(PauseReminders), act, invoice, paused ? "pause" : "resume", (db, locked) =>
                DecideAsync(db, locked, act, paused, now, cancellationToken), now, cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, Invoice invoice, StaffAct act, bool paused, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!invoice.PauseReminders(paused).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        var kind = paused ? EventKind.RemindersPaused : EventKind.RemindersResumed;
        await EventLog.AppendAsync(db, invoice.Id, kind, new EventData { Document = invoice.Number }, act.Actor.AsActor(),
            act.Reason.Trim(), now, cancellationToken);
        return StaffResult.Done;
    }
}
