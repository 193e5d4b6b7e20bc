using SelfHelpPortal.Platform.Web;

namespace SelfHelpPortal.Platform.Health;

/// <summary>What load balancers ask, and the gate that lets the portal stop quickly.</summary>
internal static class HealthSetup
{
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
                || !StaffArea.IsCircuit(context.Request.Path))
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
        var look = new ReadinessLook(app.Services, app.Logger);
        app.MapGet("/healthz/live", (HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK, "live"))
            .ExcludeFromDescription();
        app.MapGet("/healthz/ready", async (HttpContext context) =>
        {
            var state = app.Lifetime.ApplicationStopping.IsCancellationRequested
                ? Readiness.Unavailable
                : await look.AskAsync().WaitAsync(context.RequestAborted);
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

    private static Task AnswerAsync(HttpContext context, int status, string word)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(word, context.RequestAborted);
    }
}
