using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.Metadata;
using SelfHelpPortal.Data;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// Reads every form once, before anybody else does, and refuses it when it is broken or not text (<see cref="ValidText"/>). Otherwise each
/// reader would meet the fault in its own way: antiforgery as an invalid token, an endpoint as an exception, the database as a complaint
/// about a value.
/// </summary>
internal sealed class FormGate(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (UnreadableRequest.IsBeingAnswered(context) || context.GetEndpoint() is not { } endpoint)
        {
            await next(context);
            return;
        }

        if (!context.Request.HasFormContentType)
        {
            if (HttpMethods.IsPost(context.Request.Method) && TakesForms(endpoint))
            {
                await UnreadableRequest.RefuseAsync(
                    context, string.IsNullOrEmpty(context.Request.ContentType)
                        ? StatusCodes.Status400BadRequest
                        : StatusCodes.Status415UnsupportedMediaType, RequestFlaw.Body);
                return;
            }

            await next(context);
            return;
        }

        if (RequestTextGate.CharsetOf(context.Request) is { Length: > 0 } charset
            && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            // The pages are UTF-8, and so is every form that a browser sends from them.
            await UnreadableRequest.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, RequestFlaw.Charset);
            return;
        }

        if (await FlawOfAsync(context) is { } refusal)
        {
            await UnreadableRequest.RefuseAsync(context, refusal.Status, refusal.Flaw);
            return;
        }

        await next(context);
    }

    /// <summary>Whether nothing but a form can be posted to it: a page, or an endpoint with a parameter from a form.</summary>
    private static bool TakesForms(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        || endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("application/x-www-form-urlencoded") == true;

    private static async Task<(int Status, RequestFlaw Flaw)?> FlawOfAsync(HttpContext context)
    {
        var request = context.Request;
        var isMultipart = request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);
        if (!isMultipart)
        {
            // The framework would replace what is no UTF-8, and leave broken escapes as they stand. The size is limited by BodySizeGate and
            // the server.
            var body = new MemoryStream();
            await request.Body.CopyToAsync(body, context.RequestAborted);
            if (!ValidText.IsEscaped(body.GetBuffer().AsSpan(0, (int)body.Length)))
            {
                return (StatusCodes.Status400BadRequest, RequestFlaw.NotText);
            }

            body.Position = 0;
            request.Body = body;
        }

        IFormCollection form;
        try
        {
            form = OversizedForm.UploadOf(context) is null
                ? await request.ReadFormAsync(context.RequestAborted)
                : request.Form = await OversizedForm.ReadAsync(request, context.RequestAborted);
        }
        catch (InvalidDataException) when (!isMultipart)
        {
            // Its bytes are in order, so it is too many fields or too long a name or value.
            return (StatusCodes.Status413PayloadTooLarge, RequestFlaw.Body);
        }
        catch (Exception broken) when (broken is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            return (StatusCodes.Status400BadRequest, RequestFlaw.Body);
        }

        // In a form of several parts, U+FFFD is what the framework has put in place of bytes that were no UTF-8.
        return !isMultipart || Texts(form).All(text => ValidText.Is(text) && text?.Contains('\uFFFD', StringComparison.Ordinal) != true)
            ? null
            : (StatusCodes.Status400BadRequest, RequestFlaw.NotText);
    }

    private static IEnumerable<string?> Texts(IFormCollection form) =>
        [.. form.SelectMany(field => field.Value.Prepend(field.Key)), .. form.Files.SelectMany(file => new[] { file.Name, file.FileName })];
}
