using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Hosting.Backups;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.CommandLine;

/// <summary><c>backup</c> and <c>restore</c>, each as a process of its own: what was saved comes back whole or not at all.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class BackupCommandTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-backup-");

    public async Task InitializeAsync()
    {
        await _portal.BuildAsync();
        await _portal.AddLicenseAsync(computers: "PC-1");
        await File.WriteAllTextAsync(PathOf("passphrase"), "a passphrase for the test\n");
        await File.WriteAllTextAsync(PathOf("other"), "another one for the test\n");
    }

    public async Task DisposeAsync()
    {
        await _portal.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_restore_that_cannot_be_whole_writes_nothing()
    {
        var saved = await SavedAsync("--passphrase-file", PathOf("passphrase"));
        Directory.EnumerateFiles(saved).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
            .ShouldBe([BackupFolder.Sums, BackupFolder.Dump, BackupFolder.Keys]);
        Directory.EnumerateFiles(saved).ShouldAllBe(f => File.GetUnixFileMode(f) == PrivateFile.Mode);
        string[] right = ["--passphrase-file", PathOf("passphrase")];
        await using var empty = await TestDatabase.CreateEmptyAsync();

        await RefusesAsync("The passphrase does not open", "--passphrase-file", PathOf("other"));
        await RefusesAsync("--passphrase-file FILE", "--key", PathOf("other"));
        foreach (var name in new[] { BackupFolder.Dump, BackupFolder.Keys })
        {
            await DamagedAsync(Path.Combine(saved, name), () => RefusesAsync("is not what was saved", right));
            File.Move(Path.Combine(saved, name), PathOf("aside"));
            await RefusesAsync("not a whole backup", right);
            File.Move(PathOf("aside"), Path.Combine(saved, name));
        }

        Directory.Exists(PathOf("secrets")).ShouldBeFalse();
        Directory.CreateDirectory(PathOf("secrets"));
        await File.WriteAllTextAsync(PathOf("secrets/peppers"), "of somebody else");
        await RefusesAsync("writes over nothing", right);
        (await File.ReadAllTextAsync(PathOf("secrets/peppers"))).ShouldBe("of somebody else");
        Directory.Delete(PathOf("secrets"), recursive: true);

        (await RestoreAsync(_portal.Database, saved, right)).Output.ShouldContain("tables already");
        Directory.Exists(PathOf("secrets")).ShouldBeFalse();

        async Task RefusesAsync(string why, params string[] options)
        {
            var run = await RestoreAsync(empty, saved, options);
            run.Exit.ShouldBe(ExitCode.Refused, run.Error);
            run.Output.ShouldContain(why);
        }
    }

    [Fact]
    public async Task What_was_saved_for_a_certificate_opens_with_its_key()
    {
        Certificate("recipient");
        Certificate("stranger");
        var saved = await SavedAsync("--recipient", PathOf("recipient.pem"));
        await using var empty = await TestDatabase.CreateEmptyAsync();

        (await RestoreAsync(empty, saved, "--key", PathOf("stranger.key"))).Output.ShouldContain("does not open the secrets");
        var restored = await RestoreAsync(empty, saved, "--key", PathOf("recipient.key"));

        restored.Exit.ShouldBe(ExitCode.Done, restored.Output + restored.Error);
        restored.Output.ShouldContain("Database and secrets folder belong together.");
    }

    [Fact]
    public async Task A_backup_is_verified_in_a_database_that_is_gone_afterwards()
    {
        string[] right = ["--passphrase-file", PathOf("passphrase")];
        var whole = await SavedAsync(right);

        foreach (var environment in (string[])[Environments.Production, Environments.Development])
        {
            (await VerifyInAsync(environment, whole, right)).ShouldSatisfyAllConditions(
                r => r.Exit.ShouldBe(ExitCode.Done, r.Output + r.Error),
                r => r.Output.ShouldContain("The data is whole."),
                r => r.Output.ShouldContain($"{whole} can be restored, and is whole."));
        }

        (await VerifyAsync(whole, "--passphrase-file", PathOf("other"))).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Refused),
            r => r.Output.ShouldContain("The passphrase does not open"),
            r => r.Output.ShouldContain("\"restore"));
        (await VerifyAsync(whole, "--config-to", PathOf("temp"))).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Usage),
            r => r.Output.ShouldBe($"Usage: verify backup {VerifyBackupCommand.Arguments}\n"));

        await ExecuteAsync(
            "ALTER TABLE license_event DISABLE TRIGGER USER; UPDATE license_event SET at = at + interval '1 second' WHERE seq = 1; "
            + "ALTER TABLE license_event ENABLE TRIGGER USER");
        Directory.Move(whole, PathOf("aside"));
        (await VerifyAsync(await SavedAsync(right), right)).ShouldSatisfyAllConditions(
            r => r.Exit.ShouldBe(ExitCode.Refused),
            r => r.Output.ShouldContain("The history has a gap"),
            r => r.Output.ShouldContain("\"check data\" was refused"));

        (await ExecuteAsync($"SELECT count(*) FROM pg_database WHERE datname LIKE '{VerifyBackupCommand.Prefix}%'")).ShouldBe(0L);
        Directory.EnumerateDirectories(PathOf("temp")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_what_a_backup_made_is_removed()
    {
        var foreign = Directory.CreateDirectory(PathOf("backups/portal-20200101-000000"));
        await File.WriteAllTextAsync(Path.Combine(foreign.FullName, "notes.txt"), "mine");
        var old = Directory.CreateDirectory(PathOf("backups/portal-20200102-000000"));
        foreach (var name in new[] { BackupFolder.Dump, BackupFolder.Keys, BackupFolder.Sums })
        {
            await File.WriteAllTextAsync(Path.Combine(old.FullName, name), "old");
        }

        // One that was killed long ago, and one that may still be at work.
        var killed = Directory.CreateDirectory(PathOf("backups/portal-20200103-000000.part"));
        await File.WriteAllTextAsync(Path.Combine(killed.FullName, BackupFolder.Dump), "half");
        var working = Directory.CreateDirectory(
            PathOf("backups/" + BackupFolder.NameAt(TimeProvider.System.GetUtcNow().AddMinutes(-5)) + BackupFolder.Part));

        var saved = await SavedAsync("--passphrase-file", PathOf("passphrase"), "--keep", "1");

        Directory.EnumerateDirectories(PathOf("backups")).ShouldBe([foreign.FullName, working.FullName, saved], ignoreOrder: true);
    }

    [Fact]
    public async Task A_backup_that_does_not_succeed_leaves_nothing()
    {
        var noProgram = await RunAsync(
            _portal.Database, _portal.SecretsFolder, "/nonexistent", "backup", PathOf("backups"), "--passphrase-file",
            PathOf("passphrase"));
        noProgram.Exit.ShouldBe(ExitCode.Refused, noProgram.Error);
        noProgram.Output.ShouldContain("There is no pg_dump in PATH");

        await File.WriteAllTextAsync(PathOf("short"), "short");
        (await BackupAsync("--passphrase-file", PathOf("short"))).Output.ShouldContain("shorter than 12 characters");
        (await BackupAsync("--passphrase-file", PathOf("none"))).Output.ShouldContain("Nothing was saved.");
        (await BackupAsync("--recipient", PathOf("passphrase"))).Output.ShouldContain("Nothing was saved.");
        (await BackupAsync()).Exit.ShouldBe(ExitCode.Usage);
        Directory.EnumerateFileSystemEntries(PathOf("backups")).ShouldBeEmpty();
    }

    private async Task<string> SavedAsync(params string[] options)
    {
        var run = await BackupAsync(options);
        run.Exit.ShouldBe(ExitCode.Done, run.Output + run.Error);
        return run.Output.Split('\n')[0];
    }

    private Task<PortalProcess> BackupAsync(params string[] options) =>
        RunAsync(_portal.Database, _portal.SecretsFolder, PortalProcess.PathWithPostgres, ["backup", PathOf("backups"), .. options]);

    private Task<PortalProcess> RestoreAsync(TestDatabase database, string saved, params string[] options) =>
        RunAsync(database, PathOf("secrets"), PortalProcess.PathWithPostgres, ["restore", saved, .. options]);

    private Task<PortalProcess> VerifyAsync(string saved, params string[] options) =>
        VerifyInAsync(Environments.Production, saved, options);

    private Task<PortalProcess> VerifyInAsync(string environment, string saved, params string[] options) => RunInAsync(
        environment, _portal.Database, PathOf("nowhere"), PortalProcess.PathWithPostgres, ["verify", "backup", saved, .. options]);

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_portal.Database.OwnerConnection);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private Task<PortalProcess> RunAsync(TestDatabase database, string secrets, string path, params string[] line) =>
        RunInAsync(Environments.Production, database, secrets, path, line);

    private Task<PortalProcess> RunInAsync(
        string environment, TestDatabase database, string secrets, string path, params string[] line) =>
        PortalProcess.RunAsync(line, new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = environment,
            // The program is started by its full name, so that PATH holds nothing but what the test says.
            ["PATH"] = path,
            ["TMPDIR"] = Directory.CreateDirectory(PathOf("temp")).FullName,
            ["PublicUrl"] = "https://licenses.example.org",
            ["ConnectionStrings__Portal"] = database.PortalConnection,
            ["ConnectionStrings__Migration"] = database.OwnerConnection,
            ["Secrets__Directory"] = secrets,
            ["Mail__Transport"] = "Pickup",
            ["Mail__PickupDirectory"] = PathOf("mail"),
            ["Mail__From"] = "portal@example.org",
            ["Mail__StaffAlerts"] = "staff@example.org",
        });

    private static async Task DamagedAsync(string file, Func<Task> act)
    {
        var whole = await File.ReadAllBytesAsync(file);
        var damaged = (byte[])whole.Clone();
        damaged[^1] ^= 1;
        await File.WriteAllBytesAsync(file, damaged);
        await act();
        await File.WriteAllBytesAsync(file, whole);
    }

    private void Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TestClock.Start, TestClock.Start.AddYears(1));
        File.WriteAllText(PathOf($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
