using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Tests.Support;
using SelfHelpPortal.Tests.Walks;

namespace SelfHelpPortal.Tests.Licensing;

/// <summary>Random walks on the rules alone against the independent model; those on the whole portal are in Features.</summary>
public class LicenseWalkTests
{
    [Fact]
    public void The_rules_and_their_independent_model_agree()
    {
        var answers = new ConcurrentDictionary<string, int>();
        Run(walks: Effort.Times(2000), answers, _ => null);
        if (Effort.IsShort)
        {
            return; // A few walks do not meet every answer.
        }

        answers.Keys.Where(word => word.Length > 0).ShouldBe(RandomWalks.AllAnswers, ignoreOrder: true);
    }

    /// <summary>Each of these differs from the truth in one rule only.</summary>
    public static TheoryData<string> Mistakes =>
        [nameof(Terms.Seats), nameof(Terms.Strict), nameof(Terms.Free), nameof(Terms.HoldMinutes), nameof(Terms.EndsAfterDays)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_model_with_one_wrong_rule_is_found_out(string mistake) =>
        Should.Throw<Exception>(() => Run(walks: 1000, [], truth => mistake switch
    {
        nameof(Terms.Seats) => truth with { Seats = truth.Seats + 1 },
        nameof(Terms.Strict) => truth with { Strict = !truth.Strict },
        nameof(Terms.Free) => truth with { Free = truth.Free + 1 },
        nameof(Terms.HoldMinutes) => truth with { HoldMinutes = truth.HoldMinutes + 1 },
        _ => truth with { EndsAfterDays = truth.EndsAfterDays + 1 },
    }));

    private static void Run(int walks, ConcurrentDictionary<string, int> answers, Func<Terms, Terms?> modelTerms) =>
        Prop.ForAll(RandomWalks.Create(steps: 50), walk =>
        {
            var terms = RandomWalks.AllTerms[walk.Terms];
            RandomWalks.RunAsync(walk, new AggregateWalk(terms), answers, modelTerms(terms)).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(walks));
}
