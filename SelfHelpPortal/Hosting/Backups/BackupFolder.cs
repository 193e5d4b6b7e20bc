using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Hosting.Backups;

/// <summary>What one backup consists of: a folder named by its time, in it the dump, what opens it, and the sums of both.</summary>
internal static class BackupFolder
{
    public const string Dump = "database.dump";
    public const string Keys = "keys.sealed";
    public const string Sums = "SHA256SUMS";

    /// <summary>What a folder is called beside its name while it is not whole.</summary>
    public const string Part = ".part";

    private static readonly string[] All = [Sums, Keys, Dump];

    private const string Prefix = "portal-";
    private const string Stamp = "yyyyMMdd-HHmmss";

    public static string NameAt(DateTimeOffset now) => Prefix + now.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture);

    public static async Task WriteSumsAsync(string folder, CancellationToken cancellation)
    {
        var lines = $"{await LineAsync(folder, Dump, cancellation)}\n{await LineAsync(folder, Keys, cancellation)}\n";
        await PrivateFile.WriteAsync(
            Path.Combine(folder, Sums), file => file.WriteAsync(Encoding.ASCII.GetBytes(lines), cancellation).AsTask());
    }

    /// <summary>The sentence that says what is missing or was changed, or null.</summary>
    public static async Task<string?> ComplaintAsync(string folder, CancellationToken cancellation)
    {
        if (Array.Find(All, n => !File.Exists(Path.Combine(folder, n))) is { } missing)
        {
            return $"There is no {missing} in {folder}: that is not a whole backup.";
        }

        var sums = await File.ReadAllLinesAsync(Path.Combine(folder, Sums), cancellation);
        foreach (var name in new[] { Dump, Keys })
        {
            var line = await LineAsync(folder, name, cancellation);
            if (!sums.Contains(line))
            {
                return $"{Path.Combine(folder, name)} is not what was saved.";
            }
        }

        return null;
    }

    /// <summary>
    /// Removes all but the newest, and what a backup that was killed has left a day ago. A folder that has another name or anything else in
    /// it was not made here, and stays.
    /// </summary>
    public static IReadOnlyList<string> Trim(string parent, int keep, DateTimeOffset now)
    {
        var folders = Directory.EnumerateDirectories(parent).Order(StringComparer.Ordinal).ToList();
        var old = folders.Where(f => TimeOf(Path.GetFileName(f)) is not null && Files(f).SetEquals(All)).SkipLast(keep);
        // A younger one may still be at work.
        var killed = folders.Where(f => f.EndsWith(Part, StringComparison.Ordinal)
            && TimeOf(Path.GetFileNameWithoutExtension(f)) < now.UtcDateTime.AddDays(-1) && Files(f).IsSubsetOf(All));
        List<string> removed = [.. old, .. killed];
        foreach (var folder in removed)
        {
            // Without its sums it is no whole backup any more, should somebody end this in the middle.
            foreach (var name in All)
            {
                File.Delete(Path.Combine(folder, name));
            }

            Directory.Delete(folder);
        }

        return removed;
    }

    private static DateTime? TimeOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && DateTime.TryParseExact(name[Prefix.Length..], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;

    private static HashSet<string> Files(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e))];

    /// <summary>As sha256sum writes and reads it.</summary>
    private static async Task<string> LineAsync(string folder, string name, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(Path.Combine(folder, name));
        return $"{Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation))}  {name}";
    }
}
