using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Account;
using SelfHelpPortal.Tests.Support;
using Xunit.Abstractions;

namespace SelfHelpPortal.Tests.Faults;

/// <summary>
/// T18: two thousand sockets, from strangers and from staff, messages that are too long, and clients that never confirm what was drawn. The
/// portal stays ready, its pages keep answering, and afterwards nothing of it is left. Only with <c>SELFHELP_LONG=1</c>.
/// </summary>
public sealed class SocketFloodTests(SignInTests.Ground ground, ITestOutputHelper output) : IClassFixture<SignInTests.Ground>
{
    private const int Sockets = 2000;
    private const int Addresses = 20;
    private const int StaffAccounts = 6;
    private const int CircuitsEach = 5;

    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task A_flood_of_sockets_leaves_the_portal_ready_and_is_gone_afterwards()
    {
        if (!Effort.IsLong)
        {
            return;
        }

        using var visitor = Portal.CreateClient();
        (await visitor.GetAsync("/release")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var quiet = Memory();
        using var over = new CancellationTokenSource();
        var visiting = Task.Run(() => VisitAsync(visitor, over.Token));

        var strangers = await Task.WhenAll(Enumerable.Range(0, Sockets).Select(i => Task.Run(() => StrangerAsync(i % Addresses))));
        strangers.Distinct().ShouldBe([HttpStatusCode.Unauthorized]);

        var hubs = new List<BlazorHub>();
        for (var account = 0; account < StaffAccounts; account++)
        {
            using var browser = await (await StaffUser.CreateAsync(Portal)).SignInAsync();
            var cookies = await (await browser.GetAsync("/test/cookies")).Answer.Content.ReadAsStringAsync();
            for (var i = 0; i < CircuitsEach; i++)
            {
                hubs.Add(await BlazorHub.OpenAsync(Portal, browser, cookies, "/staff/licenses", acknowledges: false));
            }

            // More than an account may have are refused.
            await SurplusAsync(cookies, 10 - CircuitsEach);
        }

        // Half of them draw again and again and never confirm; the others send more than a message may hold.
        foreach (var (place, hub) in hubs.Index())
        {
            if (place % 2 == 0)
            {
                for (var i = 0; i < 200 && !hub.IsClosed; i++)
                {
                    await hub.SendAsync("OnLocationChanged", $"http://localhost:{Portal.Address.Port}/staff/licenses?q={i}", null, false);
                }
            }
            else
            {
                await hub.WriteAsync(BlazorPack.Invocation(null, "OnLocationChanged", [new string('x', (32 * 1024) + 1), null, false]));
                await Eventually.BecomesTrueAsync(() => hub.IsClosed);
            }
        }

        (await visitor.GetStringAsync("/healthz/ready")).ShouldBe("ready");
        var flooded = Memory();
        foreach (var hub in hubs)
        {
            await hub.DisposeAsync();
        }

        await over.CancelAsync();
        var times = (await visiting).Order().ToList();
        output.WriteLine($"{times.Count} visits, p95 {times[times.Count * 95 / 100].TotalMilliseconds:N0} ms");
        output.WriteLine($"{quiet >> 20} MB before, {flooded >> 20} MB in the flood, {Memory() >> 20} MB after");
        times.Count.ShouldBeGreaterThan(20);
        flooded.ShouldBeLessThan(1_500L << 20);

        // The circuits of broken connections wait for three minutes of real time before they go.
        var circuits = Portal.Services.GetRequiredService<StaffCircuits>();
        var waiting = System.Diagnostics.Stopwatch.StartNew();
        while (circuits.Count > 0 || Memory() > quiet + Math.Max(quiet / 10, 32 << 20))
        {
            waiting.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(10), $"{circuits.Count} circuits and {Memory() >> 20} MB are left");
            await Task.Delay(1000);
        }
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);

    private static async Task<List<TimeSpan>> VisitAsync(HttpClient visitor, CancellationToken over)
    {
        var times = new List<TimeSpan>();
        while (!over.IsCancellationRequested)
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            using var page = await visitor.GetAsync("/release", CancellationToken.None);
            page.StatusCode.ShouldBe(HttpStatusCode.OK);
            times.Add(watch.Elapsed);
            await Task.Delay(50, CancellationToken.None);
        }

        return times;
    }

    private async Task<HttpStatusCode> StrangerAsync(int address)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", $"http://localhost:{Portal.Address.Port}");
        socket.Options.SetRequestHeader("X-Forwarded-For", $"10.7.7.{address}");
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{Portal.Address.Authority}/_blazor"), CancellationToken.None);
            return HttpStatusCode.SwitchingProtocols;
        }
        catch (WebSocketException)
        {
            return socket.HttpStatusCode;
        }
    }

    private async Task SurplusAsync(string cookies, int free)
    {
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i <= free; i++)
        {
            var socket = new ClientWebSocket();
            sockets.Add(socket);
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.SetRequestHeader("Origin", $"http://localhost:{Portal.Address.Port}");
            socket.Options.SetRequestHeader("Cookie", cookies);
            var connecting = socket.ConnectAsync(new Uri($"ws://{Portal.Address.Authority}/_blazor"), CancellationToken.None);
            if (i < free)
            {
                await connecting;
            }
            else
            {
                await Should.ThrowAsync<WebSocketException>(connecting);
                socket.HttpStatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            }
        }

        sockets.ForEach(s => s.Dispose());
    }
}
