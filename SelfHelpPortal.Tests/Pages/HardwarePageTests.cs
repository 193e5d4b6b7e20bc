using System.Net;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/hardware: what to do when parts of one PC change, by two codes or by the record of a license.</summary>
public class HardwarePageTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    [Theory]
    [InlineData("de", "Bis zu 2 Teile dürfen sich ändern", "Seriennummer des Systemlaufwerks", "Sie müssen nichts tun", "geändert: ",
        "Es hat sich zu viel geändert")]
    [InlineData("en", "Up to 2 parts may change", "disk serial number", "You do not have to do anything", "changed: ",
        "Too much has changed")]
    public async Task By_two_codes_it_says_what_may_change_that_nothing_is_to_do_or_what_now(
        string language, string may, string part, string nothing, string changed, string tooMuch)
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var browser = portal.Open(language);
        await LookAsync(browser, license, Code(0), "");
        browser.Outcome.ShouldBe("may-change", browser.Words);
        browser.Heading.ShouldBe(may);
        browser.Words.ShouldContain(part, Case.Insensitive);

        await LookAsync(browser, license, Code(0), Code(1));
        browser.Outcome.ShouldBe("nothing-to-do");
        browser.Heading.ShouldBe(nothing);
        browser.Words.ShouldContain(changed);

        await LookAsync(browser, license, Code(0), Code(6));
        browser.Outcome.ShouldBe("already-changed");
        browser.Heading.ShouldBe(tooMuch);
        browser.Page.QuerySelectorAll("main a[href='/release']").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_and_nothing_that_was_typed_is_lost()
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var browser = portal.Open("de");
        await portal.Portal.AddLicenseAsync();
        await browser.GetAsync("/hardware");
        await browser.SubmitAsync(("Product", "none"), ("OldCode", ""), ("NewCode", "H12"));
        browser.ErrorsInSummary.Count.ShouldBe(3, "all at once");

        await LookAsync(browser, license, "", Code(1));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(["Geben Sie den Hardwarecode ein"]);
        browser.Page.QuerySelector("#NewCode")!.TextContent.ShouldBe(Code(1));

        await LookAsync(browser, license, license.Key, "");
        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldBe(
            "Das ist ein Aktivierungsschlüssel. Mit ihm geben Sie unter /release eine Lizenz frei"
                + ". Hier brauchen wir den Hardwarecode, er beginnt mit H");
        await LookAsync(browser, license, "H12", new string('H', 5000));
        browser.ErrorsInSummary.Count.ShouldBe(2);
        await LookAsync(browser, license, A.Hardware("PC-9", absent: 5).ToString(), "");
        browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldContain("Administratorrechten");
    }

    [Fact]
    public async Task By_the_record_of_a_license_each_of_its_computers_is_named_masked_and_the_one_that_changed_is_found()
    {
        var license = await portal.Portal.AddLicenseAsync(seats: 2, computers: ["PC-1", "PC-2"]);
        using var browser = portal.Open("de");
        await browser.GetAsync("/license");
        await browser.SubmitAsync(("ActivationKey", license.Key));
        await browser.GetAsync(browser.Page.QuerySelector("main a[href^='/hardware/']")!.GetAttribute("href")!);
        browser.Outcome.ShouldBe("record");
        browser.Words.ShouldContain("bis zu 2 der 5 Teile");
        browser.Words.ShouldNotContain("PC-1");
        browser.Page.QuerySelector("#OldCode").ShouldBeNull();

        var record = browser.Path;
        await browser.SubmitAsync(("NewCode", A.Hardware("PC-2", changed: 1).ToString()));
        browser.Outcome.ShouldBe("nothing-to-do", browser.Words);
        await browser.GetAsync(record);
        await browser.SubmitAsync(("NewCode", A.Hardware("PC-3").ToString()));
        browser.Outcome.ShouldBe("already-changed");
        (await browser.GetAsync("/hardware/" + new string('0', 43))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static string Code(int changed) => A.Hardware("PC-1", changed).ToString();

    private async Task LookAsync(Browser browser, SampleLicense license, string old, string now)
    {
        await using var db = portal.Portal.Open();
        var product = await db.Licenses.Where(l => l.Id == license.Id).Select(l => l.ProductId).SingleAsync();
        await browser.GetAsync("/hardware");
        await browser.SubmitAsync(
            browser.Page.QuerySelector("[name=Product]") is null
                ? [("OldCode", old), ("NewCode", now)]
                : [("Product", product), ("OldCode", old), ("NewCode", now)]);
    }
}
