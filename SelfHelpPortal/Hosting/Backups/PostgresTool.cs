using System.ComponentModel;
using Npgsql;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Hosting.Backups;

/// <summary>
/// A program of PostgreSQL, found in PATH. Where the database is and the password stand in its environment, which other users of the
/// machine cannot read, and never on its line, which they can.
/// </summary>
internal static class PostgresTool
{
    /// <exception cref="StartRefusedException">It is missing, or says why it did not do it.</exception>
    public static async Task RunAsync(string program, string connection, string[] arguments, CancellationToken cancellation)
    {
        var start = ServerAccount.StartInfo(null, program, arguments);
        foreach (var (name, value) in Variables(new(connection)))
        {
            if (!string.IsNullOrEmpty(value))
            {
                start.Environment[name] = value;
            }
        }

        try
        {
            var (exit, _, errors) = await Subprocess.RunAsync(start, cancellation);
            if (exit != 0)
            {
                throw new StartRefusedException($"{program} did not succeed: {errors.Trim()}");
            }
        }
        catch (Win32Exception)
        {
            throw new StartRefusedException(
                $"There is no {program} in PATH. Install PostgreSQL's client programs, at least as new as the server (postgresql-client).");
        }
    }

    private static IEnumerable<(string Name, string? Value)> Variables(NpgsqlConnectionStringBuilder to) =>
    [
        ("PGHOST", to.Host),
        ("PGPORT", FormattableString.Invariant($"{to.Port}")),
        ("PGDATABASE", to.Database),
        ("PGUSER", to.Username),
        ("PGPASSWORD", to.Password),
        ("PGPASSFILE", to.Passfile),
        ("PGSSLROOTCERT", to.RootCertificate),
        ("PGSSLCERT", to.SslCertificate),
        ("PGSSLKEY", to.SslKey),
        ("PGSSLMODE", to.SslMode switch
        {
            SslMode.Disable => "disable",
            SslMode.Allow => "allow",
            SslMode.Require => "require",
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            _ => "prefer",
        }),
    ];
}
