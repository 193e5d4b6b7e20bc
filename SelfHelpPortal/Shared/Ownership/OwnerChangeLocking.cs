using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Ownership;

namespace SelfHelpPortal.Shared.Ownership;

internal static class OwnerChangeLocking
{
    /// <summary>Null when there is none. Whoever needs the license as well has locked it before (security.md, section 3).</summary>
    public static async Task<OwnerChange?> LockOwnerChangeAsync(this PortalDbContext db, Guid id, CancellationToken cancellationToken)
    {
        return await db.LockRowAsync<OwnerChange>(id, cancellationToken)
            ? await db.OwnerChanges.SingleAsync(c => c.Id == id, cancellationToken)
            : null;
    }
}

/// <summary>The history of a change is a stream of its own; who appends holds the lock on its row.</summary>
internal static class OwnerChangeEvents
{
    /// <param name="act">What happened, where the state alone does not tell.</param>
    /// <param name="earlyStart">As <see cref="EventData.EarlyStart"/>.</param>
    public static Task AppendAsync(
        PortalDbContext db, OwnerChange change, OwnerChangeState before, string act, Actor actor, string? text, DateTimeOffset now,
        CancellationToken cancellationToken, bool? earlyStart = null) =>
        EventLog.AppendAsync(
            db,
            change.Id,
            EventKind.OwnerChange,
            new EventData
            {
                Before = before.ToString(),
                After = change.State.ToString(),
                Method = act,
                Reference = change.Reference,
                Cents = change.Price?.NetCents,
                EarlyStart = earlyStart,
            },
            actor,
            text,
            now,
            cancellationToken);
}
