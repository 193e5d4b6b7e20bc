using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Data;

/// <summary>
/// A PostgreSQL cluster of our own, for Development, the tests and E2E. The first process starts it, later ones join it, and it stops with
/// the last.
/// </summary>
/// <remarks>
/// Who uses the cluster holds its FIFO <c>users </c> open for writing. A small shell process beside the server reads it: the end of file
/// comes when the last user has gone, however it went (also <c>kill -9</c>), and then the server is stopped. On Windows, which has no FIFO,
/// the process that started the cluster stops it, and what a killed one leaves behind is joined by the next.
/// As root the server runs as the account <c>postgres</c>, because PostgreSQL refuses root.
/// </remarks>
internal sealed class LocalPostgres : IDisposable
{
    public const string OwnerRole = "postgres";
    public const string PortalRole = "portal_app";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // $1 folder, $2 folder of the binaries, $3 "temporary" or "durable".
    // Descriptor 4 reads the FIFO; opening it while 3 holds both ends never waits, and once 3 is closed the users are its only writers.
    private const string Watch = """
        trap '' INT TERM HUP
        umask 077
        cd "$1" || exit 1
        exec 3<>users 4<users 3>&-
        if ! "$2/pg_ctl" start -D data -l log -w -t 60 -s >>log 2>&1 4<&-; then exit 1; fi
        echo started
        exec >/dev/null 2>&1 </dev/null
        cat <&4 >/dev/null
        rm -f users
        "$2/pg_ctl" stop -D data -m fast -w -s 4<&-
        if [ "$3" = temporary ]; then cd / && rm -rf "$1"; fi
        """;

    private readonly string _folder;
    private readonly string _binaries;
    private readonly NpgsqlConnectionStringBuilder _address;
    private readonly string _portalPassword;
    private readonly FileStream? _use;
    private readonly bool _stopsOnDispose;

    private LocalPostgres(string folder, string binaries, string[] passwords, NpgsqlConnectionStringBuilder address, FileStream? use,
        bool stopsOnDispose)
    {
        (_folder, _binaries, _address, _use, _stopsOnDispose) = (folder, binaries, address, use, stopsOnDispose);
        _portalPassword = passwords[1];
    }

    /// <summary>Where the cluster lies; another place than asked for when the server's account cannot reach that one.</summary>
    public string Folder => _folder;

    /// <summary>The connection of the portal itself, which may not change the schema or the history.</summary>
    public string PortalConnection(string database) =>
        new NpgsqlConnectionStringBuilder(
            _address.ConnectionString)
        { Database = database, Username = PortalRole, Password = _portalPassword }.ConnectionString;

    /// <summary>The connection that makes databases and migrates.</summary>
    public string OwnerConnection(string database) =>
        new NpgsqlConnectionStringBuilder(_address.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>Joins the running cluster in <paramref name="folder"/> or starts it, and makes it first if there is none.</summary>
    /// <param name="temporary">For tests: not safe against a power cut, therefore fast, and deleted when it stops.</param>
    /// <exception cref="StartRefusedException">PostgreSQL is missing, too old or does not start; says what to do.</exception>
    public static LocalPostgres Start(string folder, bool temporary = false)
    {
        var binaries = PostgresBinaries.Find(Environment.GetEnvironmentVariable(PostgresBinaries.Variable));
        folder = ClusterFolder.Prepare(Path.GetFullPath(folder));
        using var turn = WaitForTurn(Path.Combine(folder, "turn"));
        var data = Path.Combine(folder, "data");
        var secret = Path.Combine(folder, "password");
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            ClusterFolder.Create(binaries, folder, temporary);
        }

        if (!File.Exists(secret))
        {
            throw new StartRefusedException(
                $"The PostgreSQL cluster in {folder} has lost its password file. Delete the folder to begin anew, or set "
                    + $"ConnectionStrings:Portal.");
        }

        var passwords = File.ReadAllLines(secret);
        if (Join(folder, passwords) is { } joined)
        {
            return new LocalPostgres(folder, binaries, passwords, joined.Address, joined.Use, stopsOnDispose: false);
        }

        ClusterFolder.WriteSettings(folder, temporary);
        var use = StartServer(binaries, folder, temporary);
        var address = ReadAddress(data, passwords[0])
            ?? throw new StartRefusedException($"PostgreSQL in {folder} says that it started but has no address.{Tail(folder)}");
        EnsureRole(address, passwords[1]);
        return new LocalPostgres(folder, binaries, passwords, address, use, stopsOnDispose: use is null);
    }

    /// <summary>Makes the database unless it exists.</summary>
    public void EnsureDatabase(string name)
    {
        using var connection = new NpgsqlConnection(OwnerConnection("postgres"));
        connection.Open();
        using var exists =
            new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (exists.ExecuteScalar() is null)
        {
            Execute(connection, $"CREATE DATABASE \"{name}\"");
        }
    }

