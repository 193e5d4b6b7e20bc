using System.Net;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

public class CultureTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData(null, "de")]
    [InlineData("en-GB,en;q=0.9", "en")]
    [InlineData("de-AT", "de")]
    [InlineData("fr-FR,fr;q=0.9,en;q=0.5", "en")]
    [InlineData("fr-FR", "de")]
    public async Task Without_a_choice_the_browser_decides_and_German_is_left(string? accepted, string language)
    {
        using var client = portal.CreateClient();

        (await PageAsync(client, accepted)).ShouldContain($"<html lang=\"{language}\">");
    }

    [Fact]
    public async Task A_choice_is_kept_and_leads_back()
    {
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync("/culture?to=en&return=%2Fimprint%3Fx%3D1");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe("/imprint?x=1");
        var cookie = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldStartWith("culture=");
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldNotContain("secure");
        var page = await PageAsync(client, "de-DE");
        page.ShouldContain("<html lang=\"en\">");
        page.ShouldContain("What would you like to do?");
        page.ShouldContain("href=\"/culture?to=de&amp;return=%2F\"");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("imprint")]
    [InlineData("")]
    public async Task It_leads_nowhere_else(string back)
    {
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync($"/culture?to=en&return={Uri.EscapeDataString(back)}");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("")]
    [InlineData("de-DE")]
    public async Task An_unknown_language_is_not_kept(string language)
    {
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync($"/culture?to={language}");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task On_https_the_cookies_are_bound_to_host_and_TLS()
    {
        await using var secure = new PortalFactory();
        secure.Configuration["PublicUrl"] = "https://licenses.example.org";
        await secure.InitializeAsync();
        using var client = secure.CreateClient();

        using var answer = await client.GetAsync("/culture?to=en");
        var culture = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        using var page = await client.GetAsync("/kit");
        var form = page.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();

        culture.ShouldStartWith("__Host-culture=");
        form.ShouldStartWith("__Host-form=");
        foreach (var cookie in (string[])[culture, form])
        {
            cookie.ShouldContain("; path=/");
            cookie.ShouldContain("; secure");
            cookie.ShouldContain("; httponly");
            cookie.ShouldNotContain("domain=");
        }
    }

    private static async Task<string> PageAsync(HttpClient client, string? accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (accepted is not null)
        {
            request.Headers.Add("Accept-Language", accepted);
        }

        using var answer = await client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
