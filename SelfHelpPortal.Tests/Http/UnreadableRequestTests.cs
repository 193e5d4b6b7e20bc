using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Tests.House;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>
/// Input that is not text is answered with 400 in words (415 for a character set), on pages and in the API, and leaves nothing in the log.
/// </summary>
[Collection(nameof(HostileInput))]
public class UnreadableRequestTests(MatrixPortal prepared)
{
    /// <summary>Stands in every request; no log may repeat it.</summary>
    private const string Typed = "GEHEIM4711";

    private const string Form = "application/x-www-form-urlencoded";
    private const string Parts = "multipart/form-data; boundary=teil";

    private static readonly (string De, string En) NotText = ("Das können wir nicht lesen", "We cannot read this");
    private static readonly (string De, string En) BadRequest = ("Das hat nicht geklappt", "That did not work");
    private static readonly (string De, string En) TooMuch = ("Das war zu viel auf einmal", "That was too large");

    [Fact]
    public async Task A_form_that_is_not_text_is_refused_in_words()
    {
        foreach (var value in (string[])["%00", "%EF%BF%BE", "%EF%BF%BF", "%EF%B7%90", "%F0%9F%BF%BE", "%ED%A0%80", "%ED%BF%BF", "%FF",
            "\u00FF", "\u0000", "%", "%4", "%zz", "%u0041"])
        {
            await PageAsync(400, NotText, Form, $"Email={Typed}{value}");
            await PageAsync(400, NotText, Form, $"{Typed}{value}=1");
        }

        await PageAsync(413, TooMuch, Form, string.Concat(Enumerable.Range(0, 300).Select(i => $"&{Typed}{i}=1")));
        await PageAsync(413, TooMuch, Form, $"{Typed}{new string('n', 300)}=1");

        // What a person may type is read and judged by the page (422: no address); so are fields that come twice or have no name.
        foreach (
            var value in (string[])["%C3%A4%F0%9F%98%80", "%EF%BF%BD", "%0B%1F", "1&Email=2&Email=3", "&=&==&", "[0].x.y=1&Email.Email=2"])
        {
            await PageAsync(422, null, Form, $"Email={Typed}{value}");
        }
    }

    [Fact]
    public async Task A_form_of_several_parts_that_is_broken_or_not_text_is_refused_in_words()
    {
        foreach (var value in (string[])["\u0000", "\u00FF", "\u00EF\u00BF\u00BE", "\u00ED\u00A0\u0080"])
        {
            await PageAsync(400, NotText, Parts, Part("Email", Typed + value) + "--teil--\r\n");
            await PageAsync(400, NotText, Parts, Part("Email\"; filename=\"a" + value, Typed) + "--teil--\r\n");
        }

        // It ends early, the boundary is another one or none, a header is none.
        await PageAsync(400, BadRequest, Parts, Part("Email", Typed));
        await PageAsync(400, BadRequest, Parts, Part("Email", Typed)[..^8]);
        await PageAsync(400, BadRequest, "multipart/form-data; boundary=anders", Part("Email", Typed) + "--teil--\r\n");
        await PageAsync(400, BadRequest, "multipart/form-data", Part("Email", Typed) + "--teil--\r\n");
        await PageAsync(400, BadRequest, "multipart/form-data; boundary=" + new string('b', 500), Part("Email", Typed));
        await PageAsync(400, BadRequest, Parts, $"--teil\r\n{Typed}\r\n\r\nx\r\n--teil--\r\n");

        await PageAsync(422, null, Parts, Part("Email", Typed + "\u00C3\u00A4") + Part("Email", "2") + "--teil--\r\n");
    }

    [Fact]
    public async Task An_unknown_character_set_is_415()
    {
        foreach (var charset in (string[])["x-klingon", "utf-7", "\"x y\"", "utf-99"])
        {
            await PageAsync(415, NotText, $"{Form}; charset={charset}", $"Email={Typed}");
            await ProblemAsync(415, "INVALID_REQUEST", "POST /api/v1/activations", $"application/json; charset={charset}", "{}");
            await ProblemAsync(415, "INVALID_REQUEST", "POST /api/v1/offline-activations", $"text/plain; charset={charset}", "x");
        }

        await PageAsync(415, NotText, $"{Form}; charset=utf-16", $"Email={Typed}");
        await PageAsync(422, null, $"{Form}; charset=\"UTF-8\"", $"Email={Typed}");
    }

