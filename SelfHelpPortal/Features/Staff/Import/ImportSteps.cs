using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Products;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>
/// The steps by which a file of licenses comes in, the same for the page and the command line. To check and to import is done in parts,
/// each in a transaction of the caller's that holds the file's row, so that two who work on one file take turns and nothing is done twice.
/// </summary>
internal sealed class ImportSteps(
    IDbContextFactory<PortalDbContext> contexts, ImportContent content, LicenseFactory maker, LicenseWriter writer, ProductCatalog products)
{
    private const int StagedAtOnce = 1_000;
    private const int CheckedAtOnce = 1_000;
    private const int ImportedAtOnce = 500;

    /// <summary>
    /// Stores the rows of a file, some at a time. Until the last of them is there it counts for nothing, and an upload that broke off may
    /// be repeated under the same id.
    /// </summary>
    /// <param name="file">Can be read several times.</param>
    /// <exception cref="UnreadableListException">It is no list.</exception>
    public async Task StageAsync(
        Guid id, string name, Stream file, Guid? createdBy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        using var list = ListReader.Open(file);
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await db.Set<ImportFile>().AnyAsync(f => f.Id == id && f.State != ImportState.Uploading, cancellationToken))
            {
                return;
            }

            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.Set<ImportFile>().Where(f => f.Id == id).ExecuteDeleteAsync(cancellationToken);
            db.Add(new ImportFile
            {
                Id = id,
                Name = NameOf(name),
                Sha256 = sha256,
                CreatedBy = createdBy,
                CreatedAt = now,
                Format = list.Format,
                Encoding = list.Encoding,
                Separator = list.Separator,
                Header = content.SealHeader(id, [.. list.Header.Select(Text)]),
                Mapping = ImportField.Guess(list.Header),
                WorkedAt = now,
                WorkedBy = createdBy,
            });
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        var count = 0;
        foreach (var part in list.Rows.Chunk(StagedAtOnce))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            count += await content.AddAsync(db, id, count + 1, part, cancellationToken);
        }

        await using var last = await contexts.CreateDbContextAsync(cancellationToken);
        await last.Set<ImportFile>().Where(f => f.Id == id).ExecuteUpdateAsync(
            s => s.SetProperty(f => f.State, ImportState.Uploaded).SetProperty(f => f.Rows, count), cancellationToken);
    }

    /// <summary>
    /// Lets the check begin, with the columns that were chosen. One that was broken off goes on; one that is complete begins anew, since a
    /// product may have been made meanwhile.
    /// </summary>
    public static async Task MapAsync(PortalDbContext db, ImportFile file, string[] mapping, CancellationToken cancellationToken)
    {
        if (file.State == ImportState.Uploaded && file.Mapping.SequenceEqual(mapping))
        {
            return;
        }

        file.Mapping = mapping;
        file.State = ImportState.Uploaded;
        (file.CheckedTo, file.NewRows, file.ChangedRows, file.SameRows, file.FaultyRows) = (0, 0, 0, 0, 0);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Whether each column is read as one field or left out, none twice and all that are needed.</summary>
    public static bool IsMapping(IReadOnlyList<string> mapping, int columns) =>
        mapping.Count == columns && mapping.All(field => field is "" || ImportField.All.Contains(field))
        && mapping.Where(field => field.Length > 0).GroupBy(field => field).All(same => same.Count() == 1)
        && Missing(mapping).Count == 0;

    public static IReadOnlyList<string> Missing(IEnumerable<string> mapping) => [.. ImportField.Needed.Except(mapping)];

    /// <summary>For parts: before their transaction, so that none needs a second connection.</summary>
    public async Task<LicenseRowCheck> RowCheckAsync(CancellationToken cancellationToken) =>
        new(await products.AllAsync(cancellationToken));

    /// <summary>Checks the next rows; after the last of them the file is <see cref="ImportState.Checked"/>.</summary>
    public async Task CheckPartAsync(
        PortalDbContext db, ImportFile file, LicenseRowCheck check, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (file.State != ImportState.Uploaded)
        {
            return;
        }

        var rows = await RowsAsync(db, file, file.CheckedTo, CheckedAtOnce, withFaulty: true, cancellationToken);
        if (rows is [])
        {
            file.State = ImportState.Checked;
        }
        else
        {
            var judge = await RowJudge.PrepareAsync(
                db, file.Id, [.. rows.Select(row => Read(file, row))], maker, check, hold: false, cancellationToken,
                before => Read(file, before));
            List<RowResult> results = [];
            foreach (var row in rows)
            {
                var judged = judge.Judge(row.Seq);
                results.Add(new(row.Seq, judged.State, judged.Notes, KeepsCells: true, judged.LicenseNumber, judged.CustomerNumber,
                    judged.KeyHash, null));
            }

            await content.StoreAsync(db, file.Id, results, cancellationToken);
            file.CheckedTo = rows[^1].Seq;
            file.NewRows += results.Count(r => r.State == ImportRowState.New);
            file.ChangedRows += results.Count(r => r.State == ImportRowState.Changed);
            file.SameRows += results.Count(r => r.State == ImportRowState.Same);
            file.FaultyRows += results.Count(r => r.State == ImportRowState.Faulty);
        }

        (file.WorkedAt, file.WorkedBy) = (now, actor.Id);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Lets the parts begin, or go on where they were stopped.</summary>
    /// <param name="alsoUpdate">Decided once: a file that is stopped goes on as it began.</param>
    public static async Task StartAsync(
        PortalDbContext db, ImportFile file, bool alsoUpdate, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (file.State == ImportState.Checked)
        {
            file.AlsoUpdate = alsoUpdate;
            await Numbers.MoveBehindImportAsync(db, file.Id, cancellationToken);
            await AuditLog.AppendAsync(
                db, actor.Id ?? AuditLog.CommandLine, AuditKind.ImportStarted, null,
                $"{file.Name}: {file.NewRows} new, {(alsoUpdate ? file.ChangedRows : 0)} to change, {file.FaultyRows} faulty", now,
                cancellationToken);
        }

        file.State = ImportState.Importing;
        (file.WorkedAt, file.WorkedBy) = (now, actor.Id);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Imports the next rows; after the last of them the file is <see cref="ImportState.Done"/>.</summary>
    public async Task ImportPartAsync(
        PortalDbContext db, ImportFile file, LicenseRowCheck check, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (file.State != ImportState.Importing)
        {
            return;
        }

        await writer.HoldAsync(db, cancellationToken);
        var rows = await RowsAsync(db, file, file.ImportedTo, ImportedAtOnce, withFaulty: false, cancellationToken);
        if (rows is [])
        {
            file.ImportedTo = file.Rows;
            file.State = ImportState.Done;
            await AuditLog.AppendAsync(
                db, actor.Id ?? AuditLog.CommandLine, AuditKind.LicensesImported, null,
                $"{file.Name}: {file.Added} new, {file.Updated} changed, {file.FaultyRows} faulty", now, cancellationToken);
        }
        else
        {
            await ImportRowsAsync(db, file, rows, check, actor, now, cancellationToken);
            file.ImportedTo = rows[^1].Seq;
        }

        (file.WorkedAt, file.WorkedBy) = (now, actor.Id);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task ImportRowsAsync(
        PortalDbContext db, ImportFile file, List<ImportRow> rows, LicenseRowCheck check, Actor actor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var judge = await RowJudge.PrepareAsync(
            db, file.Id, [.. rows.Select(row => Read(file, row))], maker, check, hold: true, cancellationToken);
        List<RowResult> results = [];
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        foreach (var row in rows)
        {
            var judged = judge.Judge(row.Seq);
            var (state, made) = (judged.State, (Guid?)null);
            if (judged is { State: ImportRowState.New, Good: { } good })
            {
                var license = await writer.AddAsync(db, judged, judge, Guid.CreateVersion7(now), actor, now, cancellationToken);
                made = good.Key is null ? license.Id : null;
                state = ImportRowState.Added;
                file.Added++;
            }
            else if (state != ImportRowState.Faulty)
            {
                state = file.AlsoUpdate && state == ImportRowState.Changed ? ImportRowState.Updated : ImportRowState.Left;
                file.Updated += state == ImportRowState.Updated ? 1 : 0;
            }
            else
            {
                file.FaultyRows++;
            }

            if (file.AlsoUpdate && judged.Good is not null && judged.Notes.Changes.Count > 0)
            {
                await writer.UpdateAsync(db, judged, file.Id, actor, now, cancellationToken);
            }

            results.Add(new(row.Seq, state, state == ImportRowState.Faulty ? judged.Notes : new([], []), state == ImportRowState.Faulty,
                judged.LicenseNumber, judged.CustomerNumber, judged.KeyHash, made));
        }

        db.ChangeTracker.AutoDetectChangesEnabled = true;
        await db.SaveChangesAsync(cancellationToken);
        await content.StoreAsync(db, file.Id, results, cancellationToken);
    }

    private ReadRow Read(ImportFile file, ImportRow row) => new(
        row.Seq,
        new ImportedLicense { Line = row.Line, Cells = content.CellsOf(row), Mapping = file.Mapping },
        content.NotesOf(row).Findings.Contains(ImportContent.Broken));

    private static Task<List<ImportRow>> RowsAsync(
        PortalDbContext db, ImportFile file, int after, int count, bool withFaulty, CancellationToken cancellationToken) =>
        db.Set<ImportRow>().AsNoTracking()
            .Where(r => r.FileId == file.Id && r.Seq > after && (withFaulty || r.State != ImportRowState.Faulty))
            .OrderBy(r => r.Seq).Take(count).ToListAsync(cancellationToken);

    private static string NameOf(string name) =>
        Text(name) is { Length: > ImportFile.LongestName } longer ? longer[..ImportFile.LongestName] : Text(name);

    /// <summary>Names that are only shown may lose what is no text.</summary>
    private static string Text(string written) => ValidText.Is(written) ? written : "?";
}
