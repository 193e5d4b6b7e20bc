using Npgsql;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Shared.Access;

/// <summary>
/// Hears from PostgreSQL when an account, its state or its roles change on any node (a trigger tells), and ends its circuits here.
/// </summary>
internal sealed partial class StaffChanges(NpgsqlDataSource source, StaffCircuits circuits, ILogger<StaffChanges> log)
    : NotificationListener(source, "staff_changed")
{
    protected override Task OnListeningAsync(CancellationToken stopping) => circuits.CheckAllAsync(stopping);

    protected override async Task OnNotifiedAsync(IReadOnlyList<string> payloads, CancellationToken stopping)
    {
        foreach (var payload in payloads)
        {
            if (Guid.TryParse(payload, out var user))
            {
                await circuits.CheckAsync(user, stopping);
            }
        }
    }

    protected override void OnLost(string reason) => Lost(log, reason);

    [LoggerMessage(1110, LogLevel.Warning, "Changes of staff accounts cannot be heard for a moment: {Reason}")]
    private static partial void Lost(ILogger log, string reason);
}
