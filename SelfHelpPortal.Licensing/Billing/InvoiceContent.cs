namespace SelfHelpPortal.Licensing.Billing;

public enum InvoiceKind
{
    Invoice,

    /// <summary>Takes the whole of an invoice back ("Stornorechnung").</summary>
    Cancellation,
}

/// <summary>How the buyer wants invoices.</summary>
public enum InvoiceFormat
{
    /// <summary>PDF/A-3 with the EN 16931 XML inside.</summary>
    Zugferd,

    /// <summary>The XML alone leads; the PDF goes along as a courtesy.</summary>
    XRechnung,

    /// <summary>The same PDF without attachment.</summary>
    PlainPdf,
}

/// <summary>Which format an invoice has.</summary>
public static class InvoiceFormats
{
    /// <param name="chosen">By a public office for this order; null: nothing was chosen.</param>
    /// <param name="ofCustomer">The customer's own.</param>
    /// <param name="buyerReference">Anything but a "Leitweg-ID" only stands on the invoice.</param>
    public static InvoiceFormat For(InvoiceFormat? chosen, InvoiceFormat ofCustomer, string? buyerReference) => chosen
        ?? (LeitwegId.IsValid(buyerReference) ? InvoiceFormat.XRechnung
            : ofCustomer == InvoiceFormat.XRechnung ? InvoiceFormat.Zugferd
            : ofCustomer);
}

/// <summary>
/// Everything an invoice says: the one model from which XML, PDF and mail take words and figures. All data are copies, so that later
/// changes of an address touch no invoice.
/// </summary>
public sealed record InvoiceContent
{
    public required InvoiceKind Kind { get; init; }

    /// <summary><c>2026-00042</c>, cancellations <c>S2026-00007</c>; null for a draft, which carries no number.</summary>
    public string? Number { get; init; }

    public required DateOnly IssueDate { get; init; }

    /// <summary>The day of the service, of a period its last: then it is rendered, and that day's tax rate applies.</summary>
    public required DateOnly ServiceDate { get; init; }

    /// <summary>Null on cancellations.</summary>
    public DateOnly? DueDate { get; init; }

    public required InvoiceFormat Format { get; init; }

    /// <summary><c>de</c> or <c>en</c>: the language of labels and texts. Figures and dates follow the seller's rules (German).</summary>
    public required string Language { get; init; }

    /// <summary>Reference of the request, <c>M-7F3K-20</c>.</summary>
    public string? Reference { get; init; }

    public required InvoiceSeller Seller { get; init; }

    public required InvoiceBuyer Buyer { get; init; }

    public required VatTreatment Vat { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    /// <summary>What stands above the table, a sentence each.</summary>
    public IReadOnlyList<string> Introduction { get; init; } = [];

    /// <summary>BT-22, also at the foot of the page: taxed on receipts, why it was cancelled, a free note.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The invoice that this cancellation takes back.</summary>
    public PrecedingInvoice? Cancels { get; init; }

    public InvoiceTotals Totals => InvoiceTotals.Compute(Lines, Vat.Rate);

    /// <summary>BG-14, from the first to the last day of what is rendered over time; null where the service is that of a day.</summary>
    public Period? ServicePeriod => Period.Around(Lines.Select(line => line.Period).OfType<Period>());
}

/// <param name="Number">BT-25.</param>
/// <param name="IssueDate">BT-26.</param>
public sealed record PrecedingInvoice(string Number, DateOnly IssueDate);

/// <summary>One item. <see cref="Net"/> is exact: quantities are whole.</summary>
public sealed record InvoiceLine
{
    public required string Sku { get; init; }

    /// <summary>In the invoice's language.</summary>
    public required string Name { get; init; }

    /// <summary>License number and hardware code.</summary>
    public string? Description { get; init; }

    /// <summary>Negative on cancellations.</summary>
    public required int Quantity { get; init; }

    /// <summary>Never negative.</summary>
    public required Money UnitNet { get; init; }

    /// <summary>First and last day of a renewed subscription; null for a fee.</summary>
    public Period? Period { get; init; }

