using System.Text;
using CsvHelper;

namespace SelfHelpPortal.Features.Staff.Kit.Lists;

/// <summary>
/// Text with separators: UTF-8 or UTF-16 as Excel saves it, or else Windows-1252; comma, semicolon, tab or bar.
/// </summary>
internal static class CsvList
{
    private const int LongestRow = 64 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Of older Excel on Windows in German, and of DATEV; every byte means something in it.</summary>
    public static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)
        ?? throw new PlatformNotSupportedException("The runtime does not know the encoding Windows-1252.");

    public static ListFile Open(Stream file)
    {
        var encoding = Recognize(file);
        file.Position = 0;
        var text = new StreamReader(file, encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        List<int> broken = [];
        var csv = CsvReader.Create(text, new CsvReaderOptions
        {
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = LongestRow,
            // A row with a stray quotation mark is kept, so that it stands in the file of what has to be mended.
            MalformedData = CsvMalformedDataHandling.Recover,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            OnMalformedRecord = record => broken.Add((int)record.LineNumber),
        });
        var separator = Guarded(() => csv.Separator);
        return new ListFile("csv", encoding.WebName, separator is '\0' ? null : separator.ToString(), [], Rows(csv, broken));
    }

    private static IEnumerable<ListRow> Rows(CsvReader csv, List<int> broken)
    {
        using (csv)
        {
            while (Guarded(csv.Read))
            {
                var line = (int)csv.LineNumber;
                var cells = new string[csv.FieldCount];
                for (var i = 0; i < cells.Length; i++)
                {
                    cells[i] = ListReader.Tidy(csv.GetString(i));
                }

                yield return new ListRow(line, cells, broken.Remove(line));
            }
        }
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException wrong)
        {
            throw new UnreadableListException(
                $"Ab Zeile {wrong.LineNumber} ist die Datei nicht lesbar; vermutlich fehlt ein Anführungszeichen.",
                $"The file cannot be read from line {wrong.LineNumber} on; a quotation mark is probably missing.");
        }
    }

    /// <summary>By the mark in front, by the empty halves of UTF-16 without one, or by whether all of it is UTF-8.</summary>
    private static Encoding Recognize(Stream file)
    {
        var buffer = new byte[64 * 1024];
        var length = file.ReadAtLeast(buffer, 2, throwOnEndOfStream: false);
        switch (buffer)
        {
            case [0xFF, 0xFE, ..] when length >= 2:
            case [not 0, 0, ..] when length >= 2:
                return Encoding.Unicode;
            case [0xFE, 0xFF, ..] when length >= 2:
            case [0, not 0, ..] when length >= 2:
                return Encoding.BigEndianUnicode;
        }

        var decoder = StrictUtf8.GetDecoder();
        var text = new char[StrictUtf8.GetMaxCharCount(buffer.Length)];
        try
        {
            for (; length > 0; length = file.Read(buffer))
            {
                decoder.GetChars(buffer.AsSpan(0, length), text, flush: false);
            }

            decoder.GetChars([], text, flush: true);
            return StrictUtf8;
        }
        catch (DecoderFallbackException)
        {
            return Windows1252;
        }
    }
}
