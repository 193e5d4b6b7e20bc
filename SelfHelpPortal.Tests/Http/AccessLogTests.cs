using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>T28, the part of the request log: what a path or a query holds stays out of it, however much is logged.</summary>
public class AccessLogTests
{
    private const string Secret = "0G4SECRET4SECRET4SECRET4SECRET44";

    [Fact]
    public async Task A_token_in_a_path_or_query_is_not_logged()
    {
        using var log = new Lines();
        await using var portal = new PortalFactory { Change = builder => builder.Logging.AddProvider(log) };
        portal.Configuration["Logging:LogLevel:Default"] = "Trace";
        await portal.InitializeAsync();
        using var client = portal.CreateClient();

        foreach (var path in (string[])[
            $"/D/{Secret}", $"/release/confirm/{Secret}", $"/object/{Secret}", $"/account/reset/{Secret}", $"/imprint?key={Secret}"])
        {
            using var answer = await client.GetAsync(path);
        }

        var access = log.All.Where(line => line.StartsWith("SelfHelpPortal.Platform.Web.AccessLog", StringComparison.Ordinal)).ToList();
        access.Count.ShouldBe(5);
        access.ShouldContain(line => line.Contains("GET /D/*** ", StringComparison.Ordinal));
        access.ShouldContain(line => line.Contains("GET /imprint 200 ", StringComparison.Ordinal));
        access.ShouldAllBe(line => line.Contains("from 127.0.0.0/24, code ", StringComparison.Ordinal));
        log.All.Where(line => line.Contains(Secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_programs_ask_all_day_is_a_line_only_when_it_went_wrong()
    {
        using var log = new Lines();
        await using var portal = new PortalFactory
        {
            Change = builder => builder.Logging.AddProvider(log),
            Endpoints = app =>
            {
                app.MapGet("/api/test/routine/{status}", (int status) => Results.StatusCode(status)).WithMetadata(new RoutineRequest());
                app.MapGet("/api/test/other/{status}", (int status) => Results.StatusCode(status));
            },
        };
        portal.Configuration["Logging:LogLevel:Default"] = "Information";
        await portal.InitializeAsync();
        using var client = portal.CreateClient();

        foreach (var path in (string[])["routine/200", "routine/404", "routine/429", "other/200"])
        {
            using var answer = await client.GetAsync("/api/test/" + path);
        }

        log.All.Where(line => line.StartsWith("SelfHelpPortal.Platform.Web.AccessLog", StringComparison.Ordinal))
            .Select(line => string.Join(' ', line.Split(' ')[1..4]))
            .ShouldBe(["GET /api/test/routine/404 404", "GET /api/test/routine/429 429", "GET /api/test/other/200 200"]);
    }

    [Fact]
    public async Task Outside_Development_a_line_is_JSON_in_UTC_without_scopes()
    {
        await using var portal = PortalFactory.InProduction();
        await portal.InitializeAsync();

        portal.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName.ShouldBe(TracedJsonFormatter.FormatName);
        await using var written = new StringWriter();
        var scopes = new LoggerExternalScopeProvider();
        using var path = scopes.Push("/release/SECRET");
        using var activity = new Activity("test").Start();
        new TracedJsonFormatter().Write(
            new LogEntry<string>(LogLevel.Error, "Test", new EventId(7), "state", new InvalidOperationException("broken"), (_, _) =>
                "„Wort“ \"x\""),
            scopes, written);

        written.ToString().ShouldNotContain("SECRET");
        written.ToString().TrimEnd().ShouldNotContain("\n");
        using var line = JsonDocument.Parse(written.ToString());
        line.RootElement.GetProperty("Timestamp").GetString().ShouldEndWith("Z");
        line.RootElement.GetProperty("EventId").GetInt32().ShouldBe(7);
        line.RootElement.GetProperty("LogLevel").GetString().ShouldBe("Error");
        line.RootElement.GetProperty("Category").GetString().ShouldBe("Test");
        line.RootElement.GetProperty("Message").GetString().ShouldBe("„Wort“ \"x\"");
        line.RootElement.GetProperty("Exception").GetString()!.ShouldContain("broken");
        line.RootElement.GetProperty("TraceId").GetString().ShouldBe(activity.TraceId.ToHexString());
    }

    private sealed class Lines : ILoggerProvider
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Line(categoryName, All);

        public void Dispose()
        {
        }

        private sealed class Line(string category, ConcurrentQueue<string> all) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                all.Enqueue($"{category}: {formatter(state, exception)}{exception}");
        }
    }
}
