using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Webhooks;

public sealed partial class WebhooksPage
{
    [Inject]
    private ShowWebhooks Show { get; set; } = default!;

    [Inject]
    private WebhookPageActs Acts { get; set; } = default!;

    private WebhookView? View { get; set; }

    /// <summary>The secret that was just made. It is shown nowhere else, and goes with the page.</summary>
    private string? Made { get; set; }

    private Confirmed Test => new(nameof(SendTestEvent), "test-sent", Acts.Test.ExecuteAsync, IsDangerous: false);

    private Confirmed Disable => new(nameof(DisableWebhook), "webhook-disabled", Acts.Disable.ExecuteAsync, IsDangerous: true);

    private Confirmed Enable => new(nameof(EnableWebhook), "webhook-enabled", Acts.Enable.ExecuteAsync, IsDangerous: false);

    private Confirmed Remove => new(nameof(RemoveWebhook), "webhook-removed", Acts.Remove.ExecuteAsync, IsDangerous: true);

    protected override Task OnInitializedAsync() => LoadAsync();

    private protected override async Task LoadAsync() => View = Take(await Show.ExecuteAsync(Actor, Now, Aborted));

    private protected override bool IsLoaded => View is not null;

    private Confirmed[] ActsOn(WebhookLine endpoint) => endpoint.DisabledAt is null ? [Test, Disable, Remove] : [Enable, Remove];

    private async Task CreateAsync(WantedWebhook? typed = null)
    {
        var (command, secret) = (Guid.CreateVersion7(), WebhookSecret.New());
        await ShowSecretAsync(secret, OpenAsync<WebhookDialog>(nameof(CreateWebhook), "webhook-made", "", new()
        {
            [nameof(WebhookDialog.Name)] = nameof(CreateWebhook),
            [nameof(WebhookDialog.Typed)] = typed,
            [nameof(WebhookDialog.Act)] = (WantedWebhook wanted) => WithFactorAsync(
                nameof(CreateWebhook), target: null, reason: "", Acts.Create.ExecuteAsync(Actor, command, wanted, secret, Now, ToTheEnd),
                JsonSerializer.Serialize(wanted)),
        }));
    }

    /// <param name="typed">What was typed before the factor was asked for, with what the dialog had shown then.</param>
    private Task EditAsync(WebhookLine endpoint, WebhookEdit? typed = null)
    {
        var command = Guid.CreateVersion7();
        var shown = typed?.Shown ?? WantedWebhook.From(endpoint);
        return DoAsync(OpenAsync<WebhookDialog>(nameof(EditWebhook), "webhook-edited", "", new()
        {
            [nameof(WebhookDialog.Name)] = nameof(EditWebhook),
            [nameof(WebhookDialog.Typed)] = typed?.Wanted ?? shown,
            [nameof(WebhookDialog.Act)] = (WantedWebhook wanted) => WithFactorAsync(
                nameof(EditWebhook), endpoint.Id, reason: "",
                Acts.Edit.ExecuteAsync(Actor, command, endpoint.Id, new WebhookEdit(shown, wanted), Now, ToTheEnd),
                JsonSerializer.Serialize(new WebhookEdit(shown, wanted))),
        }));
    }

    private async Task RotateAsync(WebhookLine endpoint)
    {
        var (command, secret) = (Guid.CreateVersion7(), WebhookSecret.New());
        await ShowSecretAsync(secret, OpenAsync<ConfirmDialog>(nameof(RotateWebhookSecret), "secret-rotated", endpoint.Url, new()
        {
            [nameof(ConfirmDialog.Name)] = nameof(RotateWebhookSecret),
            [nameof(ConfirmDialog.About)] = endpoint.Url,
            [nameof(ConfirmDialog.Act)] = () => WithFactorAsync(
                nameof(RotateWebhookSecret), endpoint.Id, reason: "",
                Acts.Rotate.ExecuteAsync(Actor, command, endpoint.Id, secret, Now, ToTheEnd)),
        }));
    }

    private async Task ShowSecretAsync(WebhookSecret secret, Task<bool> asked)
    {
        Made = null;
        if (await asked)
        {
            Made = secret.Text;
            await LoadAsync();
        }
    }

    private Task ConfirmAsync(Confirmed act, WebhookLine endpoint)
    {
        var command = Guid.CreateVersion7();
        return DoAsync(OpenAsync<ConfirmDialog>(act.Name, act.Outcome, endpoint.Url, new()
        {
            [nameof(ConfirmDialog.Name)] = act.Name,
            [nameof(ConfirmDialog.About)] = endpoint.Url,
            [nameof(ConfirmDialog.IsDangerous)] = act.IsDangerous,
            [nameof(ConfirmDialog.Act)] = () => WithFactorAsync(
                act.Name, endpoint.Id, reason: "", act.Act(Actor, command, endpoint.Id, Now, ToTheEnd)),
        }));
    }

    private Task SendAgainAsync(DeliveryLine delivery)
    {
        var command = Guid.CreateVersion7();
        return DoAsync(OpenAsync<ConfirmDialog>(nameof(SendDeliveryAgain), "delivery-queued", delivery.Type, new()
        {
            [nameof(ConfirmDialog.Name)] = nameof(SendDeliveryAgain),
            [nameof(ConfirmDialog.About)] = delivery.Type,
            [nameof(ConfirmDialog.IsDangerous)] = false,
            [nameof(ConfirmDialog.Act)] = () => WithFactorAsync(
                nameof(SendDeliveryAgain), delivery.Id, reason: "",
                Acts.SendAgain.ExecuteAsync(Actor, command, delivery.Id, Now, ToTheEnd)),
        }));
    }

    private protected override Task ReopenAsync(StaffDraft draft)
    {
        var endpoint = View!.Endpoints.FirstOrDefault(e => e.Id == draft.Target);
        return (draft.Act, endpoint) switch
        {
            (nameof(CreateWebhook), _) when draft.Form is { } form => CreateAsync(JsonSerializer.Deserialize<WantedWebhook>(form)),
            (nameof(EditWebhook), { } known) when draft.Form is { } form =>
                EditAsync(known, JsonSerializer.Deserialize<WebhookEdit>(form)),
            (nameof(RotateWebhookSecret), { } known) => RotateAsync(known),
            (nameof(DisableWebhook), { } known) => ConfirmAsync(Disable, known),
            (nameof(EnableWebhook), { } known) => ConfirmAsync(Enable, known),
            (nameof(RemoveWebhook), { } known) => ConfirmAsync(Remove, known),
            _ => Task.CompletedTask,
        };
    }

    private string AnswerOf(DeliveryLine delivery) =>
        delivery.LastStatus is { } status ? status.ToString(CultureInfo.InvariantCulture)
        : delivery.LastFault is { } fault ? T["WebhookFault." + fault]
        : "–";

    /// <summary>An act on an endpoint that asks for nothing but a second click.</summary>
    private sealed record Confirmed(
        string Name, string Outcome, Func<StaffActor, Guid, Guid, DateTimeOffset, CancellationToken, Task<StaffResult>> Act,
        bool IsDangerous);
}
