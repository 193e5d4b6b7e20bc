using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Limits;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Watching;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Hosting;

/// <summary>Metrics for whoever scrapes <c>/metrics</c>, and metrics and traces for a collector that the configuration names.</summary>
internal static partial class WatchingSetup
{
    public const string MetricsPath = "/metrics";

    /// <summary>The framework's meters for requests, connections, circuits and the runtime; the driver's; ours.</summary>
    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Components.Server.Circuits",
        "System.Runtime", "Npgsql", PortalMeter.Name, "SelfHelpPortal.Mail", "SelfHelpPortal.Guessing",
    ];

    public static void AddWatching(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<WatchedState>();
        services.ConfigureDbContext<PortalDbContext>(o => o.AddInterceptors(EventCounts.Instance));
        // Looked at while services are registered; a wrong value is named when all are checked.
        var otlp = SettingsShape.Read(builder.Configuration, WatchingOptions.Section, typeof(WatchingOptions)).Fitting
            .Get<WatchingOptions>()?.Otlp is { Endpoint.Length: > 0 } told && Uri.TryCreate(told.Endpoint, UriKind.Absolute, out _)
                ? told : null;
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService("selfhelp-portal", serviceVersion: ProgramVersion.Text))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0);
                if (otlp is not null)
                {
                    metrics.AddOtlpExporter(o => Aim(o, otlp, "v1/metrics"));
                }
            });
        if (otlp is not null)
        {
            services.AddHostedService<Looking>();
            telemetry.WithTracing(traces => traces.AddAspNetCoreInstrumentation(o => o.Filter = c => !IsProbe(c)).AddSource("Npgsql")
                // Not by what the caller wants: anybody could have all of his requests traced.
                .SetSampler(new TraceIdRatioBasedSampler(otlp.TraceShare))
                .AddProcessor(new TracePrivacy())
                .AddOtlpExporter(o => Aim(o, otlp, "v1/traces")));
        }
    }

    public static void MapWatching(this WebApplication app)
    {
        // Whoever listens is there before anything is counted.
        app.Services.GetRequiredService<MeterProvider>();
        AttemptLimiter.CountFromZero();
        MailRound.CountFromZero();
        PortalMeter.Begin(app.Services.GetServices<DailyJob>().Select(j => j.Name));
        var (gate, state) = (app.Services.GetRequiredService<WatchGate>(), app.Services.GetRequiredService<WatchedState>());
        var scrape = ((IApplicationBuilder)app).New().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();
        app.MapGet(MetricsPath, async (HttpContext context) =>
        {
            if (!gate.Lets(context))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = "Bearer";
                return;
            }

            await state.LookAsync(context.RequestAborted);
            await scrape(context);
        }).ExcludeFromDescription().WithMetadata(new RoutineRequest());
    }

    private static bool IsProbe(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal) || context.Request.Path == MetricsPath;

    private static void Aim(OtlpExporterOptions options, OtlpOptions told, string path)
    {
        var isGrpc = told.Protocol == OtlpProtocol.Grpc;
        options.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = isGrpc ? new Uri(told.Endpoint) : new Uri(new Uri(told.Endpoint.TrimEnd('/') + "/"), path);
        options.Headers = told.Headers.Length > 0 ? told.Headers : null;
    }

    /// <summary>Takes out of each span what may name somebody or hold a secret: paths are masked as in the log, queries and addresses
    /// go.</summary>
    private sealed class TracePrivacy : BaseProcessor<Activity>
    {
        private static readonly string[] Dropped =
        [
            "url.query", "url.full", "http.url", "http.target", "user_agent.original", "client.address", "network.peer.address",
            "db.connection_string", "db.user",
        ];

        public override void OnEnd(Activity data)
        {
            if (data.GetTagItem("url.path") is string path)
            {
                data.SetTag("url.path", LinkRoutes.Masked(path));
            }

            foreach (var name in Dropped)
            {
                data.SetTag(name, null);
            }
        }
    }

    /// <summary>For a collector, which is told once a minute and asks nobody.</summary>
    private sealed partial class Looking(WatchedState state, TimeProvider time, ILogger<Looking> log) : BackgroundService
    {
        private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(Every, time);
            try
            {
                do
                {
                    try
                    {
                        await state.LookAsync(stoppingToken);
                    }
#pragma warning disable CA1031 // Whatever it is, measuring goes on.
                    catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
                    {
                        LogFailed(e);
                    }
                }
                while (await timer.WaitForNextTickAsync(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
        }

        [LoggerMessage(1403, LogLevel.Warning, "The state of the portal could not be measured")]
        private partial void LogFailed(Exception error);
    }
}
