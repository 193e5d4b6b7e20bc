namespace SelfHelpPortal.Platform.Mail.Sending;

internal enum SendResult : short
{
    /// <summary>The server took the mail.</summary>
    Sent = 0,

    /// <summary>Nothing was delivered, and a later attempt may succeed.</summary>
    Transient = 1,

    /// <summary>This address takes no mail.</summary>
    RecipientRefused = 2,

    /// <summary>The server refuses this mail, whoever receives it.</summary>
    MessageRefused = 3,

    /// <summary>The server refuses us: sender, credentials, relaying, certificate. Every other mail would fail too.</summary>
    Configuration = 4,

    /// <summary>The whole mail was handed over and no answer came: it may or may not have been delivered.</summary>
    Unknown = 5,
}

/// <param name="Reply">What the server, or the library, said.</param>
/// <param name="WhileConnecting">It failed before this mail was spoken of, so it says nothing about this mail.</param>
internal readonly record struct SendOutcome(SendResult Result, int? StatusCode, string Reply, bool WhileConnecting = false);

/// <summary>
/// One way to hand over mails, held open for one batch of one loop and then disposed. It reports every failure as an outcome and throws
/// none.
/// </summary>
internal interface IMailTransport : IAsyncDisposable
{
    /// <param name="cancel">Cuts the conversation off at once. That is an outcome too: nobody knows, if all had been handed over.</param>
    Task<SendOutcome> SendAsync(MailEnvelope mail, CancellationToken cancel);
}
