namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// Answers HEAD everywhere as GET: monitors and link checkers ask in that way, and the endpoints of pages know only GET and POST. The
/// server itself leaves the body out, since it goes by the method that it has read.
/// </summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var isHead = HttpMethods.IsHead(context.Request.Method);
        if (isHead)
        {
            context.Request.Method = HttpMethods.Get;
        }

        try
        {
            await next(context);
        }
        finally
        {
            if (isHead)
            {
                context.Request.Method = HttpMethods.Head;
            }
        }
    }
}
