using System.Data;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.PersonalData;

namespace SelfHelpPortal.Features.Staff.DataChecks;

/// <summary>A violation of a rule.</summary>
/// <param name="Sentence">What is wrong, in English, for log and command.</param>
internal sealed record DataViolation(string Rule, string Sentence, string Subject);

/// <summary>
/// Looks whether the data is whole: invoices and orders, events and their mails, seats, the chains of history, and the stored documents
/// against their checksums. All but history, which only grows, is read from one snapshot. What differs is named and never repaired: people
/// decide, and a restored backup has the right bytes.
/// </summary>
internal sealed partial class CheckData(
    IDbContextFactory<PortalDbContext> contexts, HistoryVerifier history, LicenseFiles files, IOptions<RetentionOptions> retention,
    ILogger<CheckData> log)
{
    public const string JobName = "check-data";
    public static readonly TimeOnly At = new(4, 30);

    /// <summary>So many violations of one rule are named; whoever sees them looks for one cause.</summary>
    private const int MostPerRule = 100;

    /// <summary>Documents that the daily check reads besides the young ones.</summary>
    private const int AtRandom = 200;

    /// <summary>The daily job. It keeps what it found for the desk and for the health of every node.</summary>
    public async Task RunDailyAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await RunAsync(allDocuments: false, now, cancellationToken);
        foreach (var violation in found)
        {
            LogFound(violation.Sentence, violation.Rule, violation.Subject);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Set<DataFinding>().ExecuteDeleteAsync(cancellationToken);
        db.AddRange(found.Select(v => new DataFinding
        {
            Id = Guid.CreateVersion7(now),
            Rule = v.Rule,
            Subject = v.Subject[..Math.Min(v.Subject.Length, DataFindingConfiguration.LongestSubject)],
            FoundAt = now,
        }));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <param name="allDocuments">False: only the documents and license files of the last two days, and some at random.</param>
    public async Task<IReadOnlyList<DataViolation>> RunAsync(bool allDocuments, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // The time that the server is given stands in the next statement; the client waits as long.
        db.Database.SetCommandTimeout(0);
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await db.Database.ExecuteSqlRawAsync("SET TRANSACTION READ ONLY; " + PortalDataSource.TakeYourTime, cancellationToken);

        var mailsSince = now.AddMonths(-retention.Value.CaseMailMonths).ToUniversalTime();
        // Yesterday began at most two days ago, wherever the vendor is.
        var documentsSince = allDocuments ? DateTimeOffset.MinValue : now.AddDays(-2).ToUniversalTime();
        List<DataViolation> found = [];
        foreach (var rule in DataRule.All)
        {
            var subjects = await db.Database.SqlQueryRaw<string>(rule.Sql, mailsSince).OrderBy(s => s).Take(MostPerRule)
                .ToListAsync(cancellationToken);
            found.AddRange(subjects.Select(subject => new DataViolation(rule.Name, rule.Sentence, subject)));
        }

        found.AddRange(await HistoryAsync(cancellationToken));
        found.AddRange(await DocumentsAsync(db, documentsSince, cancellationToken));
        found.AddRange(await LicenseFilesAsync(db, documentsSince, cancellationToken));
        return found;
    }

    private async Task<IEnumerable<DataViolation>> HistoryAsync(CancellationToken cancellationToken)
    {
        var report = await history.VerifyAsync(cancellationToken);
        return report.Faults.Take(MostPerRule)
            .Select(fault => new DataViolation(
                "history", "The history has a gap or was changed; verify history says more.", $"{fault.Stream} #{fault.Seq} {fault.Kind}"));
    }

    /// <summary>The server hashes them, so that their bytes need not travel.</summary>
    private static async Task<IEnumerable<DataViolation>> DocumentsAsync(
        PortalDbContext db, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var share = await ShareAsync(db, "invoice_document", cancellationToken);
        var differing = await db.Database.SqlQuery<string>(
            $"""
             SELECT d.file_name AS "Value" FROM (
                 SELECT id FROM invoice_document WHERE created_at >= {since}
                 UNION (SELECT id FROM invoice_document TABLESAMPLE SYSTEM ({share}) ORDER BY random() LIMIT {AtRandom})) c
             -- Each by its id: the server thinks that hashing costs nothing, and would hash all of them first.
             CROSS JOIN LATERAL (SELECT file_name, bytes, sha256 FROM invoice_document o WHERE o.id = c.id OFFSET 0) d
             WHERE encode(sha256(d.bytes), 'hex') <> d.sha256
             """).OrderBy(name => name).Take(MostPerRule).ToListAsync(cancellationToken);
        return differing.Select(
            name => new DataViolation("document", "A stored document is not what was issued. Restore it from a backup.", name));
    }

    /// <summary>A license file is encrypted, which proves its bytes; where a mail carried it, the mail has its checksum.</summary>
    private async Task<IReadOnlyList<DataViolation>> LicenseFilesAsync(
        PortalDbContext db, DateTimeOffset since, CancellationToken cancellationToken)
    {
        List<DataViolation> broken = [];
        var share = await ShareAsync(db, "license_file", cancellationToken);
        var stored = db.Database.SqlQuery<StoredFile>(
            $"""
             SELECT f.id AS "Id", f.sealed_text AS "SealedText", l.number || ' ' || a.handle AS "Subject", s.sha256 AS "Sha256"
             FROM license_file f JOIN activation a ON a.id = f.activation_id JOIN license l ON l.id = a.license_id
             LEFT JOIN (
                 SELECT (sent ->> 'id')::uuid AS id, min(sent ->> 'sha256') AS sha256
                 FROM outbox CROSS JOIN LATERAL jsonb_array_elements(attachments) AS sent
                 WHERE sent ->> 'source' = {LicenseFiles.Source} GROUP BY 1) s ON s.id = f.id
             WHERE f.id IN (
                 SELECT id FROM license_file WHERE created_at >= {since}
                 UNION (SELECT id FROM license_file TABLESAMPLE SYSTEM ({share}) ORDER BY random() LIMIT {AtRandom}))
             """).AsAsyncEnumerable();
        await foreach (var file in stored.WithCancellation(cancellationToken))
        {
            if (!IsWhole(file) && broken.Count < MostPerRule)
            {
                broken.Add(new DataViolation(
                    "license-file", "A stored license file is not what was sent. Restore it from a backup.", file.Subject));
            }
        }

        return broken;
    }

    /// <summary>
    /// In percent, how much of a table has enough rows to take some of them at random: its pages are drawn first, since whoever sorts all
    /// rows reads all of them.
    /// </summary>
    private static async Task<float> ShareAsync(PortalDbContext db, string table, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<float>(
            $"""
             SELECT least(100, 100 * {10 * AtRandom} / greatest(reltuples, 1))::real AS "Value"
             FROM pg_class WHERE oid = to_regclass({table})
             """).ToListAsync(cancellationToken)).Single();

    private bool IsWhole(StoredFile file)
    {
        try
        {
            var text = files.Open(file.Id, file.SealedText);
            return file.Sha256 is null || InvoiceDocument.HashOf(text) == file.Sha256;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    [LoggerMessage(3311, LogLevel.Critical, "{Sentence} {Rule}: {Subject}")]
    private partial void LogFound(string sentence, string rule, string subject);

    private sealed record StoredFile(Guid Id, byte[] SealedText, string Subject, string? Sha256);
}
