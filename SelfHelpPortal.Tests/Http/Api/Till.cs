using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Api;

/// <summary>
/// A computer with the licensed software, as a vendor would write it from the published description alone: it shares no code with the
/// portal but the hardware codes of the tests.
/// </summary>
internal sealed class Till(HttpClient client, TestClock clock, string name, string product, string key)
{
    private int _nonces;

    public Till(ApiPortal portal, string name, string product, string key)
        : this(portal.Client, portal.Clock, name, product, key)
    {
    }

    public string Key { get; set; } = key;

    public string Name { get; set; } = name;

    public string Product { get; set; } = product;

    /// <summary>The fingerprint that is sent; another one after parts were exchanged.</summary>
    public string HardwareCode { get; set; } = A.Hardware(name).ToString();

    public string? Handle { get; set; }

    public int Generation { get; set; }

    public byte[] Secret { get; set; } = [];

    /// <summary>The license file as it was handed over last.</summary>
    public string? License { get; private set; }

    /// <summary>How far the clock of this computer is off.</summary>
    public TimeSpan ClockIsOff { get; set; }

    public string Language { get; set; } = "en";

    public long UnixNow => (clock.Now + ClockIsOff).ToUnixTimeSeconds();

    public JsonObject ActivateBody() => new()
    {
        ["activationKey"] = Key,
        ["product"] = Product,
        ["hardwareCode"] = HardwareCode,
        ["pcName"] = Name,
        ["appVersion"] = "7.4.1",
        ["nonce"] = NextNonce(),
    };

    /// <summary>Activates, and remembers what a till has to remember.</summary>
    public async Task<ApiAnswer> ActivateAsync()
    {
        var answer = await SendAsync("activations", ActivateBody());
        if (answer.Status is 200 or 201)
        {
            Take(answer);
        }

        return answer;
    }

    public void Take(ApiAnswer activated)
    {
        Handle = activated["handle"]!.GetValue<string>();
        Generation = activated["generation"]!.GetValue<int>();
        Secret = Base64Url.DecodeFromChars(activated["releaseSecret"]!.GetValue<string>());
        License = activated["license"]!.GetValue<string>();
    }

    public JsonObject CheckBody()
    {
        var body = Proven("check");
        body["hardwareCode"] = HardwareCode;
        return body;
    }

    public Task<ApiAnswer> CheckAsync() => SendAsync($"activations/{Handle}/check", CheckBody());

    public Task<ApiAnswer> ReleaseAsync() => SendAsync($"activations/{Handle}/release", Proven("release"));

    public JsonObject Proven(string purpose)
    {
        var (nonce, ts) = (NextNonce(), UnixNow);
        var message = string.Create(CultureInfo.InvariantCulture, $"lshp/{purpose}/v1|{Handle}|{Generation}|{nonce}|{ts}");
        return new JsonObject
        {
            ["generation"] = Generation,
            ["nonce"] = nonce,
            ["ts"] = ts,
            ["mac"] = Convert.ToHexString(HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(message))).ToLowerInvariant(),
        };
    }

    public Task<ApiAnswer> SendAsync(string path, JsonObject body, Action<HttpRequestHeaders>? headers = null) =>
        SendAsync(path, body.ToJsonString(), headers);

    public async Task<ApiAnswer> SendAsync(string path, string body, Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/" + path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.AcceptLanguage.ParseAdd(Language);
        headers?.Invoke(request.Headers);
        using var response = await client.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }

    private string NextNonce() => $"{Name}-nonce-{Interlocked.Increment(ref _nonces)}";
}

/// <summary>What came back.</summary>
internal sealed record ApiAnswer(int Status, string Type, string Text, HttpResponseHeaders Headers)
{
    public JsonObject Body => JsonNode.Parse(Text)!.AsObject();

    public IEnumerable<string> Members => Body.Select(member => member.Key);

    public string? Code => Body["code"]?.GetValue<string>();

    public JsonNode? this[string member] => Body[member];

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync(),
        response.Headers);

    /// <summary>A failure of exactly this kind, with the members every failure has.</summary>
    public ApiAnswer ShouldBeProblem(int status, string code)
    {
        (Status, Status < 400 ? null : Code).ShouldBe((status, code), Text);
        Type.ShouldBe("application/problem+json");
        Body["status"]!.GetValue<int>().ShouldBe(status);
        Body["type"]!.GetValue<string>().ShouldBe("urn:selfhelp-portal:problem:" + code);
        Body["title"]!.GetValue<string>().ShouldNotBe(code, "the sentence is missing");
        Headers.CacheControl!.NoStore.ShouldBeTrue();
        Headers.Contains("Set-Cookie").ShouldBeFalse();
        return this;
    }

    public ApiAnswer ShouldBe(string code, bool valid)
    {
        Status.ShouldBe(200, Text);
        (Code, Body["valid"]!.GetValue<bool>()).ShouldBe((code, valid), Text);
        return this;
    }

    public ApiAnswer ShouldBeActivated(int status)
    {
        Status.ShouldBe(status, Text);
        Code.ShouldBe("VALID");
        return this;
    }
}
