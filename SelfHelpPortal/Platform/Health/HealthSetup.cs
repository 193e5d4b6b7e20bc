using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Health;

/// <summary>What load balancers ask, and the gate that lets the portal stop quickly.</summary>
internal static partial class HealthSetup
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// First in the pipeline after the headers. Once the host is stopping, a reconnecting browser would hold it for the whole shutdown
    /// timeout (dotnet/aspnetcore#58947), so circuits are sent away.
    /// </summary>
    public static void UseStoppingGate(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (!stopping.IsCancellationRequested
                || !context.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase))
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
        app.MapGet("/healthz/live", (HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK, "live"))
            .ExcludeFromDescription();
        app.MapGet("/healthz/ready", async (HttpContext context) =>
        {
            var state = app.Lifetime.ApplicationStopping.IsCancellationRequested
                ? Readiness.Unavailable
                : await AskAsync(app.Services, app.Logger, context.RequestAborted);
            var (status, word) = state switch
            {
                Readiness.Ready => (StatusCodes.Status200OK, "ready"),
                Readiness.Degraded => (StatusCodes.Status200OK, "degraded"),
                Readiness.Unavailable => (StatusCodes.Status503ServiceUnavailable, "unavailable"),
            };
            if (state == Readiness.Unavailable)
            {
                context.Response.Headers.RetryAfter = RequestFaults.RetryAfter;
            }

            await AnswerAsync(context, status, word);
        }).ExcludeFromDescription();
    }

    /// <summary>The worst answer of all checks; each is named in the log when it is not <see cref="Readiness.Ready"/>.</summary>
    private static async Task<Readiness> AskAsync(IServiceProvider services, ILogger log, CancellationToken aborted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        patience.CancelAfter(Timeout);
        await using var scope = services.CreateAsyncScope();
        var worst = Readiness.Ready;
        foreach (var check in services.GetServices<ReadinessCheck>())
        {
            Readiness state;
            Exception? failure = null;
            try
            {
                state = await check.Ask(scope.ServiceProvider, patience.Token);
            }
#pragma warning disable CA1031 // Whatever goes wrong in a check means: not ready. It is logged.
            catch (Exception e)
#pragma warning restore CA1031
            {
                (state, failure) = (Readiness.Unavailable, e);
            }

            if (state != Readiness.Ready)
            {
                NotReady(log, check.Name, state, failure);
            }

            worst = state > worst ? state : worst;
        }

        return worst;
    }

    private static Task AnswerAsync(HttpContext context, int status, string word)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(word, context.RequestAborted);
    }

    [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "Readiness of {Check}: {State}")]
    private static partial void NotReady(ILogger log, string check, Readiness state, Exception? failure);
}
