using System.Text;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;

namespace SelfHelpPortal.Features.Staff.Import;

internal enum ImportList
{
    /// <summary>The faulty rows alone, each with what is wrong: to be mended and imported again.</summary>
    Faults,

    /// <summary>The licenses whose keys the portal has made.</summary>
    Keys,
}

/// <summary>What an import leaves behind, as a list for a spreadsheet.</summary>
[StaffUseCase(StaffWork.Administration, Fresh = true)]
internal sealed class WriteImportList(
    StaffReads reads, IDbContextFactory<PortalDbContext> contexts, ImportContent content, LicenseFactory maker)
{
    private const int RowsAtOnce = 1_000;

    /// <param name="language">Of the findings.</param>
    /// <param name="target">Asked for once it is clear that there is an answer.</param>
    public async Task<StaffRefusal?> ExecuteAsync(
        StaffActor actor, Guid file, ImportList list, string language, Func<Stream> target, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var found = await reads.ReadAsync(
            typeof(WriteImportList), actor, new(AuditKind.ImportRead, null, $"{list} {file}"),
            db => ShowImport.Kept(db, now).SingleOrDefaultAsync(f => f.Id == file, cancellationToken), now, cancellationToken);
        if (found.Value is { } kept)
        {
            await WriteAsync(kept, list, language, target(), cancellationToken);
        }

        return found.Refused;
    }

    private async Task WriteAsync(
        ImportFile file, ImportList list, string language, Stream target, CancellationToken cancellationToken)
    {
        var header = content.HeaderOf(file);
        await using var text = new StreamWriter(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await text.WriteAsync(list switch
        {
            ImportList.Faults => Csv.Line([.. header, FindingsColumn(language)]),
            ImportList.Keys => Csv.Line(ImportField.LicenseNumber, ImportField.ActivationKey),
        });
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = db.Set<ImportRow>().AsNoTracking().Where(r => r.FileId == file.Id)
            .Where(r => list == ImportList.Faults ? r.State == ImportRowState.Faulty : r.KeyMadeFor != null).OrderBy(r => r.Seq);
        for (var after = 0; ;)
        {
            var last = after;
            var part = await rows.Where(r => r.Seq > last).Take(RowsAtOnce).ToListAsync(cancellationToken);
            if (part is [])
            {
                return;
            }

            await text.WriteAsync(list switch
            {
                ImportList.Faults => string.Concat(part.Select(row => Fault(file, header, row, language))),
                ImportList.Keys => await KeysAsync(db, part, cancellationToken),
            });
            after = part[^1].Seq;
        }
    }

    /// <summary>No name of a field, so that the column is left out when the list comes back.</summary>
    private static string FindingsColumn(string language) => language == "de" ? "Was nicht stimmt" : "What is wrong";

    private string Fault(ImportFile file, string[] header, ImportRow row, string language)
    {
        var cells = content.CellsOf(row);
        var findings = content.NotesOf(row).Findings.Select(rule => ShowImport.ColumnOf(file, header, rule.Id) is { } column
            ? $"{column}: {rule.In(language)}"
            : rule.In(language));
        return Csv.Line([.. header.Select((_, i) => i < cells.Length ? cells[i] : ""), string.Join(" · ", findings)]);
    }

    private async Task<string> KeysAsync(PortalDbContext db, List<ImportRow> part, CancellationToken cancellationToken)
    {
        var ids = part.Select(row => row.KeyMadeFor!.Value).ToArray();
        var licenses = await db.Licenses.AsNoTracking().Where(l => ids.Contains(l.Id)).OrderBy(l => l.Number)
            .ToListAsync(cancellationToken);
        return string.Concat(licenses.Select(license => Csv.Line(license.Number, maker.KeyOf(license))));
    }
}
