using System.Collections.Concurrent;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using SelfHelpPortal.Tests.Support;
using SelfHelpPortal.Tests.Walks;

namespace SelfHelpPortal.Tests.Features;

/// <summary>
/// Random walks through the real use cases on PostgreSQL against the independent model (security.md, T31). 100 of them, and 10,000 with
/// <c>SELFHELP_LONG=1</c>. A failure prints the seed that repeats it and the walk, cut short as far as it still fails.
/// </summary>
public sealed class StateMachineTests : IAsyncLifetime
{
    private const int Usual = 100;

    private readonly PortalFactory _portal = new();
    private WalkStaff? _staff;

    public async Task InitializeAsync()
    {
        await _portal.BuildAsync();
        _staff = await PortalWalk.PrepareAsync(_portal);
    }

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    [Fact]
    public void Random_walks_end_as_in_the_model()
    {
        var answers = new ConcurrentDictionary<string, int>();
        Run(Effort.Times(Usual, 10_000), answers, _ => null);
        answers.Values.Sum().ShouldBeGreaterThan(Usual * 40);
    }

    [Fact]
    public void A_model_with_one_wrong_rule_is_found_out()
    {
        var found = Should.Throw<Exception>(
            () => Run(walks: 100, [], truth => truth with { HoldMinutes = truth.HoldMinutes + 10 }, shorten: false)).ToString();
        found.ShouldContain("too-soon", customMessage: found);
    }

    private void Run(int walks, ConcurrentDictionary<string, int> answers, Func<Terms, Terms?> modelTerms, bool shorten = true) =>
        Prop.ForAll(RandomWalks.Create(steps: 50, shorten), walk => RunAsync(walk, answers, modelTerms).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(walks).WithParallelRunConfig(new ParallelRunConfig(4)));

    private async Task RunAsync(Walk walk, ConcurrentDictionary<string, int> answers, Func<Terms, Terms?> modelTerms)
    {
        var real = await PortalWalk.BeginAsync(_portal.Services, _staff!, walk.Terms);
        await RandomWalks.RunAsync(walk, real, answers, modelTerms(RandomWalks.AllTerms[walk.Terms]));
    }
}
