using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SelfHelpPortal.Client.Portal;

/// <summary>
/// An answer that has the form of the portal's. Nothing in it is believed before its signature is; what is not signed decides nothing for
/// long.
/// </summary>
internal sealed record PortalReply(int Status, JsonElement Body)
{
    public bool IsSuccess => Status is 200 or 201;

    public string Code => Text("code") ?? "";

    public string? Text(string name) =>
        Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public int? Number(string name) => Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number) ? number : null;

    public DateTimeOffset? Time(string name) =>
        Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time)
            ? time
            : null;

    public LicenseResult AsResult(bool succeeded = false) => new(succeeded, Code)
    {
        Message = Text("message") ?? Text("detail") ?? Text("title"),
        CaseNumber = Text("caseNumber"),
        NextAllowedAt = Time("nextAllowedAt"),
        ReleasePage = Uri.TryCreate(Text("releaseUrl"), UriKind.Absolute, out var page) && page.Scheme is "https" or "http" ? page : null,
        Computers = Body.TryGetProperty("activations", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(a => a.TryGetProperty("pcName", out var name) ? name.GetString() ?? "" : "")]
            : [],
    };
}

internal sealed class PortalApi : IDisposable
{
    private const int LongestReply = 256 * 1024;

    private readonly HttpClient _http;

    public PortalApi(LicenseClientOptions options)
    {
        if (options.Portal.Scheme != "https" && !options.Portal.IsLoopback)
        {
            throw new ArgumentException("The portal's address must be https.", nameof(options));
        }

#pragma warning disable CA2000 // The client disposes its handler.
        _http = new HttpClient(options.Http ?? new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(options.Portal.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = options.Timeout,
            MaxResponseContentBufferSize = LongestReply,
        };
#pragma warning restore CA2000
        _http.DefaultRequestHeaders.AcceptLanguage.Add(
            new StringWithQualityHeaderValue(options.Language.TwoLetterISOLanguageName == "de" ? "de" : "en"));
    }

    public Uri PageOf(string path) => new(_http.BaseAddress!, path);

    /// <summary>
    /// Whether the portal can be reached at all; asked before something that cannot be taken back. The sign-in page of a hotel's network
    /// answers everything too, often with 200, so only the portal's own word counts.
    /// </summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken) =>
        await SendAsync(new HttpRequestMessage(HttpMethod.Get, "healthz/live"), "text/plain", cancellationToken)
            .ConfigureAwait(false) is { Status: 200, Text: "live" };

    /// <summary>A list of texts that the portal publishes, or null when none came.</summary>
    public async Task<IReadOnlyList<string>?> GetTextsAsync(string path, string name, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (await SendAsync(request, "application/json", cancellationToken).ConfigureAwait(false) is not (200, var text))
        {
            return null;
        }

        return ObjectIn(text) is { } answer && answer.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : null;
    }

    /// <summary>The answer, or null when none came that has the form of one.</summary>
    public async Task<PortalReply?> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Post, "api/v1/" + path)
        { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        if (await SendAsync(request, "application/json", cancellationToken).ConfigureAwait(false) is not var (status, text))
        {
            return null;
        }

        return ObjectIn(text) is { } answer && new PortalReply(status, answer) is var reply
            && IsCode(reply.Code) && (reply.IsSuccess || status is >= 400 and < 500)
            ? reply
            : null;
    }

    public void Dispose() => _http.Dispose();

    private static JsonElement? ObjectIn(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary><c>application/problem+json</c> is JSON as well.</summary>
    private static bool IsOf(string expected, string? given) =>
        string.Equals(given, expected, StringComparison.OrdinalIgnoreCase)
        || (expected == "application/json" && string.Equals(given, "application/problem+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>Every code of the portal, also one that this version does not know, is in capitals: <c>TOO_MANY_ACTIVATIONS</c>.</summary>
    private static bool IsCode(string code) =>
        code.Length is > 0 and <= 60 && code.All(c => c is (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_');

    /// <summary>The answer, or null when none came from the address that was asked, in the form that was asked for.</summary>
    private async Task<(int Status, string Text)?> SendAsync(
        HttpRequestMessage request, string mediaType, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                var asked = new Uri(_http.BaseAddress!, request.RequestUri!);
                using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);

                // A handler of the program's own may follow redirects; what answers then is not the portal.
                var isPortal = response.RequestMessage?.RequestUri is not { } answering || answering == asked;
                return isPortal && IsOf(mediaType, response.Content.Headers.ContentType?.MediaType)
                    ? ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false))
                    : null;
            }
            catch (Exception unreachable) when (unreachable is HttpRequestException or IOException or InvalidOperationException
                || (unreachable is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return null;
            }
        }
    }
}
