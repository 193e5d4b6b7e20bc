using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.CommandLine;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.CommandLine;

public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("selfhelp-start-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_schema_that_is_behind_refuses_the_start_and_says_what_to_do()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        string[] ids = [.. KnownSchemas.All.Select(k => k.Migration)];
        await using (var context =
            new PortalDbContext(new DbContextOptionsBuilder<PortalDbContext>()
                .UsePortal(database.OwnerConnection + ";Pooling=false").Options))
        {
            await context.GetService<IMigrator>().MigrateAsync(ids[^2]);
        }

        var refused = await PortalProcess.RunAsync(["--urls", "http://127.0.0.1:0"], Development(database.OwnerConnection));

        refused.Exit.ShouldBe(ExitCode.Refused);
        refused.Error.Trim().ShouldBe(
            $"The database's schema is behind by 1 ({ids[^1]}). Run the command 'migrate' first, or set Database:MigrateOnStart.");
    }

    /// <summary>The rights are the last step; one that was ended before it leaves tables that the portal may not even read.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_killed_first_migration_left_is_mended_by_the_next_start_or_named(bool migrates)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var owner = new NpgsqlConnection(database.OwnerConnection + ";Pooling=false"))
        {
            await owner.OpenAsync();
            await using var revoke = new NpgsqlCommand(
                $"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {LocalPostgres.PortalRole}", owner);
            await revoke.ExecuteNonQueryAsync();
        }

        var environment = Development(database.PortalConnection);
        environment["ConnectionStrings__Migration"] = database.OwnerConnection;
        environment["Database__MigrateOnStart"] = migrates ? "true" : "false";

        var listed = await PortalProcess.RunAsync(["admin", "list"], environment);

        listed.Error.ShouldNotContain("   at ");
        listed.Exit.ShouldBe(migrates ? ExitCode.Done : ExitCode.Refused, listed.Output + listed.Error);
        if (!migrates)
        {
            (listed.Output + listed.Error).ShouldContain("Run the command 'migrate', which gives them.");
        }
    }

    [Theory]
    [InlineData("--urls", "http://127.0.0.1:0")]
    [InlineData("migrate")]
    public async Task An_altered_schema_refuses_start_and_migrate_and_is_named(params string[] line)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var owner = new NpgsqlConnection(database.OwnerConnection + ";Pooling=false"))
        {
            await owner.OpenAsync();
            await using var alter = new NpgsqlCommand("ALTER TABLE license_event DISABLE TRIGGER only_grows", owner);
            await alter.ExecuteNonQueryAsync();
        }

        var refused = await PortalProcess.RunAsync(line, Development(database.PortalConnection));

        refused.Exit.ShouldBe(ExitCode.Refused);
        refused.Error.ShouldContain("changed trigger license_event.only_grows. Undo what was changed by hand, or restore a backup.");
        refused.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task An_address_in_use_is_said_in_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await using var database = await TestDatabase.CreateAsync();

        var refused = await PortalProcess.RunAsync(["--urls", $"http://127.0.0.1:{port}"], Development(database.PortalConnection));

        refused.Exit.ShouldBe(ExitCode.Refused);
        refused.Error.Trim()
            .ShouldBe($"http://127.0.0.1:{port} is in use. Stop the program that listens there or choose another address with --urls.");
        refused.Output.ShouldNotContain("   at ");
    }

    /// <summary>What <c>Type=notify</c> of deploy/selfhelp-portal.service waits for.</summary>
    [Fact]
    public async Task Systemd_hears_when_it_is_ready_and_when_it_stops()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var database = await TestDatabase.CreateAsync();
        var address = Path.Combine(_folder.FullName, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(address));
        var environment = Development(database.PortalConnection);
        environment["NOTIFY_SOCKET"] = address;
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        using var portal = PortalProcess.Start([], environment);

        (await HeardAsync()).ShouldBe("READY=1");
        using var stop = Process.Start("kill", ["-TERM", portal.Id.ToString(CultureInfo.InvariantCulture)]);
        (await HeardAsync()).ShouldBe("STOPPING=1");
        await portal.WaitForExitAsync().WaitAsync(WaitLimits.Wait);
        portal.ExitCode.ShouldBe(ExitCode.Done);

        async Task<string> HeardAsync()
        {
            var heard = new byte[100];
            using var limit = new CancellationTokenSource(WaitLimits.Wait);
            return Encoding.UTF8.GetString(heard, 0, await systemd.ReceiveAsync(heard, limit.Token));
        }
    }

    [Fact]
    public async Task Outside_Development_every_missing_setting_is_named_at_once()
    {
        var refused = await PortalProcess.RunAsync([]);

        refused.Exit.ShouldBe(ExitCode.Refused);
        foreach (var key in (string[])["PublicUrl", "ConnectionStrings:Portal", "Secrets:Directory"])
        {
            refused.Error.ShouldContain($"{key} is missing");
        }

        refused.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task
        Without_a_connection_string_Development_has_a_private_cluster_that_a_command_joins_and_that_ends_with_a_killed_portal()
    {
        var home = Directory.CreateTempSubdirectory("selfhelp-home-");
        // As root the server's account must reach the folder; otherwise the cluster would lie under /var/tmp.
        if (!OperatingSystem.IsWindows())
        {
            home.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }

        var pid = Path.Combine(home.FullName, ".data", "pg", "data", "postmaster.pid");
        Dictionary<string, string> environment =
            new()
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_CONTENTROOT"] = home.FullName,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0"
            };
        using var portal = PortalProcess.Start([], environment);
        try
        {
            while (await portal.StandardOutput.ReadLineAsync().WaitAsync(WaitLimits.Wait) is { } line
                && !line.StartsWith("The portal is ready", StringComparison.Ordinal))
            {
            }

            var server = (await File.ReadAllLinesAsync(pid))[0];
            var joined = await PortalProcess.RunAsync(["migrate"], environment);

            joined.ShouldBe(new(ExitCode.Done, $"The schema is up to date.{Environment.NewLine}", ""));
            (await File.ReadAllLinesAsync(pid))[0].ShouldBe(server);
        }
        finally
        {
            portal.Kill();
            await portal.WaitForExitAsync();
        }

        var waiting = Stopwatch.StartNew();
        while (File.Exists(pid) && waiting.Elapsed < WaitLimits.Wait)
        {
            await Task.Delay(50);
        }

        File.Exists(pid).ShouldBeFalse();
        home.Delete(recursive: true);
    }

    private Dictionary<string, string> Development(string connection) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["ConnectionStrings__Portal"] = connection,
        ["Database__MigrateOnStart"] = "false",
        ["Secrets__Directory"] = Path.Combine(_folder.FullName, "secrets"),
        ["Mail__PickupDirectory"] = Path.Combine(_folder.FullName, "mail"),
    };
}
