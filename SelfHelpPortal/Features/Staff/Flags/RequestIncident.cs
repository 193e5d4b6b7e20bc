using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>
/// Asks for several cases to be resolved as one incident. Nothing happens to them until another person, an administrator, agrees.
/// </summary>
[StaffUseCase(StaffWork.Licenses, Fresh = true)]
internal sealed class RequestIncident(LicenseActs acts, FlagResolver resolver)
{
    /// <param name="numbers">The cases; the history of the first one's license tells of it.</param>
    public async Task<StaffResult> ExecuteAsync(
        StaffAct act, IReadOnlyList<string> numbers, FlagCause? cause, DateTimeOffset now, CancellationToken cancellationToken) =>
        await acts.RunAsync(
            typeof(RequestIncident),
            act,
            await resolver.LicenseOfAsync(numbers.Count > 0 ? numbers[0] : "", cancellationToken),
            $"{string.Join(',', numbers)}/{cause}",
            async (db, locked) => cause is null ? StaffRefusal.Cause
                : numbers.Count is < 2 or > IncidentRequest.MostCases ? StaffRefusal.Conflict
                : await DecideAsync(db, locked, act, numbers, cause.Value, now, cancellationToken),
            now,
            cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, License license, StaffAct act, IReadOnlyList<string> numbers, FlagCause cause, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var found = await db.Flags
            .Where(f => numbers.Contains(f.Number) && f.State != FlagState.Resolved && f.Kind == FlagKind.Sighting)
            .Select(f => new { f.Number, f.Id }).ToDictionaryAsync(f => f.Number, f => f.Id, cancellationToken);
        var waiting = await db.IncidentRequests.Where(r => r.Decision == null && r.ExpiresAt > now).Select(r => r.FlagIds)
            .ToListAsync(cancellationToken);
        if (numbers.Any(number => !found.TryGetValue(number, out var id) || waiting.Any(ids => ids.Contains(id))))
        {
            return StaffRefusal.Conflict;
        }

        db.Add(new IncidentRequest
        {
            Id = Guid.CreateVersion7(now),
            LicenseId = license.Id,
            FlagIds = [.. numbers.Select(number => found[number])],
            Cause = cause,
            RequestedBy = act.Actor.Id,
            RequestedAt = now,
            ExpiresAt = now + IncidentRequest.Lifetime,
        });
        var data = new EventData { Case = numbers[0], Cause = cause.ToString(), Until = now + IncidentRequest.Lifetime };
        await EventLog.AppendAsync(
            db, license.Id, EventKind.IncidentRequested, data, act.Actor.AsActor(), act.Reason.Trim(), now, cancellationToken);
        return StaffResult.Done;
    }
}
