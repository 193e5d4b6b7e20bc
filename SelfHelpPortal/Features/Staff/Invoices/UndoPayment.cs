using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Takes back a payment that was recorded by mistake, on the same day. What followed from it, such as a license, stays.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class UndoPayment(InvoiceActs acts, PaymentWriter writer, LocalTimes times)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid invoice, Guid payment, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(typeof(UndoPayment), act, invoice, payment.ToString(), async (db, locked) =>
        {
            var undo = locked.DraftUndo(payment, act.Reason.Trim(), times.Zone, now);
            return undo.Succeeded
                ? await writer.WriteAsync(db, locked, undo.Value, act, now, cancellationToken)
                : StaffRefusal.Conflict;
        }, now, cancellationToken);
}
