using System.Text.Json;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Webhooks;

/// <summary>An endpoint as somebody wants it.</summary>
/// <param name="Topics">Of <see cref="EventTypes.Topics"/>.</param>
public sealed record WantedWebhook(string Url, IReadOnlyList<string> Topics);

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
        if (WebhookUrl.Read(wanted.Url, options.Value.AllowPrivateAddresses) is not { } url)
        {
            return StaffRefusal.WebhookAddress;
        }

        string[] topics = [.. EventTypes.Topics.Where(wanted.Topics.Contains)];
        if (topics is [] || topics.Length != wanted.Topics.Distinct().Count())
        {
            return StaffRefusal.WebhookTopics;
        }

        var id = Guid.CreateVersion7(now);
        var endpoint = new WebhookEndpoint
        {
            Id = id,
            Url = url,
            Topics = topics,
            Secret = secrets.SealText(secret.Text, WebhookRound.SecretKind, id),
            CreatedBy = actor.Id,
            CreatedAt = now,
            LastEventId = await EventLog.SettledUpToAsync(db, cancellationToken),
        };
        db.Add(endpoint);
        await WebhookActs.NoteAsync(db, actor, endpoint, typeof(CreateWebhook), now, cancellationToken);
        return StaffResult.Done;
    }
}
