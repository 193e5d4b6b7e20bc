using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SelfHelpPortal.Data;

/// <summary>How the portal connects: one <see cref="NpgsqlDataSource"/> and one pool of contexts.</summary>
/// <remarks>
/// There is no retrying execution strategy: with one, every transaction that a use case opens would have to be wrapped, and a COMMIT whose
/// answer is lost would run the decision twice. Instead commands are idempotent (their id commits with the effect), so whoever got no
/// answer asks again: the licensed software by its next attempt, a person by sending the form again, a worker by its lease. After a restart
/// of PostgreSQL each broken pooled connection therefore fails one request (<see cref="DatabaseFaults"/>) and is replaced.
/// </remarks>
internal static class PortalDataSource
{
    // Statements prepare themselves at the second use, which makes the device endpoints 1.7 to 3.8 times faster; nothing here enlists in
    // System.Transactions. The three times keep the pool from being used up by connections that wait: for a lock, for a statement that does
    // not end, or for a node that hangs and holds locks. They are start values. What the administrator writes comes later in the string and
    // wins.
    private const string Tuning =
        "Max Auto Prepare=50;Auto Prepare Min Usages=2;Enlist=false;Maximum Pool Size=20;"
        + "Options=-c lock_timeout=10s -c statement_timeout=20s -c idle_in_transaction_session_timeout=60s;";

    /// <summary>For a transaction that reads a lot, or writes to somebody who reads slowly.</summary>
    public const string TakeYourTime = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

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
        options.UseNpgsql(connectionString, o => o.MigrationsAssembly(typeof(PortalDbContext).Assembly.FullName))
            .AddInterceptors(TransactionGuard.Instance, TextGuard.Instance);
        return options;
    }

    internal static NpgsqlDataSource Create(string connectionString, ILoggerFactory? loggers = null) =>
        // The name stands in metrics, which would otherwise show the connection string.
        new NpgsqlDataSourceBuilder(Tuning + connectionString) { Name = "portal" }.UseLoggerFactory(loggers).Build();

    /// <summary>For single connections beside the pool.</summary>
    internal static NpgsqlDataSource CreateSingle(string connectionString) =>
        new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString)
        {
            Name = "portal-single",
        }.Build();
}
