using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Data;

/// <summary>
/// What lies in the folder of a private cluster: <c>data </c>, its settings, <c>password </c> (the owner's line and the portal's), <c>log
/// </c>, <c>turn </c>, <c>users </c>.
/// </summary>
internal static class ClusterFolder
{
    // A socket's path has room for 107 bytes; the longest ending is ".s.PGSQL.65535".
    private const int LongestSocketFolder = 92;
    private const string DefaultPort = "5432";

    /// <summary>
    /// A folder that only the server's account can enter. As root in a place that this account cannot reach, one under /var/tmp named after
    /// it.
    /// </summary>
    public static string Prepare(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(folder).FullName;
        }

        if (!ServerAccount.IsAnother)
        {
            return Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        }

        if (ServerAccount.Run(null, "id", "-u", ServerAccount.Name).Exit != 0)
        {
            throw new StartRefusedException(
                $"PostgreSQL does not run as root, and there is no account {ServerAccount.Name} to run it: install PostgreSQL from the "
                    + $"system's packages, or start as an ordinary user.");
        }

        var parent = Path.GetDirectoryName(folder)!;
        Directory.CreateDirectory(parent);
        if (ServerAccount.Run(null, "runuser", "-u", ServerAccount.Name, "--", "test", "-x", parent).Exit != 0)
        {
            var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
            folder = $"/var/tmp/selfhelp-portal-{name}";
        }

        if (!Path.Exists(folder))
        {
            ServerAccount.RunOrThrow("install", "-d", "-o", ServerAccount.Name, "-m", "700", folder);
        }

        // Anybody may write to /var/tmp: a folder that somebody else put there is not taken.
        var (_, owner) = ServerAccount.Run(null, "stat", "-c", "%U %F", folder);
        return owner.Trim() == $"{ServerAccount.Name} directory"
            ? folder
            : throw new StartRefusedException($"{folder} is not a directory of {ServerAccount.Name}; remove it.");
    }

    /// <summary>Makes <c>data</c> in one step, so that an interrupted attempt is no cluster.</summary>
    public static void Create(string binaries, string folder, bool temporary)
    {
        var unfinished = Path.Combine(folder, "unfinished");
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        string[] passwords =
            [RandomNumberGenerator.GetHexString(40, lowercase: true), RandomNumberGenerator.GetHexString(40, lowercase: true)];
        var first = Path.Combine(folder, "first-password");
        WritePrivate(first, [passwords[0]]);
        // ICU orders and folds names alike on every system; the C library's locales differ.
        var (exit, output) = ServerAccount.RunAsServer(
            folder, Path.Combine(binaries, "initdb"), "-D", unfinished, "-U", LocalPostgres.OwnerRole, "-A", "scram-sha-256", "--pwfile",
            first, "-E", "UTF8",
            "--locale-provider=icu", "--icu-locale=und", "--locale=C", temporary ? "--no-sync" : "--data-checksums");
        File.Delete(first);
        if (exit != 0)
        {
            throw new StartRefusedException($"initdb made no PostgreSQL cluster in {folder}: {output.Trim()}");
        }

        File.AppendAllText(Path.Combine(unfinished, "postgresql.conf"), "\ninclude 'portal.conf'\n");
        WritePrivate(Path.Combine(folder, "password"), passwords);
        Directory.Move(unfinished, Path.Combine(folder, "data"));
    }

    /// <summary>Written anew at each start: a port may be taken by then.</summary>
    public static void WriteSettings(string folder, bool temporary)
    {
        var socket = !OperatingSystem.IsWindows() && Encoding.UTF8.GetByteCount(folder) <= LongestSocketFolder;
        List<string> lines =
        [
            socket ? "listen_addresses = ''" : "listen_addresses = '127.0.0.1'",
            $"port = {(socket ? DefaultPort : FreePort())}",
            socket ? $"unix_socket_directories = '{folder.Replace("'", "''", StringComparison.Ordinal)}'" : "unix_socket_directories = ''",
            "max_connections = 300",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
        ];
        if (temporary)
        {
            lines.AddRange(
                ["fsync = off", "synchronous_commit = off", "full_page_writes = off", "wal_level = minimal", "max_wal_senders = 0"]);
        }

        var file = Path.Combine(folder, "data", "portal.conf");
        File.WriteAllLines(file, lines);
        if (!OperatingSystem.IsWindows())
        {
            // Read by the server's account; nothing in it is secret, and the folder above is closed.
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    private static void WritePrivate(string file, IEnumerable<string> lines)
    {
        File.Delete(file);
        using (var writer = new StreamWriter(PrivateFile.Create(file)))
        {
            foreach (var line in lines)
            {
                writer.WriteLine(line);
            }
        }

        if (ServerAccount.IsAnother)
        {
            ServerAccount.RunOrThrow("chown", ServerAccount.Name, file);
        }
    }
}
