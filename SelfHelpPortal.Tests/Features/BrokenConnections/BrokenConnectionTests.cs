using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.BrokenConnections;

/// <summary>
/// The backend ends before, at or after each round trip to the database, also in COMMIT, of everything that writes. Afterwards all that the
/// daily check looks at holds, and whoever repeats the request has what was wanted. The usual run takes some of the writers and one place
/// of each, others every time; with <c>SELFHELP_LONG=1</c> it takes all of them.
/// </summary>
public class BrokenConnectionTests(CutScene scene) : IClassFixture<CutScene>
{
    private const int Sample = 16;
    private static readonly CutMoment[] Moments = Enum.GetValues<CutMoment>();

    /// <summary>All writers take an hour or more, so each area of them has a result of its own.</summary>
    public static TheoryData<string> Areas =>
        Effort.IsLong ? [.. Writers.All.Keys.Select(AreaOf).Distinct().Order(StringComparer.Ordinal)] : ["a sample"];

    [Fact]
    public void Everything_that_writes_has_a_line()
    {
        var assembly = typeof(Program).Assembly.GetTypes();
        var accounts = assembly.Where(t => t.Namespace?.StartsWith("SelfHelpPortal.Features.Account", StringComparison.Ordinal) == true
            && t.GetMethod("ExecuteAsync") is not null)
            .Select(t => $"{t.Namespace!.Split('.')[^1]}.{t.Name}");
        var jobs = scene.Portal.Services.GetServices<DailyJob>().Select(j => $"job {j.Name}");
        var existing = UseCase.FindAll(assembly).Select(u => u.Name).Concat(accounts).Concat(jobs).ToHashSet();

        Missing(existing, [.. Writers.All.Keys, .. Writers.NotHere]).ShouldBeEmpty();
        Missing([.. Writers.All.Keys.Where(name => !name.StartsWith("loop ", StringComparison.Ordinal)), .. Writers.NotHere], existing)
            .ShouldBeEmpty("it does not exist");
        Writers.All.Keys.Intersect(Writers.NotHere).ShouldBeEmpty();
        Missing(["Sample.Forgotten"], [.. Writers.All.Keys]).ShouldBe(["Sample.Forgotten"]);
    }

    [Theory]
    [MemberData(nameof(Areas))]
    public async Task What_was_cut_is_whole_or_not_there_and_the_repetition_succeeds(string area)
    {
        var random = new Seeded();
        var faults = new List<string>();
        var writers = Writers.All.Where(writer => !Effort.IsLong || AreaOf(writer.Key) == area);
        foreach (var (name, prepare) in Effort.SomeOf(Sample, [.. writers], random))
        {
            try
            {
                faults.AddRange(await TryAsync(name, prepare, random));
            }
            catch (Exception unexpected)
            {
                faults.Add($"{name}: {unexpected}");
            }
        }

        faults.ShouldBeEmpty($"seed {random.Seed}");
    }

    /// <returns>The feature, or "job" or "loop".</returns>
    private static string AreaOf(string writer) => writer.Split('.', ' ')[0];

    private async Task<List<string>> TryAsync(string name, Writer prepare, Seeded random)
    {
        var whole = await scene.PrepareAsync(prepare);
        scene.Proxy.Count();
        await whole();
        var trips = scene.Proxy.Trips.Count;
        trips.ShouldBeGreaterThan(0, name);
        List<string> faults = [.. (await scene.ViolationsAsync()).Select(v => $"{name}, not cut: {v}")];
        var cuts = from trip in Enumerable.Range(1, trips) from moment in Moments select (trip, moment);
        foreach (var (trip, moment) in Effort.IsLong ? cuts : [(1 + random.Below(trips), random.Of(Moments))])
        {
            faults.AddRange((await CutAsync(prepare, trip, moment))
                .Select(fault => string.Create(CultureInfo.InvariantCulture, $"{name}, {moment} {trip} of {trips}: {fault}")));
        }

        return faults;
    }

    private async Task<List<string>> CutAsync(Writer prepare, int trip, CutMoment moment)
    {
        var faults = new List<string>();
        var act = await scene.PrepareAsync(prepare);
        scene.Proxy.Plan(trip, moment);
        var failure = await Record.ExceptionAsync(act);
        if (!scene.Proxy.HasCut)
        {
            // Statements that were prepared meanwhile need fewer round trips.
            return faults;
        }

        var said = scene.Proxy.Trips[trip - 1];
        if (failure is not null && !DatabaseFaults.IsUnavailable(failure) && !DatabaseFaults.IsOutcomeUnknown(failure))
        {
            faults.Add($"at \"{said}\" it failed otherwise: {failure}");
        }

        // A try is counted in a transaction of its own before the act; of that one nobody has to know.
        var isOfTheAct = !scene.Proxy.Trips.Take(trip).Reverse().TakeWhile(t => !t.StartsWith("BEGIN", StringComparison.Ordinal))
            .Any(t => t.Contains("guess_bucket", StringComparison.Ordinal));
        if (said == "COMMIT" && isOfTheAct && moment != CutMoment.After && failure is not null && !DatabaseFaults.IsOutcomeUnknown(failure))
        {
            faults.Add($"the outcome of COMMIT was not told as unknown: {failure}");
        }

        scene.Recover();
        faults.AddRange((await scene.ViolationsAsync()).Select(v => $"after \"{said}\": {v}"));
        scene.Proxy.Count();
        if (await Record.ExceptionAsync(act) is { } again)
        {
            faults.Add($"after \"{said}\" the repetition failed: {again}");
        }

        faults.AddRange((await scene.ViolationsAsync()).Select(v => $"after the repetition of \"{said}\": {v}"));
        return faults;
    }

    private static IEnumerable<string> Missing(IEnumerable<string> wanted, IReadOnlyCollection<string> there) =>
        wanted.Except(there).Order(StringComparer.Ordinal);
}
