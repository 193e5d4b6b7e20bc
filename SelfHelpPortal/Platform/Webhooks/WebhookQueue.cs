using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Webhooks;

/// <summary>
/// Claims deliveries and writes what became of them, for any number of nodes. Every write after the claim names the lease token, so whoever
/// lost the lease writes nothing. An attempt whose node died is made again, and the receiver knows it by its id.
/// </summary>
internal sealed class WebhookQueue(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Longer than an attempt can take.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>An endpoint that takes nothing for so long is disabled.</summary>
    public static readonly TimeSpan DisabledAfter = TimeSpan.FromDays(3);

    /// <summary>At once for one endpoint, so that a slow one leaves room for the others.</summary>
    private const int AtOnceEach = 4;

    private const int AtOnce = 16;

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8),
    ];

    /// <summary>How long to wait after so many attempts.</summary>
    /// <param name="spread">-1 to 1: a tenth earlier or later, so that not all come at once.</param>
    public static TimeSpan WaitAfter(int attempts, double spread) =>
        Waits[Math.Clamp(attempts - 1, 0, Waits.Length - 1)] * (1 + (spread / 10));

    public async Task<IReadOnlyList<(WebhookEndpoint Endpoint, WebhookDelivery Delivery)>> ClaimAsync(
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var claimed = await db.Set<WebhookDelivery>().FromSql(
            $"""
             WITH ranked AS MATERIALIZED (
                 SELECT d.id, row_number() OVER (PARTITION BY d.endpoint_id ORDER BY d.due_at, d.id) AS place
                 FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id AND e.disabled_at IS NULL
                 WHERE d.state = 'Pending' AND d.due_at <= {now} AND (d.lease_until IS NULL OR d.lease_until <= {now})),
             due AS MATERIALIZED (
                 SELECT d.id FROM webhook_delivery d JOIN ranked r ON r.id = d.id AND r.place <= {AtOnceEach}
                 WHERE d.state = 'Pending' AND d.due_at <= {now} AND (d.lease_until IS NULL OR d.lease_until <= {now})
                 ORDER BY d.due_at LIMIT {AtOnce} FOR UPDATE OF d SKIP LOCKED)
             UPDATE webhook_delivery d SET lease_token = {Guid.NewGuid()}, lease_until = {now + Lease}, attempts = d.attempts + 1
             FROM due WHERE d.id = due.id
             RETURNING d.*
             """).AsNoTracking().ToListAsync(cancellationToken);
        if (claimed is [])
        {
            return [];
        }

        var ids = claimed.Select(d => d.EndpointId).Distinct().ToArray();
        var endpoints = await db.Set<WebhookEndpoint>().AsNoTracking().Where(e => ids.Contains(e.Id))
            .ToDictionaryAsync(e => e.Id, cancellationToken);
        return [.. claimed.Where(d => endpoints.ContainsKey(d.EndpointId)).Select(d => (endpoints[d.EndpointId], d))];
    }

    /// <returns>Whether this attempt was the one that had the endpoint disabled.</returns>
    public async Task<bool> FinishAsync(
        WebhookDelivery delivery, WebhookOutcome outcome, DateTimeOffset now, double spread, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var next = now + WaitAfter(delivery.Attempts, spread);
        var state = outcome.IsDelivered ? WebhookState.Delivered
            : next > delivery.TriedUntil ? WebhookState.GivenUp
            : WebhookState.Pending;
        var written = await db.Set<WebhookDelivery>().Where(d => d.Id == delivery.Id && d.LeaseToken == delivery.LeaseToken)
            .ExecuteUpdateAsync(
                s => s.SetProperty(d => d.State, state)
                    .SetProperty(d => d.DueAt, next)
                    .SetProperty(d => d.LastTriedAt, now)
                    .SetProperty(d => d.LastStatus, outcome.Status)
                    .SetProperty(d => d.LastFault, outcome.Fault)
                    .SetProperty(d => d.LeaseToken, (Guid?)null)
                    .SetProperty(d => d.LeaseUntil, (DateTimeOffset?)null),
                cancellationToken);
        if (written == 0)
        {
            return false;
        }

        var endpoints = db.Set<WebhookEndpoint>().Where(e => e.Id == delivery.EndpointId && e.DisabledAt == null);
        if (outcome.IsDelivered)
        {
            await endpoints.Where(e => e.FailingSince != null)
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.FailingSince, (DateTimeOffset?)null), cancellationToken);
        }
        else
        {
            await endpoints.Where(e => e.FailingSince == null)
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.FailingSince, now), cancellationToken);
        }

        var since = now - DisabledAfter;
        var disabled = !outcome.IsDelivered && await endpoints.Where(e => outcome.IsGone || e.FailingSince <= since)
            .ExecuteUpdateAsync(s => s.SetProperty(e => e.DisabledAt, now), cancellationToken) == 1;
        await transaction.CommitAsync(cancellationToken);
        return disabled;
    }

    /// <summary>Gives back what was claimed and is not sent because the process stops; such a claim is no attempt.</summary>
    public async Task ReleaseAsync(WebhookDelivery delivery)
    {
        await using var db = await contexts.CreateDbContextAsync();
        await db.Set<WebhookDelivery>().Where(d => d.Id == delivery.Id && d.LeaseToken == delivery.LeaseToken).ExecuteUpdateAsync(
            s => s.SetProperty(d => d.Attempts, d => d.Attempts - 1)
                .SetProperty(d => d.LeaseToken, (Guid?)null)
                .SetProperty(d => d.LeaseUntil, (DateTimeOffset?)null));
    }
}
