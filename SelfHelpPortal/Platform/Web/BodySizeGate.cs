using Microsoft.AspNetCore.Http.Features;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// Refuses a body that announces more than its endpoint takes before a byte of it is read. A page that takes a file says so itself.
/// </summary>
internal sealed class BodySizeGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();

        // The page that says so runs through here again.
        if (UnreadableRequest.IsBeingAnswered(context) || !(context.Request.ContentLength > limit?.MaxRequestBodySize))
        {
            return next(context);
        }

        if (OversizedForm.UploadOf(context) is not { } upload)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }

        if (context.Request.ContentLength > WebLimits.OversizedFormBytes || limit.IsReadOnly)
        {
            OversizedForm.LeaveUnread(context, upload);
        }
        else
        {
            limit.MaxRequestBodySize = context.Request.ContentLength;
        }

        return next(context);
    }
}
