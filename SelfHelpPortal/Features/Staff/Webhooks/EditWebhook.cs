using System.Text.Json;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Webhooks;

/// <param name="Shown">The endpoint as the dialog showed it.</param>
public sealed record WebhookEdit(WantedWebhook Shown, WantedWebhook Wanted);

/// <summary>
/// Gives an endpoint another address, topics or description, by the rules of a new one. Its secret stays, and what waits for it goes to the
/// new address.
/// </summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class EditWebhook(WebhookActs acts, IOptions<WebhookOptions> options)
{
    public Task<StaffResult> ExecuteAsync(
        StaffActor actor, Guid command, Guid endpoint, WebhookEdit edit, DateTimeOffset now, CancellationToken cancellationToken) =>
        acts.RunAsync(
            typeof(EditWebhook),
            actor,
            command,
            endpoint,
            (_, found) => Task.FromResult(Edit(found, edit)),
            now,
            cancellationToken,
            JsonSerializer.Serialize(edit));

    private StaffResult Edit(WebhookEndpoint found, WebhookEdit edit)
    {
        if (!WantedWebhook.From(found).IsSameAs(edit.Shown))
        {
            return StaffRefusal.SettingChanged;
        }

        if (edit.Wanted.Read(options.Value.AllowPrivateAddresses, out var kept) is { } refused)
        {
            return refused;
        }

        if (found.Url != kept!.Url)
        {
            // What the address before did says nothing of this one.
            found.FailingSince = null;
        }

        (found.Url, found.Topics, found.Description) = (kept.Url, [.. kept.Topics], kept.Description);
        return StaffResult.Done;
    }
}
