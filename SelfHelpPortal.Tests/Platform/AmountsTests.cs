using System.Globalization;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Tests.Platform;

public class AmountsTests
{
    [Theory]
    [InlineData("83,30", 8330)]
    [InlineData("83.30", 8330)]
    [InlineData(" 83,3 ", 8330)]
    [InlineData("83", 8300)]
    [InlineData("1.083,30 €", 108330)]
    [InlineData("EUR 1,083.30", 108330)]
    [InlineData("1.083", 108300)]
    [InlineData("-5", -500)]
    [InlineData("−5,01", -501)]
    [InlineData("0", 0)]
    public void What_people_type_is_read(string typed, long cents)
    {
        Amounts.TryParse(typed, out var money).ShouldBeTrue();
        money.Cents.ShouldBe(cents);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("abc")]
    [InlineData("12,34,56")]
    [InlineData("1e5")]
    [InlineData("99999999999999999999")]
    public void What_is_no_amount_is_refused(string? typed) => Amounts.TryParse(typed, out _).ShouldBeFalse();

    [Fact]
    public void An_amount_is_written_as_its_reader_writes_it_and_read_again()
    {
        foreach (var cents in (long[])[0, 1, 99, 8330, -8330, 123_456_789])
        {
            foreach (var culture in (string[])["de", "en"])
            {
                var text = Amounts.Text(new Money(cents), CultureInfo.GetCultureInfo(culture));
                Amounts.TryParse(text.Replace("EUR\u00A0-", "-", StringComparison.Ordinal), out var read).ShouldBeTrue(text);
                read.Cents.ShouldBe(cents);
            }
        }

        Amounts.Text(new Money(108330), CultureInfo.GetCultureInfo("de")).ShouldBe("1.083,30\u00A0€");
        Amounts.Text(new Money(108330), CultureInfo.GetCultureInfo("en")).ShouldBe("EUR\u00A01,083.30");
    }
}
