using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// An installation of an earlier release is brought up to date and loses nothing. <c>Data/Releases</c> has the database of each release (pg_dump, custom
/// format), filled by its demo and by customers and staff at work. What they held in secrets can be read by nobody: the folder they belonged to is gone.
/// </summary>
public sealed class UpgradeTests
{
    public static TheoryData<string> Releases => [.. Directory.GetFiles(Folder, "*.dump").Select(f => Path.GetFileNameWithoutExtension(f)!)];

    private static string Folder => Repository.At("SelfHelpPortal.Tests", "Data", "Releases");

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Migrate_makes_the_schema_of_a_new_installation_and_keeps_every_row(string release)
    {
        await using var upgraded = await RestoreAsync(release);
        var before = await CountAsync(upgraded);
        string[] filled = ["license_event", "invoice", "outbox", "flag", "customer_member", "transfer_request"];
        filled.ShouldAllBe(t => before[t] > 0);

        await PortalDatabase.MigrateAsync(upgraded.OwnerConnection, upgraded.PortalConnection, CancellationToken.None);

        await SameSchemaAsync(upgraded);
        var after = await CountAsync(upgraded);
        before.Where(t => t.Key != "__EFMigrationsHistory" && after[t.Key] < t.Value).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task The_script_for_administrators_does_the_same(string release)
    {
        await using var upgraded = await RestoreAsync(release);

        await ExecuteAsync(upgraded.OwnerConnection, await File.ReadAllTextAsync(Repository.At("migrations", "schema.sql")));

        await SameSchemaAsync(upgraded);
    }

    private static async Task<TestDatabase> RestoreAsync(string release)
    {
        var database = await TestDatabase.CreateEmptyAsync();
        var address = new NpgsqlConnectionStringBuilder(database.OwnerConnection);
        var tool = Path.Combine(PostgresBinaries.Find(Environment.GetEnvironmentVariable(PostgresBinaries.Variable)), "pg_restore");
        var start = new ProcessStartInfo(File.Exists(tool) ? tool : "pg_restore")
        {
            ArgumentList =
            {
                "--exit-on-error", "--no-owner", "--no-privileges", "--host", address.Host!, "--port", address.Port.ToString(CultureInfo.InvariantCulture),
                "--username", address.Username!, "--dbname", address.Database!, Path.Combine(Folder, release + ".dump"),
            },
            RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = address.Password;
        using var restore = Process.Start(start)!;
        var complaint = await restore.StandardError.ReadToEndAsync();
        await restore.WaitForExitAsync();
        restore.ExitCode.ShouldBe(0, complaint);
        return database;
    }

    private static async Task SameSchemaAsync(TestDatabase upgraded)
    {
        await using var connection = new NpgsqlConnection(upgraded.OwnerConnection + ";Pooling=false");
        await connection.OpenAsync();
        var verdict = await SchemaCheck.LookAsync(connection, default);
        (verdict.State, verdict.Complaint).ShouldBe((SchemaState.Current, null));
    }

    /// <summary>Rows of each table.</summary>
    private static async Task<Dictionary<string, long>> CountAsync(TestDatabase database)
    {
        await using var source = NpgsqlDataSource.Create(database.OwnerConnection + ";Pooling=false");
        await using var command = source.CreateCommand(
            """
            SELECT relname::text, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s', oid::regclass), false, true, '')))[1]::text::bigint
                FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            counts[reader.GetString(0)] = reader.GetInt64(1);
        }

        return counts;
    }

    private static async Task ExecuteAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Pooling=false");
#pragma warning disable CA2100 // The text is migrations/schema.sql.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
