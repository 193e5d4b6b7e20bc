using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>Goodwill: the license moves at once, and nothing is charged or renewed. Support may do so up to a limit.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class WaiveFee(TransferActs acts, TransferSettlement settlement, IOptions<InvoicingOptions> options)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
        typeof(WaiveFee), act, request, "", (db, locked) => DecideAsync(db, locked, act, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, LockedTransfer locked, StaffAct act, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var fee = (locked.Request.Price?.UnitNetCents ?? 0) * locked.Request.Items.Count;
        if (fee > options.Value.SupportWaivesUpTo * 100
            && !await StaffGate.HoldsAsync(db, act.Actor.Id, StaffPermission.RolesFor(StaffWork.Invoices), cancellationToken))
        {
            return StaffRefusal.AboveLimit;
        }

        return (await settlement.SettleAsync(db, locked, act.Actor.AsActor(), waiveFee: true, act.Reason.Trim(), now, cancellationToken))
            .AsStaffResult();
    }
}
