using System.Formats.Tar;
using System.Security.Cryptography;
using Npgsql;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;

namespace SelfHelpPortal.Hosting.Backups;

/// <summary>
/// <c>restore</c>: brings a backup into the empty database and the empty secrets folder that the configuration names. What it needs to know
/// is looked at before anything is written.
/// </summary>
internal static class RestoreCommand
{
    public const string Arguments = "DIR/portal-TIME --passphrase-file FILE | --key KEY.pem [--config-to DIR]";

    internal const string Passphrase = "--passphrase-file";
    internal const string Key = "--key";

    private const string ConfigTo = "--config-to";

    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        if (args is not [var folder, .. var rest] || !CommandOptions.TryRead(rest, [Passphrase, Key, ConfigTo], out var options)
            || options.ContainsKey(Passphrase) == options.ContainsKey(Key))
        {
            return ExitCode.Usage;
        }

        try
        {
            await RestoreAsync(services, folder, options, cancellation);
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is StartRefusedException or IOException or UnauthorizedAccessException
            or CryptographicException or NpgsqlException)
        {
            await output.WriteLineAsync(failure.Message);
            return ExitCode.Refused;
        }
    }

    private static async Task RestoreAsync(
        IServiceProvider services, string folder, Dictionary<string, string> options, CancellationToken cancellation)
    {
        if (await BackupFolder.ComplaintAsync(folder, cancellation) is { } complaint)
        {
            throw new StartRefusedException(complaint);
        }

        var files = Unpack(BackupSeal.Open(
            await File.ReadAllBytesAsync(Path.Combine(folder, BackupFolder.Keys), cancellation),
            options.GetValueOrDefault(Passphrase), options.GetValueOrDefault(Key)));
        // Not from SecretsOptions, which are only valid with all secrets in the folder.
        var told = ConfigurationSetup.SecretsFolder(
            services.GetRequiredService<IConfiguration>()["Secrets:Directory"], services.GetRequiredService<IHostEnvironment>());
        if (told.Length == 0)
        {
            throw new StartRefusedException("Secrets:Directory is missing.");
        }

        var secrets = Path.TrimEndingDirectorySeparator(Path.GetFullPath(told));
        var targets = new List<(string Kind, string Path)> { ("secrets", secrets) };
        if (options.TryGetValue(ConfigTo, out var configuration))
        {
            targets.Add(("configuration", Path.TrimEndingDirectorySeparator(Path.GetFullPath(configuration))));
        }

        if (targets.Find(t => Directory.Exists(t.Path) && Directory.EnumerateFileSystemEntries(t.Path).Any()).Path is { } full)
        {
            throw new StartRefusedException($"{full} is not empty; a restore writes over nothing.");
        }

        var database = services.GetRequiredService<PortalDatabase>().MigrationConnection;
        if (await TablesAsync(database, cancellation) is > 0 and var tables)
        {
            throw new StartRefusedException($"The database has {tables} tables already; a restore writes over nothing.");
        }

        // All of it or nothing: the folders, which can be taken away again, before the database, which is filled in one transaction.
        try
        {
            foreach (var (kind, path) in targets)
            {
                PrivateFile.Folder(path);
                foreach (var (name, bytes) in files.Where(f => f.Name.StartsWith(kind + "/", StringComparison.Ordinal)))
                {
                    await PrivateFile.WriteAsync(
                        Path.Combine(path, Path.GetFileName(name)), f => f.WriteAsync(bytes, cancellation).AsTask());
                }
            }

            await PostgresTool.RunAsync(
                "pg_restore", database,
                ["--no-owner", "--no-privileges", "--no-password", "--exit-on-error", "--single-transaction",
                    // Where it is stands in the environment; an empty text means that database.
                    "--dbname=", Path.GetFullPath(Path.Combine(folder, BackupFolder.Dump))],
                cancellation);
        }
        catch
        {
            foreach (var (kind, path) in targets)
            {
                foreach (var (name, _) in files.Where(f => f.Name.StartsWith(kind + "/", StringComparison.Ordinal)))
                {
                    File.Delete(Path.Combine(path, Path.GetFileName(name)));
                }
            }

            throw;
        }
    }

    private static async Task<long> TablesAsync(string connection, CancellationToken cancellation)
    {
        await using var source = PortalDataSource.CreateSingle(connection);
        await using var count = source.CreateCommand("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()");
        return (long)(await count.ExecuteScalarAsync(cancellation))!;
    }

    private static List<(string Name, byte[] Bytes)> Unpack(byte[] packed)
    {
        var files = new List<(string, byte[])>();
        using var tar = new TarReader(new MemoryStream(packed));
        while (tar.GetNextEntry() is { } entry)
        {
            using var bytes = new MemoryStream();
            entry.DataStream?.CopyTo(bytes);
            files.Add((entry.Name, bytes.ToArray()));
        }

        return files;
    }
}
