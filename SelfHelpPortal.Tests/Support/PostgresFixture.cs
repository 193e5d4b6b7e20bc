using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// A migrated database of its own for a test class (<c>IClassFixture&lt;PostgresFixture&gt;</c>). All of them are clones of one template in
/// one private cluster per test run, which stops and is deleted with the process.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private TestDatabase? _database;
    private NpgsqlDataSource? _source;

    internal TestDatabase Database => _database!;

    /// <summary>As the portal sees it: with the rights of its role and the tuning of its connections.</summary>
    internal NpgsqlDataSource Source => _source!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _source = PortalDataSource.Create(_database.PortalConnection);
    }

    public async Task DisposeAsync()
    {
        await _source!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    internal PortalDbContext Open() => new(new DbContextOptionsBuilder<PortalDbContext>().UsePortal(Source).Options);
}

/// <summary>One database in the cluster of this test run.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private const string Template = "portal_template";
    private static readonly Lazy<LocalPostgres> Cluster = new(() =>
    {
        var cluster = LocalPostgres.Start(Path.Combine(Path.GetTempPath(), $"selfhelp-tests-{Guid.NewGuid():N}"[..30]), temporary: true);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Dispose();
        return cluster;
    });

    private static readonly Lazy<NpgsqlDataSource> Owner = new(() => NpgsqlDataSource.Create(Cluster.Value.OwnerConnection("postgres")));

    private static readonly string Patience = string.Create(
        CultureInfo.InvariantCulture,
        $";Timeout={Math.Min(WaitLimits.Wait.TotalSeconds, 1024):0};Command Timeout={WaitLimits.LongWait.TotalSeconds:0}"
            + $";Options=-c lock_timeout={WaitLimits.Wait.TotalSeconds:0}s -c statement_timeout={WaitLimits.LongWait.TotalSeconds:0}s"
            + $" -c portal.search_limit={WaitLimits.Wait.TotalSeconds:0}s");

    private static readonly Lazy<Task> MigratedTemplate = new(MigrateTemplateAsync);
    private static readonly SemaphoreSlim OneClone = new(1);
    private static int _count;

    private TestDatabase(string name) => Name = name;

    public string Name { get; }

    /// <summary>With limits of waiting that no busy machine reaches; those of <see cref="PortalDataSource"/> are for customers.</summary>
    public string PortalConnection => PortalConnectionWithUsualLimits + Patience;

    public string PortalConnectionWithUsualLimits => Cluster.Value.PortalConnection(Name);

    public string OwnerConnection => Cluster.Value.OwnerConnection(Name);

    /// <summary>A clone of the migrated template.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        await MigratedTemplate.Value;
        return await CreateAsync(Template);
    }

    /// <summary>Without any table.</summary>
    public static Task<TestDatabase> CreateEmptyAsync() => CreateAsync("template1");

    public async ValueTask DisposeAsync() => await ExecuteAsync($"DROP DATABASE IF EXISTS \"{Name}\" WITH (FORCE)");

    private static async Task<TestDatabase> CreateAsync(string template)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _count)}");
        await OneClone.WaitAsync();
        try
        {
            // Through the log of the cluster, as is usual, it takes twice as long.
            await ExecuteAsync($"CREATE DATABASE \"{name}\" TEMPLATE \"{template}\" STRATEGY file_copy");

            // A test's day may lie ahead of the machine's, by which no invoice is dated after the database's.
            await ExecuteAsync($"ALTER DATABASE \"{name}\" SET portal.days_ahead = '36500'");
        }
        finally
        {
            OneClone.Release();
        }

        return new TestDatabase(name);
    }

    private static async Task MigrateTemplateAsync()
    {
        Cluster.Value.EnsureDatabase(Template);
        await PortalDatabase.MigrateAsync(
            Cluster.Value.OwnerConnection(Template), Cluster.Value.PortalConnection(Template), CancellationToken.None);
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var command = Owner.Value.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
