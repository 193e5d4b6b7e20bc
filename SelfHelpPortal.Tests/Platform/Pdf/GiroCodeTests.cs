using System.Text;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Pdf;

namespace SelfHelpPortal.Tests.Platform.Pdf;

/// <summary>EPC069-12, version 002.</summary>
public sealed class GiroCodeTests
{
    [Fact]
    public void The_lines_are_those_of_the_standard() => Lines(InvoiceExamples.German).ShouldBe(
        ["BCD", "002", "1", "SCT", "", "Muster Software GmbH", InvoiceExamples.Iban, "EUR83.30", "", "", "2026-00042"]);

    [Fact]
    public void A_bank_that_is_given_is_named() => Lines(Payee(seller => seller with { Bic = "COBADEFFXXX" }))[4].ShouldBe("COBADEFFXXX");

    [Theory]
    [InlineData("a\nEUR1.00")]
    [InlineData("a\r\nb")]
    [InlineData("a\u2028b")]
    public void A_line_break_cannot_add_a_field(string name) => Lines(Payee(seller => seller with { Name = name })).Length.ShouldBe(11);

    [Theory]
    [InlineData("ß", 140)]
    [InlineData("€", 210)]
    [InlineData("😀", 140)]
    public void A_long_name_is_cut_between_characters(string letter, int bytes)
    {
        var name = Lines(Payee(seller => seller with { Name = string.Concat(Enumerable.Repeat(letter, 100)) }))[5];

        Encoding.UTF8.GetByteCount(name).ShouldBe(bytes);
        name.ShouldNotContain('\uFFFD');
    }

    [Fact]
    public void Only_an_invoice_with_a_number_over_an_amount_has_a_code()
    {
        GiroCode.For(InvoiceExamples.Draft).ShouldBeNull();
        GiroCode.For(InvoiceExamples.Cancellation).ShouldBeNull();
        GiroCode.For(InvoiceExamples.Cancellation with { Kind = InvoiceKind.Invoice }).ShouldBeNull();
        GiroCode.For(InvoiceExamples.German with { Lines = [InvoiceExamples.German.Lines[0] with { UnitNet = new(1_000_000_000_00) }] })
            .ShouldBeNull();
    }

    [Fact]
    public void What_is_left_of_an_invoice_is_asked_for() =>
        Encoding.UTF8.GetString(GiroCode.For(InvoiceExamples.German, new Money(12_34))!).Split('\n')[7].ShouldBe("EUR12.34");

    [Fact]
    public void A_wrong_account_makes_no_code() =>
        Should.Throw<ArgumentException>(() => GiroCode.For(Payee(seller => seller with { Iban = "DE89370400440532013001" })));

    private static InvoiceContent Payee(Func<InvoiceSeller, InvoiceSeller> change) =>
        InvoiceExamples.German with { Seller = change(InvoiceExamples.German.Seller) };

    private static string[] Lines(InvoiceContent invoice) => Encoding.UTF8.GetString(GiroCode.For(invoice)!).Split('\n');
}