    public Money Net => UnitNet * Quantity;
}

/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
public sealed record Period(DateOnly From, DateOnly To)
{
    /// <summary>The shortest one that all of them lie in; null when there is none.</summary>
    public static Period? Around(IEnumerable<Period> periods) => periods.Aggregate(
        (Period?)null, (around, period) => around is null ? period : new(
            around.From < period.From ? around.From : period.From, around.To > period.To ? around.To : period.To));
}

/// <summary>
/// The sums of an invoice: the only code that multiplies money with a rate. Source: EN 16931 BR-CO-10 to BR-CO-17, and rule 11 of the
/// domain.
/// </summary>
public sealed record InvoiceTotals(Money Net, Money Vat, Money Gross)
{
    /// <param name="rate">Percent, for all lines.</param>
    public static InvoiceTotals Compute(IEnumerable<InvoiceLine> lines, decimal rate) =>
        FromNet(lines.Aggregate(new Money(0), (sum, line) => sum + line.Net), rate);

    /// <param name="rate">Percent.</param>
    public static InvoiceTotals FromNet(Money net, decimal rate)
    {
        var vat = net.Percent(rate);
        return new InvoiceTotals(net, vat, net + vat);
    }
}

/// <summary>The vendor as on the invoice. BT numbers: EN 16931.</summary>
public sealed record InvoiceSeller
{
    /// <summary>BT-27 and BT-85.</summary>
    public required string Name { get; init; }

    /// <summary>BT-29, a number the seller is known by where it has no register entry.</summary>
    public string? SellerId { get; init; }

    /// <summary>BT-30, commercial register.</summary>
    public string? Register { get; init; }

    /// <summary>Who may act for the seller (§ 35a GmbHG).</summary>
    public string? RepresentedBy { get; init; }

    /// <summary>BT-31.</summary>
    public string? VatId { get; init; }

    /// <summary>BT-32, the number of the tax office.</summary>
    public string? TaxNumber { get; init; }

    public required string Street { get; init; }

    public required string PostalCode { get; init; }

    public required string City { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    /// <summary>BT-34.</summary>
    public required string BillingMail { get; init; }

    public required string ContactName { get; init; }

    public required string ContactPhone { get; init; }

    public required string ContactMail { get; init; }

    /// <summary>Without spaces.</summary>
    public required string Iban { get; init; }

    public string? Bic { get; init; }

    /// <summary>
    /// Where the company has its seat (§ 35a GmbHG): its city, unless its register entry names another. Null for who is in no register.
    /// </summary>
    public string? Seat => CompanySeat.Of(Register, City);
}

/// <summary>The seat that business letters have to name.</summary>
public static class CompanySeat
{
    /// <returns>Null where there is no register entry, or where that names the seat itself ("Sitz Musterstadt, Amtsgericht …").</returns>
    public static string? Of(string? register, string city) =>
        string.IsNullOrWhiteSpace(register) || register.Contains("Sitz", StringComparison.OrdinalIgnoreCase) ? null : city;
}

/// <summary>The customer as on the invoice, copied from the request.</summary>
public sealed record InvoiceBuyer
{
    /// <summary>Customer number, <c>C-10042</c>; null when the customer is not known by one.</summary>
    public string? CustomerNumber { get; init; }

    /// <summary>BT-44 of a business; null for a person.</summary>
    public string? Company { get; init; }

    /// <summary>BT-44 of a person; of a business the contact (BT-56), where there is one.</summary>
    public string? Person { get; init; }

    /// <summary>BT-49.</summary>
    public required string Email { get; init; }

    public required string Street { get; init; }

    /// <summary>BT-51.</summary>
    public string? Street2 { get; init; }

    public required string PostalCode { get; init; }

    public required string City { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    /// <summary>BT-48; only a confirmed one.</summary>
    public string? VatId { get; init; }

    /// <summary>BT-10, the "Leitweg-ID" of a public office.</summary>
    public string? BuyerReference { get; init; }

    /// <summary>BT-13.</summary>
    public string? OrderNumber { get; init; }

    /// <summary>BT-44.</summary>
    public string Name => Company ?? Person ?? throw new InvalidOperationException("The buyer has neither a company nor a person's name.");
}
