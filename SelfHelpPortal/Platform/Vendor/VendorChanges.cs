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
    : NotificationListener(source, "setting_changed")
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await vendor.ReadAsync(contexts, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task OnListeningAsync(CancellationToken stopping) => ReadAsync(stopping);

    protected override Task OnNotifiedAsync(IReadOnlyList<string> payloads, CancellationToken stopping) =>
        payloads.Contains(nameof(SettingKind.Vendor)) ? ReadAsync(stopping) : Task.CompletedTask;

    protected override void OnLost(string reason) => Lost(log, reason);

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
