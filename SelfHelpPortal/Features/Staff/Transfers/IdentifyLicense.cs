using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Transfers;

namespace SelfHelpPortal.Features.Staff.Transfers;

/// <summary>A clerk says which license, and which computer of it, was the dead one.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class IdentifyLicense(TransferActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid request, Guid item, Guid activation, DateTimeOffset now, CancellationToken cancellationToken) => acts.RunAsync(
        typeof(IdentifyLicense), act, request, $"{item:n}/{activation:n}", (db, locked) =>
            DecideAsync(db, locked.Request, act, item, activation, now, cancellationToken), now, cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, TransferRequest request, StaffAct act, Guid itemId, Guid activationId, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var found = await (
            from a in db.Activations
            join l in db.Licenses on a.LicenseId equals l.Id
            where a.Id == activationId && a.State == ActivationState.Active && a.EndsAt == null && l.ProductId == request.ProductId
            select new { LicenseId = l.Id, l.CustomerId }).SingleOrDefaultAsync(cancellationToken);
        if (found is null || request.Items.SingleOrDefault(i => i.Id == itemId) is not { } item)
        {
            return StaffRefusal.NotFound;
        }

        if (request.CustomerId is { } owner && owner != found.CustomerId)
        {
            return StaffRefusal.OtherCustomer;
        }

        // The database refuses the same computer in two requests; here the clerk is told.
        if (await db.Set<TransferItem>()
            .AnyAsync(i => i.ActivationId == activationId && i.IsOpen && i.RequestId != request.Id, cancellationToken))
        {
            return StaffRefusal.InOtherRequest;
        }

        if (!request.Identify(item, found.LicenseId, activationId, found.CustomerId, now).Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        await TransferEvents.AppendAsync(
            db, request, request.State, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken, nameof(IdentifyLicense));
        return StaffResult.Done;
    }
}
