using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>
/// Reads the vendor's data before anything else of the portal starts, and again whenever PostgreSQL tells that an administrator has changed
/// them on any node.
/// </summary>
internal sealed partial class VendorChanges(
    CurrentVendor vendor, NpgsqlDataSource source, IDbContextFactory<PortalDbContext> contexts, ILogger<VendorChanges> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await vendor.ReadAsync(contexts, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

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
        // Until it is heard nobody listened, so that is read in any case.
        var hasChanged = true;
        connection.Notification += (_, told) => hasChanged |= told.Payload == nameof(SettingKind.Vendor);
        await using (var listen = new NpgsqlCommand("LISTEN setting_changed", connection))
        {
            await listen.ExecuteNonQueryAsync(stopping);
        }

        while (true)
        {
            if (hasChanged)
            {
                hasChanged = false;
                await ReadAsync(stopping);
            }

            await connection.WaitAsync(stopping);
        }
    }

    private async Task ReadAsync(CancellationToken stopping)
    {
        try
        {
            await vendor.ReadAsync(contexts, stopping);
        }
        catch (JsonException unreadable)
        {
            // A node goes on with what it knows, rather than not at all.
            Unreadable(log, unreadable);
        }
    }

    [LoggerMessage(1502, LogLevel.Warning, "Changes of the vendor's data cannot be heard for a moment: {Reason}")]
    private static partial void Lost(ILogger log, string reason);

    [LoggerMessage(1503, LogLevel.Error, "The stored data of the vendor cannot be read; this node goes on with the ones before")]
    private static partial void Unreadable(ILogger log, Exception failure);
}
