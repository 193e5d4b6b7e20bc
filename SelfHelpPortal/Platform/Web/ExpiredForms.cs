using Microsoft.AspNetCore.Antiforgery;

namespace SelfHelpPortal.Platform.Web;

/// <summary>On a page: it shows what was typed again when its form's token is no longer valid.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PreserveFormInputAttribute : Attribute;

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
            && context.GetEndpoint()?.Metadata.GetMetadata<PreserveFormInputAttribute>() is not null
            && OwnPages.HaveSent(context.Request))
        {
            // Without the verdict the form can be read; nothing but the page's own words will be made of it.
            context.Features.Set<IAntiforgeryValidationFeature>(null);
            context.Items[TypedText] = await context.Request.ReadFormAsync(context.RequestAborted);
            context.Request.Method = HttpMethods.Get;
        }

        await next(context);
    }
}