    public void Dispose()
    {
        if (_stopsOnDispose)
        {
            ServerAccount.Run(_folder, Path.Combine(_binaries, "pg_ctl"), "stop", "-D", Path.Combine(_folder, "data"), "-m", "fast", "-w",
                "-s");
        }

        if (_use is null)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        _use.Dispose();

        // The last one waits for the server's end, so that nobody finds a process after ours; while others use the cluster the FIFO stays.
        var waiting = Stopwatch.StartNew();
        while (File.Exists(Path.Combine(_folder, "users")) && waiting.Elapsed < TimeSpan.FromMilliseconds(500))
        {
            Thread.Sleep(10);
        }

        while (!File.Exists(Path.Combine(_folder, "users")) && File.Exists(Path.Combine(_folder, "data", "postmaster.pid"))
            && waiting.Elapsed < Timeout)
        {
            Thread.Sleep(20);
        }
    }

    private static FileStream WaitForTurn(string file)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waiting.Elapsed < Timeout)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static FileStream? StartServer(string binaries, string folder, bool temporary)
    {
        if (OperatingSystem.IsWindows())
        {
            var (exit, output) = ServerAccount.Run(
                folder, Path.Combine(binaries, "pg_ctl"), "start", "-D", Path.Combine(folder, "data"), "-l", Path.Combine(folder, "log"),
                "-w", "-s");
            return exit == 0
                ? null
                : throw new StartRefusedException($"PostgreSQL in {folder} did not start: {output.Trim()}{Tail(folder)}");
        }

        var users = Path.Combine(folder, "users");
        File.Delete(users);
        ServerAccount.RunAsServer(folder, "mkfifo", "-m", "600", users);
        var use = OpenUse(users);
        string[] watch = ["/bin/sh", "-c", Watch, "selfhelp-postgres", folder, binaries, temporary ? "temporary" : "durable"];
        // A session of its own: Ctrl-C in the terminal reaches the portal, which says goodbye to the database before it goes.
        string[] command = ServerAccount.IsAnother ? ["setsid", "runuser", "-u", ServerAccount.Name, "--", .. watch] : watch;
        using var process = Process.Start(ServerAccount.StartInfo(folder, command[0], command[1..]))
            ?? throw new StartRefusedException($"{command[0]} did not start.");
        process.StandardInput.Close();
        if (process.StandardOutput.ReadLine() != "started")
        {
            use.Dispose();
            throw new StartRefusedException($"PostgreSQL in {folder} did not start.{Tail(folder)}");
        }

        return use;
    }

    private static FileStream OpenUse(string users) =>
        // Both ways, because opening for writing alone waits for a reader. No buffer: nothing is ever written.
        new(users, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    /// <summary>The running cluster, if there is one; waits for one that is just stopping.</summary>
    private static (NpgsqlConnectionStringBuilder Address, FileStream? Use)? Join(string folder, string[] passwords)
    {
        var data = Path.Combine(folder, "data");
        var users = Path.Combine(folder, "users");
        var waiting = Stopwatch.StartNew();
        while (waiting.Elapsed < Timeout && ReadAddress(data, passwords[0]) is { } address)
        {
            FileStream? use = null;
            try
            {
                use = OperatingSystem.IsWindows() ? null : OpenUse(users);
                using var connection = new NpgsqlConnection(address.ConnectionString + ";Pooling=false;Timeout=5");
                connection.Open();
                Execute(connection, "SELECT 1");
                if (use is null || File.Exists(users))
                {
                    return (address, use);
                }
            }
            catch (FileNotFoundException)
            {
                // No FIFO: the last user has just gone and the server is stopping.
            }
            catch (NpgsqlException refused) when (refused.InnerException is SocketException)
            {
                // postmaster.pid of a server that was killed: start it again.
                use?.Dispose();
                return null;
            }
            catch (NpgsqlException)
            {
                // Starting up or shutting down.
            }

            use?.Dispose();
            Thread.Sleep(50);
        }

        return null;
    }

    /// <summary>postmaster.pid: process, data folder, start time, port, socket folder, listening address, shared memory, state.</summary>
    private static NpgsqlConnectionStringBuilder? ReadAddress(string data, string password)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path.Combine(data, "postmaster.pid"));
        }
        catch (IOException)
        {
            return null;
        }

        if (lines.Length < 6)
        {
            return null;
        }

        return new NpgsqlConnectionStringBuilder
        {
            Host = lines[4].Trim() is { Length: > 0 } socket ? socket : lines[5].Trim(),
            Port = int.Parse(lines[3], CultureInfo.InvariantCulture),
            Username = OwnerRole,
            Password = password,
            Database = "postgres",
        };
    }

    private static void EnsureRole(NpgsqlConnectionStringBuilder address, string password)
    {
        using var connection = new NpgsqlConnection(address.ConnectionString + ";Pooling=false");
        connection.Open();
        using var exists =
            new NpgsqlCommand("SELECT 1 FROM pg_roles WHERE rolname = $1", connection) { Parameters = { new() { Value = PortalRole } } };
        if (exists.ExecuteScalar() is null)
        {
            Execute(connection, $"CREATE ROLE {PortalRole} LOGIN PASSWORD '{password}'");
        }
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The texts are constants of this class, our own hex passwords and names that the program gives.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static string Tail(string folder)
    {
        var log = Path.Combine(folder, "log");
        return File.Exists(log) ? $" The end of its log {log}: {string.Join(" | ", File.ReadLines(log).TakeLast(5))}" : "";
    }
}
