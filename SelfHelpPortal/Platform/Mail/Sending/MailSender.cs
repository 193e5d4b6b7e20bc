using Microsoft.Extensions.Options;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>
/// The sending loops of this node. No request ever waits for them, and nothing that happens here ends them but the end of the process.
/// </summary>
internal sealed partial class MailSender(MailRound round, OutboxSignal signal, IOptions<MailOptions> options, ILogger<MailSender> log)
    : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Transport == MailTransportKind.Pickup)
        {
            Directory.CreateDirectory(options.Value.PickupDirectory);
            LogPickup(options.Value.PickupDirectory);
        }

        return Task.WhenAll(Enumerable.Range(0, options.Value.Workers)
            .Select(_ => Task.Run(() => LoopAsync(stoppingToken), CancellationToken.None)));
    }

    private async Task LoopAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var claimed = 0;
            try
            {
                claimed = await round.RunAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, mails must go on when it is over.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogFailed(e);
            }

            if (claimed == 0)
            {
                await WaitAsync(stop);
            }
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        try
        {
            await signal.WaitAsync(LongestWait, stop);
        }
        catch (OperationCanceledException)
        {
        }
    }

    [LoggerMessage(3121, LogLevel.Information, "Mails are not sent but written to {Directory}")]
    private partial void LogPickup(string directory);

    [LoggerMessage(3122, LogLevel.Error, "A round of sending mails failed and is tried again")]
    private partial void LogFailed(Exception error);
}
