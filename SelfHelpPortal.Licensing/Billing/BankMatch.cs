namespace SelfHelpPortal.Licensing.Billing;

/// <summary>What is known of an invoice that a payment could be for.</summary>
/// <param name="Received">So far.</param>
/// <param name="Customer">Its recipient.</param>
public sealed record PayableInvoice(Guid Id, string Number, Money Gross, Money Received, Money Outstanding, string Customer);

/// <summary>How a line of a statement fits an invoice.</summary>
public enum BankMatchKind
{
    /// <summary>The invoices that it names ask for exactly this amount.</summary>
    Exact,

    /// <summary>It names an invoice that asks for another amount, or that is paid already.</summary>
    Differs,

    /// <summary>It names none, but one invoice of whoever paid asks for exactly this amount.</summary>
    ByName,

    /// <summary>It fits nothing.</summary>
    None,
}

/// <summary>The part of a line that is for one invoice.</summary>
public sealed record BankShare(PayableInvoice Invoice, Money Amount);

/// <summary>What a line of a statement is proposed for. Somebody decides.</summary>
public sealed record BankMatch(BankLine Line, BankMatchKind Kind, IReadOnlyList<BankShare> Shares)
{
    private const int ShortestName = 4;

    /// <param name="invoices">The open ones, and those that the lines name.</param>
    public static BankMatch Find(BankLine line, IReadOnlyCollection<PayableInvoice> invoices)
    {
        var numbers = InvoiceNumber.FindIn(line.Text);
        var named = invoices.Where(i => numbers.Contains(i.Number)).ToList();
        var asked = named.Where(i => i.Outstanding > new Money(0)).ToList();
        if (asked.Count > 0 && asked.Aggregate(new Money(0), (sum, i) => sum + i.Outstanding) == line.Amount)
        {
            return new(line, BankMatchKind.Exact, [.. asked.Select(i => new BankShare(i, i.Outstanding))]);
        }

        // How another amount is shared among several nobody can know.
        if (named.Count > 0)
        {
            return new(line, BankMatchKind.Differs, named is [var only] && IsPossible(only, line.Amount) ? [new(only, line.Amount)] : []);
        }

        return invoices.Where(i => i.Outstanding == line.Amount && HaveNameInCommon(i.Customer, line.Payer)).ToList() is [var theirs]
            ? new(line, BankMatchKind.ByName, [new(theirs, line.Amount)])
            : new(line, BankMatchKind.None, []);
    }

    private static bool IsPossible(PayableInvoice invoice, Money amount) =>
        Invoice.Doubt(amount, invoice.Gross, invoice.Received, invoice.Outstanding) != PaymentDoubt.Impossible;

    /// <summary>A word that is a name, and not the form of a company.</summary>
    private static bool HaveNameInCommon(string customer, string? payer) =>
        payer is not null && Words(customer).Intersect(Words(payer), StringComparer.OrdinalIgnoreCase).Any();

    private static IEnumerable<string> Words(string name) => name
        .Replace("ß", "ss", StringComparison.Ordinal).Replace("ä", "ae", StringComparison.OrdinalIgnoreCase)
        .Replace("ö", "oe", StringComparison.OrdinalIgnoreCase).Replace("ü", "ue", StringComparison.OrdinalIgnoreCase)
        .Split(name.Where(c => !char.IsLetterOrDigit(c)).Distinct().ToArray(), StringSplitOptions.RemoveEmptyEntries)
        .Where(word => word.Length >= ShortestName && !word.Equals("GmbH", StringComparison.OrdinalIgnoreCase));
}
