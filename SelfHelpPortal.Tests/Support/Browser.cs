using System.Globalization;
using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using SelfHelpPortal.Components.Kit;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// A browser without scripts: cookies, forms with their hidden fields, redirects followed and remembered. Each has an address of its own.
/// </summary>
internal sealed class Browser : IDisposable
{
    private static int _count;
    private readonly HttpClient _client;
    private readonly Func<string>? _faults;
    private readonly Dictionary<string, string> _cookies = [];

    /// <param name="faults">What the portal logged, for whoever reads of a fault.</param>
    /// <param name="from">The address of this machine that it calls from.</param>
    public Browser(PortalFactory portal, string language = "de", Func<string>? faults = null, IPAddress? from = null)
    {
        _faults = faults;
        _client = portal.CreateClient(from: from);
        _client.DefaultRequestHeaders.Add("Accept-Language", language);
        _client.DefaultRequestHeaders.Add("X-Forwarded-For",
            new IPAddress(BitConverter.GetBytes(IPAddress.HostToNetworkOrder(0x0A000000 + Interlocked.Increment(ref _count)))).ToString());
    }

    /// <summary>The configuration that lets each browser come from its own address.</summary>
    public static KeyValuePair<string, string?> Trusted { get; } = new("Proxy:KnownNetworks:0", "127.0.0.0/8");

    public string Path { get; private set; } = "/";

    public HttpStatusCode Status { get; private set; }

    public HttpResponseMessage Answer { get; private set; } = default!;

    public IHtmlDocument Page { get; private set; } = default!;

    /// <summary>What it was given, as a request carries it; for whoever speaks to the portal beside it.</summary>
    public string Cookies => string.Join("; ", _cookies.Where(c => c.Value.Length > 0).Select(c => $"{c.Key}={c.Value}"));

    /// <summary>The status codes of the way here.</summary>
    public List<HttpStatusCode> Hops { get; } = [];

    public IElement Main => Page.QuerySelector("main")!;

    public string? Outcome => Page.QuerySelector("[data-outcome]")?.GetAttribute("data-outcome");

    public string Heading => Text(Page.QuerySelector("h1")!);

    /// <summary>What the page says, spaces made one and soft hyphens left out.</summary>
    public string Words => Text(Main);

    public IReadOnlyList<string> ErrorsInSummary => [.. Page.QuerySelectorAll(".summary-box li").Select(Text)];

    public async Task<Browser> GetAsync(string path)
    {
        Hops.Clear();
        return await FollowAsync(await _client.GetAsync(path), path);
    }

    /// <summary>The first form that has all the fields, or the first of all.</summary>
    public Task<Browser> SubmitAsync(params (string Name, string? Value)[] typed) => SubmitAsync(Form(typed), typed);

    /// <summary>Sends a form as a browser does: its fields, with what was typed in place of what stood there.</summary>
    public async Task<Browser> SubmitAsync(IHtmlFormElement form, params (string Name, string? Value)[] typed)
    {
        var (path, content) = Fill(form, typed);
        Hops.Clear();
        return await FollowAsync(await _client.PostAsync(path, content), path);
    }

    /// <summary>The form that asks for the tick, ticked.</summary>
    public Task<Browser> ConfirmAsync(params (string Name, string? Value)[] typed) =>
        SubmitAsync([.. typed, (ConfirmTick.FieldName, "yes")]);

    /// <summary>The same with a chosen file, as a form of several parts.</summary>
    public async Task<Browser> UploadAsync(string field, string fileName, byte[] file, params (string Name, string? Value)[] typed)
    {
        var (path, fields) = Fields(Page.QuerySelector<IHtmlFormElement>("main form")!, typed);
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            content.Add(new StringContent(value), name);
        }

        content.Add(new ByteArrayContent(file), field, fileName);
        Hops.Clear();
        return await FollowAsync(await _client.PostAsync(path, content), path);
    }

    /// <summary>The same, sent and not followed; as often as wanted.</summary>
    public Task<HttpResponseMessage> PostAsync(Action<HttpRequestMessage>? change = null, params (string Name, string? Value)[] typed) =>
        PostAsync(Form(typed), typed, change);

    public Task<HttpResponseMessage> PostAsync(
        IHtmlFormElement form, (string Name, string? Value)[] typed, Action<HttpRequestMessage>? change = null)
    {
        var (path, content) = Fill(form, typed);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        change?.Invoke(request);
        return _client.SendAsync(request);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _client.SendAsync(request);

    public async Task<Browser> ShowAsync(HttpResponseMessage answer, string path)
    {
        Hops.Clear();
        return await FollowAsync(answer, path);
    }

    public void Dispose() => _client.Dispose();

    public static string Text(IElement element) =>
        string.Join(' ', element.TextContent.Replace("\u00AD", "", StringComparison.Ordinal)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private IHtmlFormElement Form((string Name, string? Value)[] typed)
    {
        var forms = Page.QuerySelectorAll<IHtmlFormElement>("main form").ToList();
        return forms.Find(form => typed.All(t => form.QuerySelector($"[name='{t.Name}']") is not null)) ?? forms[0];
    }

    private (string Path, FormUrlEncodedContent Content) Fill(IHtmlFormElement form, (string Name, string? Value)[] typed)
    {
        var (path, fields) = Fields(form, typed);
        return (path, new FormUrlEncodedContent(fields));
    }

    private (string Path, List<KeyValuePair<string, string>> Fields) Fields(IHtmlFormElement form, (string Name, string? Value)[] typed)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var element in form.QuerySelectorAll("input[name], textarea[name], select[name]"))
        {
            var name = element.GetAttribute("name")!;
            var type = element.GetAttribute("type");
            if (typed.Any(t => t.Name == name) || type == "file" || (type is "radio" or "checkbox" && !element.HasAttribute("checked")))
            {
                continue;
            }

            fields.Add(new(name, element switch
            {
                IHtmlTextAreaElement area => area.Value,
                IHtmlSelectElement select => select.Value ?? "",
                _ => element.GetAttribute("value") ?? "",
            }));
        }

        fields.AddRange(typed.Where(t => t.Value is not null).Select(t => KeyValuePair.Create(t.Name, t.Value!)));
        return (form.GetAttribute("action") ?? Path, fields);
    }

    private async Task<Browser> FollowAsync(HttpResponseMessage answer, string path)
    {
        Hops.Add(answer.StatusCode);
        foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var all) ? all : [])
        {
            var (name, value) = set.Split(';')[0].Split('=', 2) is [var n, var v] ? (n, v) : (set, "");
            _cookies[name] = value;
        }

        if (answer.Headers.Location is { } to)
        {
            var next = to.IsAbsoluteUri ? to.PathAndQuery : to.OriginalString;
            Hops.Count.ShouldBeLessThan(5, string.Create(CultureInfo.InvariantCulture, $"redirected for ever to {next}"));
            return await FollowAsync(await _client.GetAsync(next), next);
        }

        Path = path;
        Answer = answer;
        Status = answer.StatusCode;
        Status.ShouldNotBe(HttpStatusCode.InternalServerError, _faults?.Invoke());
        Page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
        return this;
    }
}
