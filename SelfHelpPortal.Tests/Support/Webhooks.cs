using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Webhooks;

namespace SelfHelpPortal.Tests.Support;

/// <summary>Endpoints for webhooks without the page that makes them. Nobody listens there.</summary>
internal static class Webhooks
{
    /// <returns>Its id.</returns>
    public static async Task<Guid> AddWebhookAsync(this PortalFactory portal, bool disabled = false, bool givenUp = false)
    {
        var id = Guid.CreateVersion7(portal.Clock.Now);
        await using var db = portal.Open();
        db.Add(new WebhookEndpoint
        {
            Id = id,
            Url = $"https://shop-{id:n}.example/hook",
            Topics = EventTypes.Topics,
            Secret = portal.Services.GetRequiredService<StoredSecrets>()
                .SealText(WebhookSecret.New().Text, WebhookRound.SecretKind, id),
            CreatedBy = Guid.NewGuid(),
            CreatedAt = portal.Clock.Now,
            LastEventId = await EventLog.SettledUpToAsync(db, default),
            DisabledAt = disabled || givenUp ? portal.Clock.Now : null,
            DisabledBy = disabled ? Guid.NewGuid() : null,
            FailingSince = givenUp ? portal.Clock.Now : null,
        });
        await db.SaveChangesAsync();
        return id;
    }

    /// <returns>The id of a delivery that was given up.</returns>
    public static async Task<Guid> AddDeliveryAsync(this PortalFactory portal, Guid endpoint)
    {
        var (id, now) = (Guid.CreateVersion7(portal.Clock.Now), portal.Clock.Now);
        await using var db = portal.Open();
        db.Add(new WebhookDelivery
        {
            Id = id,
            EndpointId = endpoint,
            Type = "license.suspended",
            Body = "{}",
            State = WebhookState.GivenUp,
            Attempts = 16,
            LastStatus = 500,
            LastTriedAt = now,
            CreatedAt = now,
            DueAt = now,
            TriedUntil = now,
        });
        await db.SaveChangesAsync();
        return id;
    }
}
