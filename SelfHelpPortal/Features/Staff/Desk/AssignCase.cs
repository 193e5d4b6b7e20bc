using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Desk;

/// <summary>Takes a case, from a colleague too, or gives it back.</summary>
[StaffUseCase(StaffWork.Any)]
internal sealed class AssignCase(AdministrationActs acts)
{
    /// <param name="command">Made for the click: however often it is sent, it happens once.</param>
    /// <param name="shown">Who had it when the page was drawn; a case that somebody has taken meanwhile is not taken away unseen.</param>
    /// <param name="takes">Takes it, or gives it back.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid subject, Guid? shown, bool takes, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(AssignCase), actor, command, subject, $"{shown} {takes}", async db =>
            {
                var present = await db.CaseAssignments.SingleOrDefaultAsync(a => a.Subject == subject, cancellationToken);
                if (present?.UserId != shown)
                {
                    return StaffRefusal.Conflict;
                }

                switch (present)
                {
                    case null when takes:
                        // Two who take it at once: the second one's row is refused by the key, and the list then shows the first.
                        if (await db.Database.ExecuteSqlAsync(
                            $"""
                             INSERT INTO case_assignment (subject, user_id, at) VALUES ({subject}, {actor.Id}, {now})
                             ON CONFLICT (subject) DO NOTHING
                             """,
                            cancellationToken) == 0)
                        {
                            return StaffRefusal.Conflict;
                        }

                        break;
                    case not null when takes:
                        (present.UserId, present.At) = (actor.Id, now);
                        break;
                    case not null:
                        db.CaseAssignments.Remove(present);
                        break;
                }

                return StaffResult.Done;
            },
            now, cancellationToken);
}
