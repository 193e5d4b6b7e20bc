using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Licenses;

/// <summary>
/// Asks for a computer to be excluded from its license for good. Nothing happens to it until another person, an administrator, agrees.
/// </summary>
[StaffUseCase(StaffWork.Licenses, Fresh = true)]
internal sealed class RequestExclusion(LicenseActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffAct act, Guid license, Guid activation, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(RequestExclusion), act, license, activation.ToString("n"), (db, locked) =>
                DecideAsync(db, locked, act, activation, now, cancellationToken), now, cancellationToken);

    /// <summary>For acts that ask for it as a part of them; they need a fresh factor, too.</summary>
    internal static async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, Guid activation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (license.Activations.SingleOrDefault(a => a.Id == activation) is not { } computer)
        {
            return StaffRefusal.NotFound;
        }

        if (computer.State == ActivationState.Excluded)
        {
            return StaffRefusal.Conflict;
        }

        if (await db.ExclusionRequests.SingleOrDefaultAsync(r => r.ActivationId == activation && r.Decision == null, cancellationToken)
            is { } open)
        {
            if (open.ExpiresAt > now)
            {
                return StaffRefusal.Conflict;
            }

            // Before the new one, since a computer has at most one that is open.
            (open.Decision, open.DecidedAt) = (TwoPersonDecision.Expired, now);
            await db.SaveChangesAsync(cancellationToken);
        }

        db.Add(new ExclusionRequest
        {
            Id = Guid.CreateVersion7(now),
            LicenseId = license.Id,
            ActivationId = activation,
            RequestedBy = act.Actor.Id,
            RequestedAt = now,
            ExpiresAt = now + ExclusionRequest.Lifetime,
        });
        var data = new EventData
        {
            Activation = computer.Id,
            Seat = computer.Seat,
            Generation = computer.Generation,
            Until = now + ExclusionRequest.Lifetime
        };
        await EventLog.AppendAsync(
            db, license.Id, EventKind.ExclusionRequested, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        return StaffResult.Done;
    }
}
