using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Watching;

namespace SelfHelpPortal.Hosting;

/// <summary>
/// What is measured by looking and not by counting: queues in the database, jobs, the parts of readiness. It looks when it is asked to, and
/// not more often than every few seconds; while the database is away the last values are left out.
/// </summary>
internal sealed partial class WatchedState : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly Meter _meter = new(PortalMeter.Name);
    private readonly SemaphoreSlim _looking = new(1);
    private Seen? _seen;
    private long? _at;

    public WatchedState(IServiceProvider services, TimeProvider time)
    {
        (_services, _time) = (services, time);
        _meter.CreateObservableGauge("mail.outbox.age", () => One(s => s.MailAge), "s", "For how long the oldest mail has been due.");
        _meter.CreateObservableGauge("mail.outbox.waiting", () => One(s => s.MailsWaiting), null, "Mails that are due.");
        _meter.CreateObservableGauge("mail.outbox.failed", () => One(s => s.MailsFailed), null,
            "Mails that nothing sends without somebody's help.");
        _meter.CreateObservableGauge("mail.stands", () => One(s => s.MailStands), null,
            "1 while no mail is sent because the server refuses us.");
        _meter.CreateObservableGauge("flags.open", () => One(s => s.OpenFlags), null, "Cases that are open.");
        _meter.CreateObservableGauge("job.behind", () => Many(s => s.JobsBehind, "job"), "d",
            "Days since a daily job was done last, by job.");
        _meter.CreateObservableGauge(
            "ready.state", () => Many(s => s.Parts, "part"), null, "State of each part of readiness: 0 ready, 1 degraded, 2 unavailable.");
    }

    /// <summary>Before values are read.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (_at is { } at && _time.GetElapsedTime(at) < Fresh)
            {
                return;
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            var parts = await _services.GetRequiredService<ReadinessLook>().AskAsync().WaitAsync(cancellationToken);
            _seen = await ReadAsync(parts.Parts.ToDictionary(p => p.Name, p => (double)p.State), limit.Token);
            _at = _time.GetTimestamp();
        }
        finally
        {
            _looking.Release();
        }
    }

    public void Dispose()
    {
        _meter.Dispose();
        _looking.Dispose();
    }

    private async Task<Seen> ReadAsync(Dictionary<string, double> parts, CancellationToken cancellationToken)
    {
        try
        {
            var now = _time.GetUtcNow();
            await using var db = await _services.GetRequiredService<IDbContextFactory<PortalDbContext>>()
                .CreateDbContextAsync(cancellationToken);
            var mail = await MailQueueFigures.ReadAsync(db, now, cancellationToken);
            var flags = await db.Flags.CountAsync(f => f.State != FlagState.Resolved, cancellationToken);
            var today = _services.GetRequiredService<LocalTimes>().Today(now);
            var runs = await db.Set<DailyRun>().AsNoTracking().Where(r => r.DoneDay != null)
                .ToDictionaryAsync(r => r.Name, r => (double)(today.DayNumber - r.DoneDay!.Value.DayNumber), cancellationToken);
            return new(
                mail.Queue.Waiting.TotalSeconds, mail.Due, mail.Failed, mail.Queue.StandsSince is null ? 0 : 1, flags,
                // One that never ran is as old as a portal that was started today.
                _services.GetServices<DailyJob>().ToDictionary(j => j.Name, j => runs.GetValueOrDefault(j.Name)), parts);
        }
        catch (Exception away) when (DatabaseFaults.IsUnavailable(away) || away is OperationCanceledException or Npgsql.NpgsqlException)
        {
            return new(null, null, null, null, null, [], parts);
        }
    }

    private IEnumerable<Measurement<double>> One(Func<Seen, double?> value) =>
        _seen is { } seen && value(seen) is { } one ? [new(one)] : [];

    private IEnumerable<Measurement<double>> Many(Func<Seen, Dictionary<string, double>> values, string label) =>
        _seen is { } seen ? values(seen).Select(v => new Measurement<double>(v.Value, new KeyValuePair<string, object?>(label, v.Key)))
            : [];

    private sealed record Seen(
        double? MailAge, double? MailsWaiting, double? MailsFailed, double? MailStands, double? OpenFlags, Dictionary<string,
            double> JobsBehind,
        Dictionary<string, double> Parts);
}
