using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace SelfHelpPortal.Platform.Web;

/// <summary>Refuses a body that announces more than its endpoint takes before a byte of it is read.</summary>
internal sealed class BodySizeGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // The page that says so runs through here again.
        var again = context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        if (!again && context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }
        return next(context);
    }
}
