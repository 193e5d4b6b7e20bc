using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Common;
using SelfHelpPortal.Licensing;

namespace SelfHelpPortal.Features.Staff.ExcludeDevice;

/// <summary>Bans a computer from a license for good: it can neither be activated again nor go on, and its seat is free.</summary>
internal sealed class ExcludeDevice(LicenseActs acts, ProductCatalog products)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid license, Guid activation, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(ExcludeDevice), act, license, activation.ToString("n"), (db, locked) => DecideAsync(db, locked, act, activation, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, Guid activation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (license.Activations.SingleOrDefault(a => a.Id == activation) is not { } computer)
        {
            return StaffRefusal.NotFound;
        }

        var before = license.Activations.ToDictionary(a => a.Id, a => a.State);
        var policy = (await products.GetAsync(db, license.ProductId, cancellationToken)).Policies.Hardware;
        var outcome = license.Exclude(computer, policy, now);
        if (!outcome.Succeeded)
        {
            return StaffRefusal.Conflict;
        }

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
            await EventLog.AppendAsync(db, license.Id, EventKind.Excluded, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        }

        return StaffResult.Done;
    }
}
