using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Flags;

/// <summary>How one case of an incident ended.</summary>
internal sealed record IncidentCase(string Number, StaffRefusal? Refused);

/// <param name="Cases">Empty when nothing was begun.</param>
internal sealed record IncidentOutcome(StaffResult Result, IReadOnlyList<IncidentCase> Cases)
{
    public StaffRefusal? Refused => Result.Refused;
}

/// <summary>
/// The second person agrees, and the cases of an incident are resolved one after the other, each as an act of its own: one that has changed
/// meanwhile does not hold up the others. Approving again goes on with those that are still open.
/// </summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class ApproveIncident(IDbContextFactory<PortalDbContext> contexts, LicenseActs acts, FlagResolver resolver)
{
    public async Task<IncidentOutcome> ExecuteAsync(StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IncidentRequest? asked;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            asked = await db.IncidentRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == request, cancellationToken);
        }

        var approved = await acts.RunAsync(
            typeof(ApproveIncident), act, asked?.LicenseId ?? Guid.Empty, request.ToString("n"), (db, locked) =>
                DecideAsync(db, act, request, now, cancellationToken), now, cancellationToken);
        if (!approved.Succeeded || asked is null)
        {
            return new IncidentOutcome(approved, []);
        }

        List<(string Number, Guid License)> cases;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            cases = [.. (await db.Flags.Where(f => asked.FlagIds.Contains(f.Id) && f.State != FlagState.Resolved).OrderBy(f => f.OpenedAt)
                .Select(f => new { f.Number, f.LicenseId }).ToListAsync(cancellationToken)).Select(f => (f.Number, f.LicenseId))];
        }

        var ends = new List<IncidentCase>();
        foreach (var (number, license) in cases)
        {
            var one = act with { CommandId = Guid.CreateVersion7(now) };
            var resolution = new FlagResolution(asked.Cause);
            var ended = await acts.RunAsync(
                typeof(ApproveIncident), one, license, number, (db, locked) =>
                    resolver.DecideAsync(db, locked, one, number, resolution, now, cancellationToken), now, cancellationToken);
            ends.Add(new IncidentCase(number, ended.Refused));
        }

        return new IncidentOutcome(approved, ends);
    }

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffAct act, Guid request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = await db.IncidentRequests.SingleAsync(r => r.Id == request, cancellationToken);
        if (asked.Decision == TwoPersonDecision.Approved && asked.DecidedBy == act.Actor.Id)
        {
            return StaffResult.Done;
        }

        if (asked.WhyNotApproved(act.Actor, now) is { } stopped)
        {
            return stopped;
        }

        if (!await StaffGate.CountsAsync(db, asked.RequestedBy, typeof(RequestIncident), now, cancellationToken))
        {
            return StaffRefusal.Conflict;
        }

        asked.Approve(act.Actor, now);
        return StaffResult.Done;
    }
}
