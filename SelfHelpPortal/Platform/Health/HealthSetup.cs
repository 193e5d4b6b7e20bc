using Microsoft.Extensions.Options;
using SelfHelpPortal.Configuration;
using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Health;

/// <summary>What load balancers ask, and the gate that lets the portal stop quickly.</summary>
internal static class HealthSetup
{
    public const string LivePath = "/healthz/live";
    public const string ReadyPath = "/healthz/ready";

    /// <summary>The part that is degraded while an untrusted proxy sends requests.</summary>
    public const string ProxyPart = "proxy";

    /// <summary>
    /// First in the pipeline after the headers. Once the host is stopping, a reconnecting browser would hold it for the whole shutdown
    /// timeout (dotnet/aspnetcore#58947), so circuits are sent away.
    /// </summary>
    public static void UseStoppingGate(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (!stopping.IsCancellationRequested)
            {
                return next(context);
            }

            // A proxy keeps connections for its next request; that one shall not meet the end of this node.
            if (HttpProtocol.IsHttp11(context.Request.Protocol))
            {
                context.Response.Headers.Connection = "close";
            }

            if (!StaffArea.IsCircuit(context.Request.Path))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "5";
            return Task.CompletedTask;
        });
    }

    public static void MapHealth(this WebApplication app)
    {
        var (look, gate) = (app.Services.GetRequiredService<ReadinessLook>(), app.Services.GetRequiredService<WatchGate>());
        app.MapGet(LivePath, (HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK, "live"))
            .ExcludeFromDescription().WithMetadata(new RoutineRequest());
        app.MapGet(ReadyPath, async (HttpContext context) =>
        {
            // A portal that ends is alive and not ready: it must not be killed, and gets no more requests.
            if (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await RefuseAsync(context, "stopping");
                return;
            }

            var answer = await look.AskAsync().WaitAsync(context.RequestAborted);
            var words = WordOf(answer.State);
            if (context.Request.Query.ContainsKey("verbose") && gate.Lets(context))
            {
                var details = await look.DetailsAsync(context.RequestAborted);
                words = string.Join('\n', answer.Parts.Select(p => Line(p, details.GetValueOrDefault(p.Name))).Prepend(words));
            }

            await (answer.State == Readiness.Unavailable
                ? RefuseAsync(context, words)
                : AnswerAsync(context, StatusCodes.Status200OK, words));
        }).ExcludeFromDescription().WithMetadata(new RoutineRequest());
    }

    /// <summary>
    /// Goes on answering for a while after the word to stop: a load balancer that asks whether the node is ready needs a moment to notice,
    /// and what it sends until then would be refused.
    /// </summary>
    internal sealed class StopDelay(IOptions<WebOptions> options, FrontDoor door) : IHostedLifecycleService
    {
        private int _asked;

        public async Task StoppingAsync(CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _asked, 1) == 0 && options.Value.StopDelaySeconds is > 0 and var seconds)
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
                door.Shut();
                await Task.Delay(FrontDoor.Pause, cancellationToken);
            }
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static string Line(ReadinessPart part, string? details) =>
        $"{part.Name}: {WordOf(part.State)}{(details is null ? "" : $" ({details})")}";

    private static string WordOf(Readiness state) => state switch
    {
        Readiness.Ready => "ready",
        Readiness.Degraded => "degraded",
        Readiness.Unavailable => "unavailable",
    };

    private static Task RefuseAsync(HttpContext context, string words)
    {
        context.Response.Headers.RetryAfter = RequestFaults.RetryAfter;
        return AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, words);
    }

    private static Task AnswerAsync(HttpContext context, int status, string word)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(word, context.RequestAborted);
    }
}
