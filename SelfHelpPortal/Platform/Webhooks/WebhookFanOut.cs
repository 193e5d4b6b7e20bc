using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Webhooks;

/// <summary>
/// Makes deliveries of events. The event log is the outbox: an event is committed with what it tells of, and each endpoint remembers up to
/// where the log was read for it, in the transaction that writes its deliveries. So none is lost or doubled, nobody who writes an event
/// waits for this, and what is still being written is waited for (<see cref="EventLog.SettledUpToAsync"/>).
/// </summary>
internal sealed class WebhookFanOut(IDbContextFactory<PortalDbContext> contexts)
{
    private const int Batch = 200;

    /// <summary>How long a delivery is tried.</summary>
    public static readonly TimeSpan TriedFor = TimeSpan.FromDays(3);

    /// <returns>Whether there may be more.</returns>
    public async Task<bool> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Guid> endpoints;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            endpoints = await db.Set<WebhookEndpoint>().Where(e => e.DisabledAt == null).Select(e => e.Id).ToListAsync(cancellationToken);
        }

        var more = false;
        foreach (var endpoint in endpoints)
        {
            more |= await RunAsync(endpoint, now, cancellationToken);
        }

        return more;
    }

    private async Task<bool> RunAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Another node that does the same has the row, and an administrator who changes it goes first.
        var rows = await db.Set<WebhookEndpoint>()
            .FromSql($"SELECT * FROM webhook_endpoint WHERE id = {id} AND disabled_at IS NULL FOR NO KEY UPDATE SKIP LOCKED")
            .ToListAsync(cancellationToken);
        if (rows is not [var endpoint])
        {
            return false;
        }

        var end = await EventLog.SettledUpToAsync(db, cancellationToken);
        if (end <= endpoint.LastEventId)
        {
            return false;
        }

        var (begin, kinds) = (endpoint.LastEventId, EventTypes.KindsOf(endpoint.Topics));
        var events = await db.Events.AsNoTracking().Where(e => e.Id > begin && e.Id <= end && kinds.Contains(e.Kind)).OrderBy(e => e.Id)
            .Take(Batch).ToListAsync(cancellationToken);
        foreach (var told in await ToldEvent.ForAsync(db, events, cancellationToken))
        {
            db.Add(new WebhookDelivery
            {
                Id = Guid.CreateVersion7(now),
                EndpointId = id,
                EventId = told.Id,
                Type = told.Type,
                Body = WebhookBody.From(told).Write(),
                CreatedAt = now,
                DueAt = now,
                TriedUntil = now + TriedFor,
            });
        }

        endpoint.LastEventId = events.Count == Batch ? events[^1].Id : end;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return events.Count == Batch;
    }
}
