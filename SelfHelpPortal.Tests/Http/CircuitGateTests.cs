using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Account;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>T13, and the part of T11 that goes over the wire (security.md, section 16).</summary>
public class CircuitGateTests(SignInTests.Ground ground) : IClassFixture<SignInTests.Ground>
{
    private PortalFactory Portal => ground.Portal;

    private string Ours => $"http://localhost:{Portal.Address.Port}";

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("https://localhost")]
    [InlineData(null)]
    public async Task A_foreign_or_missing_origin_gets_no_socket_and_no_handshake(string? origin)
    {
        using var browser = await (await StaffUser.CreateAsync(Portal)).SignInAsync();

        (await NegotiateAsync(browser, origin)).ShouldBe(HttpStatusCode.Forbidden);
        (await ConnectAsync(await CookiesAsync(browser), origin)).ShouldBe(HttpStatusCode.Forbidden);
        Portal.Services.GetRequiredService<StaffCircuits>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task Our_own_origin_works()
    {
        using var browser = await (await StaffUser.CreateAsync(Portal)).SignInAsync();

        (await NegotiateAsync(browser, Ours)).ShouldBe(HttpStatusCode.OK);
        (await ConnectAsync(await CookiesAsync(browser), Ours)).ShouldBe(HttpStatusCode.SwitchingProtocols);
    }

    [Fact]
    public async Task Without_a_sign_in_of_staff_there_is_no_circuit()
    {
        using var stranger = new Browser(Portal);
        (await NegotiateAsync(stranger, Ours)).ShouldBe(HttpStatusCode.Unauthorized);
        (await ConnectAsync("", Ours)).ShouldBe(HttpStatusCode.Unauthorized);

        using var half = await (await StaffUser.CreateAsync(Portal, secondFactor: false)).SignInByPasswordAsync();
        half.Path.ShouldBe("/account");
        (await NegotiateAsync(half, Ours)).ShouldBe(HttpStatusCode.Unauthorized);
        (await ConnectAsync(await CookiesAsync(half), Ours)).ShouldBe(HttpStatusCode.Unauthorized);

        using var nobody = await (await StaffUser.CreateAsync(Portal, role: null)).SignInAsync();
        (await NegotiateAsync(nobody, Ours)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task One_account_gets_ten_sockets()
    {
        using var browser = await (await StaffUser.CreateAsync(Portal)).SignInAsync();
        var cookies = await CookiesAsync(browser);
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < 10; i++)
        {
            var socket = Socket(cookies, Ours);
            await socket.ConnectAsync(Hub(), default);
            sockets.Add(socket);
        }

        (await ConnectAsync(cookies, Ours)).ShouldBe(HttpStatusCode.TooManyRequests);
        sockets[0].Abort();
        await Eventually.BecomesTrueAsync(async () => await ConnectAsync(cookies, Ours) == HttpStatusCode.SwitchingProtocols);
        sockets.ForEach(s => s.Dispose());
    }

    [Fact]
    public void Circuits_and_their_messages_are_bounded()
    {
        Portal.Services.GetRequiredService<IOptions<HubOptions>>().Value.MaximumReceiveMessageSize.ShouldBe(32 * 1024);
        var circuits = Portal.Services.GetRequiredService<IOptions<CircuitOptions>>().Value;
        (circuits.DetailedErrors, circuits.DisconnectedCircuitMaxRetained, circuits.DisconnectedCircuitRetentionPeriod)
            .ShouldBe((false, 50, TimeSpan.FromMinutes(3)));
        Portal.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxConcurrentUpgradedConnections.ShouldBe(500);
    }

    [Fact]
    public async Task No_address_of_the_staff_area_opens_to_a_password_alone()
    {
        var addresses = StaffAddresses().ToList();
        addresses.Count.ShouldBeGreaterThanOrEqualTo(4);
        using var half = await (await StaffUser.CreateAsync(Portal, StaffRoles.Administrator, secondFactor: false)).SignInByPasswordAsync();
        using var stranger = new Browser(Portal);
        foreach (var address in addresses)
        {
            (await half.GetAsync(address)).Status.ShouldBe(HttpStatusCode.Forbidden, address);
            (await stranger.GetAsync(address)).Path.ShouldStartWith("/account/sign-in", Case.Sensitive, address);
        }
    }

    private IEnumerable<string> StaffAddresses() =>
        Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
        .Where(route => route.StartsWith("/staff", StringComparison.OrdinalIgnoreCase)
            && !route.StartsWith("/staff.", StringComparison.Ordinal))
        .Select(route => route.Replace("{Number}", "L-1043", StringComparison.Ordinal)
            .Replace("{id:guid}", Guid.Empty.ToString(), StringComparison.OrdinalIgnoreCase))
        .Distinct();

    private static async Task<HttpStatusCode> NegotiateAsync(Browser browser, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await browser.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> ConnectAsync(string cookies, string? origin)
    {
        using var socket = Socket(cookies, origin);
        try
        {
            await socket.ConnectAsync(Hub(), default);
            return HttpStatusCode.SwitchingProtocols;
        }
        catch (WebSocketException)
        {
            return socket.HttpStatusCode;
        }
    }

    private static ClientWebSocket Socket(string cookies, string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Cookie", cookies);
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        return socket;
    }

    private Uri Hub() => new($"ws://{Portal.Address.Authority}/_blazor");

    /// <summary>The cookies that the browser sends.</summary>
    private static async Task<string> CookiesAsync(Browser browser) =>
        await (await browser.GetAsync("/test/cookies")).Answer.Content.ReadAsStringAsync();
}
