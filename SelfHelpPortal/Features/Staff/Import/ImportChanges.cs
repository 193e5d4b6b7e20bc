using Npgsql;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>
/// Hears from PostgreSQL when a list on its way in is another than before, whoever works on it on any node (a trigger tells), and lets the
/// pages that show it know.
/// </summary>
internal sealed partial class ImportChanges(NpgsqlDataSource source, ILogger<ImportChanges> log)
    : NotificationListener(source, "import_changed")
{
    private event Action<Guid?>? Changed;

    /// <param name="changed">
    /// Called on a thread of nobody's, with the list, or with null when it may have been any.
    /// </param>
    /// <param name="until">Then it is not called any more.</param>
    public void Follow(Action<Guid?> changed, CancellationToken until)
    {
        Changed += changed;
        until.Register(() => Changed -= changed);
    }

    protected override Task OnListeningAsync(CancellationToken stopping)
    {
        Changed?.Invoke(null);
        return Task.CompletedTask;
    }

    protected override Task OnNotifiedAsync(IReadOnlyList<string> payloads, CancellationToken stopping)
    {
        foreach (var file in payloads.Distinct().Select(Guid.Parse))
        {
            Changed?.Invoke(file);
        }

        return Task.CompletedTask;
    }

    protected override void OnLost(string reason) => Lost(log, reason);

    [LoggerMessage(3701, LogLevel.Warning, "How far imports are cannot be heard for a moment: {Reason}")]
    private static partial void Lost(ILogger log, string reason);
}
