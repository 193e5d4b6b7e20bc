using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Platform.Watching;

namespace SelfHelpPortal.Platform.Schedules;

/// <summary>
/// Runs the daily jobs. Every node looks once a minute; the row of a job is claimed with a lease, so one node runs it, and if that node
/// dies another one does the day's work after the lease.
/// </summary>
internal sealed partial class DailyJobs(
    IDbContextFactory<PortalDbContext> contexts, IServiceScopeFactory scopes, IEnumerable<DailyJob> jobs, TimeProvider time,
    ILogger<DailyJobs> log)
    : BackgroundService
{
    /// <summary>Longer than any of the jobs takes.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(1);

    private static readonly Func<ILogger, string, IDisposable?> LinesOf = LoggerMessage.DefineScope<string>("Daily job {Job}");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PollInterval);
        try
        {
            do
            {
                await RunDueAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Runs what is due on this node now. A job that fails is logged and does not hold up the others.</summary>
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        foreach (var job in jobs)
        {
            try
            {
                await RunAsync(job, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
#pragma warning disable CA1031 // Whatever it is, the other jobs and the next day go on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogFailed(e, job.Name);
            }
        }
    }

    private async Task RunAsync(DailyJob job, CancellationToken cancellationToken)
    {
        // Not from the constructor: the host makes its services before the settings, the zone among them, are checked as a whole.
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        var local = scope.ServiceProvider.GetRequiredService<LocalTimes>().ToLocal(now);
        var today = DateOnly.FromDateTime(local.DateTime);
        if (TimeOnly.FromDateTime(local.DateTime) < job.At || !await ClaimAsync(job.Name, today, now, cancellationToken))
        {
            return;
        }

        using var lines = LinesOf(log, job.Name);
        var started = time.GetTimestamp();
        var succeeded = false;
        try
        {
            await job.RunAsync(scope.ServiceProvider, now, cancellationToken);
            succeeded = true;
        }
        finally
        {
            PortalMeter.JobRan(job.Name, succeeded, time.GetElapsedTime(started));
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Set<DailyRun>().Where(r => r.Name == job.Name).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.DoneDay, today).SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null), cancellationToken);
    }

    private async Task<bool> ClaimAsync(string name, DateOnly today, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO daily_run AS r (name, lease_until) VALUES ({name}, {now + Lease})
             ON CONFLICT (name) DO UPDATE SET lease_until = excluded.lease_until
             WHERE (r.done_day IS NULL OR r.done_day < {today}) AND (r.lease_until IS NULL OR r.lease_until <= {now})
             """,
            cancellationToken) == 1;
    }

    [LoggerMessage(3201, LogLevel.Error, "The daily job {Name} failed; it is tried again after its lease")]
    private partial void LogFailed(Exception error, string name);
}

internal static class SchedulesSetup
{
    public static void AddSchedules(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DailyJobs>();
        builder.Services.AddHostedService(sp => sp.GetRequiredService<DailyJobs>());
    }
}
