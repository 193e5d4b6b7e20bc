namespace SelfHelpPortal.Data;

/// <summary>When a computer checked in last. Apart from the activation, so that the most frequent write touches the smallest row.</summary>
internal sealed class ActivationSeen
{
    public required Guid ActivationId { get; init; }
    public DateTimeOffset SeenAt { get; set; }
}
