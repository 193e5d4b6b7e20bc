using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/release: the key is asked for, and whatever is wrong with it is said so that it can be corrected.</summary>
public class ReleaseTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private const string WellFormed = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH";

    [Theory]
    [InlineData("de", "Geben Sie Ihren Aktivierungsschlüssel ein", "Wo finde ich den Schlüssel?")]
    [InlineData("en", "Enter your activation key", "Where do I find the key?")]
    public async Task The_page_asks_for_one_thing(string language, string heading, string where)
    {
        using var browser = portal.Open(language);
        await browser.GetAsync("/release");

        browser.Status.ShouldBe(HttpStatusCode.OK);
        browser.Heading.ShouldBe(heading);
        browser.Page.QuerySelectorAll("main input:not([type=hidden]), main textarea").ShouldHaveSingleItem().GetAttribute("name")
            .ShouldBe("ActivationKey");
        browser.Page.QuerySelectorAll("main button").ShouldHaveSingleItem();
        browser.Page.QuerySelector("main details summary")!.TextContent.ShouldBe(where);
        browser.Outcome.ShouldBeNull();
    }

    [Fact]
    public async Task The_start_page_leads_here()
    {
        using var browser = portal.Open();
        await browser.GetAsync("/");

        browser.Page.QuerySelector("main a[href='/release']")!.TextContent.ShouldBe("Lizenz deaktivieren und freigeben");
    }

    [Theory]
    [InlineData("", "Geben Sie Ihren Aktivierungsschlüssel ein")]
    [InlineData(" - ", "Geben Sie Ihren Aktivierungsschlüssel ein")]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7F", "Der Schlüssel hat 25 Zeichen, Ihrer hat 24. Fehlt am Ende etwas?")]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH12345", "Der Schlüssel hat 25 Zeichen, Ihrer hat 30. Ist etwas zu viel dabei?")]
    [InlineData("kbhpe-5n500-baqpq-aaqsq-pp7fh", "In Gruppe 2 (5N500) stimmt ein Zeichen nicht. Prüfen Sie besonders 0/O, 1/I und 8/B")]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSU-PP7FH", "Den Buchstaben U gibt es in unseren Codes nicht. Meinten Sie V?")]
    [InlineData("KBHPE-5N4Ä0-BAQPQ-AAQSQ-PP7FH",
        "In Gruppe 2 (5N4Ä0) steht ein Zeichen, das es in unseren Codes nicht gibt. Sie bestehen aus Ziffern und den Buchstaben A "
            + "bis Z")]
    [InlineData("DY09R-7CM28-BHTSH",
        "Das ist ein Bestätigungscode. Geben Sie hier zuerst den Aktivierungsschlüssel ein, er beginnt mit K. Nach dem Code fragt die "
            + "nächste Seite")]
    public async Task A_typing_error_is_named_and_the_text_kept(string typed, string words)
    {
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", typed));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("typing-error");
        browser.ErrorsInSummary.ShouldBe([words]);
        browser.Page.QuerySelector("#ActivationKey-error")!.TextContent.ShouldBe("Fehler: " + words);
        browser.Page.QuerySelector(".summary-box")!.HasAttribute("autofocus").ShouldBeTrue();
        browser.Page.QuerySelector(".summary-box a")!.GetAttribute("href").ShouldBe("#ActivationKey");
        browser.Page.Title!.ShouldStartWith("Fehler: ");
        browser.Page.QuerySelector<IHtmlInputElement>("#ActivationKey")!.Value.ShouldBe(typed);
        browser.Path.ShouldBe("/release");
    }

    [Fact]
    public async Task The_wrong_group_is_marked_also_in_a_pasted_mail()
    {
        using var browser = portal.Open("en");
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", "Dear customer, your key is kbhpe-5n500-baqpq-aaqsq-pp7fh. Regards"));

        browser.ErrorsInSummary.ShouldBe(["A character in group 2 (5N500) is wrong. Check 0/O, 1/I and 8/B first"]);
        browser.Page.QuerySelectorAll("ol.groups .code").Select(group => group.TextContent)
            .ShouldBe(["KBHPE", "5N500", "BAQPQ", "AAQSQ", "PP7FH"]);
        browser.Page.QuerySelector("li.group-wrong .code")!.TextContent.ShouldBe("5N500");
    }

    [Theory]
    [InlineData("de", "Das ist ein Hardwarecode. Er gehört auf die Seite „Ohne Internet aktivieren“ (/activate)"
        + ". Hier brauchen wir den Aktivierungsschlüssel, er beginnt mit K")]
    [InlineData("en", "This is a hardware code. It belongs on the page “Activate without internet” (/activate)"
        + ". Here we need the activation key, it starts with K")]
    public async Task A_hardware_code_is_named_as_one(string language, string words)
    {
        using var browser = portal.Open(language);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", A.Hardware("KASSE-1").ToString()));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe([words]);
    }

    [Fact]
    public async Task An_emergency_code_is_named_as_one()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", await license.EmergencyCodeAsync("KASSE-ALT")));

        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldStartWith("Das ist ein Notfallcode");
    }

    [Theory]
    [InlineData("de", "Zu diesem Schlüssel finden wir keine Lizenz. Prüfen Sie die Eingabe oder lassen Sie sich den Schlüssel zusenden")]
    [InlineData("en", "We cannot find a license for this key. Check it, or have your key sent to you")]
    public async Task An_unknown_key_is_not_found(string language, string words)
    {
        using var browser = portal.Open(language);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", ActivationKey.New().ToString()));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("not-found");
        browser.ErrorsInSummary.ShouldBe([words]);
        browser.Words.ShouldContain("+49 30 0000000");
    }

    [Fact]
    public async Task A_right_key_leads_on_however_it_is_typed()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var careless = license.Key.Replace('0', 'o').Replace('1', 'l').Replace("-", " – ", StringComparison.Ordinal);
        foreach (var typed in new[] { license.Key, careless, license.Key.Replace("-", "", StringComparison.Ordinal),
            $"Guten Tag, Ihr Schlüssel: {license.Key}. Viel Erfolg!" })
        {
            using var browser = portal.Open();
            await browser.GetAsync("/release");
            await browser.SubmitAsync(("ActivationKey", typed));

            browser.Outcome.ShouldBe("confirm", typed);
            browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
            browser.Path.ShouldMatch("^/release/[A-Za-z0-9_-]{43}$");
        }
    }

    [Fact]
    public async Task A_look_alike_of_an_imported_key_is_offered()
    {
        var scheme = new KeyScheme { Pattern = "BA-[0-9]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}" };
        await portal.Portal.AddLicenseAsync(foreignKey: "BA-2019-O0B8-1I7Q", keys: scheme, computers: "KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", "ba-2019-00b8-117q"));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("did-you-mean");
        browser.ErrorsInSummary.ShouldBe(["Meinten Sie BA-2019-O0B8-1I7Q?"]);
        browser.Page.QuerySelector<IHtmlInputElement>("#ActivationKey")!.Value.ShouldBe("ba-2019-00b8-117q");

        var offered = browser.Page.QuerySelectorAll("main form")[1].ShouldBeAssignableTo<IHtmlFormElement>()!;
        Browser.Text(offered.QuerySelector("button")!).ShouldBe("Ja, weiter mit BA-2019-O0B8-1I7Q");
        await browser.SubmitAsync(offered);

        browser.Outcome.ShouldBe("confirm");
    }

    [Fact]
    public async Task After_too_many_tries_the_time_is_said_and_the_text_kept()
    {
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        for (var i = 0; i < 10; i++)
        {
            await browser.SubmitAsync(("ActivationKey", ActivationKey.New().ToString()));
            browser.Outcome.ShouldBe("not-found");
        }

        var typed = ActivationKey.New().ToString();
        await browser.SubmitAsync(("ActivationKey", typed));

        browser.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        browser.Outcome.ShouldBe("too-many-tries");
        browser.Answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        browser.Words.ShouldContain("Zu viele Versuche. Bitte ab");
        browser.Words.ShouldContain("Uhr noch einmal, oder rufen Sie uns an: +49 30 0000000");
        browser.Page.QuerySelector<IHtmlInputElement>("#ActivationKey")!.Value.ShouldBe(typed);
    }

    [Fact]
    public async Task A_key_of_1_MB_is_refused_with_a_page()
    {
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        using var answer =
            await browser.PostAsync(request => request.Headers.ExpectContinue = true, ("ActivationKey", new string('K', 1024 * 1024)));
        await browser.ShowAsync(answer, "/release");

        browser.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        browser.Heading.ShouldBe("Das war zu viel auf einmal");
        browser.Words.ShouldNotContain("KKKK");
    }

    [Fact]
    public async Task A_key_that_is_longer_than_a_field_may_be_is_refused_alike()
    {
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        using var answer = await browser.PostAsync(null, ("ActivationKey", new string('K', 600_000)));
        await browser.ShowAsync(answer, "/release");

        browser.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        browser.Heading.ShouldBe("Das war zu viel auf einmal");
    }

    [Fact]
    public async Task A_form_that_outlived_its_token_comes_back_as_typed_and_does_nothing()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        using var later = portal.Open();
        using var answer = await Without(browser, later, license.Key);
        await later.ShowAsync(answer, "/release");

        later.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        later.Words.ShouldContain("Diese Seite war zu lange offen");
        later.Page.QuerySelector<IHtmlInputElement>("#ActivationKey")!.Value.ShouldBe(license.Key);
        await using (var db = portal.Portal.Open())
        {
            (await db.Set<ReleaseRequest>().CountAsync(r => r.LicenseId == license.Id)).ShouldBe(0);
        }

        await later.SubmitAsync();
        later.Outcome.ShouldBe("confirm");
    }

    [Fact]
    public async Task A_foreign_page_cannot_choose_what_ours_shows()
    {
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        using var victim = portal.Open();
        using var answer = await Without(browser, victim, WellFormed, request => request.Headers.Add("Origin", "https://evil.example"));
        using var fetched = await Without(browser, victim, WellFormed, request => request.Headers.Add("Sec-Fetch-Site", "cross-site"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        fetched.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(WellFormed);
    }

    /// <summary>The form of one browser sent by another, which does not have its cookie.</summary>
    private static async Task<HttpResponseMessage> Without(
        Browser cookie, Browser sender, string key, Action<HttpRequestMessage>? change = null)
    {
        var fields = cookie.Page.QuerySelectorAll("main form input[type=hidden]")
            .Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value")!));
        var request = new HttpRequestMessage(
            HttpMethod.Post, "/release")
        { Content = new FormUrlEncodedContent(fields.Append(new("ActivationKey", key))) };
        change?.Invoke(request);
        return await sender.SendAsync(request);
    }
}
