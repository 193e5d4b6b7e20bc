using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration.Json;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Platform.Signing;

namespace SelfHelpPortal.Hosting.Backups;

/// <summary><c>backup</c>: the database, and encrypted beside it what opens it: the secrets folder and the configuration.</summary>
internal static class BackupCommand
{
    public const string Arguments = "DIR --passphrase-file FILE | --recipient CERT.pem [--keep N]";

    private const string Passphrase = "--passphrase-file";
    private const string Recipient = "--recipient";
    private const string Keep = "--keep";

    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, CancellationToken cancellation)
    {
        var keep = 0;
        if (args is not [var parent, .. var rest] || !CommandOptions.TryRead(rest, [Passphrase, Recipient, Keep], out var options)
            || options.ContainsKey(Passphrase) == options.ContainsKey(Recipient)
            || (options.TryGetValue(Keep, out var told)
                && (!int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out keep) || keep < 1)))
        {
            return ExitCode.Usage;
        }

        var secrets = services.GetRequiredService<SecretsDirectory>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var folder = Path.Combine(Path.GetFullPath(parent), BackupFolder.NameAt(now));
        var part = folder + BackupFolder.Part;
        var made = false;
        try
        {
            if (Directory.Exists(folder) || Directory.Exists(part))
            {
                throw new StartRefusedException($"{folder} is there already; a backup writes over nothing.");
            }

            // A passphrase or certificate that cannot be used is told before the database is read.
            Sealed([]);

            // What the database holds must open with what is saved: keys that change meanwhile belong to neither.
            var before = SecretFiles(secrets);
            PrivateFile.Folder(part);
            made = true;
            var dump = Path.Combine(part, BackupFolder.Dump);
            await PrivateFile.Create(dump).DisposeAsync();
            await PostgresTool.RunAsync(
                "pg_dump", services.GetRequiredService<PortalDatabase>().MigrationConnection,
                ["--format=custom", "--no-owner", "--no-privileges", "--no-password", $"--file={dump}"], cancellation);
            var keys = Pack([.. before, .. ConfigurationFiles(services)]);
            var encrypted = Sealed(keys);
            await PrivateFile.WriteAsync(Path.Combine(part, BackupFolder.Keys), f => f.WriteAsync(encrypted, cancellation).AsTask());
            await BackupFolder.WriteSumsAsync(part, cancellation);
            if (!before.Select(f => f.Name).SequenceEqual(SecretFiles(secrets).Select(f => f.Name))
                || !before.Zip(SecretFiles(secrets)).All(p => p.First.Bytes.AsSpan().SequenceEqual(p.Second.Bytes)))
            {
                throw new StartRefusedException("The keys changed during the backup. Start it again.");
            }

            Directory.Move(part, folder);
            made = false;
            await output.WriteLineAsync(folder);
            foreach (var old in keep > 0 ? BackupFolder.Trim(Path.GetFullPath(parent), keep, now) : [])
            {
                await output.WriteLineAsync($"Removed: {old}");
            }

            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is StartRefusedException or IOException or UnauthorizedAccessException
            or CryptographicException)
        {
            await output.WriteLineAsync($"Nothing was saved. {failure.Message}");
            return ExitCode.Refused;
        }
        finally
        {
            if (made)
            {
                Directory.Delete(part, recursive: true);
            }
        }

        byte[] Sealed(byte[] plain) => options.TryGetValue(Recipient, out var certificate)
            ? BackupSeal.ForCertificate(plain, certificate)
            : BackupSeal.WithPassphrase(plain, options[Passphrase]);
    }

    private static List<(string Name, byte[] Bytes)> SecretFiles(SecretsDirectory secrets)
    {
        if (Array.Find([Peppers.FileName, ProtectionCertificate.FileName, SigningKeyFile.Name], n => !secrets.Has(n)) is { } missing)
        {
            throw new StartRefusedException($"There is no {missing} in {secrets.Path}: that is not the portal's whole secrets folder.");
        }

        return [.. secrets.Names("*").Where(n => !n.StartsWith('.')).Select(n => ($"secrets/{n}", secrets.Read(n)!))];
    }

    /// <summary>The files that this portal reads, numbered, since two of them may have one name and the later one wins.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> ConfigurationFiles(IServiceProvider services) =>
        ((IConfigurationRoot)services.GetRequiredService<IConfiguration>()).Providers.OfType<JsonConfigurationProvider>()
            .Select(p => p.Source.FileProvider?.GetFileInfo(p.Source.Path!)).OfType<Microsoft.Extensions.FileProviders.IFileInfo>()
            .Where(f => f is { Exists: true, PhysicalPath: not null })
            .Select((f, i) => (FormattableString.Invariant($"configuration/{i + 1}-{f.Name}"), File.ReadAllBytes(f.PhysicalPath!)));

    private static byte[] Pack(IEnumerable<(string Name, byte[] Bytes)> files)
    {
        var packed = new MemoryStream();
        using (var tar = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    Mode = PrivateFile.Mode,
                    DataStream = new MemoryStream(bytes),
                });
            }
        }

        return packed.ToArray();
    }
}
