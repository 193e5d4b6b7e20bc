using System.Globalization;
using System.IO.Compression;
using System.Xml;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Features.Staff.Kit.Lists;

/// <summary>The first sheet of an Excel workbook (.xlsx). What a cell shows as a number or date is read as text would be.</summary>
internal static class Workbook
{
    /// <summary>Bytes of the workbook once it is unpacked; the archive's own figures, and more than those is not unpacked.</summary>
    private const long LargestUnpacked = 1_000_000_000;

    private const int MostParts = 1_000;

    /// <summary>Excel itself has fifteen digits; what was longer has lost some.</summary>
    private const double SureDigits = 1e15;

    public static ListFile Open(Stream file)
    {
        CheckArchive(file);
        file.Position = 0;
        return new ListFile("xlsx", null, null, [], Rows(file));
    }

    private static IEnumerable<ListRow> Rows(Stream file)
    {
        // The texts of a large workbook are put into files meanwhile, which are nobody else's.
        var folder = Directory.CreateTempSubdirectory("selfhelp-workbook-");
        try
        {
            var settings = new OpenXmlConfiguration { Culture = CultureInfo.InvariantCulture, SharedStringCachePath = folder.FullName };
            using var rows = Start(file, settings);
            for (var line = 1; Next(rows); line++)
            {
                if (rows.Current is not IDictionary<string, object?> cells)
                {
                    continue;
                }

                if (line > 2 * ListReader.MostRows)
                {
                    throw new UnreadableListException(
                        $"Das Blatt hat mehr als {2 * ListReader.MostRows} Zeilen.",
                        $"The sheet has more than {2 * ListReader.MostRows} rows.");
                }

                // A format that somebody gave to whole rows makes each sixteen thousand cells long.
                if (cells.Count > 10 * ListReader.MostColumns)
                {
                    throw new UnreadableListException(
                        "Das Blatt ist bis weit rechts formatiert. Kopieren Sie die Spalten in ein neues Blatt.",
                        "The sheet is formatted far to the right. Copy its columns into a new sheet.");
                }

                var row = cells.Values.Select(value => ListReader.Tidy(Text(value))).ToArray();
                if (line > 1 || row.Any(cell => cell.Length > 0))
                {
                    yield return new ListRow(line, line > 1 ? row : row[..(Array.FindLastIndex(row, cell => cell.Length > 0) + 1)]);
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerator<object> Start(Stream file, OpenXmlConfiguration settings) =>
        Guarded(() => file.Query(useHeaderRow: false, excelType: ExcelType.XLSX, configuration: settings).GetEnumerator());

    private static bool Next(IEnumerator<object> rows) => Guarded(rows.MoveNext);

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is XmlException or InvalidDataException or FormatException or InvalidOperationException
            or ArgumentException or OverflowException or KeyNotFoundException or NullReferenceException or IndexOutOfRangeException
            or InvalidCastException or NotSupportedException)
        {
            // The library has no failure of its own for a workbook that is not whole.
            throw Unreadable();
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        DateTime day => day.ToString(day.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        double number when Math.Abs(number) >= SureDigits => number.ToString("E5", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static void CheckArchive(Stream file)
    {
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > MostParts || zip.Entries.Sum(entry => entry.Length) > LargestUnpacked)
            {
                throw new UnreadableListException(
                    "Die Arbeitsmappe ist entpackt zu groß. Speichern Sie das Blatt als CSV.",
                    "The workbook is too large once it is unpacked. Save the sheet as CSV.");
            }

            if (zip.GetEntry("xl/workbook.xml") is not { } workbook)
            {
                throw Unreadable();
            }

            using var content = workbook.Open();
            using var xml = XmlReader.Create(content, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            while (xml.Read())
            {
                if (xml is { NodeType: XmlNodeType.Element, LocalName: "workbookPr" } && xml.GetAttribute("date1904") is "1" or "true")
                {
                    throw new UnreadableListException(
                        "Die Arbeitsmappe zählt Tage ab 1904, alle Daten wären um vier Jahre falsch. Speichern Sie das Blatt als CSV.",
                        "The workbook counts days from 1904, so every date would be four years wrong. Save the sheet as CSV.");
                }
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or XmlException)
        {
            throw Unreadable();
        }
    }

    private static UnreadableListException Unreadable() => new(
        "Die Arbeitsmappe ist nicht lesbar. Öffnen Sie sie in Excel und speichern Sie sie als .xlsx oder CSV.",
        "The workbook cannot be read. Open it in Excel and save it as .xlsx or CSV.");
}
