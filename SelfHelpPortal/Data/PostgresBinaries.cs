using System.Globalization;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Data;

/// <summary>Where the programs of PostgreSQL are on this computer.</summary>
internal static class PostgresBinaries
{
    public const string Variable = "SELFHELP_PG_BIN";
    private const int OldestVersion = 15;

    /// <summary>
    /// The folder with <c>initdb </c>, <c>pg_ctl </c> and <c>postgres </c>: where the variable says, else on the path, else the newest of
    /// the usual places.
    /// </summary>
    public static string Find(string? told)
    {
        if (!string.IsNullOrEmpty(told))
        {
            return HasBinaries(told)
                ? CheckVersion(told)
                : throw new StartRefusedException($"{Variable} names {told}, but initdb, pg_ctl and postgres are not all there.");
        }

        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var usual = OperatingSystem.IsWindows()
            ? Versions(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*", "bin")
            : [
                .. Versions("/usr/lib/postgresql", "*", "bin"),
                .. Versions("/usr", "pgsql-*", "bin"),
                .. Versions("/opt/homebrew/opt", "postgresql@*", "bin"),
                .. Versions("/usr/local/opt", "postgresql@*", "bin"),
                .. Versions("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
            ];
        var found = path.Concat(usual).FirstOrDefault(HasBinaries)
            ?? throw new StartRefusedException(
                $"PostgreSQL {OldestVersion} or later is missing: install it (Debian: apt-get install postgresql), name its folder in "
                    + $"{Variable}, or set ConnectionStrings:Portal to a server of yours.");
        return CheckVersion(found);
    }

    private static IEnumerable<string> Versions(string parent, string pattern, string below) =>
        Directory.Exists(parent)
            ? Directory.GetDirectories(parent, pattern)
                .OrderByDescending(
                    d => int.TryParse(new string([.. Path.GetFileName(d).SkipWhile(c => !char.IsDigit(c)).TakeWhile(char.IsDigit)]),
                        CultureInfo.InvariantCulture, out var v) ? v : 0)
                .Select(d => Path.Combine(d, below))
            : [];

    private static bool HasBinaries(string folder) =>
        Array.TrueForAll(["initdb", "pg_ctl", "postgres"],
            n => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? n + ".exe" : n)));

    private static string CheckVersion(string binaries)
    {
        // "postgres (PostgreSQL) 15.18 (Debian …)"
        var (_, text) = ServerAccount.Run(null, Path.Combine(binaries, "postgres"), "--version");
        var version = text.Split(' ').Select(w => w.Split('.', '\n')[0]).FirstOrDefault(w => w.Length > 0 && w.All(char.IsAsciiDigit));
        return int.TryParse(version, CultureInfo.InvariantCulture, out var major) && major >= OldestVersion
            ? binaries
            : throw new StartRefusedException(
                $"PostgreSQL in {binaries} is version {version ?? "unknown"}; {OldestVersion} or later is needed. Name another folder in "
                    + $"{Variable}.");
    }
}
