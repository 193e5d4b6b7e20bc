namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>The values of <see cref="SendResult"/>, and what only the queue can say.</summary>
internal enum AttemptResult : short
{
    Sent = 0,
    Transient = 1,
    RecipientRefused = 2,
    MessageRefused = 3,
    Configuration = 4,
    Unknown = 5,

    /// <summary>The lease was lost while sending; another worker owns the mail, and this result changed nothing.</summary>
    Late = 6,

    /// <summary>Its time had passed before it could be sent.</summary>
    Expired = 7,

    /// <summary>A server that had taken the mail reported later that it could not be delivered.</summary>
    Bounced = 8,

    /// <summary>A server that had taken the mail reported that it still tries.</summary>
    Delayed = 9,
}

/// <summary>What one try to send came to. Only ever added.</summary>
internal sealed class OutboxAttempt
{
    public required Guid OutboxId { get; init; }
    public required int Number { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }
    public required string Node { get; init; }
    public required AttemptResult Result { get; init; }
    public int? StatusCode { get; init; }
    public required string Reply { get; init; }

    /// <summary>The mail may have been delivered before: this was the one copy that may follow.</summary>
    public required bool ResendAfterUnknown { get; init; }
}
