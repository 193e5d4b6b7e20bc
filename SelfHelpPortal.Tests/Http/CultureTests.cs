using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Kit;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.Platform.Mail;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

public class CultureTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData(null, "de")]
    [InlineData("en-GB,en;q=0.9", "en")]
    [InlineData("de-AT", "de")]
    [InlineData("fr-FR,fr;q=0.9,en;q=0.5", "en")]
    [InlineData("fr-FR", "en")]
    [InlineData("tr;q=0.9,*;q=0.1", "en")]
    [InlineData("*", "de")]
    public async Task Without_a_choice_the_browser_decides_and_English_is_for_all_others(string? accepted, string language)
    {
        using var client = portal.CreateClient();

        (await PageAsync(client, accepted)).ShouldContain($"<html lang=\"{language}\">");
    }

    [Fact]
    public async Task A_choice_is_kept_and_leads_back()
    {
        using var client = portal.CreateClient();

        using var answer = await ChooseAsync(client, "en", "/imprint?x=1");

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
        page.ShouldContain("<input type=\"hidden\" name=\"to\" value=\"de\"");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("imprint")]
    [InlineData("/é")]
    [InlineData("/a b")]
    [InlineData("")]
    public async Task It_leads_nowhere_else(string back)
    {
        using var client = portal.CreateClient();

        using var answer = await ChooseAsync(client, "en", back);

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

        using var answer = await ChooseAsync(client, language);

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

        using var answer = await ChooseAsync(client, "en");
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

    /// <summary>As the links of mails do. The link in the page's head leads away from it again.</summary>
    [Theory]
    [InlineData("en", "en")]
    [InlineData("fr", "de")]
    [InlineData("", "de")]
    public async Task An_address_says_the_language_of_its_page_and_nothing_is_kept(string asked, string language)
    {
        using var browser = new Browser(portal);
        await browser.GetAsync($"/imprint?x=1&lang={asked}");

        browser.Answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        browser.Page.DocumentElement.GetAttribute("lang").ShouldBe(language);
        browser.Page.QuerySelector("header input[name='return']")!.GetAttribute("value").ShouldBe("/imprint?x=1");

        await browser.GetAsync("/imprint");
        browser.Page.DocumentElement.GetAttribute("lang").ShouldBe("de");
    }

    /// <summary>The page of the mail's button in the other language, or the portal where a mail has no button.</summary>
    [Fact]
    public async Task The_foot_of_a_mail_leads_to_its_page_in_the_other_language()
    {
        var renderer = portal.Services.GetRequiredService<MailRenderer>();
        var released = await renderer.RenderAsync(MailExamples.Released("de"));
        var objection = MailExamples.Released("de").Objection.Address;

        released.Text.ShouldContain($"English: {objection}?lang=en");
        released.Copy.ShouldNotContain(objection);
        (await renderer.RenderAsync(MailExamples.Released("en"))).Text.ShouldContain($"Deutsch: {objection}?lang=de");
        foreach (var mail in MailExamples.All("de"))
        {
            var text = (await renderer.RenderAsync(mail)).Text;
            Regex.Matches(text, @"\S+[?&]lang=en\b").ShouldHaveSingleItem(mail.Kind);
        }
    }

    [Fact]
    public async Task The_link_of_an_earlier_mail_changes_nothing_and_offers_its_language_first()
    {
        using var browser = new Browser(portal);
        await browser.GetAsync("/culture?to=en");

        browser.Answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        browser.Main.QuerySelectorAll("button").Select(button => button.GetAttribute("lang")).ShouldBe(["en", "de"]);
        await browser.SubmitAsync(browser.Page.QuerySelector<IHtmlFormElement>("main form")!, ("to", "en"));
        browser.Page.DocumentElement.GetAttribute("lang").ShouldBe("en");
    }

    /// <summary>
    /// A page elsewhere that makes the browser open or send something; some of them with the sign-in, as an old browser would.
    /// </summary>
    [Theory]
    [InlineData("GET", "cross-site", null, false)]
    [InlineData("HEAD", "none", null, false)]
    [InlineData("POST", "cross-site", "https://evil.example", false)]
    [InlineData("POST", "same-site", null, false)]
    [InlineData("POST", null, "https://evil.example", false)]
    [InlineData("POST", "same-origin", null, true)]
    [InlineData("POST", null, "null", true)]
    [InlineData("POST", null, null, true)]
    public async Task Only_our_own_pages_change_the_language_of_a_signed_in_person(
        string method, string? site, string? origin, bool changes)
    {
        var user = await CustomerUser.CreateAsync(portal, customer: null);
        using var browser = await user.SignInAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), method == "POST" ? "/culture/set" : "/culture?to=en&return=%2F");
        request.Content = method == "POST" ? new FormUrlEncodedContent([new("to", "en"), new("return", "/")]) : null;
        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", site), ("Origin", origin) })
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        using var answer = await browser.SendAsync(request);

        await using var db = portal.Open();
        (await db.Users.Where(u => u.Id == user.Id).Select(u => u.Culture).SingleAsync()).ShouldBe(changes ? "en" : "de");
        answer.Headers.Contains("Set-Cookie").ShouldBe(changes);
    }

    [Theory]
    [InlineData("German", null, "de")]
    [InlineData("German", "en-GB,en;q=0.9", "de")]
    [InlineData("English", "de-AT", "en")]
    [InlineData("English", "fr-FR", "en")]
    [InlineData("EnglishAndGerman", "fr-FR", "en")]
    [InlineData("GermanFirst", "fr-FR", "de")]
    [InlineData("GermanFirst", "en-GB,en;q=0.9", "en")]
    [InlineData("EnglishAndGerman", "de-AT", "de")]
    public async Task The_vendor_says_which_languages_there_are_and_which_comes_first(string offered, string? accepted, string language)
    {
        await using var node = await OfferingAsync(offered);
        using var client = node.CreateClient();

        var page = await PageAsync(client, accepted);

        page.ShouldContain($"<html lang=\"{language}\">");
        page.Contains("action=\"/culture/set\"", StringComparison.Ordinal).ShouldBe(offered is not ("German" or "English"));
    }

    [Fact]
    public async Task A_language_that_is_not_offered_any_more_is_left_by_pages_forms_and_mails()
    {
        await using var node = await OfferingAsync("German");
        using var browser = new Browser(node);
        await browser.GetAsync("/culture?to=en");
        browser.Page.DocumentElement.GetAttribute("lang").ShouldBe("de");
        browser.Main.QuerySelectorAll("button").Select(button => button.GetAttribute("lang")).ShouldBe(["de"]);

        await using var db = node.Open();
        var mail = await node.Services.GetRequiredService<Outbox>().EnqueueAsync(db, MailExamples.Released("en"), node.Clock.Now);
        mail.Culture.ShouldBe("de");
        mail.Subject.ShouldBe(MailExamples.Released("de").Subject(new MailTexts(typeof(ReleasedMail), new CultureInfo("de"))));
        mail.CopyText.ShouldNotContain("English: ");
    }

    [Fact]
    public async Task Staff_read_in_their_own_language_whatever_customers_are_offered()
    {
        await using var node = await OfferingAsync("German");
        var clerk = await StaffUser.CreateAsync(node);
        using var browser = await clerk.SignInAsync("en");

        await browser.GetAsync("/staff");

        browser.Page.DocumentElement.GetAttribute("lang").ShouldBe("en");
    }

    private static async Task<PortalFactory> OfferingAsync(string languages)
    {
        var node = new PortalFactory();
        node.Configuration["Vendor:Languages"] = languages;
        await node.InitializeAsync();
        return node;
    }

    private static async Task<HttpResponseMessage> ChooseAsync(HttpClient client, string language, string? back = null)
    {
        using var form = new FormUrlEncodedContent([new("to", language), new("return", back ?? "")]);
        return await client.PostAsync("/culture/set", form);
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
