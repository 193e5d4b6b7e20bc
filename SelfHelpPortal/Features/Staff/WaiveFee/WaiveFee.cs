using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Features.Staff.Transfers;

namespace SelfHelpPortal.Features.Staff.WaiveFee;

/// <summary>Goodwill: the license moves at once, and nothing is charged or renewed.</summary>
internal sealed class WaiveFee(TransferActs acts, TransferSettlement settlement)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(WaiveFee),
        act,
        request,
        "",
        async (db, locked) => (await settlement.SettleAsync(db, locked, act.Actor.AsActor(), waiveFee: true, act.Reason.Trim(), now, cancellationToken)).AsStaffResult(),
        now,
        cancellationToken);
}
