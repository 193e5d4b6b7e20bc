using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.People;

/// <summary>
/// Asks for password and second factor to be taken from a colleague who cannot sign in any more. Nothing happens until another
/// administrator agrees.
/// </summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class RequestReset(StaffAccountActs acts)
{
    public Task<StaffResult> ExecuteAsync(StaffAct act, Guid person, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(RequestReset), act, person, content: "", db => DecideAsync(db, act, person, now, cancellationToken), now,
            cancellationToken);

    private static async Task<StaffResult> DecideAsync(
        PortalDbContext db, StaffAct act, Guid person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (user, known, people) = await StaffAccounts.FindAsync(db, person, now, cancellationToken);
        if (user is null || known is null)
        {
            return StaffRefusal.NotFound;
        }

        if (person == act.Actor.Id)
        {
            return StaffRefusal.OwnAccount;
        }

        // Whoever has not finished gets another invitation, which takes nothing away.
        if (known.State != StaffState.Active)
        {
            return StaffRefusal.Conflict;
        }

        if (!people.CanReset(person))
        {
            return StaffRefusal.NeedsOperator;
        }

        if (await db.StaffResets.SingleOrDefaultAsync(r => r.UserId == person && r.Decision == null, cancellationToken) is { } open)
        {
            if (open.ExpiresAt > now)
            {
                return StaffRefusal.Conflict;
            }

            // Before the new one, since a person has at most one that is open.
            (open.Decision, open.DecidedAt) = (TwoPersonDecision.Expired, now);
            await db.SaveChangesAsync(cancellationToken);
        }

        db.Add(new StaffReset
        {
            Id = Guid.CreateVersion7(now),
            UserId = person,
            RequestedBy = act.Actor.Id,
            RequestedAt = now,
            ExpiresAt = now + StaffReset.Lifetime,
            Reason = act.Reason.Trim(),
        });
        await StaffAccounts.NoteAsync(db, act.Actor.Id, AuditKind.ResetRequested, user, act.Reason.Trim(), now, cancellationToken);
        return StaffResult.Done;
    }
}
