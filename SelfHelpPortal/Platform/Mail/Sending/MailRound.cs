using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>
/// One round of one sending loop: take back what died, claim a batch, send it over one connection, write down what became of it.
/// </summary>
internal sealed partial class MailRound(
    OutboxQueue queue, Func<IMailTransport> transports, StoredSecrets secrets, IEnumerable<MailAttachmentSource> sources, TimeProvider time,
    ILogger<MailRound> log)
{
    private const int BatchSize = 10;

    /// <summary>Some mailboxes refuse more; the outbox itself refuses five times as much.</summary>
    private const long LargeFiles = 2_000_000;

    private static readonly Meter Meter = new("SelfHelpPortal.Mail");
    private static readonly Counter<long> Results = Meter.CreateCounter<long>("mail.results");

    /// <summary>So that the first failure is an increase.</summary>
    public static void CountFromZero()
    {
        foreach (var result in Enum.GetNames<SendResult>())
        {
            Results.Add(0, new KeyValuePair<string, object?>("result", result));
        }
    }

    /// <summary>How long the mail that is being sent may go on when the portal stops: well below the time a process gets to end.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <param name="stop">No further mail is started. The one being sent has <see cref="Grace"/> to end and is then cut off.</param>
    /// <returns>How many mails were claimed.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (await queue.RecoverAsync(time.GetUtcNow(), stop) is > 0 and var taken)
        {
            LogRecovered(taken);
        }

        var batch = await queue.ClaimAsync(time.GetUtcNow(), BatchSize, stop);
        var next = 0;
        try
        {
            if (batch.Count > 0)
            {
                using var cut = new CancellationTokenSource();
                await using var stopping = stop.Register(() => cut.CancelAfter(Grace));
                await using var transport = transports();
                var goesOn = true;
                while (next < batch.Count && goesOn && !stop.IsCancellationRequested)
                {
                    goesOn = await SendAsync(batch[next++], transport, cut.Token);
                }
            }
        }
        finally
        {
            if (next < batch.Count)
            {
                await queue.ReleaseAsync(batch.Skip(next));
            }
        }

        return batch.Count;
    }

    /// <returns>False when the server would not take the next mail either.</returns>
    private async Task<bool> SendAsync(OutboxMessage mail, IMailTransport transport, CancellationToken cut)
    {
        if (mail.ExpiresAt <= time.GetUtcNow())
        {
            await queue.ExpireAsync(mail, time.GetUtcNow());
            LogResult(LogLevel.Warning, mail.Id, mail.Kind, AttemptResult.Expired, MailAddresses.Mask(mail.ToAddress), "");
            return true;
        }

        var envelope = await OpenAsync(mail);
        var started = time.GetUtcNow();
        if (!await queue.StartAsync(mail, started, CancellationToken.None))
        {
            return true;
        }

        var outcome = envelope is null
            ? new SendOutcome(SendResult.MessageRefused, null, "Its content or one of its documents is gone or was changed.")
            : await transport.SendAsync(envelope, cut);
        var written = await queue.FinishAsync(mail, outcome, started, time.GetUtcNow(), Spread());
        Results.Add(1, new KeyValuePair<string, object?>("result", outcome.Result.ToString()));
        LogResult(outcome.Result == SendResult.Sent ? LogLevel.Information : LogLevel.Warning, mail.Id, mail.Kind,
            written ? (AttemptResult)outcome.Result : AttemptResult.Late, MailAddresses.Mask(mail.ToAddress), outcome.Reply);
        return outcome.Result is not (SendResult.Configuration or SendResult.Transient);
    }

    /// <summary>Null when what was said at enqueue cannot be said any more.</summary>
    private async Task<MailEnvelope?> OpenAsync(OutboxMessage mail)
    {
        if (mail.Payload is null)
        {
            return null;
        }

        MailPayload payload;
        try
        {
            payload = MailPayload.Unseal(secrets, mail.Id, mail.Payload);
        }
        catch (CryptographicException)
        {
            return null;
        }

        var files = new List<MailFile>();
        foreach (var attachment in mail.Attachments)
        {
            var source = sources.SingleOrDefault(s => s.Name == attachment.Source);
            var content = source is null ? null : await source.ReadAsync(attachment.Id, CancellationToken.None);
            if (content is null || Convert.ToHexStringLower(SHA256.HashData(content)) != attachment.Sha256)
            {
                return null;
            }

            files.Add(new MailFile(attachment.FileName, attachment.ContentType, content));
        }

        if (mail.Attachments.Sum(a => a.Length) is var size && size > LargeFiles)
        {
            LogLarge(mail.Id, mail.Kind, size);
        }

        return new MailEnvelope
        {
            Id = mail.Id,
            Kind = mail.Kind,
            MessageId = mail.MessageId,
            Date = mail.CreatedAt,
            Reference = mail.Reference,
            ToAddress = mail.ToAddress,
            ToName = mail.ToName,
            Culture = mail.Culture,
            Subject = mail.Subject,
            Text = payload.Text,
            Html = payload.Html,
            Files = files,
        };
    }

    private static double Spread() => (RandomNumberGenerator.GetInt32(2001) / 1000.0) - 1;

    [LoggerMessage(3113, LogLevel.Warning, "{Count} mails were taken back from a worker that ended while it had them")]
    private partial void LogRecovered(int count);

    [LoggerMessage(3112, LogLevel.Warning, "Mail {Id} ({Kind}) carries {Size} bytes, which some mailboxes refuse")]
    private partial void LogLarge(Guid id, string kind, long size);

    [LoggerMessage(EventId = 3111, Message = "Mail {Id} ({Kind}) to {Address}: {Result} {Reply}")]
    private partial void LogResult(LogLevel level, Guid id, string kind, AttemptResult result, string address, string reply);
}
