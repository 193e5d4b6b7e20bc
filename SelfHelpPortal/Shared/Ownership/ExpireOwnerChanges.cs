using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Schedules;

namespace SelfHelpPortal.Shared.Ownership;

/// <summary>The daily job: what nobody sent goes with its document, and what nobody agreed to ends.</summary>
internal sealed class ExpireOwnerChanges(IDbContextFactory<PortalDbContext> contexts)
{
    public const string JobName = "expire-owner-changes";

    public static readonly TimeOnly At = new(3, 5);

    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var old = now - OwnerChange.Lifetime;
        await db.OwnerChanges.Where(c => c.State == OwnerChangeState.Draft && c.CreatedAt <= old).ExecuteDeleteAsync(cancellationToken);
        var waiting = await db.OwnerChanges.Where(c => c.State == OwnerChangeState.AwaitingConfirmation && c.SentAt <= old)
            .Select(c => c.Id).ToListAsync(cancellationToken);
        await OneByOne.RunAsync(waiting, id => ExpireAsync(id, now, cancellationToken));
    }

    private async Task ExpireAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockOwnerChangeAsync(id, cancellationToken) is { } change && change.Expire(now).Succeeded)
        {
            await OwnerChangeEvents.AppendAsync(
                db, change, OwnerChangeState.AwaitingConfirmation, nameof(ExpireOwnerChanges), Actor.System, text: null, now,
                cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
