using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Data;

/// <summary>The last event of a stream, or the last entry of one of the audit log, at some time.</summary>
internal sealed record HistoryHead(bool InAudit, Guid Stream, int Seq, byte[] Hash)
{
    private const string Event = "event";
    private const string Audit = "audit";

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(InAudit ? Audit : Event)} {Stream} {Seq} {Convert.ToHexStringLower(Hash)}");

    public static bool TryParse(string line, [NotNullWhen(true)] out HistoryHead? head)
    {
        head = line.Split(' ') is [Event or Audit, var stream, var seq, { Length: 64 } hash] parts
            && Guid.TryParseExact(stream, "D", out var id)
            && int.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && hash.All(char.IsAsciiHexDigit)
                ? new HistoryHead(parts[0] == Audit, id, number, Convert.FromHexString(hash))
                : null;
        return head is not null;
    }
}

/// <summary>
/// Writes the heads of the history to a file outside the database, once a day. Whoever owns the database can write a whole history anew
/// with right hashes, but not these files. A file holds the streams that grew since the one before; the first holds all. <c>verify history
/// --heads</c> reads them.
/// </summary>
internal sealed partial class HistoryHeads(
    IDbContextFactory<PortalDbContext> contexts, IOptions<HistoryOptions> options, ILogger<HistoryHeads> log)
{
    public const string JobName = "history-heads";

    private const string Prefix = "heads-";
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Longer than any transaction is open, so that what was committed late is in the next file.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    public static readonly TimeOnly At = new(3, 50);

    /// <returns>The file; null when no folder is set.</returns>
    public async Task<string?> WriteAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.Value.HeadsDirectory is not { Length: > 0 } told)
        {
            LogNoFolder(log);
            return null;
        }

        var folder = PrivateFile.Folder(told);
        var since = Times(folder).Select(written => written - Overlap).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var path = Path.Combine(folder.FullName, $"{Prefix}{now.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}.txt");
        var half = path + ".tmp";
        // Left behind by a run that was broken off.
        File.Delete(half);
        await PrivateFile.WriteAsync(half, async target =>
        {
            await using var writer = new StreamWriter(target, leaveOpen: true);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await foreach (var head in HeadsSince(db, since).WithCancellation(cancellationToken))
            {
                await writer.WriteLineAsync(new HistoryHead(head.InAudit, head.Stream, head.Seq, head.Hash).ToString());
            }
        });
        File.Move(half, path, overwrite: true);
        return path;
    }

    /// <summary>The heads of a file, or of all files of a folder.</summary>
    /// <exception cref="FormatException">A line is none.</exception>
    public static IEnumerable<HistoryHead> Read(string path) =>
        from file in Directory.Exists(path)
            ? Directory.GetFiles(path, Prefix + "*.txt").Order(StringComparer.Ordinal)
            : Enumerable.Repeat(path, 1)
        from line in File.ReadLines(file)
        select HistoryHead.TryParse(line, out var head) ? head : throw new FormatException($"{file} has a line that is no head: {line}");

    private static IEnumerable<DateTimeOffset> Times(DirectoryInfo folder) =>
        from file in folder.EnumerateFiles(Prefix + "*.txt")
        let name = Path.GetFileNameWithoutExtension(file.Name)[Prefix.Length..]
        where DateTimeOffset.TryParseExact(name, Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)
        select DateTimeOffset.ParseExact(name, Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static IAsyncEnumerable<StoredHead> HeadsSince(PortalDbContext db, DateTimeOffset since) => db.Database.SqlQuery<StoredHead>(
        $"""
         SELECT * FROM (
             SELECT DISTINCT ON (stream) false AS "InAudit", stream AS "Stream", seq AS "Seq", hash AS "Hash"
             FROM license_event WHERE at >= {since} ORDER BY stream, seq DESC) e
         UNION ALL SELECT * FROM (
             SELECT DISTINCT ON (stream) true, stream, seq, hash FROM audit_entry WHERE at >= {since} ORDER BY stream, seq DESC) a
         """).AsAsyncEnumerable();

    [LoggerMessage(3410, LogLevel.Warning,
        "The heads of the history are not written outside the database: set History:HeadsDirectory to a folder that the database's owner "
            + "cannot write")]
    private static partial void LogNoFolder(ILogger log);

    private sealed record StoredHead(bool InAudit, Guid Stream, int Seq, byte[] Hash);
}
