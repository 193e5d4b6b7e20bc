using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Features.Staff.Invoices;

/// <summary>
/// What was billed and what was paid, as lists that people read: <c>booking.csv</c> and <c>payments.csv</c>, and the same for DATEV where
/// that is configured. In German the amounts have a decimal comma, as spreadsheets there expect it.
/// </summary>
internal sealed class BookingLists(IOptions<InvoicingOptions> options)
{
    private static readonly string[] BookingHeadings =
        ["date", "number", "cancels", "customer", "name", "country", "vat_id", "net", "vat_rate", "vat", "gross", "tax_case", "account"];

    private static readonly string[] BookingHeadingsInGerman =
    [
        "datum", "nummer", "storniert", "kunde", "name", "land", "ust_id", "netto", "steuersatz", "steuer", "brutto", "steuerfall", "konto",
    ];

    private static readonly string[] PaymentHeadings = ["date", "number", "name", "amount", "note", "recorded"];

    private static readonly string[] PaymentHeadingsInGerman = ["datum", "nummer", "name", "betrag", "notiz", "erfasst"];

    /// <summary>Collects the lines of one export.</summary>
    public Collector Begin(CultureInfo language) => new(options.Value, language);

    internal sealed class Collector
    {
        private readonly InvoicingOptions _options;
        private readonly CultureInfo _numbers;
        private readonly StringBuilder _booking;
        private readonly StringBuilder _payments;
        private readonly List<DatevEntry> _entries = [];

        public Collector(InvoicingOptions options, CultureInfo language)
        {
            _options = options;
            var isGerman = language.TwoLetterISOLanguageName == "de";
            _numbers = isGerman ? CultureInfo.GetCultureInfo("de-DE") : CultureInfo.InvariantCulture;
            _booking = new(Csv.Line(isGerman ? BookingHeadingsInGerman : BookingHeadings));
            _payments = new(Csv.Line(isGerman ? PaymentHeadingsInGerman : PaymentHeadings));
        }

        public void Add(Invoice invoice)
        {
            var buyer = invoice.Content.Buyer;
            var account = _options.Accounts.For(invoice.VatCase);
            _booking.Append(Csv.Line(
                IsoDay.Write(invoice.IssueDate), invoice.Number, invoice.Content.Cancels?.Number ?? "", buyer.CustomerNumber ?? "",
                buyer.Name,
                buyer.Country, buyer.VatId ?? "", Amount(invoice.Net), invoice.VatRate.ToString("0.00", _numbers), Amount(invoice.Vat),
                Amount(invoice.Gross), invoice.VatCase.ToString(), account));
            _entries.Add(new(
                invoice.Gross, _options.Datev.Debtors, account, invoice.IssueDate, invoice.Number, buyer.Name,
                invoice.VatCase == VatCase.ReverseCharge ? buyer.VatId : null));
        }

        public void Add(Payment payment, Invoice invoice)
        {
            _payments.Append(Csv.Line(
                IsoDay.Write(payment.ReceivedOn), invoice.Number, invoice.Content.Buyer.Name, Amount(payment.Amount), payment.Note,
                payment.RecordedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
            _entries.Add(new(
                payment.Amount, _options.Datev.Bank, _options.Datev.Debtors, payment.ReceivedOn, invoice.Number,
                invoice.Content.Buyer.Name));
        }

        public IEnumerable<(string Name, byte[] Bytes)> Files(DateOnly from, DateOnly to, DateTimeOffset now) =>
        [
            ("booking.csv", Csv.Bytes(_booking)), ("payments.csv", Csv.Bytes(_payments)),
            .. _options.Datev.IsUsed ? DatevBatch.Files(_entries, _options.Datev, from, to, now) : [],
        ];

        private string Amount(Money money) => money.Amount.ToString("0.00", _numbers);
    }
}
