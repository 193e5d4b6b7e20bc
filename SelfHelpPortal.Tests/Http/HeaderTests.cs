using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Shared.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>T15: the security headers stand on every answer there is.</summary>
public sealed class HeaderTests : IAsyncLifetime
{
    private readonly PortalFactory _portal = new()
    {
        Endpoints = app =>
        {
            app.MapGet("/test/broken", string () => throw new InvalidOperationException("broken on purpose"));
            app.MapGet("/api/v1/test/broken", string () => throw new InvalidOperationException("broken on purpose"));
            app.MapGet("/test/keeps", (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "public, max-age=60";
                return "text";
            });
        },
    };

    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        await _portal.InitializeAsync();
        _client = _portal.CreateClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _portal.DisposeAsync();
    }

    [Fact]
    public async Task Every_endpoint_sends_them()
    {
        var endpoints = _portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var addresses = endpoints.SelectMany(Requests).Distinct().ToList();
        var bad = new List<string>();

        foreach (var (method, path) in addresses)
        {
            using var request = new HttpRequestMessage(method, path);
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            bad.AddRange(Missing(answer, path).Select(header => $"{method} {path} ({(int)answer.StatusCode}): {header}"));
        }

        bad.ShouldBeEmpty();
        addresses.ShouldContain((HttpMethod.Get, "/"));
        addresses.ShouldContain((HttpMethod.Get, "/site.css"));
    }

    [Theory]
    [InlineData("GET", "/no/such/page", HttpStatusCode.NotFound)]
    [InlineData("GET", "/test/broken", HttpStatusCode.InternalServerError)]
    [InlineData("GET", "/api/v1/test/broken", HttpStatusCode.InternalServerError)]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/nothing.css", HttpStatusCode.NotFound)]
    [InlineData("POST", "/", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/staff/nothing", HttpStatusCode.NotFound)]
    public async Task So_does_every_failure(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await _client.SendAsync(request);

        answer.StatusCode.ShouldBe(status);
        Missing(answer, path).ShouldBeEmpty();
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/D/0G000000000000000000000000000000")]
    [InlineData("/release/confirm/abc")]
    [InlineData("/object/abc")]
    [InlineData("/activate/abc")]
    [InlineData("/account/abc")]
    public async Task Addresses_with_a_secret_leave_no_trace(string path)
    {
        using var answer = await _client.GetAsync(path);

        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.GetValues("X-Robots-Tag").ShouldBe(["noindex"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Pages_are_not_kept_and_files_are()
    {
        using var page = await _client.GetAsync("/");
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        page.Headers.Contains("X-Robots-Tag").ShouldBeFalse();

        using var told = await _client.GetAsync("/test/keeps");
        told.Headers.CacheControl!.NoStore.ShouldBeFalse();

        var html = await page.Content.ReadAsStringAsync();
        var style = html.Split("<link rel=\"stylesheet\" href=\"")[1].Split('"')[0];
        using var file = await _client.GetAsync(style);
        file.StatusCode.ShouldBe(HttpStatusCode.OK);
        file.Headers.CacheControl!.NoStore.ShouldBeFalse();
    }

    [Fact]
    public void Staff_pages_loosen_one_thing_only()
    {
        SecurityHeaders.StaffPolicy.ShouldBe(SecurityHeaders.PublicPolicy + "; style-src-attr 'unsafe-inline'");
        SecurityHeaders.PublicPolicy.ShouldNotContain("unsafe");
        // MudBlazor's components must get along with these; its theme is a file for that reason.
        SecurityHeaders.StaffPolicy.Split("; ").ShouldBe(
        [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
            "form-action 'self'", "base-uri 'self'", "frame-ancestors 'none'", "object-src 'none'", "style-src-attr 'unsafe-inline'",
        ]);
    }

    [Fact]
    public void A_missing_header_is_found()
    {
        using var bare = new HttpResponseMessage();
        bare.Headers.TryAddWithoutValidation("Server", "Kestrel");

        Missing(bare, "/").Count().ShouldBe(8);
    }

    private static IEnumerable<string> Missing(HttpResponseMessage answer, string path)
    {
        // Staff pages, and in Development the preview of mails, whose styles stand in attributes.
        var styled = path.Equals("/staff", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("/staff/", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("/dev/mail", StringComparison.OrdinalIgnoreCase);
        // In Development, a page of others for whoever develops against the API.
        var docs = path.StartsWith("/docs", StringComparison.OrdinalIgnoreCase);
        // What a stranger sent along.
        var foreign = path.EndsWith("/document", StringComparison.OrdinalIgnoreCase);
        (string Name, string Value)[] expected =
        [
            ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
            ("Content-Security-Policy", docs ? ApiSetup.DocsPolicy : foreign ? OwnerDocumentDownload.NothingAllowed
                : styled ? SecurityHeaders.StaffPolicy : SecurityHeaders.PublicPolicy),
            ("Referrer-Policy", LinkRoutes.Contains(path) ? "no-referrer" : "strict-origin-when-cross-origin"),
        ];
        foreach (var (name, value) in expected)
        {
            var values = answer.Headers.TryGetValues(name, out var found) ? found.ToList() : [];
            if (values is not [var only] || only != value)
            {
                yield return $"{name} is '{string.Join("' and '", values)}'";
            }
        }

        if (answer.Headers.Contains("Server"))
        {
            yield return "Server is sent";
        }

        if (answer.Headers.CacheControl is null)
        {
            yield return "Cache-Control is missing";
        }
    }

    private static IEnumerable<(HttpMethod Method, string Path)> Requests(RouteEndpoint endpoint)
    {
        var path = "/"
            + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Sample))));
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        return methods.Select(method => (new HttpMethod(method), path));
    }

    private static string Sample(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        _ => "1",
    };
}
