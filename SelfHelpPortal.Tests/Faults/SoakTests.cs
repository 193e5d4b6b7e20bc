using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;
using Xunit.Abstractions;

namespace SelfHelpPortal.Tests.Faults;

/// <summary>
/// T42: staff pages stay open and programs activate, check in and release all the time. Errors stay rare, memory stays, and no circuit is
/// left. Only with <c>SELFHELP_LONG=1</c>: four minutes, or as many as <c>SELFHELP_SOAK_MINUTES</c> says (480 for the whole test).
/// </summary>
public sealed class SoakTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Accounts = 10;
    private const int CircuitsEach = 10;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private readonly ApiPortal _api = new()
    {
        Portal = new PortalFactory
        {
            Endpoints =
            app => app.MapGet("/test/cookies", (HttpContext context) => context.Request.Headers.Cookie.ToString())
        },
    };

    private PortalFactory Portal => _api.Portal;

    public Task InitializeAsync()
    {
        Portal.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
        Portal.Configuration["Guessing:RequestsPerAddressAndMinute"] = "1000000";
        return _api.InitializeAsync();
    }

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Hours_of_use_leave_nothing_behind()
    {
        if (!Effort.IsLong)
        {
            return;
        }

        var minutes = double.Parse(Environment.GetEnvironmentVariable("SELFHELP_SOAK_MINUTES") ?? "4", CultureInfo.InvariantCulture);
        var hubs = new List<BlazorHub>();
        for (var account = 0; account < Accounts; account++)
        {
            using var browser = await (await StaffUser.CreateAsync(Portal)).SignInAsync();
            var cookies = await (await browser.GetAsync("/test/cookies")).Answer.Content.ReadAsStringAsync();
            for (var i = 0; i < CircuitsEach; i++)
            {
                hubs.Add(await BlazorHub.OpenAsync(Portal, browser, cookies, i % 2 == 0 ? "/staff" : "/staff/licenses"));
            }
        }

        var circuits = Portal.Services.GetRequiredService<StaffCircuits>();
        await Eventually.BecomesTrueAsync(() => circuits.Count == hubs.Count);
        var work = new Work(_api);
        // Caches and pools are filled first, so that only what goes on growing counts.
        await work.RunAsync(TimeSpan.FromMinutes(minutes / 4), Pace);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await work.RunAsync(TimeSpan.FromMinutes(minutes * 3 / 4), Pace);
        var after = GC.GetTotalMemory(forceFullCollection: true);

        hubs.ShouldAllBe(h => !h.IsClosed, "a circuit was lost");
        output.WriteLine(work.Report() + $"; {before >> 20} MB, later {after >> 20} MB");
        (work.Errors * 100).ShouldBeLessThan(work.Commands);
        after.ShouldBeLessThan(before + Math.Max(before / 10, 16 << 20));

        foreach (var hub in hubs)
        {
            await hub.DisposeAsync();
        }

        var waiting = Stopwatch.StartNew();
        while (circuits.Count > 0)
        {
            waiting.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(10), $"{circuits.Count} circuits are left");
            await Task.Delay(1000);
        }
    }

    private sealed class Work(ApiPortal api)
    {
        private readonly List<double> _reads = [];
        private readonly List<double> _commands = [];
        private int _turn;

        public int Errors { get; private set; }

        public int Commands => _commands.Count;

        public async Task RunAsync(TimeSpan time, TimeSpan pace)
        {
            var over = Stopwatch.StartNew();
            while (over.Elapsed < time)
            {
                var next = Task.Delay(pace);
                var till = await api.TillAsync($"SOAK-{_turn++}", ApiPortal.Beam);
                await TimedAsync(_commands, till.ActivateAsync);
                await TimedAsync(_commands, till.CheckAsync);
                await TimedAsync(_commands, till.ReleaseAsync);
                var watch = Stopwatch.StartNew();
                using var page = await api.Client.GetAsync("/release");
                _reads.Add(watch.Elapsed.TotalMilliseconds);
                Errors += page.IsSuccessStatusCode ? 0 : 1;
                await next;
            }
        }

        public string Report() =>
            $"{_commands.Count} commands, p95 {P95(_commands):N0} ms; {_reads.Count} pages, p95 {P95(_reads):N0} ms; {Errors} errors";

        private async Task TimedAsync(List<double> times, Func<Task<ApiAnswer>> act)
        {
            var watch = Stopwatch.StartNew();
            Errors += (await act()).Status is 200 or 201 ? 0 : 1;
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        private static double P95(List<double> times) => times.Order().ElementAt(times.Count * 95 / 100);
    }
}
