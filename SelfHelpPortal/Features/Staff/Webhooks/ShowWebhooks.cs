using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Webhooks;

/// <param name="Waiting">Deliveries that have not arrived and are not given up.</param>
internal sealed record WebhookLine(
    Guid Id, string Url, string Description, IReadOnlyList<string> Topics, DateTimeOffset? FailingSince, DateTimeOffset? DisabledAt,
    bool DisabledByPortal, DateTimeOffset? FormerSecretUntil, int Waiting);

/// <param name="Host">Of its endpoint.</param>
/// <param name="MayBeSent">Its endpoint takes something.</param>
internal sealed record DeliveryLine(
    Guid Id, string Type, string Host, WebhookState State, int Attempts, int? LastStatus, WebhookFault? LastFault, DateTimeOffset CreatedAt,
    DateTimeOffset DueAt, DateTimeOffset? LastTriedAt, bool MayBeSent);

/// <param name="Deliveries">The last ones, newest first.</param>
internal sealed record WebhookView(IReadOnlyList<WebhookLine> Endpoints, IReadOnlyList<DeliveryLine> Deliveries);

/// <summary>The endpoints for webhooks and what was sent to them.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowWebhooks(StaffReads reads)
{
    private const int Most = 100;

    public Task<StaffAnswer<WebhookView>> ExecuteAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<WebhookView>(typeof(ShowWebhooks), actor, audited: null, async db =>
        {
            var deliveries = db.Set<WebhookDelivery>().AsNoTracking();
            var endpoints = await db.Set<WebhookEndpoint>().AsNoTracking().OrderBy(e => e.CreatedAt)
                .Select(e => new WebhookLine(
                    e.Id, e.Url, e.Description, e.Topics, e.FailingSince, e.DisabledAt, e.DisabledBy == null,
                    e.FormerSecretUntil > now ? e.FormerSecretUntil : null,
                    deliveries.Count(d => d.EndpointId == e.Id && d.State == WebhookState.Pending)))
                .ToListAsync(cancellationToken);
            var of = endpoints.ToDictionary(e => e.Id);
            var last = await deliveries.OrderByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id).Take(Most)
                .ToListAsync(cancellationToken);
            return new(
                endpoints,
                [
                    .. last.Where(d => of.ContainsKey(d.EndpointId)).Select(d => new DeliveryLine(
                        d.Id, d.Type, new Uri(of[d.EndpointId].Url).Authority, d.State, d.Attempts, d.LastStatus, d.LastFault, d.CreatedAt,
                        d.DueAt, d.LastTriedAt, of[d.EndpointId].DisabledAt is null)),
                ]);
        }, now, cancellationToken);
}
