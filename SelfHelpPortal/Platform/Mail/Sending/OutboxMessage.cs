namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>Stored as numbers; the partial index of open mails and the claim name 0, 1 and 4.</summary>
internal enum OutboxState : short
{
    Pending = 0,
    Sending = 1,
    Sent = 2,
    Failed = 3,

    /// <summary>Handed over, and no answer came: it may or may not have been delivered.</summary>
    Unknown = 4,
    Cancelled = 5,
}

/// <summary>One mail to one recipient, rendered when it was enqueued and never rendered again.</summary>
internal sealed class OutboxMessage
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Kind { get; init; }

    /// <summary>Names the fact the mail tells; unique together with <see cref="Kind"/>.</summary>
    public required string BusinessKey { get; init; }

    public OutboxState State { get; set; }
    public required MailPriority Priority { get; init; }
    public required DateTimeOffset DueAt { get; set; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How often it was claimed for sending; attempts that burned nothing are taken back.</summary>
    public int Attempts { get; set; }

    public Guid? LeaseToken { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }
    public string? ClaimedBy { get; set; }
    public DateTimeOffset? SendStartedAt { get; set; }
    public required string MessageId { get; init; }
    public string? Reference { get; init; }
    public Guid? CustomerId { get; init; }
    public required string ToAddress { get; set; }
    public string? ToName { get; set; }
    public required string Culture { get; init; }
    public required string Subject { get; set; }

    /// <summary>Text and HTML, encrypted; gone as soon as nothing more will be sent.</summary>
    public byte[]? Payload { get; set; }

    /// <summary>The text body with links, keys and codes masked, for staff.</summary>
    public required string CopyText { get; set; }

    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];
    public AttemptResult? LastResult { get; set; }
    public string? LastReply { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Somebody has put it into the queue once more after it had failed.</summary>
    public DateTimeOffset? QueuedAgainAt { get; set; }

    /// <summary>From when on its tries count.</summary>
    public DateTimeOffset TriedSince => QueuedAgainAt ?? CreatedAt;

    public DateTimeOffset? SentAt { get; set; }
    public short UnknownCount { get; set; }
}
