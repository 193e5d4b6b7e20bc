namespace SelfHelpPortal.Platform.Webhooks;

/// <summary>Section <c>Webhooks</c>.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>
    /// Whether endpoints may be in the portal's own network, and plain http on its own machine. Otherwise whoever administers the portal
    /// could reach through it what only the server can.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>How long one attempt may take.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    public string? Validate() => TimeoutSeconds is < 1 or > 60 ? "Webhooks:TimeoutSeconds is 1 to 60." : null;
}
