using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Webhooks;

/// <summary>
/// Gives an endpoint another secret. The one before it signs too for a day, so that the receiver can be changed meanwhile.
/// </summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class RotateWebhookSecret(WebhookActs acts, StoredSecrets secrets)
{
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    /// <param name="secret">See <see cref="CreateWebhook"/>.</param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid endpoint, WebhookSecret secret, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(RotateWebhookSecret),
            actor,
            command,
            endpoint,
            (_, found) =>
            {
                (found.FormerSecret, found.FormerSecretUntil) = (found.Secret, now + Overlap);
                found.Secret = secrets.SealText(secret.Text, WebhookRound.SecretKind, found.Id);
                return Task.FromResult(StaffResult.Done);
            },
            now,
            cancellationToken);
}

/// <summary>Sends nothing more to an endpoint until it is enabled. What waits for it goes on waiting.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class DisableWebhook(WebhookActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid endpoint, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(DisableWebhook),
            actor,
            command,
            endpoint,
            (_, found) =>
            {
                if (found.DisabledAt is not null)
                {
                    return Task.FromResult<StaffResult>(StaffRefusal.Conflict);
                }

                (found.DisabledAt, found.DisabledBy) = (now, actor.Id);
                return Task.FromResult(StaffResult.Done);
            },
            now,
            cancellationToken);
}

/// <summary>Sends to an endpoint again: what waits for it, and what happens from now on.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class EnableWebhook(WebhookActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid endpoint, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(EnableWebhook),
            actor,
            command,
            endpoint,
            async (db, found) =>
            {
                if (found.DisabledAt is null)
                {
                    return StaffRefusal.Conflict;
                }

                (found.DisabledAt, found.DisabledBy, found.FailingSince) = (null, null, null);
                found.LastEventId = await EventLog.SettledUpToAsync(db, cancellationToken);
                return StaffResult.Done;
            },
            now,
            cancellationToken);
}

/// <summary>Removes an endpoint with everything that waits for it, and its list of deliveries.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class RemoveWebhook(WebhookActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid endpoint, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(RemoveWebhook),
            actor,
            command,
            endpoint,
            (db, found) =>
            {
                db.Remove(found);
                return Task.FromResult(StaffResult.Done);
            },
            now,
            cancellationToken);
}

/// <summary>Sends an event to an endpoint of which nothing happened, so that its receiver can be tried.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class SendTestEvent(WebhookActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid endpoint, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(SendTestEvent),
            actor,
            command,
            endpoint,
            (db, found) =>
            {
                if (found.DisabledAt is not null)
                {
                    return Task.FromResult<StaffResult>(StaffRefusal.Conflict);
                }

                db.Add(new WebhookDelivery
                {
                    Id = Guid.CreateVersion7(now),
                    EndpointId = found.Id,
                    Type = WebhookBody.TestType,
                    Body = WebhookBody.Test(now).Write(),
                    CreatedAt = now,
                    DueAt = now,
                    TriedUntil = now + WebhookFanOut.TriedFor,
                });
                return Task.FromResult(StaffResult.Done);
            },
            now,
            cancellationToken);
}

/// <summary>Sends a delivery again at once, whatever became of it. Its receiver knows it by its id.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class SendDeliveryAgain(AdministrationActs acts)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid delivery, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(SendDeliveryAgain), actor, command, delivery, content: "", db => SendAsync(db, delivery, now, cancellationToken), now,
            cancellationToken);

    private static async Task<StaffResult> SendAsync(
        PortalDbContext db, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await db.Set<WebhookDelivery>().FromSql($"SELECT * FROM webhook_delivery WHERE id = {id} FOR UPDATE")
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return StaffRefusal.NotFound;
        }

        // On its way at this moment.
        if (found.LeaseUntil > now
            || await db.Set<WebhookEndpoint>().AnyAsync(e => e.Id == found.EndpointId && e.DisabledAt != null, cancellationToken))
        {
            return StaffRefusal.Conflict;
        }

        (found.State, found.DueAt, found.TriedUntil, found.Attempts) = (WebhookState.Pending, now, now + WebhookFanOut.TriedFor, 0);
        return StaffResult.Done;
    }
}
