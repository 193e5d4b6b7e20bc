using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Features.Machine.Kit;
using SelfHelpPortal.Hosting;
using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Http;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Hostile;

/// <summary>
/// T44 over HTTP: whatever is sent to an endpoint or a form, the answer is no 5xx, comes in time, and nothing is logged as a fault. The
/// endpoints come from the routing table, the forms from the pages. With <c>SELFHELP_LONG=1 </c> each gets 2,000 inputs. In the usual run
/// 200 for each would take minutes: there each gets a few, and those whose turn it is get 200; the seed decides whose turn it is, and
/// <c>SELFHELP_SEED </c> repeats a run.
/// </summary>
[Collection(nameof(HostileInput))]
public class FuzzTests(MatrixPortal prepared)
{
    private const int ShortInputs = 200;
    private const int LongInputs = 2_000;
    private const int AtLeast = 12;
    private const int Turns = 16;


    private static readonly ulong Seed =
        ulong.TryParse(Environment.GetEnvironmentVariable("SELFHELP_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
        ? given
        : new Seeded().Seed;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task No_input_to_a_form_is_a_fault_of_ours()
    {
        var forms = new RenderedForms(prepared);
        var targets = await forms.FindAsync();
        targets.Count.ShouldBeGreaterThan(30, string.Join('\n', targets.Select(t => t.Name)));
        var sent = 0;

        await RunAsync(targets, target => target.Name, async (target, random) =>
        {
            if (await forms.OpenAsync(target) is not { } form)
            {
                // Its subject is done with: an earlier input was good enough.
                return null;
            }

            Interlocked.Increment(ref sent);
            return (target.Person, Fill(form, random));
        });

        sent.ShouldBeGreaterThan(targets.Count * 4);
    }

    [Fact]
    public async Task No_request_to_an_endpoint_is_a_fault_of_ours()
    {
        var targets = AuthorizationMatrix.Endpoints.Select(line => line.Split(" | "))
            .Select(columns => (Name: columns[0], Path: prepared.Address(columns[1]))).ToList();
        targets.Select(t => t.Name[(t.Name.IndexOf(' ') + 1)..]).Except(Endpoints())
            .ShouldBeEmpty("the matrix has one line for each endpoint");

        await RunAsync(targets, target => $"{target.Name} | {target.Path}", (target, random) =>
            Task.FromResult<(Person, HttpRequestMessage)?>(
                (random.Of(Enum.GetValues<Person>()), Change(target.Name, target.Path, random))));
    }

    /// <summary>
    /// Found by the test above: where clocks are ahead of UTC, the first day begins before the beginning of time, and nothing ends the last
    /// one.
    /// </summary>
    [Theory]
    [InlineData("0001-01-01", "0001-01-01")]
    [InlineData("9999-12-31", "9999-12-31")]
    [InlineData("0001-01-01", "9999-12-31")]
    [InlineData("9999-12-31", "0001-01-01")]
    public async Task The_first_and_the_last_day_are_days_to_every_page_and_download(string from, string to)
    {
        prepared.Log.Clear();
        var query = string.Join('&', QueryNames.Where(name => name is not ("from" or "to")).Select(name => $"{name}={from}")
            .Append("from=" + from).Append("to=" + to));
        foreach (var path in AuthorizationMatrix.Endpoints.Where(line => !line.StartsWith("POST ", StringComparison.Ordinal))
            .Select(line => prepared.Address(line.Split(" | ")[1])).Distinct())
        {
            foreach (var days in (string[])[query, $"from={from}&to={to}"])
            {
                using var answer = await prepared.BrowserOf(Person.Administrator)
                    .SendAsync(new HttpRequestMessage(
                        HttpMethod.Get, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{days}"));
                ((int)answer.StatusCode).ShouldBeLessThan(500, $"{path} {days}");
            }
        }

        prepared.Log.Faults.ShouldBeEmpty();
    }

    /// <summary>
    /// Found by the test above: a page that wants a number or a truth value from its query fails before it can say anything.
    /// </summary>
    [Fact]
    public void Pages_take_only_texts_from_a_query()
    {
        NotTexts(typeof(Program).Assembly.GetTypes()).ShouldBeEmpty();
        NotTexts([typeof(TakesANumber)]).ShouldBe(["TakesANumber.Page"]);
    }

    private static IEnumerable<string> NotTexts(IEnumerable<Type> types) =>
        from type in types
        from property in type.GetProperties(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where property.GetCustomAttribute<SupplyParameterFromQueryAttribute>() is not null && property.PropertyType != typeof(string)
            && property.PropertyType != typeof(string[])
        select $"{type.Name}.{property.Name}";

    private sealed class TakesANumber
    {
        [SupplyParameterFromQuery]
        public int Page { get; set; }
    }

    /// <summary>The control: a fault would be seen, by its status and in the log.</summary>
    [Fact]
    public async Task A_fault_is_found()
    {
        await using var portal = new PortalFactory
        {
            Change = builder => builder.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(prepared.Log),
            Endpoints = app => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(
                app, "/api/test/fault", string () => throw new InvalidOperationException("a fault")),
        };
        await portal.InitializeAsync();
        prepared.Log.Clear();
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync("/api/test/fault");

        ((int)answer.StatusCode).ShouldBe(500);
        prepared.Log.Faults.ShouldNotBeEmpty();
        prepared.Log.Clear();
    }

    private async Task RunAsync<T>(
        IReadOnlyList<T> targets, Func<T, string> nameOf, Func<T, Seeded, Task<(Person Person, HttpRequestMessage Request)?>> make)
    {
        prepared.Log.Clear();
        var faults = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(targets.Select((target, index) => (target, index)), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (item, cancellation) =>
        {
            var (target, index) = item;
            var inputs = Effort.IsLong ? LongInputs : (ulong)index % Turns == Seed % Turns ? ShortInputs : AtLeast;
            for (var i = 0; i < inputs && faults.Count < 10; i++)
            {
                var random = new Seeded(Seed + ((ulong)index << 32) + (ulong)i);
                if (await make(target, random) is not { } input)
                {
                    return;
                }

                using var request = input.Request;
                var written = await WriteAsync(request);
                try
                {
                    if (nameOf(target).Contains("/api/v1/backoffice/", StringComparison.Ordinal)
                        && !request.Headers.Contains("Authorization"))
                    {
                        // Without it nothing of the request would be read.
                        request.Headers.Add("Authorization", "Bearer " + prepared.Token);
                    }

                    request.Headers.Remove("X-Forwarded-For");
                    request.Headers.Add("X-Forwarded-For", new IPAddress(random.Bytes(4)).ToString());
                    using var answer = await prepared.BrowserOf(input.Person).SendAsync(request);
                    if ((int)answer.StatusCode >= 500)
                    {
                        faults.Enqueue($"{(int)answer.StatusCode}, seed {Seed}, {nameOf(target)}, input {i} as {input.Person}:\n{written}");
                    }
                }
                catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
                {
                    faults.Enqueue($"{failure.Message}, seed {Seed}, {nameOf(target)}, input {i} as {input.Person}:\n{written}");
                }
            }
        });

        faults.ShouldBeEmpty();
        prepared.Log.Faults.ShouldBeEmpty($"seed {Seed}");
        prepared.Log.Clear();
    }

    /// <summary>The form with some of its fields changed, left out, doubled or renamed, now and then in another encoding.</summary>
    private static HttpRequestMessage Fill(RenderedForm form, Seeded random)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var field in form.Fields)
        {
            var keep = field.Name is "_handler" or "__RequestVerificationToken" && random.Below(12) > 0;
            switch (keep ? 9 : random.Below(10))
            {
                case 0:
                    break;
                case 1:
                    fields.Add(new(field.Name, HostileText.Make(random, field.Value)));
                    fields.Add(new(field.Name, HostileText.Make(random, field.Value)));
                    break;
                case 2:
                    fields.Add(
                        new(random.Of((string[])[$"{field.Name}.{field.Name}", $"{field.Name}[0]", $"[{field.Name}]", $"Model.{field.Name}",
                            field.Name.ToUpperInvariant()]), field.Value));
                    break;
                case < 8:
                    fields.Add(new(field.Name, HostileText.Make(random, field.Value)));
                    break;
                default:
                    fields.Add(new(field.Name, field.Value));
                    break;
            }
        }

        var request = new HttpRequestMessage(HttpMethod.Post, form.Action);
        if (form.HasParts ? random.Below(4) > 0 : random.Below(12) == 0)
        {
            var parts = new MultipartFormDataContent();
            foreach (var (name, value) in fields)
            {
                var part = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
                part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = Quoted(name) };
                if (random.Below(6) == 0 || form.Fields.Any(f => f.Name == name && f.Type == "file"))
                {
                    part.Headers.ContentDisposition.FileName =
                        Quoted(random.Of((string[])["a.lshreq", "../../a.lshreq", "a.exe", " ", "ä.LSHREQ"]));
                }

                parts.Add(part);
            }

            request.Content = parts;
        }
        else
        {
            request.Content = new FormUrlEncodedContent(fields);
        }

        if (random.Below(10) == 0)
        {
            request.Content = Broken(request.Content, random);
        }

        return request;
    }

    /// <summary>Another path, query, method, header or body than the endpoint wants.</summary>
    private static HttpRequestMessage Change(string name, string path, Seeded random)
    {
        var (method, route) = name.Split(' ') is [var verb, var rest] ? (verb, rest) : ("GET", name);
        var segments = path.Split('?')[0].Split('/');
        var pattern = route.Split('/');
        for (var i = 0; i < segments.Length && i < pattern.Length; i++)
        {
            if (pattern[i].Contains('{', StringComparison.Ordinal) && random.Below(3) > 0)
            {
                segments[i] = Escaped(HostileText.Make(random, segments[i]), 1_000);
            }
        }

        var target = new StringBuilder(string.Join('/', segments));
        for (var i = random.Below(4); i > 0; i--)
        {
            target.Append(target.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?').Append(random.Of(QueryNames)).Append('=')
                .Append(Escaped(HostileText.Make(random, ""), 1_000));
        }

        var verbs = (string[])["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
        var request = new HttpRequestMessage(new HttpMethod(random.Below(5) == 0 ? random.Of(verbs) : method), target.ToString());
        for (var i = random.Below(3); i > 0; i--)
        {
            var header =
                random.Of((string[])["Accept", "Accept-Language", "Authorization", "Idempotency-Key", "If-None-Match", "If-Modified-Since",
                    "Range", "Origin", "Referer", "User-Agent", "Sec-Fetch-Site", "Upgrade", "X-Requested-With"]);
            request.Headers.TryAddWithoutValidation(
                header, string.Concat(HostileText.Make(random, "de").Where(c => c is >= ' ' and <= '~')));
        }

        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
        {
            request.Content = path.StartsWith("/api", StringComparison.Ordinal) && random.Below(8) > 0 ? JsonOf(path, random)
                : random.Below(2) == 0 ? new FormUrlEncodedContent(
                    [new(HostileText.Make(random, "to"), HostileText.Make(random, "")), new("return", HostileText.Make(random, "/"))])
                : new ByteArrayContent(random.Bytes(random.Below(200)));
        }

        return request;
    }

    private static HttpContent JsonOf(string path, Seeded random)
    {
        if (path.Contains("offline", StringComparison.Ordinal))
        {
            return new ByteArrayContent(HostileText.Mangle(random, Encoding.UTF8.GetBytes(ApiExamples.RequestFile)))
            {
                Headers =
                { ContentType = new("text/plain") }
            };
        }

        object example = path.EndsWith("customers", StringComparison.Ordinal) ? BackofficeExamples.NewCustomer
            : path.EndsWith("licenses", StringComparison.Ordinal) ? BackofficeExamples.NewLicense
            : path.EndsWith("renew", StringComparison.Ordinal) ? BackofficeExamples.Renew
            : path.EndsWith("suspend", StringComparison.Ordinal) || path.EndsWith("resume", StringComparison.Ordinal)
                ? BackofficeExamples.Reason
            : path.EndsWith("check", StringComparison.Ordinal) ? ApiExamples.Check
            : path.EndsWith("release", StringComparison.Ordinal) ? ApiExamples.Release : ApiExamples.Activate;
        var body = JsonSerializer.SerializeToNode(example, example.GetType(), Json)!.AsObject();
        for (var i = 1 + random.Below(3); i > 0; i--)
        {
            var member = random.Of(body.Select(m => m.Key).ToList());
            body[member] = random.Below(6) switch
            {
                0 => null,
                1 => JsonValue.Create(random.Below(int.MaxValue)),
                2 => new JsonArray(1, "a"),
                3 => new JsonObject { ["a"] = 1 },
                _ => JsonValue.Create(HostileText.Make(random, body[member]?.ToString() ?? "")),
            };
        }

        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        return new ByteArrayContent(
            random.Below(4) == 0 ? HostileText.Mangle(random, bytes) : bytes)
        { Headers = { ContentType = new("application/json") } };
    }

    /// <summary>The same content cut off, mangled, or under a wrong name.</summary>
    private static ByteArrayContent Broken(HttpContent content, Seeded random)
    {
        using var written = new MemoryStream();
        content.CopyTo(written, null, default);
        var broken = new ByteArrayContent(HostileText.Mangle(random, written.ToArray()));
        var type = content.Headers.ContentType!.ToString();
        broken.Headers.TryAddWithoutValidation("Content-Type",
            random.Of((string[])[type, type + "; charset=utf-8", type + "; charset=x", "multipart/form-data",
                "multipart/form-data; boundary=", "text/plain", "application/json", "a/b;c"]));
        return broken;
    }

    private static string Quoted(string text) => $"\"{string.Concat(text.Where(c => c is >= ' ' and <= '~' and not '"' and not '\\'))}\"";

    private static string Escaped(string text, int longest) => Uri.EscapeDataString(text.Length > longest ? text[..longest] : text);

    private static async Task<string> WriteAsync(HttpRequestMessage request)
    {
        var body = request.Content is null ? "" : Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync());
        return $"{request.Method} {request.RequestUri} {request.Headers.ToString().ReplaceLineEndings(" ")} "
            + $"{request.Content?.Headers.ContentType}\n{(body.Length > 3_000 ? body[..3_000] : body)}";
    }

    /// <summary>What pages and endpoints take from a query.</summary>
    private static readonly string[] QueryNames =
    [
        "x", "from", "to", "return", "why", "since", "limit",
        .. typeof(Program).Assembly.GetTypes()
        .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(property => (property, query: property.GetCustomAttribute<SupplyParameterFromQueryAttribute>()))
            .Where(p => p.query is not null)
            .Select(p => p.query!.Name ?? p.property.Name).Distinct().Order(StringComparer.Ordinal),
    ];

    private IEnumerable<string> Endpoints() =>
        prepared.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'));
}
