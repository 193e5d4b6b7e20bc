using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Platform.Secrets;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>What a stored customer or license would be told otherwise.</summary>
internal sealed record ImportChange(string Field, string Before, string After);

internal sealed record ImportNotes(IReadOnlyList<BrokenRule> Findings, IReadOnlyList<ImportChange> Changes);

/// <summary>What a row came to, to be kept beside it.</summary>
/// <param name="KeepsCells">What is imported is not needed any more.</param>
internal sealed record RowResult(
    int Seq, ImportRowState State, ImportNotes Notes, bool KeepsCells, string? LicenseNumber, string? CustomerNumber, byte[]? KeyHash,
    Guid? KeyMadeFor);

/// <summary>Seals what stands in an imported file, since it may be keys, and writes it in few statements.</summary>
internal sealed class ImportContent(StoredSecrets secrets)
{
    private const string HeaderKind = "import_file/header";
    private const string CellsKind = "import_row/cells";
    private const string NotesKind = "import_row/notes";

    public byte[] SealHeader(Guid file, string[] header) => Seal(header, HeaderKind, file);

    public string[] HeaderOf(ImportFile file) => Open<string[]>(file.Header, HeaderKind, file.Id);

    /// <summary>Empty once the row is imported.</summary>
    public string[] CellsOf(ImportRow row) => row.Cells is { } cells ? Open<string[]>(cells, CellsKind, row.FileId) : [];

    public ImportNotes NotesOf(ImportRow row) =>
        row.Notes is { } notes ? Open<ImportNotes>(notes, NotesKind, row.FileId) : new ImportNotes([], []);

    /// <summary>Adds rows behind those that the file has.</summary>
    public Task<int> AddAsync(
        PortalDbContext db, Guid file, int firstSeq, IReadOnlyList<ListRow> rows, CancellationToken cancellationToken)
    {
        var seqs = Enumerable.Range(firstSeq, rows.Count).ToArray();
        var lines = rows.Select(row => row.Line).ToArray();
        var cells = rows.Select(row => Seal(row.Cells, CellsKind, file)).ToArray();
        var notes = rows.Select(row => row.IsBroken ? Seal(new ImportNotes([Broken], []), NotesKind, file) : null).ToArray();
        var (fresh, faulty) = (nameof(ImportRowState.Unchecked), nameof(ImportRowState.Faulty));
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO import_row (file_id, seq, line, cells, notes, state, changes)
            SELECT {file}, u.seq, u.line, u.cells, u.notes, CASE WHEN u.notes IS NULL THEN {fresh} ELSE {faulty} END, FALSE
            FROM unnest({seqs}, {lines}, {cells}, {notes}) AS u(seq, line, cells, notes)
            """,
            cancellationToken);
    }

    public Task<int> StoreAsync(PortalDbContext db, Guid file, IReadOnlyList<RowResult> rows, CancellationToken cancellationToken)
    {
        var seqs = rows.Select(row => row.Seq).ToArray();
        var states = rows.Select(row => row.State.ToString()).ToArray();
        var notes = rows.Select(row => row.Notes is { Findings: [], Changes: [] } ? null : Seal(row.Notes, NotesKind, file)).ToArray();
        var changes = rows.Select(row => row.Notes.Changes.Count > 0).ToArray();
        var kept = rows.Select(row => row.KeepsCells).ToArray();
        var licenses = rows.Select(row => row.LicenseNumber).ToArray();
        var customers = rows.Select(row => row.CustomerNumber).ToArray();
        var hashes = rows.Select(row => row.KeyHash).ToArray();
        var made = rows.Select(row => row.KeyMadeFor).ToArray();
        return db.Database.ExecuteSqlAsync(
            $"""
            UPDATE import_row r SET state = u.state, notes = u.notes, changes = u.changes, cells = CASE WHEN u.kept THEN r.cells END,
                license_number = u.license, customer_number = u.customer, key_hash = u.hash, key_made_for = u.made
            FROM unnest({seqs}, {states}, {notes}, {changes}, {kept}, {licenses}, {customers}, {hashes}, {made})
                AS u(seq, state, notes, changes, kept, license, customer, hash, made)
            WHERE r.file_id = {file} AND r.seq = u.seq
            """,
            cancellationToken);
    }

    /// <summary>A row whose fields nobody can tell apart; it stays faulty under any choice of columns.</summary>
    public static readonly BrokenRule Broken =
        new("", "Ein Anführungszeichen steht an falscher Stelle.", "a quotation mark is out of place.");

    private byte[] Seal<T>(T value, string kind, Guid file) => secrets.Seal(JsonSerializer.SerializeToUtf8Bytes(value), kind, file);

    private T Open<T>(byte[] value, string kind, Guid file) =>
        JsonSerializer.Deserialize<T>(secrets.Unseal(value, kind, file))
        ?? throw new InvalidOperationException($"A part of the imported file {file} ({kind}) is empty. Upload the file again.");
}
