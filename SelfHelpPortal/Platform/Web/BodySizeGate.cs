using Microsoft.AspNetCore.Http.Features;

namespace SelfHelpPortal.Platform.Web;

/// <summary>Refuses a body that announces more than its endpoint takes before a byte of it is read.</summary>
internal sealed class BodySizeGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // The page that says so runs through here again.
        if (!UnreadableRequest.IsBeingAnswered(context)
            && context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }
        return next(context);
    }
}
