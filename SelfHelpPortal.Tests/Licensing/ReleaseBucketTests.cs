using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>The free releases without proof: a bucket that is full at first and gets one back every so many days.</summary>
public class ReleaseBucketTests
{
    private static readonly ReleasePolicy TwoPer180Days = new();

    [Theory]
    [InlineData("", 0, 2, null)]
    [InlineData("0", 0, 1, null)]
    [InlineData("0", 179, 1, null)]
    [InlineData("0", 180, 2, null)]
    [InlineData("0 10", 10, 0, 180)]
    [InlineData("0 10", 179, 0, 180)]
    [InlineData("0 10", 180, 1, null)]
    [InlineData("0 10", 359, 1, null)]
    [InlineData("0 10", 360, 2, null)]
    [InlineData("0 10 190", 190, 0, 360)]
    [InlineData("0 200", 200, 1, null)] // full again in between, so the time starts anew
    [InlineData("0 200", 379, 1, null)]
    [InlineData("0 200", 380, 2, null)]
    [InlineData("0 0 0", 0, 0, 360)] // overdrawn by one: the first to come back only settles that
    [InlineData("0 0 0", 180, 0, 360)]
    [InlineData("0 0 0", 360, 1, null)]
    [InlineData("0 0 0 0", 0, 0, 540)]
    [InlineData("50", 10, 2, null)] // not yet
    public void By_example(string charges, int now, int left, int? next) =>
        At(now, TwoPer180Days, charges.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse))
            .ShouldBe(new ReleaseAllowance(left, next is { } day ? A.Morning.AddDays(day) : null));

    [Theory]
    [InlineData(2, "", "")]
    [InlineData(2, "0 10", "")]
    [InlineData(2, "0 10 20", "20")]
    [InlineData(2, "0 10 20 30", "20 30")] // what was refused takes nothing out
    [InlineData(2, "0 10 180", "")]
    [InlineData(1, "0 179 180", "179")]
    [InlineData(0, "0 500", "0 500")]
    [InlineData(2, "20 0 10", "20")] // in any order
    public void Releases_that_a_limit_would_have_refused(int allowed, string releases, string refused) =>
        ReleaseBucket.Refused(TwoPer180Days with { AllowedUnproven = allowed }, Days(releases)).ShouldBe(Days(refused));

    [Fact]
    public void Unlimited_and_none_at_all()
    {
        At(5, TwoPer180Days with { AllowedUnproven = null }, [0, 1, 2, 3]).ShouldBe(new ReleaseAllowance(null, null));
        At(5, TwoPer180Days with { AllowedUnproven = 0 }, []).ShouldBe(new ReleaseAllowance(0, null));
    }

    [Fact]
    public void It_is_what_a_walk_from_day_to_day_gives() => Prop.ForAll(Cases, c =>
    {
        var (level, next) = Walk(c.Charges, c.Now, c.Capacity, c.Days);
        c.Allowance.Left.ShouldBe(Math.Max(0, level));
        c.Allowance.NextAt.ShouldBe(level > 0 || c.Capacity == 0 ? null : A.Morning.AddDays(next));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void There_is_never_more_than_it_holds_and_the_promised_moment_keeps_its_word() => Prop.ForAll(Cases, c =>
    {
        c.Allowance.Left!.Value.ShouldBeInRange(0, c.Capacity);
        (c.Allowance.NextAt is null).ShouldBe(c.Allowance.Left > 0 || c.Capacity == 0);
        if (c.Allowance.NextAt is { } next)
        {
            next.ShouldBeGreaterThan(A.Morning.AddDays(c.Now));
            var charges = c.Charges.Where(charge => charge <= c.Now).Select(A.MorningOfDay).ToList();
            ReleaseBucket.At(next.AddTicks(-1), c.Policy, charges).Left.ShouldBe(0);
            ReleaseBucket.At(next, c.Policy, charges).Left.ShouldBe(1);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Whoever_takes_one_whenever_there_is_one_gets_the_bucket_and_the_refills_and_no_more() => Prop.ForAll(Cases, c =>
    {
        var taken = new List<int>();
        for (var day = 0; day <= c.Now; day++)
        {
            while (At(day, c.Policy, taken).Left > 0)
            {
                taken.Add(day);
            }

            taken.Count.ShouldBeLessThanOrEqualTo(c.Capacity + (day / c.Days));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void The_order_in_which_charges_are_read_does_not_matter() => Prop.ForAll(Cases, c =>
        At(c.Now, c.Policy, c.Charges.AsEnumerable().Reverse()).ShouldBe(c.Allowance)).QuickCheckThrowOnFailure();

    private static ReleaseAllowance At(int day, ReleasePolicy policy, IEnumerable<int> charges) =>
        ReleaseBucket.At(A.MorningOfDay(day), policy, charges.Select(A.MorningOfDay));

    /// <summary>The same told otherwise: a counter, and a timer that runs while the bucket is not full.</summary>
    private static (int Level, int Next) Walk(IReadOnlyCollection<int> charges, int now, int capacity, int days)
    {
        var (level, timer) = (capacity, 0);
        for (var day = 0; day <= now; day++)
        {
            timer = level < capacity ? timer + 1 : 0;
            if (timer == days)
            {
                level++;
                timer = 0;
            }

            level -= charges.Count(c => c == day);
        }

        return (level, now + (days - timer) + (days * -level));
    }

    private static Arbitrary<BucketCase> Cases =>
        (from capacity in Gen.Choose(0, 4)
         from days in Gen.Choose(1, 40)
         from now in Gen.Choose(0, 200)
         from charges in Gen.Choose(0, 220).ListOf()
         select new BucketCase(capacity, days, now, [.. charges.Take(12)])).ToArbitrary();

    private sealed record BucketCase(int Capacity, int Days, int Now, IReadOnlyList<int> Charges)
    {
        public ReleasePolicy Policy => new() { AllowedUnproven = Capacity, RefillDays = Days };

        public ReleaseAllowance Allowance => At(Now, Policy, Charges);
    }

    private static IEnumerable<DateTimeOffset> Days(string days) =>
        days.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(day => A.Morning.AddDays(int.Parse(day)));
}
