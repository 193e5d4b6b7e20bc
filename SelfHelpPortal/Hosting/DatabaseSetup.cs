using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Commands;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Schedules;

namespace SelfHelpPortal.Hosting;

/// <summary>The database, what is remembered of commands in it, and its history's heads.</summary>
internal static partial class DatabaseSetup
{
    public static void AddData(this WebApplicationBuilder builder)
    {
        // Otherwise every statement would be a line in the log.
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        var services = builder.Services;
        services.AddSingleton<PortalDatabase>();
        services.AddSingleton(sp =>
            PortalDataSource.Create(sp.GetRequiredService<PortalDatabase>().ConnectionString, sp.GetRequiredService<ILoggerFactory>()));
        services.AddPooledDbContextFactory<PortalDbContext>((sp, o) => o.UsePortal(sp.GetRequiredService<NpgsqlDataSource>()));
        // Identity's stores ask for a context per request; everything else takes one per operation from the factory.
        services.TryAddScoped(sp => sp.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext());
        services.AddSingleton<CommandLog>().AddSingleton<CommandRunner>();
        services.AddSingleton<HistoryVerifier>().AddSingleton<HistoryHeads>();
        services.AddSingleton(new DailyJob(
            HistoryHeads.JobName, HistoryHeads.At, (sp, now, cancellation) =>
                sp.GetRequiredService<HistoryHeads>().WriteAsync(now, cancellation)));
        services.AddSingleton(new ReadinessCheck("database and schema", async (sp, cancellation) =>
        {
            await using var connection = await sp.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellation);
            if (await SchemaCheck.LookAsync(connection, cancellation) is not { Complaint: { } complaint })
            {
                return Readiness.Ready;
            }

            WrongSchema(sp.GetRequiredService<ILogger<PortalDatabase>>(), complaint);
            return Readiness.Unavailable;
        }));
    }

    [LoggerMessage(1402, LogLevel.Error, "{Complaint}")]
    private static partial void WrongSchema(ILogger log, string complaint);
}
