using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SelfHelpPortal.Platform.Health;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>Who may see how the portal is doing, and what he sees.</summary>
public partial class WatchingTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string Name = "licenses.example.org";

    /// <summary>Requests as a proxy on the same machine passes them on, and as a program on it asks.</summary>
    [Theory]
    [InlineData("127.0.0.1", null, null, true)]
    [InlineData("localhost", null, null, true)]
    [InlineData(Name, null, null, false)]
    [InlineData("127.0.0.1", "X-Forwarded-For", null, false)]
    [InlineData("127.0.0.1", "X-Forwarded-Proto", null, false)]
    [InlineData("127.0.0.1", "X-Real-IP", null, false)]
    [InlineData("127.0.0.1", "Forwarded", null, false)]
    [InlineData("127.0.0.1", "Via", null, false)]
    [InlineData(Name, "X-Forwarded-For", Token, true)]
    [InlineData("10.1.2.3", null, Token, true)]
    [InlineData(Name, null, "0123456789abcdef0123456789abcdeg", false)]
    [InlineData(Name, null, "", false)]
    public async Task Metrics_and_parts_are_for_this_machine_and_for_whoever_has_the_token(string host, string? header, string? token,
        bool sees)
    {
        await using var portal = await StartAsync();
        using var client = portal.CreateClient();

        using var metrics = await AskAsync(client, "/metrics", host, header, token);
        using var ready = await AskAsync(client, "/healthz/ready?verbose", host, header, token);

        metrics.StatusCode.ShouldBe(sees ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        (await metrics.Content.ReadAsStringAsync()).Contains("dotnet_gc", StringComparison.Ordinal).ShouldBe(sees);
        (await ready.Content.ReadAsStringAsync()).Contains("database and schema: ready", StringComparison.Ordinal).ShouldBe(sees);
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_token_in_the_configuration_none_is_right()
    {
        await using var portal = await StartAsync(token: null);
        using var client = portal.CreateClient();

        foreach (var told in (string[])["", " ", "null"])
        {
            using var metrics = await AskAsync(client, "/metrics", Name, null, told);
            metrics.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Theory]
    [InlineData("/healthz/live", "live")]
    [InlineData("/healthz/ready", "ready")]
    public async Task Probes_are_answered_by_the_address_of_the_node(string path, string word)
    {
        await using var portal = await StartAsync();
        using var client = portal.CreateClient();

        using var answer = await AskAsync(client, path, "10.1.2.3:8080", null, null);

        (answer.StatusCode, await answer.Content.ReadAsStringAsync()).ShouldBe((HttpStatusCode.OK, word));
    }

    [Fact]
    public async Task Each_part_says_its_state_and_nothing_else()
    {
        await using var portal = await StartAsync(change: b =>
            b.Services.AddSingleton(new ReadinessCheck("test", (_, _) => throw new InvalidOperationException("SECRET"))));
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync("/healthz/ready?verbose");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        lines[0].ShouldBe("unavailable");
        lines.ShouldContain("test: unavailable");
        var mail = Array.FindIndex(lines, l => l.StartsWith("mail: ", StringComparison.Ordinal));
        lines[mail].ShouldMatch("""^mail: ready \(oldest due for \d+ s, \d+ due, \d+ failed, \d+ tries failed within the hour\)$""");
        lines[mail] = lines[mail][..lines[mail].IndexOf(" (", StringComparison.Ordinal)];
        lines[1..].Select(l => l[(l.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]).Distinct().Except(["ready", "degraded",
            "unavailable"])
            .ShouldBeEmpty();
        lines[1..].Select(l => l[..l.LastIndexOf(": ", StringComparison.Ordinal)])
            .ShouldBe(portal.Services.GetServices<ReadinessCheck>().Select(c => c.Name));
    }

    [Fact]
    public async Task The_code_on_an_error_page_is_found_in_the_log()
    {
        var log = new KeptLog();
        await using var portal = await StartAsync(
            change: b => b.Services.AddSingleton<ILoggerProvider>(log),
            endpoints: app => app.MapGet("/test/broken", string () => throw new InvalidOperationException("broken on purpose")));
        using var client = portal.CreateClient();

        using var answer = await AskAsync(client, "/test/broken", Name, null, null);
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var code = Code().Match(await answer.Content.ReadAsStringAsync()).Value;

        code.Length.ShouldBe(TraceCode.Length);
        await Eventually.BecomesTrueAsync(() => log.Lines.Any(l => l.Contains("/test/broken 500", StringComparison.Ordinal)
            && l.Contains($"code {code}", StringComparison.Ordinal)));
    }

    /// <summary>The program as it runs for an operator: the exception has the code too.</summary>
    [Fact]
    public async Task In_the_JSON_of_the_log_the_exception_has_it_too()
    {
        await using var written = new StringWriter();
        await using var portal = await StartAsync(
            change: b => b.Logging.AddProvider(new FormattedLog(written)),
            endpoints: app => app.MapGet("/test/broken", string () => throw new InvalidOperationException("broken on purpose")));
        using var client = portal.CreateClient();

        using var answer = await AskAsync(client, "/test/broken", Name, null, null);
        var code = Code().Match(await answer.Content.ReadAsStringAsync()).Value;

        code.Length.ShouldBe(TraceCode.Length);
        var lines = written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l =>
            JsonDocument.Parse(l).RootElement).ToList();
        lines.Where(l => l.TryGetProperty("Exception", out var e) && e.GetString()!.Contains("broken on purpose", StringComparison.Ordinal))
            .ToList().ShouldHaveSingleItem().GetProperty("TraceId").GetString().ShouldStartWith(code);
    }

    private static async Task<PortalFactory> StartAsync(
        string? token = Token, Action<WebApplicationBuilder>? change = null, Action<WebApplication>? endpoints = null)
    {
        var portal = new PortalFactory { Change = change, Endpoints = endpoints };
        portal.Configuration["PublicUrl"] = $"https://{Name}";
        portal.Configuration["Logging:LogLevel:Default"] = "Information";
        portal.Configuration["Watching:Token"] = token;
        await portal.InitializeAsync();
        return portal;
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string path, string host, string? header, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, "127.0.0.1");
        }

        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return await client.SendAsync(request);
    }

    [GeneratedRegex("(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])")]
    private static partial Regex Code();

    /// <summary>Writes what the console would.</summary>
    private sealed class FormattedLog(TextWriter to) : ILoggerProvider, ILogger
    {
        private readonly TracedJsonFormatter _formatter = new();

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (to)
            {
                _formatter.Write(new LogEntry<TState>(logLevel, "Test", eventId, state, exception, formatter), null, to);
            }
        }

        public void Dispose()
        {
        }
    }
}
