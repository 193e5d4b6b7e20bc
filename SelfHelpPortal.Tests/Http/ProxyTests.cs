using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>What stands in front of the portal: its addresses are believed where it is named, and otherwise it is named itself.</summary>
public class ProxyTests
{
    [Theory]
    [InlineData("10.0.0.7", null, "10.0.0.7")]
    [InlineData("::ffff:10.0.0.7", null, "10.0.0.7")]
    [InlineData("127.0.0.1", null, "127.0.0.1")]
    [InlineData("127.0.0.1", "10.0.0.0/8", "127.0.0.1")]
    [InlineData("10.0.0.7", "10.0.0.0/8", null)]
    [InlineData("fd00::7", "fd00::/8", null)]
    [InlineData("93.184.216.34", null, null)]
    [InlineData("2606:2800:220:1::1", null, null)]
    public void A_proxy_that_is_not_named_is_noticed_and_a_stranger_of_the_internet_is_not(string from, string? trusted, string? noticed)
    {
        var options = new ProxyOptions();
        if (trusted is not null)
        {
            options.KnownNetworks.Add(trusted);
        }

        var clock = new TestClock();
        var watch = new ProxyWatch(Options.Create(options), clock, NullLogger<ProxyWatch>.Instance);
        var request = new DefaultHttpContext();
        request.Connection.RemoteIpAddress = IPAddress.Parse(from);

        watch.Look(request);
        watch.Untrusted.ShouldBeNull("without the header it is a visitor");
        request.Request.Headers["X-Forwarded-For"] = "198.51.100.7";
        watch.Look(request);
        watch.Untrusted.ShouldBe(noticed);
        clock.Now += ProxyWatch.Remembered;
        watch.Untrusted.ShouldBeNull("it is not there any more");
    }

    [Fact]
    public async Task It_is_said_at_once_in_the_log_and_by_the_health_check_and_once_an_hour()
    {
        var log = new KeptLog();
        await using var portal = new PortalFactory { Change = b => b.Services.AddSingleton<ILoggerProvider>(log) };
        await portal.InitializeAsync();
        using var client = portal.CreateClient();
        (await client.GetStringAsync("/healthz/ready?verbose")).ShouldContain("\nproxy: ready");

        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/imprint") { Headers = { { "X-Forwarded-For", "198.51.100.7" } } };
            using var answer = await client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        log.Lines.Count(l => l.Contains("A proxy at 127.0.0.1 sends X-Forwarded-For", StringComparison.Ordinal)).ShouldBe(1);
        (await client.GetStringAsync("/healthz/ready?verbose")).ShouldContain("\nproxy: degraded");
        (await client.GetStringAsync("/healthz/ready")).ShouldBe("degraded");
    }

    [Theory]
    [InlineData("https://licenses.example.org", "licenses.example.org:5080", "https://licenses.example.org/")]
    [InlineData("https://licenses.example.org:8443", "licenses.example.org", "https://licenses.example.org:8443/")]
    [InlineData("https://licenses.example.org", "LICENSES.example.org", "https://licenses.example.org/")]
    public async Task A_redirect_carries_the_public_address_whatever_port_the_proxy_asks_for(string publicUrl, string host, string begins)
    {
        await using var portal = new PortalFactory
        {
            Endpoints = app => app.MapGet("/test/here", (HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}/"),
        };
        portal.Configuration["PublicUrl"] = publicUrl;
        await portal.InitializeAsync();
        using var client = portal.CreateClient();

        using var told = await AskAsync(client, "/test/here", host);
        (await told.Content.ReadAsStringAsync()).ShouldBe(begins);
        // Whoever is not signed in is sent to the sign-in.
        using var redirect = await AskAsync(client, "/staff", host);
        redirect.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        new Uri(new Uri(begins), redirect.Headers.Location!).AbsoluteUri.ShouldStartWith(begins);
        redirect.Headers.Location!.ToString().ShouldNotContain(":5080");
    }

    [Theory]
    [InlineData("true", "max-age=31536000; includeSubDomains")]
    [InlineData("false", "max-age=31536000")]
    public async Task Whether_names_below_want_https_too_is_a_setting(string setting, string header)
    {
        await using var portal = new PortalFactory();
        portal.Configuration["Web:HstsIncludeSubDomains"] = setting;
        await portal.InitializeAsync();
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync("/imprint");

        answer.Headers.GetValues("Strict-Transport-Security").ShouldBe([header]);
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        return await client.SendAsync(request);
    }
}
