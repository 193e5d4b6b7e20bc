using System.Text.Json;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Webhooks;

/// <summary>Makes an endpoint, which hears of what happens from now on.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class CreateWebhook(AdministrationActs acts, StoredSecrets secrets, IOptions<WebhookOptions> options)
{
    /// <param name="secret">
    /// Made by the page when it asks, so that the act may be sent again after a broken connection and the page still knows it.
    /// </param>
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, WantedWebhook wanted, WebhookSecret secret, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(CreateWebhook), actor, command, actor.Id, JsonSerializer.Serialize(wanted),
            db => CreateAsync(db, actor, wanted, secret, now, cancellationToken), now, cancellationToken);

    private async Task<StaffResult> CreateAsync(
        PortalDbContext db, StaffActor actor, WantedWebhook wanted, WebhookSecret secret, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (wanted.Read(options.Value.AllowPrivateAddresses, out var kept) is { } refused)
        {
            return refused;
        }

        var id = Guid.CreateVersion7(now);
        var endpoint = new WebhookEndpoint
        {
            Id = id,
            Url = kept!.Url,
            Description = kept.Description,
            Topics = [.. kept.Topics],
            Secret = secrets.SealText(secret.Text, WebhookRound.SecretKind, id),
            CreatedBy = actor.Id,
            CreatedAt = now,
            LastEventId = await EventLog.SettledUpToAsync(db, cancellationToken),
        };
        db.Add(endpoint);
        await WebhookActs.NoteAsync(db, actor, endpoint.Id, typeof(CreateWebhook), endpoint.Host, now, cancellationToken);
        return StaffResult.Done;
    }
}
