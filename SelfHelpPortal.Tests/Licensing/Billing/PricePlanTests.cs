using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing.Billing;

/// <summary>What an article costs on which day, after any sequence of changes.</summary>
public class PricePlanTests
{
    private static readonly DateOnly Today = new(2027, 3, 1);

    private static readonly PricePlan None = new([]);

    [Fact]
    public void The_first_price_holds_from_its_day_on()
    {
        var plan = Set(None, Price(70));

        plan.On(Today.AddDays(-1)).ShouldBeNull();
        plan.On(Today)!.NetCents.ShouldBe(7000);
        plan.On(Today.AddYears(50))!.NetCents.ShouldBe(7000);
    }

    [Fact]
    public void A_later_price_ends_the_one_before_it_the_day_before()
    {
        var plan = Set(Set(None, Price(70)), Price(80, Today.AddDays(10)));

        (plan.On(Today.AddDays(9))!.NetCents, plan.On(Today.AddDays(10))!.NetCents).ShouldBe((7000, 8000));
        plan.Entries[0].ValidUntil.ShouldBe(Today.AddDays(9));
    }

    [Fact]
    public void A_price_before_a_planned_one_ends_where_that_begins()
    {
        var plan = Set(Set(Set(None, Price(70)), Price(90, Today.AddDays(20))), Price(80, Today.AddDays(10)));

        plan.Entries.Select(e => (e.NetCents, e.ValidFrom, e.ValidUntil)).ShouldBe(
        [
            (7000, Today, Today.AddDays(9)), (8000, Today.AddDays(10), Today.AddDays(19)), (9000, Today.AddDays(20), null),
        ]);
    }

    [Fact]
    public void A_price_of_the_same_day_gives_way_unless_somebody_ordered_at_it()
    {
        var plan = Set(None, Price(700));

        Set(plan, Price(70)).Entries.ShouldHaveSingleItem().NetCents.ShouldBe(7000);
        plan.Set(Price(70), isRenewal: false, Today, _ => true).Problem.ShouldBe(PriceProblem.Ordered);
    }

    [Fact]
    public void A_price_that_is_taken_back_leaves_its_days_to_the_one_before()
    {
        var plan = Set(Set(None, Price(70)), Price(80, Today.AddDays(10)));
        var planned = plan.Entries[1].Id;

        var (back, _) = plan.TakeBack(planned, Today, Nobody);

        back!.Entries.ShouldHaveSingleItem().ValidUntil.ShouldBeNull();
        plan.TakeBack(Guid.NewGuid(), Today, Nobody).Problem.ShouldBe(PriceProblem.NotFound);
        plan.TakeBack(planned, Today, _ => true).Problem.ShouldBe(PriceProblem.Ordered);
        plan.TakeBack(planned, Today.AddDays(11), Nobody).Problem.ShouldBe(PriceProblem.DayIsOver);
    }

    [Fact]
    public void After_a_gap_the_price_before_it_does_not_come_back()
    {
        var ended = Set(None, Price(70)).End(Today.AddDays(5), Today).Plan!;
        var plan = Set(ended, Price(80, Today.AddDays(10)));

        plan.TakeBack(plan.Entries[1].Id, Today, Nobody).Plan!.On(Today.AddDays(6)).ShouldBeNull();
    }

    [Fact]
    public void An_article_ends_and_what_was_planned_for_later_goes()
    {
        var plan = Set(Set(None, Price(70)), Price(80, Today.AddDays(10)));

        var (ended, _) = plan.End(Today.AddDays(3), Today);

        ended!.Entries.ShouldHaveSingleItem().ValidUntil.ShouldBe(Today.AddDays(3));
        plan.End(Today.AddDays(-1), Today).Problem.ShouldBe(PriceProblem.DayIsOver);
        None.End(Today, Today).Problem.ShouldBe(PriceProblem.NotFound);
    }

