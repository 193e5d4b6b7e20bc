using System.Net;
using SelfHelpPortal.Features.Customer.Home;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>The one field of the start page: whatever somebody has leads to its page, and a key never stands in an address.</summary>
public sealed class StartPageTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private const string Key = "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH";
    private const string Hardware = "H1011-2BATA-Y9532-CFAZS-Z42Y5-DQQ30-1MTZN";
    private const string Verification = "DY09R-7CM28-BHTSH";

    [Theory]
    [InlineData("de", Key, "found-key", "Das ist ein Aktivierungsschlüssel")]
    [InlineData("en", Key, "found-key", "This is an activation key")]
    [InlineData("de", $"Guten Tag,\n> Ihr Schlüssel: „{Key}“.\nViele Grüße", "found-key", "Das ist ein Aktivierungsschlüssel")]
    [InlineData("de", $"Hardwarecode: {Hardware}", "found-hardwarecode", Hardware)]
    [InlineData("de", Verification, "found-verificationcode", Verification)]
    [InlineData("de", "Lizenz L–6004.", "found-license", "L-6004")]
    [InlineData("en", "6004", "found-license", "L-6004")]
    [InlineData("de", "Fall F-1001", "found-case", "F-1001")]
    public async Task What_somebody_has_is_named_with_its_ways(string language, string given, string outcome, string words)
    {
        using var browser = portal.Open(language);
        await browser.GetAsync("/");
        await browser.SubmitAsync(("Given", given));

        browser.Status.ShouldBe(HttpStatusCode.OK);
        (browser.Outcome, browser.Path).ShouldBe((outcome, "/"));
        browser.Words.ShouldContain(words);
        browser.Page.QuerySelectorAll("main .panel a, main .panel button").Length.ShouldBeGreaterThan(0);
        browser.Page.QuerySelectorAll("main a").ShouldAllBe(a => !a.GetAttribute("href")!.Contains("KBHPE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_goes_on_to_the_release_in_a_form()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        using var browser = portal.Open();
        await browser.GetAsync("/");
        await browser.SubmitAsync(("Given", license.Key));
        browser.Outcome.ShouldBe("found-key");
        var form = browser.Page.QuerySelector("main form[action='/release']")!;
        var typed = form.QuerySelector("[name=ActivationKey]")!.GetAttribute("value");

        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", typed));
        browser.Outcome.ShouldBe("confirm", browser.Words);
    }

    [Fact]
    public async Task A_link_and_a_reference_lead_straight_to_their_pages()
    {
        using var browser = portal.Open();
        var token = ReleaseLink.Token(new byte[32], Handles.New(), 1);
        await browser.GetAsync("/");
        await browser.SubmitAsync(("Given", $"(https://portal.example/d/{token.ToLowerInvariant()})"));
        browser.Path.ShouldBe($"/D/{token}");

        var reference = RequestReference.New().ToString();
        await browser.GetAsync("/");
        await browser.SubmitAsync(("Given", $"Vorgang {reference}"));
        browser.Path.ShouldBe($"/transfer/status?reference={reference}");
        browser.Page.QuerySelector("[name=Reference]")!.GetAttribute("value").ShouldBe(reference);
    }

    [Theory]
    [InlineData("", "Fügen Sie hier ein, was Sie haben, oder wählen Sie unten")]
    [InlineData("Hallo, meine Kasse geht nicht", "Darin finden wir keinen Schlüssel")]
    [InlineData("KBHPE-5N500-BAQPQ-AAQSQ-PP7FH", "In Gruppe 2 (5N500) stimmt ein Zeichen nicht")]
    public async Task What_is_nothing_is_said_at_the_field_and_kept(string given, string words)
    {
        using var browser = portal.Open();
        await browser.GetAsync("/");
        await browser.SubmitAsync(("Given", given));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldStartWith(words);
        browser.Page.QuerySelector("[name=Given]")!.TextContent.ShouldBe(given);
        browser.Page.QuerySelectorAll(".tile").Length.ShouldBeGreaterThan(5, "every way is still there");
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task Every_way_has_its_icon_and_the_vendor_can_be_called(string language)
    {
        using var browser = portal.Open(language);
        await browser.GetAsync("/");

        browser.Page.QuerySelectorAll("h1").ShouldHaveSingleItem();
        browser.Page.QuerySelectorAll(".tiles-first .tile").Length.ShouldBe(3, "what most people need stands out");
        var ways = browser.Page.QuerySelectorAll(".tile");
        ways.Length.ShouldBe(Home.Tiles.Count);
        ways.ShouldAllBe(way => way.QuerySelectorAll("svg[aria-hidden=true]").Length == 1 && way.QuerySelectorAll("a").Length == 1);
        ways.Select(way => way.QuerySelector("path")!.GetAttribute("d")).ShouldBeUnique();
        browser.Page.QuerySelector("main a[href^='tel:']").ShouldNotBeNull();
    }
}