    [Fact]
    public async Task A_compressed_body_is_415()
    {
        foreach (var encoding in (string[])["gzip", "br", "deflate", "identity, gzip"])
        {
            var answer = await SendAsync(
                $"POST /api/v1/activations HTTP/1.1\nX-Test: 1\nContent-Encoding: {encoding}\nContent-Type: application/json", "{}");
            answer.Status.ShouldBe(415, encoding);
            answer.Body.ShouldContain("(Content-Encoding)");
        }

        await ProblemAsync(400, "INVALID_REQUEST", "POST /api/v1/activations", "application/json\nContent-Encoding: identity", "{}");
    }

    /// <summary>Found by the fuzz test: the page that shows an expired form again took any body for one.</summary>
    [Fact]
    public async Task A_post_to_a_page_that_is_no_form_is_refused_in_words()
    {
        foreach (var type in (string[])["text/plain", "application/json", "a/b;c", "application/x-www-form-urlencoded2"])
        {
            await PageAsync(415, BadRequest, type, $"Email={Typed}");
        }

        await PageAsync(400, BadRequest, "", $"Email={Typed}");
    }

    /// <summary>
    /// Found by the long fuzz run: an endpoint that binds a field of a form fails on what has no Content-Type before it can say anything.
    /// </summary>
    [Fact]
    public async Task A_post_to_an_endpoint_that_takes_a_form_and_is_none_is_refused_in_words()
    {
        var endpoints = prepared.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains(Form) == true)
            .Select(endpoint => endpoint.RoutePattern.RawText!).ToList();
        endpoints.ShouldContain("/culture/set");
        endpoints.ShouldContain("/account/passkey-question");
        foreach (var endpoint in endpoints)
        {
            foreach (var body in (string?[])[null, "", $"to=en&PasskeyTicket={Typed}"])
            {
                foreach (var type in (string[])["", "Content-Type:", "Content-Type: ;", "Content-Type: text/plain",
                    "Content-Type: application/json", "Content-Type: a/b;c", "Content-Type: x"])
                {
                    var answer = await SendAsync($"POST {endpoint} HTTP/1.1\nAccept-Language: de\nX-Test: 1\n{type}", body);
                    answer.Status.ShouldBeOneOf([400, 415], $"{endpoint} {type} {body}");
                    answer.Body.ShouldContain(BadRequest.De, customMessage: $"{endpoint} {type} {body}");
                }
            }
        }
    }

    [Fact]
    public async Task An_address_or_header_that_is_not_text_is_refused_in_words()
    {
        foreach (var value in (string[])["%ED%A0%80", "%FF", "%zz", "%", "%EF%BF%BE", "%F0%9F%BF%BF"])
        {
            foreach (var target in (string[])[$"/release/{value}", $"/{value}", $"/staff/licenses/{value}", $"/release?x={value}",
                $"/?{value}=1", $"/my/invoices/{value}/pdf"])
            {
                await PageAsync(400, NotText, target);
            }

            await ProblemAsync(400, "INVALID_REQUEST", $"GET /api/v1/blocklist?x={value}");
            await ProblemAsync(400, "INVALID_REQUEST", $"POST /api/v1/activations/{value}/check", "application/json", "{}");
        }

        await PageAsync(400, NotText, "/release?x=%00");
        await PageAsync(400, NotText, "/", headers: "User-Agent: \u00EF\u00BF\u00BE");
        await PageAsync(400, NotText, "/", headers: "X-Forwarded-For: \u00EF\u00B7\u0090");
        (await RawHttp.SendAsync(prepared.Portal.Address, "GET /release/%00 HTTP/1.1")).Status.ShouldBe(400, "by the server itself");

        // A cookie that is broken counts as none: the refusal would last as long as the cookie.
        foreach (var cookie in (string[])[
            "culture=%00", "account=%ED%A0%80", "form=\u00EF\u00BF\u00BE", "=;;=%", "account=" + new string('A', 3000)])
        {
            await PageAsync(200, null, "/lost-key", headers: "Cookie: " + cookie);
        }
    }

    [Fact]
    public async Task JSON_that_is_not_text_is_refused_and_the_field_is_named()
    {
        foreach (var value in (string[])["\\u0000", "\\ufffe", "\\ud800", "\\udc00x", "\\uD83F\\uDFFE", "\u00FF", "\u00ED\u00A0\u0080"])
        {
            foreach (var field in (string[])["product", "activationKey", "pcName", "hardwareCode", "nonce"])
            {
                var problem = await ProblemAsync(
                    400, "INVALID_REQUEST", "POST /api/v1/activations", "application/json", $$"""{"{{field}}":"{{Typed}}{{value}}"}""");
                problem.ShouldContain($" {field} ");
            }
        }

        foreach (var body in (string[])["""{"generation":"1"}""", """{"generation":1.5}""", """{"generation":null,"ts":"1796"}""",
            """{"ts":true}""", """{"mac":7}""", """{"ts":99999999999999999999}"""])
        {
            (await ProblemAsync(400, "INVALID_REQUEST", "POST /api/v1/activations/7K3M9Q2X5W8T0/check", "application/json", body))
                .ShouldContain(body.Contains("ts", StringComparison.Ordinal) ? " ts " : body.Contains("mac", StringComparison.Ordinal)
                    ? " mac "
                    : " generation ");
        }

        foreach (var body in (string[])[
            "", "{", "[]", "null", "1", "{\"product\":{}}", "{\"a\":\"" + Typed + "\\", "\u0000", "{\"\\ud800\":1}", new string('[', 100)])
        {
            await ProblemAsync(400, "INVALID_REQUEST", "POST /api/v1/activations", "application/json", body);
        }
    }

    [Fact]
    public async Task A_path_with_two_slashes_says_so()
    {
        foreach (var path in (string[])["//api/v1/activations", "/api/v1//activations", "/api//v1/activations"])
        {
            (await ProblemAsync(404, "NOT_FOUND", "POST " + path, "application/json", "{}")).ShouldContain("zwei Schr");
        }

        await PageAsync(404, ("Seite nicht gefunden", "Page not found"), "//release");
    }

    private static string Part(string name, string value) =>
        $"--teil\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n";

    /// <summary>A GET of the target, or a POST of the body to a public form. Each character of the body is one byte.</summary>
    private async Task PageAsync(
        int status, (string De, string En)? heading, string targetOrType, string? body = null, string headers = "X-Test: 1")
    {
        foreach (var language in (string[])["de", "en"])
        {
            var head = body is null
                ? $"GET {targetOrType} HTTP/1.1\nAccept-Language: {language}\n{headers}"
                : $"POST /lost-key HTTP/1.1\nAccept-Language: {language}\nContent-Type: {targetOrType}\n{headers}";
            var answer = await SendAsync(head, body);
            answer.Status.ShouldBe(status, head + "\n\n" + body);
            if (heading is { } words)
            {
                answer.Body.ShouldContain(language == "de" ? words.De : words.En, customMessage: head + "\n\n" + body);
                answer.Body.ShouldNotContain(Typed);
            }
        }
    }

    private async Task<string> ProblemAsync(int status, string code, string request, string? type = null, string? body = null)
    {
        var head = $"{request} HTTP/1.1\nAccept-Language: de{(type is null ? "" : "\nContent-Type: " + type)}";
        var answer = await SendAsync(head, body);
        var asked = head + "\n\n" + body;
        answer.Status.ShouldBe(status, asked);
        answer.Head.ShouldContain("application/problem+json", customMessage: asked);
        answer.Body.ShouldContain($"\"code\":\"{code}\"", customMessage: asked);
        answer.Body.ShouldContain("\"title\":\"", customMessage: asked);
        answer.Body.ShouldNotContain(Typed);
        return System.Text.RegularExpressions.Regex.Unescape(answer.Body);
    }

    private async Task<RawAnswer> SendAsync(string head, string? body)
    {
        prepared.Log.Clear();
        var answer = await RawHttp.SendAsync(prepared.Portal.Address, head, body is null ? null : Encoding.Latin1.GetBytes(body));
        prepared.Log.Faults.ShouldBeEmpty(head);
        prepared.Log.Lines.Where(line => line.Contains(Typed, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty(head);
        return answer;
    }
}

/// <summary>One prepared portal for the tests that send it what no honest client would.</summary>
[CollectionDefinition(nameof(HostileInput))]
public sealed class HostileInput : ICollectionFixture<MatrixPortal>;
