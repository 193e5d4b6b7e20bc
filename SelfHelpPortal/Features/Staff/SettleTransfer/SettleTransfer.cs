using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Features.Staff.Transfers;

namespace SelfHelpPortal.Features.Staff.SettleTransfer;

/// <summary>Accepts an order and settles it: invoice and, unless the product waits for the payment, the license.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class SettleTransfer(TransferActs acts, TransferSettlement settlement)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(SettleTransfer),
        act,
        request,
        "",
        async (db, locked) => (await settlement.SettleAsync(db, locked, act.Actor.AsActor(), waiveFee: false, act.Reason.Trim(), now, cancellationToken)).AsStaffResult(),
        now,
        cancellationToken);
}
