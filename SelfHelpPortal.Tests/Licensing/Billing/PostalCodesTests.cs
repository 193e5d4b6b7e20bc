using SelfHelpPortal.Licensing.Billing;

namespace SelfHelpPortal.Tests.Licensing.Billing;

public sealed class PostalCodesTests
{
    [Theory]
    [InlineData("DE", "12345", true)]
    [InlineData("DE", "D-12345", true)]
    [InlineData("DE", "1234", false)]
    [InlineData("DE", "1234O", false)]
    [InlineData("DE", "Berlin", false)]
    [InlineData("AT", "1010", true)]
    [InlineData("AT", "A-1010", true)]
    [InlineData("AT", "12345", false)]
    [InlineData("CH", "CH 8000", true)]
    [InlineData("NL", "1011AB", true)]
    [InlineData("NL", "1011 AB", true)]
    [InlineData("NL", "1011", false)]
    [InlineData("PL", "00 001", true)]
    [InlineData("PL", "00-01", false)]
    [InlineData("SE", "11122", true)]
    [InlineData("LT", "LT-01100", true)]
    [InlineData("GB", "SW1A 1AA", true)]
    [InlineData("IE", "D02 AF30", true)]
    [InlineData("", "anything", true)]
    public void A_code_has_the_shape_of_its_country(string country, string code, bool isOne) =>
        PostalCodes.IsWellFormed(country, code).ShouldBe(isOne);

    [Fact]
    public void Every_example_is_one_of_a_country_there_is()
    {
        var known = Countries.All.Where(country => PostalCodes.Example(country) is not null).ToList();

        known.Count.ShouldBeGreaterThan(20);
        known.ShouldAllBe(country => PostalCodes.IsWellFormed(country, PostalCodes.Example(country)!));
    }
}
