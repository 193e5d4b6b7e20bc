namespace SelfHelpPortal.Data;

/// <summary>How far the import of a file is.</summary>
internal enum ImportState
{
    /// <summary>Its rows are being stored; an upload that broke off stays here.</summary>
    Uploading,
    Uploaded,

    /// <summary>Every row was checked under the chosen columns.</summary>
    Checked,
    Importing,

    /// <summary>Somebody has stopped it in the middle; it goes on from there.</summary>
    Stopped,
    Done,
}

/// <summary>
/// A file of licenses on its way in. It stands in the database, so that every node can go on with it, also after a restart; whoever works
/// on it holds its row.
/// </summary>
internal sealed class ImportFile
{
    public const int LongestName = 200;

    /// <summary>Then it is gone, however far it is.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Of the file's bytes, in hexadecimal digits: by it a command that was broken off finds what it began.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The account of staff; null for the command line.</summary>
    public Guid? CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>csv</c> or <c>xlsx</c></summary>
    public required string Format { get; init; }

    /// <summary>As it was recognized, such as <c>windows-1252</c>; null for a workbook.</summary>
    public string? Encoding { get; init; }

    /// <summary>What stands between the fields of a CSV file.</summary>
    public string? Separator { get; init; }

    /// <summary>The names in the first row, sealed: a file without such names begins with a customer.</summary>
    public required byte[] Header { get; init; }

    /// <summary>For each column the field that it fills; empty where it is left out.</summary>
    public required string[] Mapping { get; set; }

    public ImportState State { get; set; }

    /// <summary>Rows of the file that are not empty.</summary>
    public int Rows { get; set; }

    /// <summary>The last row that was checked.</summary>
    public int CheckedTo { get; set; }

    /// <summary>The last row that was imported or passed over.</summary>
    public int ImportedTo { get; set; }

    /// <summary>Whether stored customers and licenses become what the file says of them.</summary>
    public bool AlsoUpdate { get; set; }

    public int NewRows { get; set; }
    public int ChangedRows { get; set; }
    public int SameRows { get; set; }
    public int FaultyRows { get; set; }

    /// <summary>Licenses that were made.</summary>
    public int Added { get; set; }

    /// <summary>Rows by which a stored customer or license was changed.</summary>
    public int Updated { get; set; }

    /// <summary>When a part of it was last checked or imported.</summary>
    public required DateTimeOffset WorkedAt { get; set; }

    /// <summary>By which account; null for the command line.</summary>
    public Guid? WorkedBy { get; set; }
}

internal enum ImportRowState
{
    Unchecked,

    /// <summary>A license that is not stored yet.</summary>
    New,

    /// <summary>A stored license of which the file says something else, of itself or its customer.</summary>
    Changed,
    Same,
    Faulty,

    /// <summary>The license was made.</summary>
    Added,
    Updated,

    /// <summary>Stored already, and left as it is.</summary>
    Left,
}

/// <summary>A row of an <see cref="ImportFile"/>.</summary>
internal sealed class ImportRow
{
    public required Guid FileId { get; init; }

    /// <summary>1, 2, … within the file.</summary>
    public required int Seq { get; init; }

    /// <summary>Line of the file, or row of the sheet, counted from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Its fields as JSON, sealed: they may be keys. Null once the row is imported.</summary>
    public byte[]? Cells { get; set; }

    public ImportRowState State { get; set; }

    /// <summary>Findings and changes as JSON, sealed; null without any.</summary>
    public byte[]? Notes { get; set; }

    /// <summary>Whether a stored license or customer would become another, also beside a new license.</summary>
    public bool Changes { get; set; }

    public string? LicenseNumber { get; set; }
    public string? CustomerNumber { get; set; }

    /// <summary>Of the activation key, as a license is found by it.</summary>
    public byte[]? KeyHash { get; set; }

    /// <summary>The license whose key the portal has made.</summary>
    public Guid? KeyMadeFor { get; set; }
}
