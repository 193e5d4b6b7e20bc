using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Schedules;

namespace SelfHelpPortal.Data;

/// <summary>One <see cref="NpgsqlDataSource"/> and one pool of contexts for the whole portal.</summary>
/// <remarks>
/// There is no retrying execution strategy: with one, every transaction that a use case opens would have to be wrapped, and a COMMIT whose answer
/// is lost would run the decision twice. Instead commands are idempotent (their id commits with the effect), so whoever got no answer asks again:
/// the licensed software by its next attempt, a person by sending the form again, a worker by its lease. After a restart of PostgreSQL each broken
/// pooled connection therefore fails one request (<see cref="DatabaseFaults"/>) and is replaced.
/// </remarks>
internal static partial class DatabaseSetup
{
    // Statements prepare themselves at the second use, which makes the device endpoints 1.7 to 3.8 times faster; nothing here enlists in System.Transactions.
    // The three times keep the pool from being used up by connections that wait: for a lock, for a statement that does not end, or for a node that hangs and
    // holds locks. They are start values. What the administrator writes comes later in the string and wins.
    private const string Tuning =
        "Max Auto Prepare=50;Auto Prepare Min Usages=2;Enlist=false;Maximum Pool Size=20;"
        + "Options=-c lock_timeout=10s -c statement_timeout=20s -c idle_in_transaction_session_timeout=60s;";

    /// <summary>For a transaction that reads a lot, or writes to somebody who reads slowly.</summary>
    public const string TakeYourTime = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

    public static void AddData(this WebApplicationBuilder builder)
    {
        // Otherwise every statement would be a line in the log.
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning);
        var services = builder.Services;
        services.AddSingleton<PortalDatabase>();
        services.AddSingleton(sp => CreateDataSource(sp.GetRequiredService<PortalDatabase>().ConnectionString, sp.GetRequiredService<ILoggerFactory>()));
        services.AddPooledDbContextFactory<PortalDbContext>((sp, o) => o.UsePortal(sp.GetRequiredService<NpgsqlDataSource>()));
        // Identity's stores ask for a context per request; everything else takes one per operation from the factory.
        services.TryAddScoped(sp => sp.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext());
        services.AddSingleton<HistoryVerifier>().AddSingleton<HistoryHeads>();
        services.AddSingleton(new DailyJob(
            HistoryHeads.JobName, HistoryHeads.At, (sp, now, cancellation) => sp.GetRequiredService<HistoryHeads>().WriteAsync(now, cancellation)));
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

    /// <summary>What every context of the portal has, whoever makes it.</summary>
    internal static T UsePortal<T>(this T options, NpgsqlDataSource source)
        where T : DbContextOptionsBuilder
    {
        options.UseNpgsql(source).AddInterceptors(TransactionGuard.Instance, TextGuard.Instance);
        return options;
    }

    /// <inheritdoc cref="UsePortal{T}(T, NpgsqlDataSource)"/>
    internal static T UsePortal<T>(this T options, string connectionString)
        where T : DbContextOptionsBuilder
    {
        options.UseNpgsql(connectionString, o => o.MigrationsAssembly(typeof(PortalDbContext).Assembly.FullName)).AddInterceptors(TransactionGuard.Instance, TextGuard.Instance);
        return options;
    }

    internal static NpgsqlDataSource CreateDataSource(string connectionString, ILoggerFactory? loggers = null) =>
        new NpgsqlDataSourceBuilder(Tuning + connectionString).UseLoggerFactory(loggers).Build();

    [LoggerMessage(1402, LogLevel.Error, "{Complaint}")]
    private static partial void WrongSchema(ILogger log, string complaint);
}
