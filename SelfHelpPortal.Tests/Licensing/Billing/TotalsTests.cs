using System.Numerics;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Billing;

/// <summary>Sums are exact to the cent. 50,000 random ones; a million with <c>SELFHELP_LONG=1</c>.</summary>
public class TotalsTests
{
    private static readonly int Times = Effort.Times(50_000, 1_000_000);

    [Theory]
    [InlineData(7000, 19, 1330, 8330)]
    [InlineData(9750, 19, 1853, 11603)] // 18.525
    [InlineData(-9750, 19, -1853, -11603)]
    [InlineData(50, 7, 4, 54)] // 0.035
    [InlineData(1, 19, 0, 1)]
    [InlineData(0, 19, 0, 0)]
    [InlineData(12000, 0, 0, 12000)]
    [InlineData(1000, 5.5, 55, 1055)]
    public void By_example(long net, decimal rate, long vat, long gross) =>
        InvoiceTotals.FromNet(new Money(net), rate).ShouldBe(new InvoiceTotals(new Money(net), new Money(vat), new Money(gross)));

    [Fact]
    public void Tax_is_taken_once_from_the_sum_and_not_from_each_line()
    {
        var line = new InvoiceLine { Sku = "X", Name = "X", Quantity = 1, UnitNet = new Money(3) };

        InvoiceTotals.Compute([line, line, line], 19).Vat.ShouldBe(new Money(2)); // 0.0171; a line alone gives 0.01
    }

    [Fact]
    public void Any_amount_any_rate_any_country()
    {
        var random = new Seeded();
        string[] countries = [.. Countries.All];
        for (var i = 0; i < Times; i++)
        {
            var net = random.Below(2_000_000_001) - 1_000_000_000L;
            var hundredths = random.Below(2_701); // 0.00 to 27.00 percent
            var country = random.Of(countries);
            var place = VatTerritories.Find(country);
            var id = random.Below(2) == 0 ? TaxDecisionTests.Confirmed(place.Country) : null;
            var buyer = new TaxBuyer(country, random.Below(2) == 0, id);
            var because = $"seed {random.Seed}, {net} cents at {hundredths}/100 % in {country}";

            var decision = TaxDecision.For(TaxDecisionTests.Seller, buyer, EuConsumers.DomesticVat, hundredths / 100m, "de");
            if (decision.Treatment is not { } vat)
            {
                buyer.IsBusiness.ShouldBeFalse(because);
                place.Territory.ShouldBe(VatTerritory.ThirdCountry, because);
                continue;
            }

            (vat.Rate == hundredths / 100m).ShouldBe(vat.Category == "S" || hundredths == 0, because);
            var totals = InvoiceTotals.FromNet(new Money(net), vat.Rate);
            totals.Vat.Cents.ShouldBe(HalfUp(net, vat.Category == "S" ? hundredths : 0), because);
            totals.Gross.Cents.ShouldBe(totals.Net.Cents + totals.Vat.Cents, because);
            InvoiceTotals.FromNet(-totals.Net, vat.Rate).ShouldBe(new InvoiceTotals(-totals.Net, -totals.Vat, -totals.Gross), because);
        }
    }

    /// <summary>Whole numbers only: |n| · h / 10,000, half up, and the sign put back.</summary>
    private static long HalfUp(long net, int hundredths) =>
        Math.Sign(net) * (long)((BigInteger.Abs(net) * hundredths * 2 + 10_000) / 20_000);
}
