using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// Refuses a request whose address or headers are not text (<see cref="ValidText"/>), or whose body is compressed or in an unknown
/// character set, before anything is made of it. Cookies are not judged: one that cannot be read counts as none, and a refusal would shut
/// its browser out until somebody deletes it.
/// </summary>
internal sealed class RequestTextGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (UnreadableRequest.IsBeingAnswered(context))
        {
            return next(context);
        }

        if (!IsText(context))
        {
            return UnreadableRequest.RefuseAsync(context, StatusCodes.Status400BadRequest, RequestFlaw.NotText);
        }

        if (CharsetOf(context.Request) is { Length: > 0 } charset && !IsKnown(charset))
        {
            return UnreadableRequest.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, RequestFlaw.Charset);
        }

        if (context.Request.Headers.ContentEncoding.Any(e => !string.Equals(e, "identity", StringComparison.OrdinalIgnoreCase)))
        {
            return UnreadableRequest.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, RequestFlaw.Encoding);
        }

        if (context.Request.Path.Value?.Contains("//", StringComparison.Ordinal) == true)
        {
            return UnreadableRequest.RefuseAsync(context, StatusCodes.Status404NotFound, RequestFlaw.DoubleSlash);
        }

        return next(context);
    }

    /// <summary>The character set that the Content-Type names, without quotes.</summary>
    public static string? CharsetOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Charset).Value : null;

    private static bool IsText(HttpContext context)
    {
        // The server has decoded the path already and left alone what it could not; the target is as it came.
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (target.Contains('%', StringComparison.Ordinal) ? !ValidText.IsEscaped(Encoding.UTF8.GetBytes(target)) : !ValidText.Is(target))
        {
            return false;
        }

        foreach (var (name, values) in context.Request.Headers)
        {
            if (string.Equals(name, HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (!ValidText.Is(value))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsKnown(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset) is not null;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
