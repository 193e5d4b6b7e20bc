using System.Text;
using CsvHelper;

namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>
/// Reads the rows of an import file: UTF-8 or UTF-16 as Excel saves it, or else Windows-1252; comma or semicolon; a header row in any order
/// of columns.
/// </summary>
internal static class LicenseCsv
{
    private const int MostRows = 500_000;
    private const int LongestRow = 64 * 1024;

    private static readonly string[] Needed = ["product", "company", "email"];

    private static readonly string[] Columns =
    [
        "product", "license_number", "serial", "activation_key", "seats", "maintenance_until", "customer_number", "company", "email",
            "language",
        "street", "postal_code", "city", "country", "vat_id",
    ];

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Older Excel on Windows in German; every byte means something in it.
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)
        ?? throw new PlatformNotSupportedException("The runtime does not know the encoding Windows-1252.");

    /// <summary>A file that cannot be read at all is one bad row.</summary>
    /// <param name="file">Read from its beginning, twice when it is not UTF-8.</param>
    public static (List<ImportedLicense> Rows, List<BadRow> Bad) Read(Stream file)
    {
        try
        {
            return Read(file, StrictUtf8);
        }
        catch (DecoderFallbackException)
        {
            file.Position = 0;
            return Read(file, Windows1252);
        }
    }

    private static (List<ImportedLicense> Rows, List<BadRow> Bad) Read(Stream file, Encoding encoding)
    {
        List<ImportedLicense> rows = [];
        List<BadRow> bad = [];
        var options = new CsvReaderOptions
        {
            TrackLineNumbers = true,
            MaxRecordSize = LongestRow,
            MalformedData = CsvMalformedDataHandling.Skip,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            NormalizeHeaderName = name => name.Trim().ToLowerInvariant(),
            OnMalformedRecord = record => bad.Add(new BadRow((int)record.LineNumber, Sentence(record.Reason))),
        };
        try
        {
            // A byte order mark is believed before the encoding.
            using var text = new StreamReader(file, encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            using var csv = CsvReader.Create(text, options);
            csv.ReadHeader();
            if (Unreadable([.. csv.Headers.Select(h => h.Trim().ToLowerInvariant())]) is { } problem)
            {
                return ([], [new BadRow(1, problem)]);
            }

            while (csv.Read())
            {
                if (rows.Count == MostRows)
                {
                    return ([], [new BadRow((int)csv.LineNumber, $"The file has more than {MostRows} rows; split it.")]);
                }

                rows.Add(Row(csv));
            }
        }
        catch (CsvFormatException wrong)
        {
            return ([], [new BadRow((int)wrong.LineNumber, $"The file cannot be read: {wrong.Message}")]);
        }

        return (rows, bad);
    }

    private static ImportedLicense Row(CsvReader csv)
    {
        string Get(string column) => csv.TryGetFieldIndex(column, out var index) ? csv.GetString(index).Trim() : "";
        return new ImportedLicense
        {
            Line = (int)csv.LineNumber,
            Product = Get("product"),
            LicenseNumber = PlainDashes(Get("license_number")),
            Serial = Get("serial"),
            ActivationKey = Get("activation_key"),
            Seats = Get("seats"),
            MaintenanceUntil = Get("maintenance_until"),
            CustomerNumber = PlainDashes(Get("customer_number")),
            Company = Get("company"),
            Email = Get("email"),
            Language = Get("language").ToLowerInvariant(),
            Street = Get("street"),
            PostalCode = Get("postal_code"),
            City = Get("city"),
            Country = Get("country"),
            VatId = Get("vat_id"),
        };
    }

    /// <summary>Word processors make other dashes of them, which look the same.</summary>
    private static string PlainDashes(string number) =>
        string.Concat(number.Select(c => c is (>= '\u2010' and <= '\u2015') or '\u2212' ? '-' : c));

    private static string Sentence(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.FieldCountMismatch => "The row has another number of fields than the header.",
        CsvMalformedReason.StrayQuote or CsvMalformedReason.TextAfterClosingQuote or CsvMalformedReason.UnterminatedQuote
            or CsvMalformedReason.LineBreakInQuotes or CsvMalformedReason.TrailingEscape => "A quotation mark is out of place.",
    };

    private static string? Unreadable(string[] header) =>
        header is [] ? "The file is empty."
        : Needed.Except(header).ToList() is [_, ..] missing ? $"Columns are missing: {string.Join(", ", missing)}."
        // Excel adds columns without a name where something once stood.
        : header.Where(name => name.Length > 0).Except(Columns).ToList() is [_, ..] unknown
            ? $"Columns are not known: {string.Join(", ", unknown)}."
        : null;
}
