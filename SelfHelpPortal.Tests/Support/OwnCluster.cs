using System.Diagnostics;
using System.Globalization;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// A PostgreSQL cluster of a test's own, which the test may break. It is as safe as an operator's, so that what was committed stays.
/// </summary>
internal sealed class OwnCluster : IDisposable
{
    public const string Database = "portal";

    private readonly LocalPostgres _server;

    private OwnCluster(LocalPostgres server) => _server = server;

    public string Folder => _server.Folder;

    public string PortalConnection => _server.PortalConnection(Database);

    public string OwnerConnection => _server.OwnerConnection(Database);

    private string Data => Path.Combine(Folder, "data");

    /// <summary>With both roles and an empty database; it has never seen the portal.</summary>
    public static OwnCluster StartEmpty(string? folder = null)
    {
        var cluster =
            new OwnCluster(LocalPostgres.Start(folder ?? Path.Combine(Path.GetTempPath(), $"selfhelp-own-{Guid.NewGuid():N}"[..30])));
        cluster._server.EnsureDatabase(Database);
        return cluster;
    }

    /// <summary>Migrated and ready.</summary>
    public static async Task<OwnCluster> StartAsync(string? folder = null)
    {
        var cluster = StartEmpty(folder);
        await using (var owner = Npgsql.NpgsqlDataSource.Create(cluster.OwnerConnection + ";Pooling=false"))
        await using (var ahead = owner.CreateCommand($"ALTER DATABASE \"{Database}\" SET portal.days_ahead = '36500'"))
        {
            await ahead.ExecuteNonQueryAsync();
        }

        await PortalDatabase.MigrateAsync(cluster.OwnerConnection, cluster.PortalConnection, CancellationToken.None);
        return cluster;
    }

    /// <summary>Lets a portal use it instead of the database of the test run.</summary>
    public void Serve(PortalFactory portal)
    {
        portal.Configuration["ConnectionStrings:Portal"] = PortalConnection;
        portal.Configuration["ConnectionStrings:Migration"] = OwnerConnection;
    }

    /// <summary>As after a power cut: nobody is waited for, and the log is replayed.</summary>
    public void RestartAtOnce() => Control("restart", "-m", "immediate");

    /// <summary>As an operator does it: sessions are ended, what is open is rolled back.</summary>
    public void Stop() => Control("stop", "-m", "fast");

    /// <summary>Starts it where it was stopped or has ended by itself.</summary>
    public void StartAgain()
    {
        if (Processes().Count == 0)
        {
            Control("start");
        }
    }

    /// <summary>
    /// Every process of the server stands still, as on a machine that is out of breath; connections stay open and nothing answers.
    /// </summary>
    public async Task FreezeAsync(TimeSpan time)
    {
        var processes = Processes();
        processes.ShouldNotBeEmpty();
        try
        {
            Signal("-STOP", processes);
            await Task.Delay(time);
        }
        finally
        {
            Signal("-CONT", processes);
        }
    }

    public void Dispose()
    {
        _server.Dispose();
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // The server is still writing its last words; the folder for temporary files is swept by the system.
        }
    }

    private void Control(params string[] command)
    {
        // The output of the server goes to its log: a pipe would stay open as long as the server runs.
        var (exit, output) = ServerAccount.RunAsServer(
            Folder, [PostgresProgram.PathOf("pg_ctl"), .. command, "-D", Data, "-l", Path.Combine(Folder, "log"), "-w", "-t", "60", "-s"]);
        exit.ShouldBe(0, output);
    }

    private List<int> Processes()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file))
        {
            return [];
        }

        var first = File.ReadLines(file).First();
        var children = $"/proc/{first}/task/{first}/children";
        return !File.Exists(children)
            ? []
            : [.. File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(first)
                .Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
    }

    private static void Signal(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start("kill", [signal, .. processes.Select(p => p.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }
}
