using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Tests.Licensing.Billing;

/// <summary>Point 3: the numbers of public offices, by their form and their check digits (MOD 97-10).</summary>
public class LeitwegIdTests
{
    [Theory]
    [InlineData("04011000-12345-03")]
    [InlineData("04011000-1234512345-06")] // the example of the specification
    [InlineData("991-01234-38")]
    [InlineData("99-92")] // without a fine address
    [InlineData("16-AMT42-45")]
    [InlineData(" 16-amt42-45 ")] // in any case
    public void Good_ones_are_taken(string id) => LeitwegId.IsValid(id).ShouldBeTrue();

    [Theory]
    [InlineData("04011000-12345-34")] // check digits
    [InlineData("04011000-12354-03")] // two digits swapped
    [InlineData("04011001-12345-03")]
    [InlineData("16-AMT24-45")]
    [InlineData("99-29")]
    public void One_wrong_sign_is_noticed(string id)
    {
        LeitwegId.IsWellFormed(id).ShouldBeTrue();
        LeitwegId.IsValid(id).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Kostenstelle 4711")]
    [InlineData("04011000-12345")]
    [InlineData("04011000 12345 03")]
    [InlineData("0-12345-03")]
    [InlineData("0401100012345-12345-03")]
    [InlineData("04011000-12_45-03")]
    [InlineData("04011000-1234567890123456789012345678901-03")]
    [InlineData("04011000-12345-03-1")]
    public void What_has_another_form_is_no_such_number(string id)
    {
        LeitwegId.IsWellFormed(id).ShouldBeFalse();
        LeitwegId.IsValid(id).ShouldBeFalse();
    }

    /// <summary>Point 3: only a public office has XRechnung; any other reference is just printed.</summary>
    [Theory]
    [InlineData(null, InvoiceFormat.Zugferd, null, InvoiceFormat.Zugferd)]
    [InlineData(null, InvoiceFormat.Zugferd, "Kostenstelle 4711", InvoiceFormat.Zugferd)]
    [InlineData(null, InvoiceFormat.Zugferd, "04011000-12345-34", InvoiceFormat.Zugferd)]
    [InlineData(null, InvoiceFormat.Zugferd, "04011000-12345-03", InvoiceFormat.XRechnung)]
    [InlineData(null, InvoiceFormat.PlainPdf, "Kostenstelle 4711", InvoiceFormat.PlainPdf)]
    [InlineData(null, InvoiceFormat.XRechnung, null, InvoiceFormat.Zugferd)]
    [InlineData(InvoiceFormat.PlainPdf, InvoiceFormat.XRechnung, "04011000-12345-03", InvoiceFormat.PlainPdf)]
    [InlineData(InvoiceFormat.XRechnung, InvoiceFormat.Zugferd, "04011000-12345-03", InvoiceFormat.XRechnung)]
    public void The_format_follows_from_who_buys(
        InvoiceFormat? chosen, InvoiceFormat ofCustomer, string? reference, InvoiceFormat expected) =>
        InvoiceFormats.For(chosen, ofCustomer, reference).ShouldBe(expected);
}
