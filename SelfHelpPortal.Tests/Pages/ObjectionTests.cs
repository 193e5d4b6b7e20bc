using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/object/{link}: the owner says that a release was not theirs.</summary>
public class ObjectionTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    [Theory]
    [InlineData("de", "Das waren nicht Sie?", "Ihr Einspruch ist da", "Der PC KA…T hat die Lizenz wieder.")]
    [InlineData("en", "Not you?", "We have your objection", "The PC KA…T has the license again.")]
    public async Task A_free_seat_goes_back_and_further_releases_wait(string language, string heading, string objected, string restored)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var link = await ReleasedAsync(license);
        using var browser = portal.Open(language);
        await browser.GetAsync(link);
        browser.Heading.ShouldBe(heading);
        browser.Outcome.ShouldBe("ready");
        browser.Words.ShouldContain("KA…T");
        browser.Words.ShouldContain(license.Number);
        (await license.ReadAsync()).Flags.ShouldBeEmpty();

        await browser.ConfirmAsync(("Message", "Der PC läuft noch."));

        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Outcome.ShouldBe("objected");
        browser.Heading.ShouldBe(objected);
        browser.Words.ShouldContain(restored);
        var flag = (await license.ReadAsync()).Flags.ShouldHaveSingleItem();
        browser.Words.ShouldContain(flag.Number);
        flag.Kind.ShouldBe(FlagKind.Objection);
        flag.Message.ShouldBe("Der PC läuft noch.");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("KASSE-ALT");
        var page = browser.Words;

        await browser.GetAsync(link);
        browser.Words.ShouldBe(page);
        (await license.EventsAsync()).Count(e => e.Kind == EventKind.Objected).ShouldBe(1);

        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", license.Key));
        browser.Outcome.ShouldBe("ask-support");
        browser.Words.ShouldContain(flag.Number);
    }

    [Theory]
    [InlineData("de", "Der alte PC KA…T hat die Lizenz noch nicht wieder")]
    [InlineData("en", "The old PC KA…T does not have the license back yet")]
    public async Task A_seat_that_is_taken_stays_so_and_staff_decide(string language, string words)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var link = await ReleasedAsync(license);
        await license.ActivateAsync("KASSE-NEU");
        using var browser = portal.Open(language);
        await browser.GetAsync(link);
        await browser.ConfirmAsync();

        browser.Outcome.ShouldBe("objected");
        browser.Words.ShouldContain(words);
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("KASSE-NEU");
    }

    [Fact]
    public async Task A_double_click_objects_once()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync(await ReleasedAsync(license));
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => browser.PostAsync(null, ("Confirmed", "yes"))));

        answers.Select(answer => answer.StatusCode).Distinct().ShouldBe([HttpStatusCode.SeeOther]);
        (await license.EventsAsync()).Count(e => e.Kind == EventKind.Objected).ShouldBe(1);
        (await license.ReadAsync()).Activations.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_message_that_is_too_long_comes_back()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync(await ReleasedAsync(license));
        await browser.ConfirmAsync(("Message", new string('x', 2001)));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(["Dieser Text hat 2001 Zeichen. Kürzen Sie ihn auf höchstens 2000"]);
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#Message")!.Value.Length.ShouldBe(2001);
        (await license.ReadAsync()).Flags.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("de", "Dieser Link ist abgelaufen")]
    [InlineData("en", "This link has expired")]
    public async Task After_a_day_the_link_names_whom_to_ask(string language, string heading)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        using var browser = portal.Open(language);
        await browser.GetAsync(await ReleasedAsync(license));
        portal.Portal.Clock.Advance(TimeSpan.FromHours(25));
        await browser.ConfirmAsync();

        browser.Outcome.ShouldBe("expired");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain("+49 30 0000000");
        (await license.ReadAsync()).Flags.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_that_is_none_is_not_found()
    {
        using var browser = portal.Open();
        await browser.GetAsync("/object/nothing");

        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        browser.Outcome.ShouldBe("invalid-link");
    }

    [Fact]
    public async Task A_form_that_outlived_its_token_comes_back_as_typed()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var link = await ReleasedAsync(license);
        using var browser = portal.Open();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, link)
        { Content = new FormUrlEncodedContent([new("_handler", "page"), new("Message", "Nicht ich")]) };
        using var answer = await browser.SendAsync(request);
        await browser.ShowAsync(answer, link);

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#Message")!.Value.ShouldBe("Nicht ich");
        (await license.ReadAsync()).Flags.ShouldBeEmpty();
    }

    private static async Task<string> ReleasedAsync(SampleLicense license)
    {
        var released = await license.ReleaseAsync("KASSE-ALT");
        return $"/object/{await license.LinkAsync(LinkPurpose.Objection, released.Id)}";
    }
}
