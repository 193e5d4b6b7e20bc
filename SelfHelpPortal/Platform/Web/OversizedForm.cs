using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SelfHelpPortal.Platform.Web;

/// <summary>
/// A form that is too large because of its file. Its texts are kept, so that the page can show them again; of the file only the name and
/// that it is too large. Nothing of it is stored anywhere.
/// </summary>
internal static class OversizedForm
{
    private static readonly object UnreadField = new();

    /// <summary>The field of the file for which a form was too large even to be read; the page is then shown as on a GET.</summary>
    public static string? UnreadFieldOf(HttpContext context) => context.Items[UnreadField] as string;

    /// <summary>The request announces more than its page takes, and the page has a file in its form.</summary>
    public static TakesUploadAttribute? UploadOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<TakesUploadAttribute>() is { } upload
        && HttpMethods.IsPost(context.Request.Method)
        && context.Request.ContentLength > upload.Bytes
        && context.Request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true
            ? upload
            : null;

    /// <summary>Goes on as a GET, which reads no body and reaches no handler.</summary>
    public static void LeaveUnread(HttpContext context, TakesUploadAttribute upload)
    {
        context.Items[UnreadField] = upload.FileField;
        context.Request.Method = HttpMethods.Get;
        context.Request.ContentType = null;
    }

    /// <exception cref="InvalidDataException">It is no form, or its texts are more than a form may have.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value
            : null;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > FormOptions.DefaultMultipartBoundaryLengthLimit)
        {
            throw new InvalidDataException("The boundary of the form is missing or too long.");
        }

        var reader = new MultipartReader(boundary, request.Body)
        {
            HeadersCountLimit = WebLimits.FormPartHeaders,
            HeadersLengthLimit = WebLimits.FormPartHeadersLength,
        };
        var texts = new KeyValueAccumulator();
        var files = new FormFileCollection();
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (section.AsFileSection() is { } file)
            {
                // The reader goes over its bytes to find the next part.
                files.Add(new FormFile(Stream.Null, 0, request.ContentLength!.Value, file.Name, file.FileName));
            }
            else if (section.AsFormDataSection() is { } text)
            {
                texts.Append(text.Name, await TextOfAsync(text, cancellationToken));
            }

            if (texts.KeyCount > WebLimits.FormKeys || texts.ValueCount > WebLimits.FormKeys || files.Count > WebLimits.FormKeys)
            {
                throw new InvalidDataException("The form has too many fields.");
            }
        }

        return new FormCollection(texts.HasValues ? texts.GetResults() : new Dictionary<string, StringValues>(), files);
    }

    private static async Task<string> TextOfAsync(FormMultipartSection section, CancellationToken cancellationToken)
    {
        if (section.Name.Length > WebLimits.FormKeyLength)
        {
            throw new InvalidDataException("The name of a field is too long.");
        }

        var bytes = new byte[WebLimits.FormValueLength + 1];
        var read = await section.Section.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return read <= WebLimits.FormValueLength
            ? Encoding.UTF8.GetString(bytes, 0, read)
            : throw new InvalidDataException("A field is too long.");
    }
}
