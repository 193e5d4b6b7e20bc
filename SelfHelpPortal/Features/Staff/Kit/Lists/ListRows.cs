using System.Globalization;
using System.Text;

namespace SelfHelpPortal.Features.Staff.Kit.Lists;

/// <summary>A row of a list as it was written, without the blanks around its fields.</summary>
/// <param name="Line">Line of the file, or row of the sheet, counted from 1.</param>
/// <param name="IsBroken">A quotation mark is out of place, so nobody knows where its fields end.</param>
internal sealed record ListRow(int Line, string[] Cells, bool IsBroken = false);

/// <summary>Why a file as a whole is no list that can be read; the message is for whoever chose it.</summary>
internal sealed class UnreadableListException(string german, string english) : Exception(english)
{
    public string German { get; } = german;
}

/// <summary>What the file was recognized as, and its rows, which are read while they are asked for.</summary>
/// <param name="Encoding">Null for a workbook, as is the separator.</param>
/// <param name="Header">The first row.</param>
internal sealed record ListFile(string Format, string? Encoding, string? Separator, string[] Header, IEnumerable<ListRow> Rows)
    : IDisposable
{
    /// <summary>What holds the readers, and the folder that a large workbook needs meanwhile.</summary>
    public IDisposable? Reading { get; init; }

    public void Dispose() => Reading?.Dispose();
}

/// <summary>Recognizes a list by its first bytes, whatever it is called, and reads it in memory that does not grow with it.</summary>
internal static class ListReader
{
    public const int MostRows = 500_000;
    public const int MostColumns = 100;
    public const int LongestCell = 4_000;

    private static ReadOnlySpan<byte> Zip => "PK\u0003\u0004"u8;

    private static ReadOnlySpan<byte> OldWorkbook => [0xD0, 0xCF, 0x11, 0xE0];

    /// <param name="file">Read from its beginning, several times; it stays open.</param>
    public static ListFile Open(Stream file)
    {
        var first = FirstBytes(file).AsSpan();
        if (first.SequenceEqual(OldWorkbook))
        {
            throw new UnreadableListException(
                "Das ist eine Arbeitsmappe im alten Format (.xls) oder eine mit Kennwort. "
                    + "Speichern Sie sie als .xlsx ohne Kennwort oder als CSV.",
                "This is a workbook of the old format (.xls) or one with a password. Save it as .xlsx without a password, or as CSV.");
        }

        var list = first.SequenceEqual(Zip) ? Workbook.Open(file) : CsvList.Open(file);
        var rows = list.Rows.GetEnumerator();
        try
        {
            return list with { Header = HeaderOf(rows), Rows = Rest(rows), Reading = rows };
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Without the blanks around it, and without the apostrophe by which an export keeps a text from being a formula.</summary>
    public static string Tidy(string cell)
    {
        var tidy = Csv.WithoutGuard(cell.Trim());
        return tidy.Length > LongestCell
            ? throw new UnreadableListException(
                $"Ein Feld hat mehr als {LongestCell} Zeichen.", $"A field has more than {LongestCell} characters.")
            : tidy;
    }

    /// <summary>Letters and digits alone, so that <c>Kunden-Nr.</c> and <c>KundenNr</c> are the same, as are umlauts written out.</summary>
    public static string PlainHeading(string name)
    {
        var lower = name.ToLowerInvariant().Replace("ä", "ae", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal)
            .Replace("ü", "ue", StringComparison.Ordinal).Replace("ß", "ss", StringComparison.Ordinal);
        var plain = new StringBuilder();
        foreach (var c in lower.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                plain.Append(c);
            }
        }

        return plain.ToString();
    }

    /// <summary>By its first bytes: an archive, which a workbook is too. The file stands at its beginning afterwards.</summary>
    public static bool IsZip(Stream file) => FirstBytes(file).AsSpan().SequenceEqual(Zip);

    private static byte[] FirstBytes(Stream file)
    {
        var first = new byte[4];
        file.Position = 0;
        var length = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return first[..length];
    }

    private static string[] HeaderOf(IEnumerator<ListRow> rows)
    {
        if (!rows.MoveNext())
        {
            throw new UnreadableListException("Die Datei ist leer.", "The file is empty.");
        }

        return rows.Current.Cells is { Length: <= MostColumns } header
            ? header
            : throw new UnreadableListException(
                $"Die Datei hat mehr als {MostColumns} Spalten.", $"The file has more than {MostColumns} columns.");
    }

    /// <summary>Rows without any text are left behind by spreadsheets, as are fields behind the last one.</summary>
    private static IEnumerable<ListRow> Rest(IEnumerator<ListRow> rows)
    {
        var count = 0;
        while (rows.MoveNext())
        {
            var row = rows.Current;
            var length = Array.FindLastIndex(row.Cells, cell => cell.Length > 0) + 1;
            if (length == 0)
            {
                continue;
            }

            if (++count > MostRows)
            {
                throw new UnreadableListException(
                    $"Die Datei hat mehr als {MostRows} Zeilen; teilen Sie sie.", $"The file has more than {MostRows} rows; split it.");
            }

            if (length > 2 * MostColumns)
            {
                throw new UnreadableListException(
                    $"Zeile {row.Line} hat mehr als {2 * MostColumns} Felder.",
                    $"Line {row.Line} has more than {2 * MostColumns} fields.");
            }

            yield return row with { Cells = row.Cells[..length] };
        }
    }
}
