using System.Globalization;
using System.Text;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>One line of a batch: an amount from one account to another.</summary>
/// <param name="Amount">On the debit side of <paramref name="Account"/>, or with a minus on its credit side.</param>
/// <param name="Document">The number of the invoice.</param>
/// <param name="VatId">Of the customer who owes the tax, with its country.</param>
internal sealed record DatevEntry(
    Money Amount, string Account, string ContraAccount, DateOnly Day, string Document, string Text, string? VatId = null);

/// <summary>
/// A batch of entries ("Buchungsstapel") in DATEV's format for other programs: EXTF 700, format version 13, as
/// https://developer.datev.de/datev/platform/en/dtvf describes it: Windows-1252, decimal commas, texts in quotation marks.
/// </summary>
internal static class DatevBatch
{
    private const int LongestText = 60;

    private static readonly string[] Columns =
    [
        "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz", "WKZ Basis-Umsatz", "Konto",
        "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext",
        "Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt", "Zinssperre", "Beleglink",
        .. Pairs("Beleginfo - Art ", "Beleginfo - Inhalt ", 8),
        "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge", "EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)",
        "Abw. Versteuerungsart", "Sachverhalt L+L", "Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer",
        "BU 49 Funktionsergänzung",
        .. Pairs("Zusatzinformation - Art ", "Zusatzinformation- Inhalt ", 20),
        "Stück", "Gewicht", "Zahlweise", "Forderungsart", "Veranlagungsjahr", "Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer",
        "Buchungstyp", "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)",
        "EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID", "KOST-Datum", "SEPA-Mandatsreferenz",
        "Skontosperre", "Gesellschaftername", "Beteiligtennummer", "Identifikationsnummer", "Zeichnernummer", "Postensperre bis",
        "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung", "Festschreibung", "Leistungsdatum", "Datum Zuord. Steuerperiode",
        "Fälligkeit", "Generalumkehr (GU)", "Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position", "EU-Land u. UStID (Ursprung)",
        "EU-Steuersatz (Ursprung)", "Abw. Skontokonto",
    ];

    /// <summary>Columns of text, which have quotation marks also when they are empty; all others are numbers.</summary>
    private static readonly HashSet<int> Texts =
    [
        2, 3, 6, 9, 11, 12, 14, 16, .. Enumerable.Range(20, 19), 40, 42, .. Enumerable.Range(48, 40), 91, 95, 96, 98, 102, 103, 105, 107,
        109, 110, 112, 118, 120, 121, 123,
    ];

    /// <summary>A file for each month, as DATEV wants it.</summary>
    /// <param name="from">First day of what was asked for.</param>
    /// <param name="to">Last day, included.</param>
    public static IEnumerable<(string Name, byte[] Bytes)> Files(
        IEnumerable<DatevEntry> entries, DatevOptions options, DateOnly from, DateOnly to, DateTimeOffset now)
    {
        foreach (var month in entries.GroupBy(e => new DateOnly(e.Day.Year, e.Day.Month, 1)).OrderBy(m => m.Key))
        {
            var last = month.Key.AddMonths(1).AddDays(-1);
            var file = new StringBuilder()
                .Append(Header(options, month.Key < from ? from : month.Key, last > to ? to : last, now)).Append("\r\n")
                .AppendJoin(';', Columns).Append("\r\n");
            foreach (var entry in month)
            {
                file.Append(Line(entry)).Append("\r\n");
            }

            yield return (
                string.Create(CultureInfo.InvariantCulture, $"EXTF_Buchungsstapel_{month.Key:yyyy-MM}.csv"),
                CsvList.Windows1252.GetBytes(file.ToString()));
        }
    }

    private static string Header(DatevOptions options, DateOnly from, DateOnly to, DateTimeOffset now) => string.Join(
        ';',
        Quoted("EXTF"), "700", "21", Quoted("Buchungsstapel"), "13", now.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture), "",
        Quoted("RE"), Quoted(""), Quoted(""), Number(options.Consultant), Number(options.Client), Day(options.YearOf(from)),
        Number(options.AccountLength), Day(from), Day(to), Quoted("Lizenzportal"), Quoted(""), "1", "0", "0", Quoted(Money.Currency), "",
        Quoted(""), "", "", Quoted(""), "", "", Quoted(""), Quoted(""));

    private static string Line(DatevEntry entry)
    {
        var fields = new string[Columns.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = Texts.Contains(i + 1) ? Quoted("") : "";
        }

        void Put(int column, string value) => fields[column - 1] = Texts.Contains(column) ? Quoted(value) : value;

        Put(1, new Money(Math.Abs(entry.Amount.Cents)).ToString().Replace('.', ','));
        Put(2, entry.Amount > new Money(0) ? "S" : "H");
        Put(3, Money.Currency);
        Put(7, entry.Account);
        Put(8, entry.ContraAccount);
        Put(10, entry.Day.ToString("ddMM", CultureInfo.InvariantCulture));
        Put(11, entry.Document);
        Put(14, entry.Text.Length > LongestText ? entry.Text[..LongestText] : entry.Text);
        Put(40, entry.VatId ?? "");
        return string.Join(';', fields);
    }

    private static IEnumerable<string> Pairs(string first, string second, int count) =>
        Enumerable.Range(1, count).SelectMany(i => new[] { first + Number(i), second + Number(i) });

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Line breaks and other control characters are not allowed in it.</summary>
    private static string Quoted(string text) =>
        $"\"{string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
