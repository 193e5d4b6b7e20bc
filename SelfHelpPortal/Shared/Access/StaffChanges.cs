using Npgsql;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Hears from PostgreSQL when an account, its state or its roles change on any node (a trigger tells), and ends its circuits here.
/// </summary>
internal sealed partial class StaffChanges(NpgsqlDataSource source, StaffCircuits circuits, ILogger<StaffChanges> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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
                Lost(log, failure.GetBaseException().Message);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        await using var connection = await source.OpenConnectionAsync(stopping);
        var changed = new Queue<Guid>();
        connection.Notification += (_, told) =>
        {
            if (Guid.TryParse(told.Payload, out var user))
            {
                changed.Enqueue(user);
            }
        };
        await using (var listen = new NpgsqlCommand("LISTEN staff_changed", connection))
        {
            await listen.ExecuteNonQueryAsync(stopping);
        }

        // Until here nobody listened.
        await circuits.CheckAllAsync(stopping);
        while (true)
        {
            await connection.WaitAsync(stopping);
            while (changed.TryDequeue(out var user))
            {
                await circuits.CheckAsync(user, stopping);
            }
        }
    }

    [LoggerMessage(1110, LogLevel.Warning, "Changes of staff accounts cannot be heard for a moment: {Reason}")]
    private static partial void Lost(ILogger log, string reason);
}
