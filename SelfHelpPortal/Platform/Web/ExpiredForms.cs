using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Net.Http.Headers;

namespace SelfHelpPortal.Platform.Web;

/// <summary>On a page: it shows what was typed again when its form's token is no longer valid.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KeepsTypedTextAttribute : Attribute;

/// <summary>
/// A form that outlived its token (the cookie goes with the browser's session, the key with time) is shown again as it was typed. It does
/// nothing: the request goes on as a GET, which reaches no handler.
/// </summary>
internal sealed class ExpiredForms(RequestDelegate next)
{
    private static readonly object TypedText = new();

    /// <summary>What was typed into the expired form; null when there was none.</summary>
    public static IFormCollection? Typed(HttpContext context) => context.Items[TypedText] as IFormCollection;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }
            && context.GetEndpoint()?.Metadata.GetMetadata<KeepsTypedTextAttribute>() is not null
            && IsOurs(context.Request))
        {
            // Without the verdict the form can be read; nothing but the page's own words will be made of it.
            context.Features.Set<IAntiforgeryValidationFeature>(null);
            try
            {
                context.Items[TypedText] = await context.Request.ReadFormAsync(context.RequestAborted);
            }
            catch (InvalidDataException)
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return;
            }

            context.Request.Method = HttpMethods.Get;
        }

        await next(context);
    }

    /// <summary>A foreign page may not choose what ours shows. Old browsers send no Sec-Fetch-Site, and pages without a referrer send Origin: null.</summary>
    private static bool IsOurs(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is "same-origin" or "none";
        }

        var origin = request.Headers[HeaderNames.Origin].ToString();
        return origin is "" or "null" || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value);
    }
}
