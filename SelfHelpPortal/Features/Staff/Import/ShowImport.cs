using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Shared.Access;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>A finding at its row and column.</summary>
/// <param name="Column">As the list calls it; null where it is about the row as a whole or about a column that is not there.</param>
internal sealed record ImportFinding(int Line, string? Column, BrokenRule Rule);

internal sealed record ImportPreview(int Line, string? LicenseNumber, IReadOnlyList<ImportChange> Changes);

/// <summary>How far a list is.</summary>
/// <param name="WorkedBy">The name of the account that worked on it last; null when it is gone, or for the command line.</param>
internal sealed record ImportRun(ImportFile File, string? WorkedBy);

/// <param name="Examples">The first rows, to recognize the columns by.</param>
/// <param name="Findings">The first ones.</param>
/// <param name="Changes">The first ones.</param>
internal sealed record ImportView(
    ImportRun Run, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Examples, IReadOnlyList<ImportFinding> Findings,
    IReadOnlyList<ImportPreview> Changes, int ChangedCustomersOfNew, int KeysMade)
{
    public ImportFile File => Run.File;
}

/// <param name="Done">Rows that were worked on, of those of the list.</param>
internal sealed record ImportLine(Guid Id, string Name, ImportState State, DateTimeOffset CreatedAt, int Rows, int Done);

/// <summary>The lists that are on their way in, and one of them with what was found in it.</summary>
[StaffUseCase(StaffWork.Administration)]
internal sealed class ShowImport(StaffReads reads, ImportContent content)
{
    public const int MostShown = 50;
    private const int ExampleRows = 3;

    public Task<StaffAnswer<ImportView>> ExecuteAsync(
        StaffActor actor, Guid file, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(typeof(ShowImport), actor, new(AuditKind.ImportOpened, null, file.ToString()),
            db => ReadAsync(db, file, now, cancellationToken), now, cancellationToken);

    /// <summary>Newest first.</summary>
    public Task<StaffAnswer<List<ImportLine>>> ListAsync(StaffActor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync<List<ImportLine>>(typeof(ShowImport), actor, audited: null,
            async db => await Kept(db, now).OrderByDescending(f => f.CreatedAt)
                .Select(f => new ImportLine(f.Id, f.Name, f.State, f.CreatedAt, f.Rows, f.ImportedTo)).ToListAsync(cancellationToken),
            now, cancellationToken);

    /// <summary>How far it is, without what stands in it.</summary>
    public Task<StaffAnswer<ImportRun>> FindAsync(
        StaffActor actor, Guid file, DateTimeOffset now, CancellationToken cancellationToken) =>
        reads.ReadAsync(
            typeof(ShowImport), actor, audited: null, db => FindAsync(db, file, now, cancellationToken), now, cancellationToken);

    /// <summary>What can be gone on with.</summary>
    public static IQueryable<ImportFile> Kept(PortalDbContext db, DateTimeOffset now)
    {
        var since = now - ImportFile.Lifetime;
        return db.Set<ImportFile>().AsNoTracking().Where(f => f.State != ImportState.Uploading && f.CreatedAt > since);
    }

    private static Task<ImportRun?> FindAsync(PortalDbContext db, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        Kept(db, now).Where(f => f.Id == id)
            .Select(f => new ImportRun(f, db.Users.Where(u => u.Id == f.WorkedBy).Select(u => u.DisplayName).FirstOrDefault()))
            .SingleOrDefaultAsync(cancellationToken);

    private async Task<ImportView?> ReadAsync(PortalDbContext db, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, id, now, cancellationToken) is not { } run)
        {
            return null;
        }

        var file = run.File;

        var header = content.HeaderOf(file);
        var rows = db.Set<ImportRow>().AsNoTracking().Where(r => r.FileId == id).OrderBy(r => r.Seq);
        var examples = file.State is ImportState.Uploaded or ImportState.Checked
            ? await rows.Take(ExampleRows).ToListAsync(cancellationToken)
            : [];
        var isChecked = file.State != ImportState.Uploaded;
        var faulty = isChecked
            ? await rows.Where(r => r.State == ImportRowState.Faulty).Take(MostShown).ToListAsync(cancellationToken)
            : [];
        var changed = file.State == ImportState.Checked
            ? await rows.Where(r => r.Changes).Take(MostShown).ToListAsync(cancellationToken)
            : [];
        return new ImportView(
            run, header,
            [.. examples.Select(content.CellsOf)],
            [.. faulty.SelectMany(row => content.NotesOf(row).Findings.Select(rule => new ImportFinding(
                row.Line, ColumnOf(file, header, rule.Id), rule))).Take(MostShown)],
            [.. changed.Select(row => new ImportPreview(row.Line, row.LicenseNumber, content.NotesOf(row).Changes))],
            isChecked ? await rows.CountAsync(r => r.Changes && r.State == ImportRowState.New, cancellationToken) : 0,
            isChecked ? await rows.CountAsync(r => r.KeyMadeFor != null, cancellationToken) : 0);
    }

    public static string? ColumnOf(ImportFile file, IReadOnlyList<string> header, string field) =>
        field.Length > 0 && Array.IndexOf(file.Mapping, field) is var at and >= 0 ? header[at] : field.Length > 0 ? field : null;
}
