using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>
/// The license of an accepted order, where it was to follow the payment: by hand, because it could not move then or staff do not wait.
/// </summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class IssueLicense(TransferActs acts, TransferSettlement settlement)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
        typeof(IssueLicense),
        act,
        request,
        "",
        async (db, locked) =>
            (await settlement.IssueLicensesAsync(db, locked, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken))
                .AsStaffResult(),
        now,
        cancellationToken);
}
