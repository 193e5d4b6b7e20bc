using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Kit;

/// <summary>Keeps what was typed into a dialog while its author shows the factor again.</summary>
internal sealed class StaffDrafts(IDbContextFactory<PortalDbContext> contexts)
{
    public async Task<Guid> KeepAsync(
        StaffActor actor, string act, Guid? target, string reason, DateTimeOffset now, CancellationToken cancellationToken,
        string? form = null)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var draft = new StaffDraft
        {
            Id = Guid.NewGuid(),
            UserId = actor.Id,
            Act = act,
            Target = target,
            Reason = reason,
            Form = form,
            CreatedAt = now,
        };
        db.Add(draft);
        await db.SaveChangesAsync(cancellationToken);
        return draft.Id;
    }

    /// <summary>Once, and for its author only.</summary>
    public async Task<StaffDraft?> TakeAsync(StaffActor actor, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var mine = db.Set<StaffDraft>().Where(d => d.Id == id && d.UserId == actor.Id);
        var draft = await mine.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        await mine.ExecuteDeleteAsync(cancellationToken);
        return draft?.CreatedAt > now - StaffDraft.Lifetime ? draft : null;
    }
}
