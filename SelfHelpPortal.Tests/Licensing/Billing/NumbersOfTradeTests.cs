using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Billing;

/// <summary>VAT ids, account numbers, countries and periods.</summary>
public class NumbersOfTradeTests
{
    [Theory]
    [InlineData("DE136695976")] // the example of the check digit's definition
    [InlineData("DE000000003")]
    [InlineData("ATU12345678")]
    [InlineData("EL123456789")]
    [InlineData("NL123456789B01")]
    [InlineData("ESX1234567X")]
    [InlineData("IE1234567WA")]
    [InlineData("FRXX123456789")]
    [InlineData("BE0123456789")]
    public void Vat_ids_that_are_well_formed(string vatId) => VatIds.IsWellFormed(vatId).ShouldBeTrue();

    [Theory]
    [InlineData("DE136695975")]
    [InlineData("DE000000000")]
    [InlineData("DE13669597")]
    [InlineData("DE1366959760")]
    [InlineData("DE13669597A")]
    [InlineData("AT12345678")]
    [InlineData("GR123456789")]
    [InlineData("CHE123456789MWST")]
    [InlineData("GB123456789")]
    [InlineData("ATU12345678\n")]
    [InlineData("ATU１２３４５６７８")]
    [InlineData("136695976")]
    [InlineData("DE")]
    [InlineData("")]
    public void Vat_ids_that_are_not(string vatId) => VatIds.IsWellFormed(vatId).ShouldBeFalse();

    [Fact]
    public void A_single_wrong_digit_of_a_German_vat_id_is_found()
    {
        const string right = "DE136695976";
        for (var place = 2; place < right.Length; place++)
        {
            for (var digit = '0'; digit <= '9'; digit++)
            {
                VatIds.IsWellFormed(right[..place] + digit + right[(place + 1)..]).ShouldBe(digit == right[place]);
            }
        }
    }

    [Fact]
    public void Every_member_state_has_a_form_and_nobody_else() =>
        Countries.All.Where(country => VatIds.CountryOf((country == "GR" ? "EL" : country) + "1") == country)
            .ShouldBe(Countries.Eu, ignoreOrder: true);

    [Fact]
    public void What_people_type_is_made_one_and_judged_by_its_form()
    {
        VatIdCheck.OfFormat(" de 136.695-976", A.Morning)
            .ShouldBe(new VatIdCheck("DE136695976", VatIdResult.FormatOnly, A.Morning, "format"));
        VatIdCheck.OfFormat("DE136695975", A.Morning).Result.ShouldBe(VatIdResult.Invalid);
    }

    [Theory]
    [InlineData("DE89370400440532013000", true)]
    [InlineData("DE02120300000000202051", true)]
    [InlineData("NO9386011117947", true)]
    [InlineData("MT84MALT011000012345MTLCAST001S", true)]
    [InlineData("DE89370400440532013001", false)]
    [InlineData("DE98370400440532013000", false)]
    [InlineData("DE8937040044053201300", false)]
    [InlineData("de89370400440532013000", false)]
    [InlineData("DE89 3704 0044 0532 0130 00", false)]
    [InlineData("", false)]
    public void Account_numbers(string iban, bool valid) => Iban.IsValid(iban).ShouldBe(valid);

    [Fact]
    public void Account_numbers_are_read_with_spaces() =>
        Iban.Normalize(" de89 3704 0044\u00A00532 0130 00 ").ShouldBe("DE89370400440532013000");

    [Fact]
    public void Countries_are_those_of_the_standard()
    {
        Countries.All.Count.ShouldBe(250);
        Countries.Eu.Count.ShouldBe(27);
        Countries.Eu.Except(Countries.All).ShouldBeEmpty();
        Countries.All.ShouldNotContain("UK");
        Countries.All.ShouldNotContain("EL");
    }

    [Theory]
    [InlineData("2026-11-30", 12, "2026-11-21", "2026-12-01", "2027-11-30")]
    [InlineData("2026-11-21", 12, "2026-11-21", "2026-11-22", "2027-11-21")] // its last day is today
    [InlineData("2026-11-20", 12, "2026-11-21", "2026-11-21", "2027-11-20")] // past
    [InlineData(null, 12, "2026-11-21", "2026-11-21", "2027-11-20")]
    [InlineData(null, 1, "2027-01-31", "2027-01-31", "2027-02-28")]
    [InlineData(null, 1, "2027-01-30", "2027-01-30", "2027-02-28")]
    [InlineData(null, 1, "2027-01-29", "2027-01-29", "2027-02-28")]
    [InlineData(null, 1, "2027-01-28", "2027-01-28", "2027-02-27")]
    [InlineData(null, 12, "2028-02-29", "2028-02-29", "2029-02-28")]
    [InlineData(null, 12, "2027-03-01", "2027-03-01", "2028-02-29")]
    [InlineData(null, 3, "2026-12-01", "2026-12-01", "2027-02-28")]
    public void A_renewal_runs_on_from_the_old_end_or_from_today(string? oldEnd, int months, string today, string from, string to) =>
        RenewalPeriod.From(oldEnd is null ? null : Day(oldEnd), months, Day(today)).ShouldBe(new Period(Day(from), Day(to)));

    [Fact]
    public void A_renewal_has_at_least_a_month() =>
        Should.Throw<ArgumentOutOfRangeException>(() => RenewalPeriod.From(null, 0, Day("2026-11-21")));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
