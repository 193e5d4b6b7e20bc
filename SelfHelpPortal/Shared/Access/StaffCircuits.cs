using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Shared.Access;

/// <summary>The circuits of this node by account, so that a change of the account finds them.</summary>
internal sealed class StaffCircuits(IDbContextFactory<PortalDbContext> contexts, StaffGate gate, TimeProvider time)
{
    private readonly ConcurrentDictionary<StaffSession, StaffActor> _open = [];

    public int Count => _open.Count;

    public void Add(StaffSession session, StaffActor actor) => _open[session] = actor;

    public void Remove(StaffSession session) => _open.TryRemove(session, out _);

    /// <summary>Looks at the account again and ends those of its circuits that it no longer allows.</summary>
    public Task CheckAsync(Guid user, CancellationToken cancellationToken) => CheckAsync(actor => actor.Id == user, cancellationToken);

    /// <summary>All of them: after a time in which changes could have been missed.</summary>
    public Task CheckAllAsync(CancellationToken cancellationToken) => CheckAsync(_ => true, cancellationToken);

    /// <summary>Whether the circuit may go on; ends it otherwise.</summary>
    public async Task<bool> CheckAsync(StaffSession session, StaffActor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await gate.LookAsync(db, actor, StaffPermission.AnyStaff, time.GetUtcNow(), cancellationToken) is null)
        {
            return true;
        }

        session.End();
        return false;
    }

    private async Task CheckAsync(Func<StaffActor, bool> which, CancellationToken cancellationToken)
    {
        foreach (var (session, actor) in _open.Where(s => which(s.Value)))
        {
            await CheckAsync(session, actor, cancellationToken);
        }
    }
}
