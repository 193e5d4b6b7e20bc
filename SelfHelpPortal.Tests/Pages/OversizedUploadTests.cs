using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Platform.Web;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>A file that is too large is refused at its own field, and what was typed beside it is shown again.</summary>
public class OversizedUploadTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private static readonly (string Name, string? Value)[] Nothing = [];

    public static TheoryData<string, string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int>();
            foreach (var page in (string[])["/activate", "/loan", "/transfer/{Token}/hardware", "/owner/{Token}"])
            {
                foreach (var language in (string[])["de", "en"])
                {
                    // Beyond the form of its page by little and by much.
                    cases.Add(page, language, 1);
                    cases.Add(page, language, 7_000_000);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_is_larger_than_the_form_is_said_at_its_field_and_nothing_typed_is_lost(string page, string language, int beyond)
    {
        using var browser = portal.Open(language);
        var typed = await OpenAsync(browser, page);
        var upload = UploadOf(page);

        await browser.UploadAsync(upload.FileField, "zu-gross.pdf", new byte[upload.Bytes + beyond], typed);

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ShouldSayItAt(browser, upload.FileField);
        foreach (var (name, value) in typed.Where(t => t.Name != "Act"))
        {
            browser.Page.QuerySelector($"[name='{name}']")!.OuterHtml.ShouldContain(value!, customMessage: name);
        }

        // The page goes on from there.
        await browser.SubmitAsync(typed);
        browser.ErrorsInSummary.ShouldNotContain(error => error.Contains("KB", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_is_too_large_even_to_be_read_is_said_at_its_field(string page, string language, int beyond)
    {
        using var browser = portal.Open(language);
        await OpenAsync(browser, page);
        var upload = UploadOf(page);
        var action = browser.Page.QuerySelector("main form")!.GetAttribute("action") ?? browser.Path;
        using var request = new HttpRequestMessage(HttpMethod.Post, action);
        request.Headers.ExpectContinue = true;
        request.Content = new NeverSent(WebLimits.OversizedFormBytes + beyond);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=teil");

        await browser.ShowAsync(await browser.SendAsync(request), browser.Path);

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ShouldSayItAt(browser, upload.FileField);
    }

    [Fact]
    public void Each_page_with_a_file_in_its_form_is_in_the_table()
    {
        var pages = Pages().Where(e => e.Metadata.GetMetadata<TakesUploadAttribute>() is not null).Select(Route);

        pages.Order().ShouldBe(Cases.Select(c => (string)c[0]).Distinct().Order());
    }

    /// <summary>What no page takes is refused before it is read, as for every form.</summary>
    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    public async Task What_is_no_form_with_a_file_is_refused_unread(string type)
    {
        using var browser = portal.Open();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/activate");
        request.Headers.ExpectContinue = true;
        request.Content = new NeverSent(UploadOf("/activate").Bytes + 1);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        using var answer = await browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    /// <summary>Fields, names and values are as limited as in any other form.</summary>
    [Theory]
    [InlineData(WebLimits.FormKeys + 1, 4, 4)]
    [InlineData(1, WebLimits.FormKeyLength + 1, 4)]
    [InlineData(1, 4, WebLimits.FormValueLength + 1)]
    public async Task Too_many_or_too_long_fields_beside_it_are_refused(int fields, int nameLength, int valueLength)
    {
        using var browser = portal.Open();
        await browser.GetAsync("/activate");
        var typed = Enumerable.Range(0, fields)
            .Select(i => ($"{i}".PadLeft(nameLength, 'n'), (string?)new string('v', valueLength))).ToArray();

        await browser.UploadAsync("RequestFile", "zu-gross.pdf", new byte[UploadOf("/activate").Bytes], typed);

        ((int)browser.Status).ShouldBe(400);
    }

    private static void ShouldSayItAt(Browser browser, string field)
    {
        browser.ErrorsInSummary.ShouldHaveSingleItem();
        var input = browser.Page.QuerySelector($"input[name='{field}']").ShouldNotBeNull();
        input.GetAttribute("aria-invalid").ShouldBe("true");
        var said = browser.Page.GetElementById(input.Id + "-error").ShouldNotBeNull();
        Browser.Text(said).ShouldContain(browser.ErrorsInSummary[0]);
        browser.Page.QuerySelector(".summary-box a")!.GetAttribute("href").ShouldBe("#" + input.Id);
    }

    /// <summary>The page as somebody meets it, and what is typed on it.</summary>
    private async Task<(string Name, string? Value)[]> OpenAsync(Browser browser, string page)
    {
        switch (page)
        {
            case "/activate":
                await browser.GetAsync(page);
                return [("HardwareCode", "H1234"), ("ActivationKey", "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH")];
            case "/loan":
                var license = await portal.Portal.AddLicenseAsync(SampleLoans.AtOnce, loans: SampleLoans.Offered, computers: "KASSE-1");
                await browser.GetAsync($"/loan?product={(await license.ReadAsync()).ProductId}");
                return
                [
                    ("LicenseNumber", license.Number), ("HardwareCode", "H1234"), ("Reason", "Netzteil defekt"), ("LastDay", "2026-11-30"),
                ];
            case "/transfer/{Token}/hardware":
                await (await Tills.AddAsync(portal.Portal)).BeginAsync(browser);
                await browser.SubmitAsync(("Remedy", "fee"));
                return [("HardwareCode", "H1234"), ("Act", "next")];
            default:
                var held = await portal.Portal.AddHeldAsync(needsDocument: true);
                await browser.GetAsync(
                    $"/owner?product={(await held.License.ReadAsync()).ProductId}&kind=data&license={held.License.Number}");
                await browser.SubmitAsync(
                    ("Company", "Muster Gastro AG"), ("Street", "Beispielweg 2"), ("PostalCode", "54321"), ("City", "Beispielstadt"),
                    ("AskedBy", "Kasse"));
                return Nothing;
        }
    }

    private TakesUploadAttribute UploadOf(string page) =>
        Pages().Single(e => Route(e) == page).Metadata.GetMetadata<TakesUploadAttribute>().ShouldNotBeNull();

    private static string Route(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private IEnumerable<RouteEndpoint> Pages() =>
        portal.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null);

    /// <summary>Announces its length; the portal answers before a byte of it is asked for.</summary>
    private sealed class NeverSent(long length) : HttpContent
    {
        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new InvalidOperationException("The portal has asked for what it can only refuse.");
    }
}
