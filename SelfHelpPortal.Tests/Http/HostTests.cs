using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>T16, the part without mails: a forged Host or forwarded header changes nothing.</summary>
public class HostTests
{
    private const string Foreign = "evil.example";

    [Theory]
    [InlineData(Foreign)]
    [InlineData("localhost.evil.example")]
    [InlineData("licenses.example.org.evil.example")]
    [InlineData("10.0.0.1")]
    public async Task A_foreign_host_is_refused(string host)
    {
        await using var portal = await StartAsync(new() { ["PublicUrl"] = "https://licenses.example.org" });
        using var client = portal.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = host } };

        using var answer = await client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("evil");
        answer.Headers.Contains("Content-Security-Policy").ShouldBeTrue();
    }

    [Theory]
    [InlineData("licenses.example.org")]
    [InlineData("LICENSES.example.org:443")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task Our_own_name_and_in_Development_loopback_are_answered(string host)
    {
        await using var portal = await StartAsync(new() { ["PublicUrl"] = "https://licenses.example.org" });
        using var client = portal.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = host } };

        using var answer = await client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("127.0.0.0/8")]
    public async Task A_forwarded_host_or_scheme_is_ignored_even_from_a_known_proxy(string? network)
    {
        await using var portal = await StartAsync(new() { ["Proxy:KnownNetworks:0"] = network });
        using var client = portal.CreateClient();

        var plain = await PageAsync(client, [], "/imprint");
        var forged = await PageAsync(client, new()
        {
            ["X-Forwarded-Host"] = Foreign,
            ["X-Original-Host"] = Foreign,
            ["X-Forwarded-Proto"] = "gopher",
            ["X-Forwarded-Prefix"] = "/evil",
            ["Forwarded"] = $"host={Foreign};proto=gopher",
        }, "/imprint");

        forged.ShouldBe(plain);
        forged.ShouldNotContain(Foreign);
    }

    [Theory]
    [InlineData(null, "198.51.100.7", "127.0.0.0/24")]
    [InlineData("10.0.0.0/8", "198.51.100.7", "127.0.0.0/24")]
    [InlineData("127.0.0.0/8", "198.51.100.7", "198.51.100.0/24")]
    [InlineData("127.0.0.0/8", "203.0.113.9, 198.51.100.7", "198.51.100.0/24")]
    public async Task The_clients_address_is_believed_from_known_proxies_only(string? network, string forwarded, string seen)
    {
        await using var portal = await StartAsync(new() { ["Proxy:KnownNetworks:0"] = network });
        using var client = portal.CreateClient();

        (await PageAsync(client, new() { ["X-Forwarded-For"] = forwarded }, "/test/network")).ShouldBe(seen);
    }

    [Fact]
    public async Task The_frameworks_own_switch_trusts_nobody()
    {
        await using var portal = await StartAsync(new() { ["FORWARDEDHEADERS_ENABLED"] = "true" });
        using var client = portal.CreateClient();

        (await PageAsync(client, new() { ["X-Forwarded-For"] = "198.51.100.7" }, "/test/network")).ShouldBe("127.0.0.0/24");
    }

    private static async Task<PortalFactory> StartAsync(Dictionary<string, string?> configuration)
    {
        var portal =
            new PortalFactory { Endpoints = app => app.MapGet("/test/network", (HttpContext context) => ClientAddress.Network(context)) };
        foreach (var (key, value) in configuration.Where(pair => pair.Value is not null))
        {
            portal.Configuration[key] = value;
        }

        await portal.InitializeAsync();
        return portal;
    }

    private static async Task<string> PageAsync(HttpClient client, Dictionary<string, string> headers, string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }
}
