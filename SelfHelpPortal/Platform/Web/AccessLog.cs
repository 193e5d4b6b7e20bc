namespace SelfHelpPortal.Platform.Web;

/// <summary>One line a request: masked path, no query, the client's network instead of its address.</summary>
internal sealed partial class AccessLog(RequestDelegate next, TimeProvider time, ILogger<AccessLog> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var path = LinkRoutes.Masked(context.Request.Path);
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Answered(log, context.Request.Method, path, context.Response.StatusCode, (int)time.GetElapsedTime(started).TotalMilliseconds, ClientAddress.Network(context));
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "{Method} {Path} {Status} in {Milliseconds} ms from {Network}")]
    private static partial void Answered(ILogger log, string method, string path, int status, int milliseconds, string network);
}