    [Theory]
    [InlineData(0, null, false, "n", PriceProblem.Amount)]
    [InlineData(-1, null, false, "n", PriceProblem.Amount)]
    [InlineData(100_000_001, null, false, "n", PriceProblem.Amount)]
    [InlineData(100_000_000, null, false, "n", null)]
    [InlineData(1, null, false, "n", null)]
    [InlineData(1, 12, false, "n", PriceProblem.Term)]
    [InlineData(1, null, true, "n", PriceProblem.Term)]
    [InlineData(1, 0, true, "n", PriceProblem.Term)]
    [InlineData(1, 121, true, "n", PriceProblem.Term)]
    [InlineData(1, 1, true, "n", null)]
    [InlineData(1, 120, true, "n", null)]
    [InlineData(1, null, false, " ", PriceProblem.Name)]
    public void A_price_that_cannot_be_meant_is_refused(long cents, int? months, bool isRenewal, string name, PriceProblem? problem)
    {
        PriceListEntry Wrong(string de, string en) => new()
        {
            ProductId = "p",
            Sku = "S",
            NetCents = cents,
            TermMonths = months,
            ValidFrom = Today,
            NameDe = de,
            NameEn = en,
        };

        None.Set(Wrong(name, "n"), isRenewal, Today, Nobody).Problem.ShouldBe(problem);
        None.Set(Wrong("n", name), isRenewal, Today, Nobody).Problem.ShouldBe(problem);
        None.Set(Wrong(new string('n', 201), "n"), isRenewal, Today, Nobody).Problem.ShouldBe(problem ?? PriceProblem.Name);
    }

    [Fact]
    public void What_was_sold_is_not_sold_again_at_another_price() =>
        None.Set(Price(70, Today.AddDays(-1)), isRenewal: false, Today, Nobody).Problem.ShouldBe(PriceProblem.DayIsOver);

    [Fact]
    public void After_any_changes_every_day_has_one_price_at_most_and_past_days_keep_theirs()
    {
        for (var seed = 1UL; seed <= 500; seed++)
        {
            var random = new Seeded(seed);
            var (plan, today) = (None, Today);
            for (var step = 0; step < 12; step++)
            {
                today = today.AddDays(random.Below(4));
                var past = Enumerable.Range(1, 40).Select(day => plan.On(today.AddDays(-day))?.NetCents).ToList();
                plan = random.Below(4) switch
                {
                    0 when plan.Entries.Count > 0 =>
                        plan.TakeBack(random.Of(plan.Entries).Id, today, Nobody).Plan ?? plan,
                    1 => plan.End(today.AddDays(random.Below(6)), today).Plan ?? plan,
                    _ => Set(plan, Price(1 + random.Below(998), today.AddDays(random.Below(15))), today),
                };

                var days = plan.Entries.Select(e => (e.ValidFrom, Until: e.ValidUntil ?? DateOnly.MaxValue)).ToList();
                days.ShouldAllBe(d => d.ValidFrom <= d.Until, $"seed {seed}");
                days.Zip(days.Skip(1)).ShouldAllBe(pair => pair.First.Until < pair.Second.ValidFrom, $"seed {seed}");
                Enumerable.Range(1, 40).Select(day => plan.On(today.AddDays(-day))?.NetCents).ShouldBe(past, $"seed {seed}");
            }
        }
    }

    private static bool Nobody(PriceListEntry price) => false;

    private static PricePlan Set(PricePlan plan, PriceListEntry price, DateOnly? today = null) =>
        plan.Set(price, isRenewal: false, today ?? Today, Nobody).Plan.ShouldNotBeNull();

    private static PriceListEntry Price(int euros, DateOnly? from = null) => new()
    {
        ProductId = "my-till",
        Sku = "TRANSFER-my-till",
        NetCents = euros * 100L,
        ValidFrom = from ?? Today,
        NameDe = "Umzug",
        NameEn = "Move",
    };
}
