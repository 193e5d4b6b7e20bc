using Npgsql;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Hosting.Backups;

/// <summary>
/// <c>verify backup</c>: whether a backup can be restored and is whole. It is restored beside the database that is configured, into one
/// that is dropped afterwards, by the commands that an operator would take: <c>restore</c>, then <c>check data</c>.
/// </summary>
internal static class VerifyBackupCommand
{
    public const string Arguments = "DIR/portal-TIME --passphrase-file FILE | --key KEY.pem";

    /// <summary>What the names of the databases begin with, so that one is known that was left by a killed process.</summary>
    public const string Prefix = "portal_verify_";

    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args is not [_, RestoreCommand.Passphrase or RestoreCommand.Key, _])
        {
            return ExitCode.Usage;
        }

        var configured = services.GetRequiredService<PortalDatabase>().MigrationConnection;
        var name = Prefix + Guid.NewGuid().ToString("N");
        if (await CreateAsync(configured, name, cancellation) is { } complaint)
        {
            await output.WriteLineAsync(complaint);
            return ExitCode.Refused;
        }

        var folder = Directory.CreateTempSubdirectory("selfhelp-verify-");
        try
        {
            // One role for both: who may do what is no part of a backup.
            var connection = new NpgsqlConnectionStringBuilder(configured) { Database = name }.ConnectionString;
            var environment = new Dictionary<string, string>
            {
                ["ConnectionStrings__Portal"] = connection,
                ["ConnectionStrings__Migration"] = connection,
                ["Secrets__Directory"] = Path.Combine(folder.FullName, "secrets"),
                // In Development a folder is filled as soon as the program starts, before a restore can find it empty.
                ["ASPNETCORE_ENVIRONMENT"] = Environments.Production,
            };
            foreach (var line in (string[][])[["restore", .. args], ["check", "data"]])
            {
                var exit = await RunAsync(line, environment, output, cancellation);
                if (exit != ExitCode.Done)
                {
                    await output.WriteLineAsync($"Do not rely on {args[0]}: \"{string.Join(' ', line.Take(2))}\" was refused.");
                    return exit;
                }
            }

            await output.WriteLineAsync($"{args[0]} can be restored, and is whole.");
            return ExitCode.Done;
        }
        finally
        {
            folder.Delete(recursive: true);
            await ExecuteAsync(configured, $"DROP DATABASE \"{name}\" WITH (FORCE)", CancellationToken.None);
        }
    }

    private static async Task<string?> CreateAsync(string configured, string name, CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync(configured, $"CREATE DATABASE \"{name}\" TEMPLATE template0", cancellation);
            return null;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            var role = new NpgsqlConnectionStringBuilder(configured).Username;
            return $"The role {role} may not make a database to restore into. An administrator allows it: ALTER ROLE {role} CREATEDB.";
        }
        catch (NpgsqlException failure)
        {
            return $"PostgreSQL refuses: {failure.Message}";
        }
    }

    private static async Task ExecuteAsync(string connection, string sql, CancellationToken cancellation)
    {
        await using var source = PortalDataSource.CreateSingle(connection);
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>This program once more, with another database and folder. What it prints is printed here.</summary>
    private static async Task<int> RunAsync(
        string[] line, Dictionary<string, string> environment, TextWriter output, CancellationToken cancellation)
    {
        // Started by "dotnet SelfHelpPortal.dll" or by its own name; told the same folder of settings.
        var told = Environment.GetCommandLineArgs();
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [told[0]] : [];
        string[] settings =
        [
            .. told.SkipWhile(word => word != "--config").Take(2),
            .. told.Where(word => word.StartsWith("--config=", StringComparison.Ordinal)),
        ];
        var start = ServerAccount.StartInfo(Environment.CurrentDirectory, Environment.ProcessPath!, [.. program, .. line, .. settings]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var (exit, said, errors) = await Subprocess.RunAsync(start, cancellation);
        await output.WriteAsync(said + errors);
        return exit;
    }
}
