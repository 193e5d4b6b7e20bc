namespace SelfHelpPortal.Features.Staff.Webhooks;

/// <summary>The acts that the page of webhooks offers.</summary>
internal sealed record WebhookPageActs(
    CreateWebhook Create,
    EditWebhook Edit,
    RotateWebhookSecret Rotate,
    DisableWebhook Disable,
    EnableWebhook Enable,
    RemoveWebhook Remove,
    SendTestEvent Test,
    SendDeliveryAgain SendAgain);
