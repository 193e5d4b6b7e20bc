using System.Globalization;
using SelfHelpPortal.Features.Staff.Kit.Lists;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>
/// A list of bookings. Each bank names and orders its columns in its own way, and some write lines about the account above them; so the row
/// of headings is looked for, and the columns by what they are called.
/// </summary>
internal static class BankList
{
    private const int MostRowsAbove = 30;

    private static readonly string[] Days =
        ["buchungstag", "buchungsdatum", "bookingdate", "buchung", "datum", "date", "valutadatum", "valuta"];

    private static readonly string[] Sums = ["betrag", "betrageur", "umsatz", "umsatzineur", "betragineur", "amount", "amounteur"];

    private static readonly string[] In = ["haben", "habeneur", "credit", "gutschrift"];

    private static readonly string[] Outs = ["soll", "solleur", "debit", "lastschrift"];

    private static readonly string[] Marks = ["sollhaben", "sollhabenkennzeichen", "sh", "creditdebit"];

    private static readonly string[] Currencies = ["waehrung", "currency"];

    private static readonly string[] States = ["status", "state"];

    private static readonly string[] Payers =
    [
        "beguenstigterzahlungspflichtiger", "beguenstigterauftraggeber", "namezahlungsbeteiligter", "auftraggeberempfaenger",
        "auftraggeberbeguenstigter", "zahlungspflichtiger", "zahlungspflichtige", "auftraggeber", "partnername", "payer", "name", "zahler",
    ];

    private static readonly string[] TextBeginnings =
        ["verwendungszweck", "paymentreference", "purpose", "reference", "kundenreferenz", "buchungstext", "description", "text",
            "endtoend"];

    private static readonly string[] DayFormats = ["dd.MM.yyyy", "d.M.yyyy", "dd.MM.yy", "d.M.yy", "yyyy-MM-dd", "dd/MM/yyyy"];

    public static BankStatement Read(Stream file)
    {
        using var list = ListReader.Open(file);
        var rows = list.Rows.Prepend(new ListRow(1, list.Header)).GetEnumerator();
        using (rows)
        {
            var columns = Find(rows);
            List<BankLine> lines = [];
            var skipped = 0;
            while (rows.MoveNext())
            {
                var row = rows.Current;
                if (columns.IsPending(row) || columns.IsForeign(row))
                {
                    skipped++;
                }
                else if (columns.Line(row) is { } line)
                {
                    lines.Add(line);
                }
            }

            return new(lines, skipped);
        }
    }

    private static Columns Find(IEnumerator<ListRow> rows)
    {
        for (var i = 0; i < MostRowsAbove && rows.MoveNext(); i++)
        {
            var columns = new Columns([.. rows.Current.Cells.Select(ListReader.PlainHeading)]);
            if (columns.AreEnough)
            {
                return columns;
            }
        }

        throw new UnreadableListException(
            "Die Datei hat keine Zeile mit den Überschriften eines Kontoauszugs. Gebraucht werden der Buchungstag, der Betrag und der "
                + "Verwendungszweck.",
            "The file has no row with the headings of a bank statement. Needed are the booking date, the amount and the reference.");
    }

    private sealed class Columns(string[] headings)
    {
        private readonly int? _day = IndexOf(headings, Days);
        private readonly int? _amount = IndexOf(headings, Sums);
        private readonly int? _in = IndexOf(headings, In);
        private readonly int? _out = IndexOf(headings, Outs);
        private readonly int? _mark = IndexOf(headings, Marks);
        private readonly int? _currency = IndexOf(headings, Currencies);
        private readonly int? _state = IndexOf(headings, States);
        private readonly int? _payer = IndexOf(headings, Payers);

        private readonly int[] _texts =
            [.. headings.Index().Where(h => TextBeginnings.Any(t => h.Item.StartsWith(t, StringComparison.Ordinal))).Select(h => h.Index)];

        public bool AreEnough => _day is not null && (_amount ?? _in) is not null && _texts.Length > 0;

        public bool IsPending(ListRow row) =>
            Cell(row, _state) is { Length: > 0 } state && (state.StartsWith("Vorgemerkt", StringComparison.OrdinalIgnoreCase)
                || state.Equals("Pending", StringComparison.OrdinalIgnoreCase));

        public bool IsForeign(ListRow row) => Cell(row, _currency) is { Length: > 0 } currency && currency is not (Money.Currency or "€");

        /// <returns>Null for a row without an amount, as sums and balances stand below the lines of some banks.</returns>
        /// <exception cref="UnreadableListException">Its day or amount cannot be read.</exception>
        public BankLine? Line(ListRow row)
        {
            var written = Cell(row, _amount) is { Length: > 0 } one ? one
                : Cell(row, _in) is { Length: > 0 } came ? came
                : Cell(row, _out) is { Length: > 0 } went ? "-" + went.TrimStart('-') : "";
            var day = Cell(row, _day);
            if (written.Length == 0 || day.Length == 0)
            {
                return null;
            }

            if (!DateOnly.TryParseExact(day, DayFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var bookedOn))
            {
                throw new UnreadableListException(
                    $"Zeile {row.Line}: „{day}“ ist kein Datum.", $"Line {row.Line}: “{day}” is not a date.");
            }

            if (!TryAmount(written, out var amount))
            {
                throw new UnreadableListException(
                    $"Zeile {row.Line}: „{written}“ ist kein Betrag.", $"Line {row.Line}: “{written}” is not an amount.");
            }

            var payer = BankStatement.Tidy([Cell(row, _payer)]);
            return new BankLine
            {
                BookedOn = bookedOn,
                Amount = Cell(row, _mark).StartsWith('S') || Cell(row, _mark).StartsWith('D') ? -amount : amount,
                Text = BankStatement.Tidy(_texts.Select(i => Cell(row, i))),
                Payer = payer.Length > 0 ? payer : null,
            };
        }

        /// <summary>Some programs write the sign behind the amount, or a plus before it.</summary>
        private static bool TryAmount(string written, out Money amount) =>
            Amounts.TryParse(written.EndsWith('-') ? "-" + written[..^1] : written.TrimStart('+'), out amount);

        private static string Cell(ListRow row, int? column) => column < row.Cells.Length ? row.Cells[column.Value] : "";

        private static int? IndexOf(string[] headings, string[] names) =>
            names.Select(name => Array.IndexOf(headings, name)).Where(i => i >= 0).Select(i => (int?)i).FirstOrDefault();
    }
}
