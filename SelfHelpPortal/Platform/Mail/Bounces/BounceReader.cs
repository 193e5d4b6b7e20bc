using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Mail.Sending;

namespace SelfHelpPortal.Platform.Mail.Bounces;

/// <summary>Looks into the mailbox every few minutes, on each node: the same report read twice changes nothing.</summary>
internal sealed partial class BounceReader(
    BounceMailbox mailbox, IOptions<MailOptions> options, TimeProvider time, ILogger<BounceReader> log) : BackgroundService
{
    private static readonly TimeSpan Tolerated = TimeSpan.FromHours(1);

    private DateTimeOffset? _failsSince;

    /// <summary>For longer than a server is away in passing.</summary>
    public bool IsBehind => _failsSince is { } since && time.GetUtcNow() - since > Tolerated;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Bounces.Host.Length == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(options.Value.Bounces.Minutes), time);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            await mailbox.ReadAsync(stop);
            _failsSince = null;
        }
#pragma warning disable CA1031 // Whatever it is, the next look comes.
        catch (Exception e) when (!stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _failsSince ??= time.GetUtcNow();
            LogFailed(SendResults.Reply(e.Message));
        }
    }

    [LoggerMessage(3152, LogLevel.Warning, "The mailbox of Mail:Bounces could not be read, and is looked at again: {Reason}")]
    private partial void LogFailed(string reason);
}
