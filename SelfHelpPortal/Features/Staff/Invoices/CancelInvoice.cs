using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Invoicing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>Takes a whole invoice back, for a reason that stands on the cancellation.</summary>
[StaffUseCase(StaffWork.Invoices, Fresh = true)]
internal sealed class CancelInvoice(InvoiceActs acts, CancelIssued cancel)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid invoice, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(CancelInvoice), act, invoice, "",
            async (db, locked) => await cancel.ExecuteAsync(
                db, locked, act.Reason.Trim(), tellsOwners: false, act.Actor.AsActor(), now, cancellationToken) switch
            {
                { Succeeded: true } => StaffResult.Done,
                { Refused: { Refusal: Refusal.InvoiceInvalid } invalid } =>
                    new StaffResult(StaffRefusal.InvoiceInvalid, invalid.BrokenRules),
                _ => StaffRefusal.Conflict,
            },
            now, cancellationToken);
}
