using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>Accepts an order and settles it: invoice and, unless the product waits for the payment, the license.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SettleTransfer(TransferActs acts, TransferSettlement settlement)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
        typeof(SettleTransfer),
        act,
        request,
        "",
        async (db, locked) =>
            (await settlement.SettleAsync(db, locked, act.Actor.AsActor(), waiveFee: false, act.Reason.Trim(), now, cancellationToken))
                .AsStaffResult(),
        now,
        cancellationToken);
}
