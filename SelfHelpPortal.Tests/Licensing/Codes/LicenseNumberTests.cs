using SelfHelpPortal.Licensing.Codes;

namespace SelfHelpPortal.Tests.Licensing.Codes;

public class LicenseNumberTests
{
    [Theory]
    [InlineData("L-6004")]
    [InlineData("l-6004 ")]
    [InlineData("L\u20136004")]
    [InlineData("L \u2212 6004")]
    [InlineData("L 6004")]
    [InlineData("L6004")]
    [InlineData("L-6004.")]
    [InlineData("„L-6004“")]
    [InlineData("(L-6004)")]
    [InlineData("> L-6004\r\n")]
    [InlineData("L-6004\u200B")]
    [InlineData("L-6OO4")]
    [InlineData("L/6004")]
    [InlineData("Lizenz L-6004.")]
    [InlineData("Lizenznummer: L-6004")]
    [InlineData("Lizenz-ID # L-6004")]
    [InlineData("License no. L-6004")]
    [InlineData("ＬＩＣＥＮＳＥ Ｌ－６００４")]
    public void Reads_a_number_as_people_write_it(string text)
    {
        LicenseNumber.Read(text).ShouldBe("L-6004");
        LicenseNumber.Readings(text)[0].ShouldBe("L-6004");
    }

    [Theory]
    [InlineData("6004")]
    [InlineData(" 6004. ")]
    [InlineData("Lizenz 6004")]
    [InlineData("Lizenz-ID # 6004")]
    [InlineData("Lizenznummer: 6004")]
    [InlineData("Nr. 6004")]
    public void Digits_alone_are_a_number_where_only_a_number_is_asked_for(string text)
    {
        LicenseNumber.Read(text).ShouldBeNull();
        LicenseNumber.ReadDigits(text).ShouldBe("L-6004");
        LicenseNumber.Readings(text)[0].ShouldBe("L-6004");
    }

    [Theory]
    [InlineData("S-ABCDE-FGHJK")]
    [InlineData("s\u2013abcde\u2013fghjk")]
    [InlineData("S ABCDE FGHJK")]
    [InlineData("Seriennummer: S-ABCDE-FGHJK")]
    [InlineData("SABCDEFGHJK")]
    public void Reads_a_serial_as_people_write_it(string text) => LicenseNumber.Read(text).ShouldBe("S-ABCDE-FGHJK");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH")]
    [InlineData("Schlüssel KBHPE-5N400-BAQPQ-AAQSQ-PP7FH zu L-6004")]
    [InlineData("L-6004 und L-6005")]
    [InlineData("LA-2019-0001-2345")]
    [InlineData("L-")]
    [InlineData("H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN")]
    public void Nothing_else_is_read_as_a_number(string? text) => LicenseNumber.ReadDigits(text).ShouldBeNull();

    [Fact]
    public void A_serial_of_another_form_is_found_as_it_was_typed() =>
        LicenseNumber.Readings(" kasse\u20137/a ").ShouldBe(["KASSE-7/A", "kasse\u20137/a"]);
}
