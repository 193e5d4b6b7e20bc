namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>A mail as a transport gets it. It knows nothing of any mail library.</summary>
internal sealed record MailEnvelope
{
    public required Guid Id { get; init; }
    public required string Kind { get; init; }
    public required string MessageId { get; init; }

    /// <summary>When it was enqueued; the same at each attempt.</summary>
    public required DateTimeOffset Date { get; init; }

    public string? Reference { get; init; }
    public required string ToAddress { get; init; }
    public string? ToName { get; init; }
    public required string Culture { get; init; }
    public required string Subject { get; init; }
    public required string Text { get; init; }
    public required string Html { get; init; }
    public IReadOnlyList<MailFile> Files { get; init; } = [];
}

internal sealed record MailFile(string Name, string ContentType, byte[] Content);
