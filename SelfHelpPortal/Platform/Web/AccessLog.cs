namespace SelfHelpPortal.Platform.Web;

/// <summary>One line a request: masked path, no query, the client's network instead of its address.</summary>
internal sealed partial class AccessLog(RequestDelegate next, TimeProvider time, ILogger<AccessLog> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // As it was asked for: an error page runs under another path, and by GET.
        var (method, asked) = (context.Request.Method, context.Request.Path);
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var (status, level) = (context.Response.StatusCode, LevelOf(context));
            if (log.IsEnabled(level))
            {
                var milliseconds = (int)time.GetElapsedTime(started).TotalMilliseconds;
                Answered(log, level, method, LinkRoutes.Masked(asked), status, milliseconds, ClientAddress.Network(context),
                    TraceCode.Of(context));
            }
        }
    }

    private static LogLevel LevelOf(HttpContext context) =>
        context.Response.StatusCode < StatusCodes.Status400BadRequest
            && context.GetEndpoint()?.Metadata.GetMetadata<RoutineRequest>() is not null
            ? LogLevel.Debug
            : LogLevel.Information;

    [LoggerMessage(EventId = 1001, Message = "{Method} {Path} {Status} in {Milliseconds} ms from {Network}, code {Code}")]
    private static partial void Answered(
        ILogger log, LogLevel level, string method, string path, int status, int milliseconds, string network, string code);
}

/// <summary>
/// Marks an endpoint that programs call all day. What went well there is logged at Debug only: the line would cost a fifth of the whole
/// request, and a log full of them hides the others.
/// </summary>
internal sealed class RoutineRequest;
