using System.Security.Cryptography;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Platform.Webhooks;

/// <summary>One turn of this node: deliveries for what happened, and what is due is sent.</summary>
internal sealed partial class WebhookRound(
    WebhookFanOut fanOut, WebhookQueue queue, WebhookClient client, StoredSecrets secrets, TimeProvider time, ILogger<WebhookRound> log)
{
    public const string SecretKind = "webhook_endpoint/secret";

    /// <returns>Whether there may be more to do at once.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var more = await fanOut.RunAsync(time.GetUtcNow(), cancellationToken);
        var claimed = await queue.ClaimAsync(time.GetUtcNow(), cancellationToken);
        await Task.WhenAll(claimed.Select(one => SendAsync(one.Endpoint, one.Delivery, cancellationToken)));
        return more || claimed.Count > 0;
    }

    private async Task SendAsync(WebhookEndpoint endpoint, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        WebhookOutcome outcome;
        try
        {
            var now = time.GetUtcNow();
            outcome = await client.SendAsync(endpoint, delivery, [.. SecretsOf(endpoint, now)], now, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await queue.ReleaseAsync(delivery);
            throw;
        }

        // Also when the process stops meanwhile: it was sent.
        if (await queue.FinishAsync(delivery, outcome, time.GetUtcNow(), Spread(), CancellationToken.None))
        {
            Disabled(log, endpoint.Host, outcome.Status, outcome.Fault);
        }
    }

    private static double Spread() => (RandomNumberGenerator.GetInt32(2001) / 1000.0) - 1;

    private IEnumerable<WebhookSecret> SecretsOf(WebhookEndpoint endpoint, DateTimeOffset now)
    {
        yield return WebhookSecret.From(secrets.UnsealText(endpoint.Secret, SecretKind, endpoint.Id));
        if (endpoint.FormerSecret is { } former && endpoint.FormerSecretUntil > now)
        {
            yield return WebhookSecret.From(secrets.UnsealText(former, SecretKind, endpoint.Id));
        }
    }

    [LoggerMessage(3601, LogLevel.Error,
        "The webhook endpoint at {Host} took nothing for days, or said that it is gone, and is disabled; its last answer was {Status} "
            + "{Fault}. Mend it and enable it under /staff/setup/webhooks")]
    private static partial void Disabled(ILogger log, string host, int? status, WebhookFault? fault);
}

/// <summary>The sending loop of this node. No request waits for it, and nothing ends it but the end of the process.</summary>
internal sealed partial class WebhookSender(WebhookRound round, TimeProvider time, ILogger<WebhookSender> log) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await round.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away) when (DatabaseFaults.IsUnavailable(away) || DatabaseFaults.IsOutcomeUnknown(away))
            {
                // Whoever asks for a page is told; here it is only later.
            }
#pragma warning disable CA1031 // Whatever it is, deliveries must go on when it is over.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Failed(log, e);
            }

            if (!more)
            {
                await Task.Delay(PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(3602, LogLevel.Error, "A round of sending webhooks failed and is tried again")]
    private static partial void Failed(ILogger log, Exception error);
}
