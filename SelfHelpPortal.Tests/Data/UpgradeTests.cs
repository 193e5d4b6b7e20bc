using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Data;

/// <summary>
/// An installation of an earlier release is brought up to date, loses nothing and goes on. <c>Data/Releases</c> has the database of each
/// release (pg_dump, custom format), filled by its demo and by customers and staff at work; <c>scripts/release-dump.sh</c> makes it with
/// the secrets of <see cref="ReleaseSecrets"/>. Those of 0.1.0 are gone, and nobody can read what its database holds in secrets.
/// </summary>
public sealed class UpgradeTests
{
    public static TheoryData<string> Releases =>
        [.. Directory.GetFiles(Folder, "*.dump").Select(f => Path.GetFileNameWithoutExtension(f)!)];

    private static string Folder => Repository.At("SelfHelpPortal.Tests", "Data", "Releases");

    /// <summary>Under which name scripts/release-dump.sh wants the dump of this version kept.</summary>
    private static string? Wanted => Environment.GetEnvironmentVariable("SELFHELP_RELEASE_DUMP");

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Migrate_makes_the_schema_of_a_new_installation_and_keeps_every_row(string release)
    {
        await using var upgraded = await RestoreAsync(Folder, release);
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
        await using var upgraded = await RestoreAsync(Folder, release);

        await ExecuteAsync(upgraded.OwnerConnection, await File.ReadAllTextAsync(Repository.At("migrations", "schema.sql")));

        await SameSchemaAsync(upgraded);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task The_upgraded_installation_works(string release) => await UpgradeAndWalkAsync(Folder, release);

    [Fact]
    public async Task This_version_can_be_kept_as_a_release_and_walked_again()
    {
        var folder = Wanted is null ? Directory.CreateTempSubdirectory("selfhelp-release-").FullName : Folder;
        try
        {
            await KeepAsync(folder, Wanted ?? "this");
            await UpgradeAndWalkAsync(folder, Wanted ?? "this");
        }
        finally
        {
            if (Wanted is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Demo and main flows of this version, as a dump.</summary>
    private static async Task KeepAsync(string folder, string release)
    {
        await using var portal = new PortalFactory { Change = ReleaseSecrets.LeaveRingOpen };
        ReleaseSecrets.WriteTo(portal.SecretsFolder, release);
        portal.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
        await portal.InitializeAsync();
        (await portal.RunAsync("seed", "--demo")).Exit.ShouldBe(ExitCode.Done);
        await new MainFlows(portal).WalkAsync();
        await ToolAsync(
            "pg_dump", portal.Database.OwnerConnection,
            "--format", "custom", "--compress", "9", "--no-owner", "--no-privileges", "--file", Path.Combine(folder, release + ".dump"));
    }

    private static async Task UpgradeAndWalkAsync(string folder, string release)
    {
        await using var database = await RestoreAsync(folder, release);
        await using var portal = new PortalFactory
        {
            Configuration =
            {
                ["ConnectionStrings:Portal"] = database.PortalConnection,
                ["ConnectionStrings:Migration"] = database.OwnerConnection,
            },
        };
        portal.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
        var hasSecrets = release != "0.1.0";
        if (hasSecrets)
        {
            ReleaseSecrets.WriteTo(portal.SecretsFolder, release);
        }

        (await portal.RunAsync("migrate")).Exit.ShouldBe(ExitCode.Done);
        await using (var source = NpgsqlDataSource.Create(database.OwnerConnection + ";Pooling=false"))
        await using (var last = source.CreateCommand("SELECT max(at) FROM license_event"))
        {
            // Time goes on, and the numbers of invoices go with it.
            portal.Clock.Now = new DateTimeOffset((DateTime)(await last.ExecuteScalarAsync())!, TimeSpan.Zero).AddDays(1);
        }

        if (!hasSecrets)
        {
            // Nobody has the secrets of that release any more, and with others a command refuses to write.
            var pepper = Peppers.Open(SecretsDirectory.Open(portal.SecretsFolder, mayCreate: false)).CurrentKid;
            await ExecuteAsync(
                database.OwnerConnection, $"DELETE FROM data_protection_key; UPDATE license SET key_pepper_id = '{pepper}'");
        }

        await portal.InitializeAsync();
        if (hasSecrets)
        {
            await new MainFlows(portal).GoOnAsync();
        }

        await new MainFlows(portal).WalkAsync();
        var (exit, report) = await portal.RunAsync("check", "data");
        if (hasSecrets)
        {
            exit.ShouldBe(ExitCode.Done, report);
        }
        else
        {
            // What was stored in secrets is lost, and nothing else.
            report.Split('\n').Where(l => l.EndsWith(')')).ShouldHaveSingleItem(report).ShouldEndWith("(license-file)");
        }
    }

    private static async Task<TestDatabase> RestoreAsync(string folder, string release)
    {
        var database = await TestDatabase.CreateEmptyAsync();
        await ToolAsync(
            "pg_restore", database.OwnerConnection, "--exit-on-error", "--no-owner", "--no-privileges",
            Path.Combine(folder, release + ".dump"));
        return database;
    }

    private static async Task ToolAsync(string name, string connection, params string[] arguments)
    {
        var address = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo(PostgresProgram.PathOf(name))
        {
            ArgumentList =
            {
                "--host", address.Host!, "--port", address.Port.ToString(CultureInfo.InvariantCulture), "--username", address.Username!,
                "--dbname", address.Database!,
            },
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PGPASSWORD"] = address.Password;
        using var process = Process.Start(start)!;
        var complaint = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, complaint);
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
            SELECT relname::text, (xpath('/row/n/text()',
                    query_to_xml(format('SELECT count(*) AS n FROM %s', oid::regclass), false, true, '')))[1]::text::bigint
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
#pragma warning disable CA2100 // The texts stand here and in migrations/schema.sql.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
