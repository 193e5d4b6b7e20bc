using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>
/// The second person agrees, and the computer is excluded from the license for good: it can neither be activated again nor go on, and its
/// seat is free. Two sign-ins of one account are one person.
/// </summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class ApproveExclusion(LicenseActs acts, ProductCatalog products)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid license, Guid request, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(ApproveExclusion), act, license, request.ToString("n"), (db, locked) =>
                DecideAsync(db, locked, act, request, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.ExclusionRequests.SingleOrDefaultAsync(r => r.Id == request && r.LicenseId == license.Id, cancellationToken)
            is not { } asked)
        {
            return StaffRefusal.NotFound;
        }

        if (asked.WhyNotApproved(act.Actor, now) is { } stopped)
        {
            return stopped;
        }

        if (!await StaffGate.CountsAsync(db, asked.RequestedBy, typeof(RequestExclusion), now, cancellationToken))
        {
            return StaffRefusal.Conflict;
        }

        var before = license.Activations.ToDictionary(a => a.Id, a => a.State);
        var policy = (await products.GetAsync(db, license.ProductId, cancellationToken)).Policies.Hardware;
        var outcome = license.Exclude(license.Activations.Single(a => a.Id == asked.ActivationId), policy, now);
        if (!outcome.Succeeded)
        {
            return StaffRefusal.Conflict;
        }

        asked.Approve(act.Actor, now);
        foreach (var excluded in outcome.Value)
        {
            var data = new EventData
            {
                Activation = excluded.Id,
                Seat = excluded.Seat,
                Generation = excluded.Generation,
                Before = before[excluded.Id].ToString(),
                After = excluded.State.ToString(),
            };
            await EventLog.AppendAsync(
                db, license.Id, EventKind.Excluded, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        }

        return StaffResult.Done;
    }
}
