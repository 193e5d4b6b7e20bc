using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Tests.Licensing.Billing;

/// <summary>Which invoice a line of a bank statement is for.</summary>
public class BankMatchTests
{
    private static readonly PayableInvoice Open = Invoice("2026-00042", 8330);
    private static readonly PayableInvoice Other = Invoice("2026-00043", 17731, customer: "Beispiel Kino AG");
    private static readonly PayableInvoice Paid = Invoice("2026-00007", 8330, received: 8330);

    [Theory]
    [InlineData("Rechnung 2026-00042", "2026-00042")]
    [InlineData("RE202600042 Kd. C-10042", "2026-00042")]
    [InlineData("2026/00042", "2026-00042")]
    [InlineData("2026 – 00042", "2026-00042")]
    [InlineData("Re. 2026-000 42 vom 1.12.", "2026-00042")]
    [InlineData("2026-0\n0042", "2026-00042")]
    [InlineData("2026-00042 und 2026-00043", "2026-00042,2026-00043")]
    [InlineData("2026-00042,2026-00043", "2026-00042,2026-00043")]
    [InlineData("2026-100042", "2026-100042")]
    public void A_number_is_found_however_it_was_written(string text, string numbers) =>
        numbers.Split(',').ShouldBeSubsetOf(InvoiceNumber.FindIn(text));

    [Theory]
    [InlineData("Miete 2026-12")]
    [InlineData("12026-00042")]
    [InlineData("IBAN DE02120300000000202051")]
    [InlineData("")]
    public void What_is_no_number_is_none(string text) => InvoiceNumber.FindIn(text).ShouldBeEmpty();

    [Fact]
    public void Number_and_amount_fit() => Find(8330, "Rechnung 2026-00042").ShouldBe((BankMatchKind.Exact, "2026-00042 83.30"));

    [Fact]
    public void One_transfer_pays_several_invoices() =>
        Find(8330 + 17731, "2026-00042 2026-00043").ShouldBe((BankMatchKind.Exact, "2026-00042 83.30, 2026-00043 177.31"));

    [Fact]
    public void Another_amount_is_for_whoever_looks_at_it()
    {
        Find(8000, "2026-00042").ShouldBe((BankMatchKind.Differs, "2026-00042 80.00"));
        Find(9000, "2026-00042 2026-00043").ShouldBe((BankMatchKind.Differs, ""), "nobody knows how it is shared");
        Find(8330, "2026-00007").ShouldBe((BankMatchKind.Differs, "2026-00007 83.30"), "it is paid already");
        Find(83300_00, "2026-00042").ShouldBe((BankMatchKind.Differs, ""), "nobody means that");
    }

    [Fact]
    public void Money_that_goes_back_is_for_an_invoice_that_was_paid()
    {
        Find(-8330, "Ruecklastschrift 2026-00007").ShouldBe((BankMatchKind.Differs, "2026-00007 -83.30"));
        Find(-8330, "Ruecklastschrift 2026-00042").ShouldBe((BankMatchKind.Differs, ""), "nothing ever came in for it");
    }

    [Theory]
    [InlineData("MUSTER GASTRO", 8330, BankMatchKind.ByName)]
    [InlineData("Müster-Gastro", 8330, BankMatchKind.ByName)]
    [InlineData("Muster Gastro", 8331, BankMatchKind.None)]
    [InlineData("Fremde GmbH", 8330, BankMatchKind.None)]
    [InlineData(null, 8330, BankMatchKind.None)]
    public void Without_a_number_name_and_amount_have_to_fit(string? payer, long cents, BankMatchKind kind) =>
        BankMatch.Find(Line(cents, "Danke") with { Payer = payer }, [Open, Other]).Kind.ShouldBe(kind);

    [Fact]
    public void Of_two_that_fit_by_name_none_is_proposed() =>
        BankMatch.Find(Line(8330, "Danke") with { Payer = "Muster" }, [Open, Open with { Number = "2026-00050" }]).Kind
            .ShouldBe(BankMatchKind.None);

    [Fact]
    public void Lines_that_say_the_same_are_told_apart_and_known_again()
    {
        var first = BankLine.Numbered([Line(8330, "a"), Line(8330, "a"), Line(8330, "b")]);
        var again = BankLine.Numbered([Line(8330, "b"), Line(8330, "a"), Line(8330, "a")]);

        first.Select(l => l.Id).Distinct().Count().ShouldBe(3);
        again.Select(l => l.Id).ShouldBe(first.Select(l => l.Id), ignoreOrder: true);
        first[0].Id.Length.ShouldBe(BankLine.IdLength);
    }

    private static (BankMatchKind Kind, string Shares) Find(long cents, string text)
    {
        var match = BankMatch.Find(Line(cents, text), [Open, Other, Paid]);
        return (match.Kind, string.Join(", ", match.Shares.Select(s => $"{s.Invoice.Number} {s.Amount}")));
    }

    private static BankLine Line(long cents, string text) =>
        new() { BookedOn = new DateOnly(2026, 12, 1), Amount = new Money(cents), Text = text };

    private static PayableInvoice Invoice(string number, long gross, long received = 0, string customer = "Muster Gastro GmbH") =>
        new(Guid.CreateVersion7(), number, new Money(gross), new Money(received), new Money(gross - received), customer);
}
