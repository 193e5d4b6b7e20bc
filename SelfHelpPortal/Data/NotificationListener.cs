using Npgsql;

namespace SelfHelpPortal.Data;

/// <summary>
/// Hears one channel of PostgreSQL for as long as the portal runs, over a connection of its own that is opened again when it breaks.
/// </summary>
/// <param name="channel">As triggers name it (<c>pg_notify</c>); a constant of the code.</param>
internal abstract class NotificationListener(NpgsqlDataSource source, string channel) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception failure) when ((failure is TimeoutException or IOException || DatabaseFaults.IsUnavailable(failure))
                && !stoppingToken.IsCancellationRequested)
            {
                OnLost(failure.GetBaseException().Message);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>The channel is heard from now on. Until here nobody listened, so anything may have changed.</summary>
    protected abstract Task OnListeningAsync(CancellationToken stopping);

    /// <param name="payloads">What was told since the last call, in its order.</param>
    protected abstract Task OnNotifiedAsync(IReadOnlyList<string> payloads, CancellationToken stopping);

    /// <summary>The connection broke; it is tried again.</summary>
    protected abstract void OnLost(string reason);

    private async Task ListenAsync(CancellationToken stopping)
    {
        await using var connection = await source.OpenConnectionAsync(stopping);
        List<string> told = [];
        connection.Notification += (_, notification) => told.Add(notification.Payload);
#pragma warning disable CA2100 // Nobody types a channel.
        await using (var listen = new NpgsqlCommand($"LISTEN {channel}", connection))
#pragma warning restore CA2100
        {
            await listen.ExecuteNonQueryAsync(stopping);
        }

        await OnListeningAsync(stopping);
        while (true)
        {
            await connection.WaitAsync(stopping);
            // Notifications come while this connection waits or runs a command, and it does neither until the next round.
            var payloads = told.ToArray();
            told.Clear();
            await OnNotifiedAsync(payloads, stopping);
        }
    }
}
