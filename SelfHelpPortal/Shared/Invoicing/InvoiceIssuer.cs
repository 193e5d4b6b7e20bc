using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Shared.Invoicing;

/// <summary>What was issued; it is stored when the caller's transaction commits.</summary>
/// <param name="Attachments">The documents as a mail to the customer carries them.</param>
internal sealed record IssuedInvoice(Invoice Invoice, IReadOnlyList<MailAttachment> Attachments)
{
    public Guid Id => Invoice.Id;

    public string Number => Invoice.Number;
}

/// <summary>On what the tax case was decided, as it is kept with the invoice.</summary>
/// <param name="VatId">What was known of the buyer's VAT id.</param>
internal sealed record VatEvidence(VatIdCheck? VatId, DateTimeOffset DecidedAt);

/// <summary>
/// Turns a draft into an invoice: checks it, takes the number, writes and checks the e-invoice, draws the page, checks that too, and adds
/// the rows. Whatever is broken refuses the whole, and the caller's rollback gives the number back.
/// </summary>
internal sealed partial class InvoiceIssuer(
    IInvoiceRenderer renderer, IOptions<VendorOptions> vendor, LocalTimes times, NodeClock clock, ILogger<InvoiceIssuer> log)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly string Writer =
        typeof(InvoiceIssuer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
    private const string ClockRule = "Clock";

    private static readonly string[] PageRules = ["P-02", "P-09", "P-10", "P-11", "P-12"];

    public DateOnly Today(DateTimeOffset now) => times.Today(now);

    /// <summary>
    /// Call it last in the transaction (security.md, section 3): the number is its last lock. It neither saves nor commits.
    /// </summary>
    /// <param name="draft">Without number; its date of issue is today.</param>
    /// <param name="evidence">On what its tax case was decided.</param>
    /// <param name="original">The invoice that a cancellation takes back.</param>
    public async Task<Outcome<IssuedInvoice>> IssueAsync(
        PortalDbContext db, InvoiceContent draft, InvoiceOrigin origin, VatEvidence? evidence, InvoiceContent? original, Actor actor,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ahead = await clock.AheadAsync(db, cancellationToken);
        if (NodeClock.IsWrong(ahead))
        {
            LogWrongClock(ahead);
            return Refuse([WrongClock(ahead)]);
        }

        draft = draft
            with
        {
            Notes = [.. draft.Notes, .. vendor.Value.CashAccounting && LegalTexts.CashAccounting(draft.IssueDate) is { } note
                && !draft.Notes.Contains(note) ? [note] : Array.Empty<string>()]
        };
        var facts = new InvoiceEvidence(draft) { VatId = evidence?.VatId, Original = original };
        if (PreCheck(facts) is { Count: > 0 } inDraft)
        {
            return Refuse(inDraft);
        }

        var taken = await InvoiceNumbers.TakeAsync(db, draft.Kind, draft.IssueDate, cancellationToken);
        if (taken.IssueDate > times.Today(now - ahead))
        {
            LogFutureSeries(taken.IssueDate);
            return Refuse([FutureSeries(taken.IssueDate)]);
        }

        var content = draft with
        {
            Number = InvoiceNumber.Format(draft.Kind, draft.IssueDate.Year, taken.Place),
            IssueDate = taken.IssueDate,
            DueDate = draft.Kind == InvoiceKind.Invoice ? taken.IssueDate.AddDays(vendor.Value.PaymentDays) : null,
        };
        var xml = CiiWriter.Write(content);
        if (InvoiceRules.Check(xml, facts with { Invoice = content, LastIssueDate = taken.IssueDate }) is { Count: > 0 } inXml)
        {
            return Refuse(inXml);
        }

        var isAttached = content.Format == InvoiceFormat.Zugferd;
        var pdf = renderer.Render(content, isAttached ? xml : ReadOnlyMemory<byte>.Empty);
        if (InvoicePdfRules.Check(pdf, xml, isAttached) is { Count: > 0 } inPdf)
        {
            return Refuse(inPdf);
        }

        var invoice = Invoice.Issue(content, taken.Place,
            origin with { VatEvidence = evidence is null ? null : JsonSerializer.Serialize(evidence, Json) }, times.Zone, now);
        var documents = Documents(invoice, pdf, xml, now);
        db.Add(invoice);
        db.AddRange(InvoiceLineRow.From(invoice));
        db.AddRange(documents);
        EventLog.Begin(db, invoice.Id, EventKind.InvoiceIssued,
            new EventData { Document = invoice.Number, Cents = invoice.Gross.Cents, Reference = content.Reference }, actor, now);
        return new IssuedInvoice(invoice, InvoiceMails.Attachments(content.Format, documents));
    }

    /// <summary>The evidence of an invoice that is stored.</summary>
    public static VatEvidence? EvidenceOf(Invoice invoice) =>
        invoice.VatEvidence is { } json ? JsonSerializer.Deserialize<VatEvidence>(json, Json) : null;

    /// <summary>Everything that needs no number, so that a refusal locks nobody out: a provisional one stands in for it.</summary>
    private List<BrokenRule> PreCheck(InvoiceEvidence facts)
    {
        List<BrokenRule> broken = [.. InvoiceRules.CheckDraft(facts)];
        if (broken.Count > 0)
        {
            return broken;
        }

        var draft = facts.Invoice;
        var provisional = draft with
        {
            Number = InvoiceNumber.Format(draft.Kind, draft.IssueDate.Year, 1),
            DueDate = draft.Kind == InvoiceKind.Invoice ? draft.IssueDate.AddDays(vendor.Value.PaymentDays) : null,
        };
        broken.AddRange(InvoiceRules.Check(CiiWriter.Write(provisional), facts with { Invoice = provisional }));
        try
        {
            renderer.CheckTexts(draft);
        }
        catch (InvoiceTextException unwritable)
        {
            broken.Add(new BrokenRule("P-09", unwritable.Message, unwritable.Message));
        }

        return broken;
    }

    private List<InvoiceDocument> Documents(Invoice invoice, byte[] pdf, byte[] xml, DateTimeOffset now)
    {
        var language = invoice.Content.Language;
        var name = $"{InvoiceWords.Text("File." + invoice.Kind, language)}-{invoice.Number}";
        List<InvoiceDocument> documents =
            [InvoiceDocument.Create(invoice.Id, InvoiceDocumentKind.Pdf, $"{name}.pdf", "application/pdf", pdf, now)];
        if (invoice.Content.Format != InvoiceFormat.PlainPdf)
        {
            documents.Add(InvoiceDocument.Create(invoice.Id, InvoiceDocumentKind.Xml, $"{name}.xml", "application/xml", xml, now));
        }

        var check = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                invoice.Number,
                CheckedAt = now,
                Rules = EInvoiceRules.Version,
                Writer,
                Runtime = RuntimeInformation.FrameworkDescription,
                Fonts = renderer.FontHash,
                Pdf = InvoiceDocument.HashOf(pdf),
                Xml = InvoiceDocument.HashOf(xml),
                Kept = RulesFor(invoice.Content.Format).Order(StringComparer.Ordinal),
                Broken = Array.Empty<string>(),
            },
            Json);
        documents.Add(
            InvoiceDocument.Create(
                invoice.Id, InvoiceDocumentKind.Check, $"{InvoiceWords.Text("File.Check", language)}-{invoice.Number}.json",
                "application/json", check, now));
        return documents;
    }

    /// <summary>The rules of XRechnung are asked of XRechnung only.</summary>
    private static IEnumerable<string> RulesFor(InvoiceFormat format) => EInvoiceRules.Ids
        .Where(id => format == InvoiceFormat.XRechnung
            || !(id.StartsWith("BR-DE", StringComparison.Ordinal) || id.StartsWith("PEPPOL", StringComparison.Ordinal))
            || id.StartsWith("BR-DEC", StringComparison.Ordinal))
        .Concat(InvoiceRules.Ids).Concat(PageRules).Distinct();

    private static BrokenRule WrongClock(TimeSpan ahead) => new(
        ClockRule,
        Text("de", "Die Uhr dieses Rechners geht {0:0} Minuten {1}. Solange stellt er keine Rechnung aus; stellen Sie die Uhr.",
            ahead.Duration().TotalMinutes, ahead > TimeSpan.Zero ? "vor" : "nach"),
        Text("en", "The clock of this machine is {0:0} minutes {1}. It issues no invoice until the clock is set.",
            ahead.Duration().TotalMinutes, ahead > TimeSpan.Zero ? "fast" : "slow"));

    private static BrokenRule FutureSeries(DateOnly last) => new(
        ClockRule,
        Text("de", "Der Nummernkreis trägt schon das Datum {0:dd.MM.yyyy}. Vor diesem Tag kann keine Rechnung folgen.", last),
        Text("en", "The series of numbers already has the date {0:d MMM yyyy}. No invoice can follow before that day.", last));

    private static string Text(string language, string format, params object[] values) =>
        string.Format(CultureInfo.GetCultureInfo(language), format, values);

    [LoggerMessage(1504, LogLevel.Critical,
        "No invoice is issued here: this machine's clock is {Ahead} ahead of the database's (behind, if negative); set the clock")]
    private partial void LogWrongClock(TimeSpan ahead);

    [LoggerMessage(1505, LogLevel.Critical,
        "No invoice is issued: the last one of its series is dated {Last}, after the database's day; see docs/release.md, wrong clocks")]
    private partial void LogFutureSeries(DateOnly last);

    private static RefusalDetail Refuse(IReadOnlyList<BrokenRule> broken) => new(Refusal.InvoiceInvalid) { BrokenRules = broken };
}
