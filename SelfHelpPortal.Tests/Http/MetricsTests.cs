using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>What a running portal measures, and that dashboard and alerts ask for nothing else.</summary>
public sealed partial class MetricsTests : IAsyncLifetime
{
    /// <summary>Prometheus' own.</summary>
    private static readonly string[] Foreign = ["up"];

    private static readonly string[] Functions =
        ["sum", "max", "rate", "increase", "delta", "histogram_quantile", "by"];

    /// <summary>Another address of this machine than the one the portal listens at, which metrics may show.</summary>
    private static readonly IPAddress Caller = IPAddress.Parse("127.0.0.9");

    private readonly ApiPortal _portal = new();
    private IReadOnlyList<Series> _series = [];
    private string _text = "";
    private string _key = "";

    public async Task InitializeAsync()
    {
        await _portal.InitializeAsync();
        var old = await _portal.ActiveTillAsync("METRIK-ALT");
        _key = old.Key;
        await old.ReleaseAsync();
        (await old.CheckAsync()).Status.ShouldBe(200);
        var till = await _portal.ActiveTillAsync("METRIK-NEU");
        (await till.CheckAsync()).Status.ShouldBe(200);
        await _portal.Portal.Services.GetRequiredService<DailyJobs>().RunDueAsync(CancellationToken.None);
        var clerk = await StaffUser.CreateAsync(_portal.Portal);
        using var browser = await clerk.SignInAsync();
        await using var hub = await BlazorHub.OpenAsync(_portal.Portal, browser, browser.Cookies, "/staff");
        await hub.FindAsync(_ => true);
        using (var client = _portal.Portal.CreateClient(from: Caller))
        using (var broken = await client.GetAsync("/release/0G4SECRET4SECRET4SECRET4SECRET44?key=SECRET"))
        {
            broken.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        _text = await _portal.Client.GetStringAsync("/metrics");
        _series = [.. Line().Matches(_text).Select(m => new Series(
            m.Groups["name"].Value,
            Label().Matches(m.Groups["labels"].Value).ToDictionary(l => l.Groups[1].Value, l => l.Groups[2].Value),
            double.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture)))];
    }

    public Task DisposeAsync() => _portal.DisposeAsync().AsTask();

