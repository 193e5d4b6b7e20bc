using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>What every page outside the staff area promises, whoever adds it.</summary>
public partial class PublicPageTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    /// <summary>What looks like a key and is a name.</summary>
    private static readonly string[] ProductNames = ["BeamAlign"];

    /// <summary>What only the staff area loads: the framework's script, MudBlazor's style and script, and their colors.</summary>
    private static readonly string[] OfStaff = ["_framework/", "_content/", "MudBlazor", "/theme.css", "/staff.css", "/staff."];

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task Every_page_is_a_plain_document(string language)
    {
        using var client = portal.CreateClient();
        client.DefaultRequestHeaders.Add("Accept-Language", language);
        var faults = new List<string>();
        var pages = Pages();

        foreach (var path in pages)
        {
            using var answer = await client.GetAsync(path);
            if (answer.Content.Headers.ContentType?.MediaType == "text/html")
            {
                faults.AddRange(Faults(await answer.Content.ReadAsStringAsync(), language).Select(fault => $"{path}: {fault}"));
            }
        }

        faults.ShouldBeEmpty();
        pages.ShouldContain("/");
        pages.ShouldContain("/privacy");
    }

    [Fact]
    public void A_page_that_breaks_a_promise_is_found()
    {
        const string Page = """
            <html lang="de"><head><title>x</title><base href="/"><script>go()</script></head>
            <body><main><h1>A</h1><h1>B</h1></main>
            <script src="/_framework/blazor.web.js"></script><!--Blazor-Server-Component-State:x--></body></html>
            """;

        Faults(Page, "en").Count().ShouldBe(7);
    }

    [Theory]
    [InlineData("<link rel=\"stylesheet\" href=\"/_content/MudBlazor/MudBlazor.min.css\">")]
    [InlineData("<link rel=\"stylesheet\" href=\"/theme.css?v=1\">")]
    [InlineData("<link rel=\"stylesheet\" href=\"/staff.abc.css\">")]
    [InlineData("<script src=\"/_framework/blazor.web.js\"></script>")]
    public void A_page_that_loads_what_is_for_staff_is_found(string line) =>
        Faults($"<html lang=\"de\"><head><title>a – b</title>{line}</head><body><main><h1>A</h1></main></body></html>", "de")
            .ShouldHaveSingleItem().ShouldContain("staff area");

    [Fact]
    public async Task The_start_page_is_light_enough_for_a_bad_line()
    {
        using var handler = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.None };
        using var client = new HttpClient(handler) { BaseAddress = portal.Address };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        var page = await client.GetStringAsync("/");
        var document = new HtmlParser().ParseDocument(page);
        var files = document.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href"))
            .Concat(document.QuerySelectorAll("script").Select(script => script.GetAttribute("src")));

        var total = page.Length;
        foreach (var file in files)
        {
            total += (await client.GetByteArrayAsync(file)).Length;
        }

        total.ShouldBeLessThan(60 * 1024);
    }

    [Fact]
    public async Task No_form_no_cookie()
    {
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync("/imprint");

        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task The_workshop_page_is_for_Development()
    {
        using var client = portal.CreateClient();
        (await client.GetAsync("/kit")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await using var elsewhere = PortalFactory.InProduction();
        await elsewhere.InitializeAsync();
        using var stranger = elsewhere.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kit") { Headers = { Host = "licenses.example.org" } };
        using var answer = await stranger.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Seite nicht gefunden");
    }

    [Theory]
    [InlineData("de", "Seite nicht gefunden")]
    [InlineData("en", "Page not found")]
    public async Task An_unknown_address_is_a_page_with_a_way_out(string language, string heading)
    {
        using var client = portal.CreateClient();
        client.DefaultRequestHeaders.Add("Accept-Language", language);

        using var answer = await client.GetAsync("/no/such/page");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
        page.QuerySelector("main h1")!.TextContent.ShouldBe(heading);
        page.QuerySelector("main a[href='/']").ShouldNotBeNull();
        page.QuerySelector("main")!.TextContent.ShouldContain("+49 30 0000000");
    }

    [Fact]
    public async Task A_program_is_told_in_problem_details()
    {
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync("/api/v1/nothing");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("/error/404", HttpStatusCode.NotFound)]
    [InlineData("/error/503", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/error/200", HttpStatusCode.NotFound)]
    public async Task An_error_page_says_so_in_its_status(string path, HttpStatusCode status)
    {
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync(path);

        answer.StatusCode.ShouldBe(status);
    }

    private List<string> Pages() =>
    [
        .. from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && endpoint.RoutePattern.Parameters.Count == 0
           let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
           where !StaffArea.Contains(path)
           select path,
    ];

    private static IEnumerable<string> Faults(string html, string language)
    {
        var page = new HtmlParser().ParseDocument(html);
        if (page.DocumentElement.GetAttribute("lang") != language)
        {
            yield return "is not in the reader's language";
        }

        if (page.QuerySelectorAll("main").Length != 1 || page.QuerySelectorAll("main h1").Length != 1
            || page.QuerySelectorAll("h1").Length != 1)
        {
            yield return "has not one main with one h1";
        }

        if (string.IsNullOrWhiteSpace(page.Title) || !page.Title.Contains(" – ", StringComparison.Ordinal))
        {
            yield return "has no proper title";
        }

        if (page.QuerySelector("base") is not null)
        {
            yield return "has a base, so its own #links leave it";
        }

        if (OfStaff.Any(file => html.Contains(file, StringComparison.Ordinal)))
        {
            yield return "loads the scripts or styles of the staff area";
        }

        if (html.Contains("Blazor-", StringComparison.Ordinal))
        {
            yield return "carries state for a circuit";
        }

        if (page.Scripts.Any(script => script.Source is null or "") || page.QuerySelector("[style]") is not null)
        {
            yield return "has an inline script or style";
        }

        // The language is on every page, where a token would set a cookie; OwnPages guards it instead.
        foreach (var form in page.QuerySelectorAll("form[method=post]")
            .Where(form => form.GetAttribute("action") != Culture.Path
                && form.QuerySelector("input[name=__RequestVerificationToken]") is null))
        {
            yield return $"has a form without a token: {form.GetAttribute("action")}";
        }

        foreach (var text in page.QuerySelectorAll("main, header, footer").SelectMany(element => element.Descendants<IText>())
            .Select(text => text.Data.Trim()).Where(text => RawKey().IsMatch(text) && !ProductNames.Contains(text)))
        {
            yield return $"shows a raw key: {text}";
        }
    }

    /// <summary>A name as it stands in resource files: two capitals in one word, or words joined by a dot.</summary>
    [GeneratedRegex(@"^[A-Z][a-z]+[A-Z][A-Za-z]+$|^[A-Z][A-Za-z]+\.[A-Z][A-Za-z.]+$")]
    private static partial Regex RawKey();
}
