using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>Keeps what a clerk's own look-up of a VAT id came to; only a confirmed one lets the buyer owe the tax.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class RecordVatIdCheck(TransferActs acts)
{
    /// <param name="act">Its reason says where it was looked up.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid request, bool isValid, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(RecordVatIdCheck),
        act,
        request,
        isValid.ToString(),
        async (db, locked) =>
        {
            var transfer = locked.Request;
            var vatId = VatIds.Normalize(transfer.Contact?.VatId ?? "");
            var check =
                new VatIdCheck(vatId, isValid ? VatIdResult.Valid : VatIdResult.Invalid, now, $"{act.Actor.Name}: {act.Reason.Trim()}");
            if (!transfer.CheckVatId(check, now).Succeeded)
            {
                return StaffRefusal.Conflict;
            }

            await TransferEvents.AppendAsync(
                db, transfer, transfer.State, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken, nameof(RecordVatIdCheck));
            return StaffResult.Done;
        },
        now,
        cancellationToken);
}
