using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Schedules;

namespace SelfHelpPortal.Features.Staff.DataChecks;

internal static class DataChecksSetup
{
    public static void AddDataChecks(this IServiceCollection services)
    {
        services.AddSingleton<CheckData>();
        services.AddSingleton(new DailyJob(
            CheckData.JobName, CheckData.At, (sp, now, cancellation) =>
                sp.GetRequiredService<CheckData>().RunDailyAsync(now, cancellation)));
        services.AddSingleton(new ReadinessCheck("data", async (sp, cancellation) =>
        {
            await using var db = await sp.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync(cancellation);
            return await db.Set<DataFinding>().AnyAsync(cancellation) ? Readiness.Degraded : Readiness.Ready;
        }));
    }
}
