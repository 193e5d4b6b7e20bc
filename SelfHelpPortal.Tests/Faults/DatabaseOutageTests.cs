using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;
using Xunit.Abstractions;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace SelfHelpPortal.Tests.Faults;

/// <summary>
/// T36: PostgreSQL is restarted at once and stands still under the portal while licensed programs activate and release. What was answered
/// is kept, nothing happens twice, and the portal is well again without a restart. One of each in the usual run; 20 restarts and 5 freezes
/// of half a minute under 50 programs with <c>SELFHELP_LONG=1</c>.
/// </summary>
public sealed class DatabaseOutageTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly int Programs = Effort.IsLong ? 50 : 6;
    private static readonly int Restarts = Effort.IsLong ? 20 : 1;
    private static readonly int Freezes = Effort.IsLong ? 5 : 1;
    private static readonly TimeSpan FrozenFor = Effort.IsLong ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(2);

    private readonly ApiPortal _api = new();
    private OwnCluster? _cluster;

    public async Task InitializeAsync()
    {
        _cluster = await OwnCluster.StartAsync();
        _cluster.Serve(_api.Portal);
        // The limits have tests of their own; here one address stands for a whole town.
        _api.Portal.Configuration["Guessing:RequestsPerAddressAndMinute"] = "1000000";
        await _api.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        _cluster!.Dispose();
    }

    [Fact]
    public async Task What_was_answered_is_kept_and_nothing_happens_twice()
    {
        var programs = new List<Program>();
        for (var i = 0; i < Programs; i++)
        {
            programs.Add(new Program(await _api.LicenseAsync(ApiPortal.Beam), i));
        }

        using var over = new CancellationTokenSource();
        var work = programs.Select(p => Task.Run(() => p.WorkAsync(_api, over.Token))).ToList();
        await EverybodyGetsOnAsync(programs);
        for (var i = 0; i < Restarts; i++)
        {
            _cluster!.RestartAtOnce();
            output.WriteLine($"well again {await EverybodyGetsOnAsync(programs)} after restart {i + 1}");
        }

        for (var i = 0; i < Freezes; i++)
        {
            await _cluster!.FreezeAsync(FrozenFor);
            output.WriteLine($"well again {await EverybodyGetsOnAsync(programs)} after freeze {i + 1}");
        }

        await over.CancelAsync();
        await Task.WhenAll(work);
        var (activated, released, failures) =
            (programs.Sum(p => p.Activated.Count), programs.Sum(p => p.Released.Count), programs.Sum(p => p.Failures));
        output.WriteLine($"{activated} activations and {released} releases were answered, {failures} requests failed");
        failures.ShouldBeGreaterThan(0, "the outage was not noticed");
        foreach (var program in programs)
        {
            await ShouldBeWholeAsync(program);
        }
    }

    /// <summary>Until each of them has done one more thing.</summary>
    private static async Task<TimeSpan> EverybodyGetsOnAsync(List<Program> programs)
    {
        var watch = Stopwatch.StartNew();
        var before = programs.ConvertAll(p => p.Done);
        while (!programs.Select((p, i) => p.Done > before[i]).All(on => on))
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(3), "the portal did not come back by itself");
            await Task.Delay(50);
        }

        return watch.Elapsed;
    }

    private async Task ShouldBeWholeAsync(Program program)
    {
        await using var db = _api.Portal.Open();
        var id = await db.Activations.Where(a => a.Handle == program.Activated[0].Handle).Select(a => a.LicenseId).FirstAsync();
        var license = (await db.LoadLicenseAsync(id, default))!;
        var events = await db.Events.AsNoTracking().Where(e => e.Stream == id).OrderBy(e => e.Seq).ToListAsync();
        EventLog.IsIntact(events).ShouldBeTrue();

        // Each answer stands for exactly one activation, and there is none that nobody was told of but the last, whose answer may be on its
        // way.
        var stored = license.Activations.Select(a => (a.Handle, a.Generation)).ToList();
        program.Activated.Except(stored).ShouldBeEmpty("an answered activation is lost");
        program.Activated.Distinct().Count().ShouldBe(program.Activated.Count, "one activation was given out twice");
        stored.Except(program.Activated).Count().ShouldBeLessThanOrEqualTo(1, "an activation happened twice");
        license.Activations.Where(a => program.Released.Contains((a.Handle, a.Generation)))
            .ShouldAllBe(a => a.State == ActivationState.Released);
        events.Count(e => e.Kind == EventKind.Activated).ShouldBe(stored.Count);
        events.Count(e => e.Kind == EventKind.Released).ShouldBe(license.Activations.Count(a => a.State == ActivationState.Released));
        license.ActiveComputers.Count().ShouldBeLessThanOrEqualTo(license.Seats);
    }

    /// <summary>A licensed program that activates and releases in turn, and repeats whatever got no clear answer.</summary>
    private sealed class Program(string key, int number)
    {
        public List<(string Handle, int Generation)> Activated { get; } = [];

        public HashSet<(string Handle, int Generation)> Released { get; } = [];

        public int Failures { get; private set; }

        public int Done => Activated.Count + Released.Count;

        public async Task WorkAsync(ApiPortal api, CancellationToken over)
        {
            for (var turn = 0; !over.IsCancellationRequested; turn++)
            {
                var till = new Till(api, $"PC-{number}-{turn}", ApiPortal.Beam, key);
                var (body, command) = (till.ActivateBody(), Guid.NewGuid().ToString());
                Task<ApiAnswer> ActivateAsync() => till.SendAsync("activations", body, headers => headers.Add("Idempotency-Key", command));
                if (await UntilAnsweredAsync(ActivateAsync, over) is not { } activated)
                {
                    return;
                }

                activated.Status.ShouldBeOneOf(200, 201);
                till.Take(activated);
                Activated.Add((till.Handle!, till.Generation));
                if (await UntilAnsweredAsync(till.ReleaseAsync, over) is not { } released)
                {
                    return;
                }

                released.Status.ShouldBe(200, released.Text);
                Released.Add((till.Handle!, till.Generation));
            }
        }

        private async Task<ApiAnswer?> UntilAnsweredAsync(Func<Task<ApiAnswer>> ask, CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                try
                {
                    if (await ask() is { Status: < 500 } answer)
                    {
                        return answer;
                    }
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
                {
                    // No answer at all is repeated like an unclear one.
                }

                Failures++;
                await Task.Delay(100, CancellationToken.None);
            }

            return null;
        }
    }
}