    [Fact]
    public void What_happened_is_counted()
    {
        Value("checkin_answers_total", ("code", "VALID")).ShouldBeGreaterThanOrEqualTo(1);
        Value("checkin_answers_total", ("code", "RELEASED")).ShouldBeGreaterThanOrEqualTo(1);
        Value("license_releases_total", ("way", "InApp")).ShouldBeGreaterThanOrEqualTo(1);
        Value("license_events_total", ("type", "license.released")).ShouldBeGreaterThanOrEqualTo(1);
        Value("license_events_total", ("type", "flag.sighted")).ShouldBeGreaterThanOrEqualTo(0);
        Value("job_runs_total", ("job", "retention"), ("outcome", "done")).ShouldBeGreaterThanOrEqualTo(0);
        Value("guess_refusals_total", ("scope", "WrongKeyPerAddress")).ShouldBeGreaterThanOrEqualTo(0);
        Value("ready_state", ("part", "mail")).ShouldBe(0);
        Value("mail_outbox_age_seconds").ShouldBeGreaterThanOrEqualTo(0);
        Value("db_client_connection_max", ("db_client_connection_pool_name", "portal")).ShouldBe(20);
        Value("aspnetcore_components_circuit_active").ShouldBeGreaterThanOrEqualTo(1);
        Value("http_server_request_duration_seconds_count", ("http_route", "/api/v1/activations/{handle}/check"),
            ("http_response_status_code", "200")).ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public void No_metric_names_somebody_or_holds_a_secret()
    {
        _text.ShouldNotContain("SECRET", Case.Sensitive);
        _text.ShouldNotContain(_key);
        _text.ShouldNotContain("METRIK");
        _text.ShouldNotContain(Caller.ToString());
        _text.ShouldNotContain("muster-gastro");
        // Of the framework's, pools have the connection string as their name where nobody gives them another one.
        _series.Where(s => s.Name == "db_client_connection_max").SelectMany(s => s.Labels.Values)
            .Where(v => v.StartsWith("Host=", StringComparison.Ordinal) && v.Contains(_portal.Portal.Database.Name + ";",
                StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("grafana-dashboard.json", 20)]
    [InlineData("alerts.yml", 16)]
    public void Dashboard_and_alerts_ask_only_for_what_is_there(string file, int least)
    {
        var questions = file.EndsWith(".json", StringComparison.Ordinal)
            ? [.. JsonDocument.Parse(File.ReadAllText(Repository.At("deploy", file))).RootElement.GetProperty("panels").EnumerateArray()
                .Where(p => p.TryGetProperty("targets", out _)).SelectMany(p => p.GetProperty("targets").EnumerateArray())
                .Select(t => t.GetProperty("expr").GetString()!)]
            : Alert().Matches(File.ReadAllText(Repository.At("deploy", file))).Select(m => m.Groups[1].Value).ToList();

        questions.Count.ShouldBeGreaterThanOrEqualTo(least);
        questions.SelectMany(Missing).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sum(rate(checkin_answer_total[5m]))", "checkin_answer_total")]
    [InlineData("sum by (kode) (rate(checkin_answers_total[5m]))", "kode of checkin_answers_total")]
    [InlineData("""checkin_answers_total{code="VALIDE"} > 0""", "code=VALIDE of checkin_answers_total")]
    [InlineData("""checkin_answers_total{code=~"VAL.*"} > 0""", "")]
    public void A_question_for_what_is_not_there_is_found(string question, string missing) =>
        string.Join(", ", Missing(question)).ShouldBe(missing);

    [Fact]
    public void Every_alert_is_explained()
    {
        var explained = File.ReadAllText(Repository.At("docs", "operating", "troubles.md"));
        AlertName().Matches(File.ReadAllText(Repository.At("deploy", "alerts.yml"))).Select(m => m.Groups[1].Value)
            .Where(name => !explained.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>The real exporter, to a collector of the test's own: nothing that a link or a key holds leaves the portal.</summary>
    [Fact]
    public async Task A_collector_is_told_of_routes_and_never_of_what_stands_in_a_path_or_query()
    {
        var told = new ConcurrentQueue<(string Path, string Text, string? Header)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/{**path}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            told.Enqueue((request.Path, Encoding.UTF8.GetString(body.ToArray()), request.Headers["x-key"]));
        });
        await collector.StartAsync();
        await using var portal = new PortalFactory();
        portal.Configuration["Watching:Otlp:Endpoint"] = collector.Urls.First();
        portal.Configuration["Watching:Otlp:Headers"] = "x-key=hunt2";
        portal.Configuration["Watching:Otlp:TraceShare"] = "1";
        await portal.InitializeAsync();
        using var client = portal.CreateClient(from: Caller);
        client.DefaultRequestHeaders.UserAgent.ParseAdd("AGENTSECRET/1.0");

        foreach (var path in (string[])["/imprint?key=QUERYSECRET", "/release/confirm/PATHSECRET",
            "/D/0G4SECRET4SECRET4SECRET4SECRET44", "/license"])
        {
            using var answer = await client.GetAsync(path);
        }

        // What the scraper of /metrics answers to it says nothing about the collector.
        portal.Services.GetRequiredService<TracerProvider>().ForceFlush();
        portal.Services.GetRequiredService<MeterProvider>().ForceFlush();
        await Eventually.BecomesTrueAsync(() => told.Any(t => t.Path == "/v1/traces") && told.Any(t => t.Path == "/v1/metrics"));

        told.ShouldAllBe(t => t.Header == "hunt2");
        var all = string.Concat(told.Select(t => t.Text));
        all.ShouldContain("/imprint");
        all.ShouldContain("/release/***");
        all.ShouldContain("http.server.request.duration");
        all.ShouldNotContain("SECRET", Case.Sensitive);
        all.ShouldNotContain("hunt2");
        all.ShouldNotContain(Caller.ToString());
    }

    private double Value(string name, params (string Label, string Value)[] labels) =>
        _series.Where(s => s.Name == name && labels.All(l => s.Labels.GetValueOrDefault(l.Label) == l.Value)).Select(s => s.Value)
            .DefaultIfEmpty(double.NaN).Max();

    /// <summary>Names, labels and values that no series has.</summary>
    private IEnumerable<string> Missing(string question)
    {
        var names = new List<string>();
        foreach (Match selector in Selector().Matches(question))
        {
            var name = selector.Groups["name"].Value;
            if (Foreign.Contains(name) || Functions.Contains(name) || By().Matches(question).Any(b => b.Index <= selector.Index
                && selector.Index < b.Index + b.Length))
            {
                continue;
            }

            names.Add(name);
            var series = _series.Where(s => s.Name == name).ToList();
            if (series.Count == 0)
            {
                yield return name;
                continue;
            }

            foreach (Match matcher in Matcher().Matches(selector.Groups["matchers"].Value))
            {
                var (label, how, value) = (matcher.Groups[1].Value, matcher.Groups[2].Value, matcher.Groups[3].Value);
                if (!series.Exists(s => s.Labels.ContainsKey(label)))
                {
                    yield return $"{label} of {name}";
                }
                else if (how == "=" && !series.Exists(s => s.Labels.GetValueOrDefault(label) == value))
                {
                    yield return $"{label}={value} of {name}";
                }
            }
        }

        foreach (var label in By().Matches(question).SelectMany(b => b.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))
            .Where(l => l is not ("le" or "instance")))
        {
            foreach (var name in names.Where(n => _series.Any(s => s.Name == n) && !_series.Any(s => s.Name == n
                && s.Labels.ContainsKey(label))))
            {
                yield return $"{label} of {name}";
            }
        }
    }

    private sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>[^\n]*)\})? (?<value>[-+.\deEINaNfn]+)""", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex("""(\w+)="((?:[^"\\]|\\.)*)"[,]?""")]
    private static partial Regex Label();

    [GeneratedRegex("""(?<![\w"./])(?<name>[a-z_][a-z_\d]*)(?![\w"(])(?:\{(?<matchers>[^}]*)\})?""")]
    private static partial Regex Selector();

    [GeneratedRegex("""(\w+)(=~|!~|!=|=)"([^"]*)["]""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\bby \(([^)]*)\)")]
    private static partial Regex By();

    [GeneratedRegex(@"expr: (?:>-\s+)?((?:(?!\n        \w).)+)", RegexOptions.Singleline)]
    private static partial Regex Alert();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();
}
