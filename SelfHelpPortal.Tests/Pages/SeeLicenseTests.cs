using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/license: who has the key sees the license, and nothing about whose it is.</summary>
public class SeeLicenseTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private PortalFactory Portal => portal.Portal;

    [Theory]
    [InlineData("de", "Ihre Lizenz", "2 von 3 belegt", "läuft bis 31.01.2027", "noch 2 von 2", "KA…T, aktiviert am", "Lizenz ansehen")]
    [InlineData("en", "Your license", "2 of 3 in use", "runs until 31 Jan 2027", "2 of 2 left", "KA…T, activated on", "See my license")]
    public async Task The_holder_of_the_key_sees_the_license(
        string language, string heading, string seats, string subscription, string releases, string computer, string tile)
    {
        var license = await Portal.AddLicenseAsync(
            new ReleasePolicy { DeadPc = DeadPcRule.Immediate }, seats: 3, computers: ["KASSE-ALT", "BÜRO-PC"]);
        await license.ActAsync((l, _) => Task.FromResult(l.MaintenanceUntil = new DateOnly(2027, 1, 31)));
        using var browser = portal.Open(language);
        await browser.GetAsync("/");
        browser.Page.QuerySelectorAll("main a[href='/license']").ShouldContain(a => a.TextContent == tile);
        await browser.GetAsync("/license");
        await browser.SubmitAsync(("ActivationKey", license.Key));

        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Path.ShouldMatch("^/license/[A-Za-z0-9_-]{43}$");
        browser.Answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        browser.Answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        browser.Outcome.ShouldBe("license");
        browser.Heading.ShouldBe(heading);
        foreach (var words in new[] { seats, subscription, releases, computer, "BÜ…C", license.Number, license.LastFive, "BeamAlign" })
        {
            browser.Words.ShouldContain(words);
        }

        var page = browser.Page.DocumentElement.OuterHtml;
        foreach (var hidden in new[] { "Muster Gastro", SampleLicense.Owner, "gastro.example", "KASSE-ALT", "BÜRO-PC", license.Key,
            license.Key[..11] })
        {
            page.ShouldNotContain(hidden);
        }

        await browser.GetAsync("/release/" + browser.Path["/license/".Length..]);
        browser.Outcome.ShouldBe("invalid-link", "it opens its own page only");
    }

    [Fact]
    public async Task The_key_is_carried_along_to_a_release()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-ALT"]);
        using var browser = await OpenAsync(license);
        await browser.SubmitAsync(("Act", "release"));

        browser.Path.ShouldStartWith("/release/");
        browser.Outcome.ShouldBe("confirm");
        browser.Words.ShouldContain(license.Number);
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("released");

        using var again = await OpenAsync(license);
        again.Words.ShouldContain("Zurzeit benutzt sie kein PC");
        again.Page.QuerySelectorAll("main form").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_key_is_carried_along_to_a_transfer()
    {
        var tills = await Tills.AddAsync(Portal, count: 1);
        using var browser = portal.Open();
        await browser.GetAsync("/license");
        await browser.SubmitAsync(("ActivationKey", tills.Keys[0]));
        browser.Words.ShouldContain("für einen defekten PC gibt es die kostenpflichtige Lizenz-Migration");
        await browser.SubmitAsync(("Act", "transfer"));

        browser.Path.ShouldMatch("^/transfer/[A-Za-z0-9_-]{43}/remedy$");
        await using var db = Portal.Open();
        var drafts = await db.Transfers.AsNoTracking().OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).FirstAsync();
        drafts.Draft.ShouldSatisfyAllConditions(d => d.LicenseAsked.ShouldBeTrue(), d => d.ProductId.ShouldBe(tills.ProductId));
        (await db.Licenses.Where(l => l.Id == drafts.Draft.LicenseId).Select(l => l.Number).SingleAsync()).ShouldBe(tills.Numbers[0]);
    }

    [Fact]
    public async Task A_product_without_transfers_offers_none()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-ALT"]);
        using var browser = await OpenAsync(license);
        browser.Page.QuerySelectorAll("main form button").ShouldHaveSingleItem();
        var path = browser.Path;
        await browser.SubmitAsync(("Act", "transfer"));

        browser.Path.ShouldBe(path);
    }

    [Theory]
    [InlineData("de", "Diese Lizenz ist gesperrt", "Diese Lizenz ist ausgesetzt", "Diese Lizenz ist erloschen", "ist abgelaufen. Bitte",
        "kann sie nicht freigegeben werden")]
    [InlineData("en", "This license is locked", "This license is suspended", "This license has ended", "has expired. Please",
        "it cannot be released")]
    public async Task A_standing_out_of_the_ordinary_is_said_in_words_and_takes_the_buttons_away(
        string language, string locked, string suspended, string revoked, string expired, string frozen)
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-ALT"]);
        await license.ReleaseAsync("KASSE-ALT");
        await license.ActivateAsync("KASSE-NEU");
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var number = await license.SightAsync("KASSE-ALT");
        using (var browser = await OpenAsync(license, language))
        {
            browser.Words.ShouldContain(locked);
            browser.Words.ShouldContain(number);
            browser.Words.ShouldContain("+49 30 0000000");
            browser.Words.ShouldNotContain("illegal", Case.Insensitive);
            browser.Page.QuerySelectorAll("main form").ShouldBeEmpty();
        }

        await SaysAsync((l, _) => l.Suspend(), suspended);
        await SaysAsync((l, _) => l.Revoke(Portal.Clock.Now), revoked);
        var limited = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        await limited.ActAsync((l, _) => Task.FromResult(l.ExpiresAt = Portal.Clock.Now));
        using (var browser = await OpenAsync(limited, language))
        {
            browser.Words.ShouldContain(expired);
            browser.Page.QuerySelectorAll("main form button").ShouldHaveSingleItem("a computer may always be released");
        }

        var objected = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var released = await objected.ReleaseAsync("KASSE-1");
        using (var owner = portal.Open())
        {
            await owner.GetAsync("/object/" + await objected.LinkAsync(LinkPurpose.Objection, released.Id));
            await owner.ConfirmAsync();
        }

        using (var browser = await OpenAsync(objected, language))
        {
            browser.Words.ShouldContain(frozen);
            browser.Page.QuerySelectorAll("main form").ShouldBeEmpty();
        }

        async Task SaysAsync(Func<License, object?, Outcome<License>> act, string words)
        {
            await license.ActAsync((l, _) => Task.FromResult(act(l, null).ShouldSucceed()));
            using var browser = await OpenAsync(license, language);
            browser.Words.ShouldContain(words);
            browser.Page.QuerySelectorAll("main form").ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_sighting_that_locked_nothing_is_told_with_its_case()
    {
        var license = await Portal.AddLicenseAsync(flag: new FlagPolicy(), computers: ["KASSE-ALT"]);
        await license.ReleaseAsync("KASSE-ALT");
        await license.ActivateAsync("KASSE-NEU");
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var number = await license.SightAsync("KASSE-ALT");
        using var browser = await OpenAsync(license);

        browser.Words.ShouldContain("Auf den PCs unten läuft die Software weiter.");
        browser.Words.ShouldContain($"in der E-Mail zum Vorgang {number}");
        browser.Page.QuerySelectorAll("main form").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("de", "Prüfen Sie besonders 0/O, 1/I und 8/B", "Das ist ein Bestätigungscode. Nach ihm fragt die Seite /release",
        "Zu diesem Schlüssel finden wir keine Lizenz")]
    [InlineData("en", "Check 0/O, 1/I and 8/B first", "This is a verification code. The page /release asks for it",
        "We cannot find a license for this key")]
    public async Task A_wrong_key_is_named_and_kept(string language, string mistyped, string code, string unknown)
    {
        using var browser = portal.Open(language);
        await browser.GetAsync("/license");
        foreach (var (typed, outcome, words) in new[]
        {
            ("kbhpe-5n500-baqpq-aaqsq-pp7fh", "typing-error", mistyped), ("DY09R-7CM28-BHTSH", "typing-error", code),
                (ActivationKey.New().ToString(), "not-found", unknown),
        })
        {
            await browser.SubmitAsync(("ActivationKey", typed));
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            browser.Outcome.ShouldBe(outcome);
            browser.ErrorsInSummary.ShouldHaveSingleItem().ShouldContain(words);
            browser.Page.QuerySelector<IHtmlInputElement>("#ActivationKey")!.Value.ShouldBe(typed);
            browser.Path.ShouldBe("/license");
        }
    }

    [Fact]
    public async Task A_look_alike_of_an_imported_key_is_offered()
    {
        var scheme = new KeyScheme { Pattern = "LA-[0-9]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}" };
        await Portal.AddLicenseAsync(foreignKey: "LA-2019-O0B8-1I7Q", keys: scheme, computers: "KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync("/license");
        await browser.SubmitAsync(("ActivationKey", "la-2019-00b8-117q"));
        browser.Outcome.ShouldBe("did-you-mean");
        await browser.SubmitAsync(browser.Page.QuerySelectorAll("main form")[1].ShouldBeAssignableTo<IHtmlFormElement>()!);

        browser.Outcome.ShouldBe("license");
    }

    [Fact]
    public async Task Guesses_share_the_budget_of_a_release()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        using var browser = portal.Open();
        for (var n = 0; n < 10; n++)
        {
            await browser.GetAsync(n % 2 == 0 ? "/license" : "/release");
            await browser.SubmitAsync(("ActivationKey", ActivationKey.New().ToString()));
            browser.Outcome.ShouldBe("not-found");
        }

        await browser.GetAsync("/license");
        await browser.SubmitAsync(("ActivationKey", ActivationKey.New().ToString()));
        browser.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        browser.Outcome.ShouldBe("too-many-tries");
        await browser.SubmitAsync(("ActivationKey", license.Key));
        browser.Outcome.ShouldBe("license");
    }

    [Fact]
    public async Task A_key_that_can_be_guessed_is_refused_with_the_others_and_never_shown_for_a_look_alike()
    {
        var scheme = new KeyScheme { Pattern = "GU-?[0-9A-Z]{4}", LowEntropy = true, StripCharacters = "-" };
        var license = await Portal.AddLicenseAsync(foreignKey: "GUO1B7", keys: scheme, computers: "KASSE-ALT");
        using var near = portal.Open();
        await near.GetAsync("/license");
        await near.SubmitAsync(("ActivationKey", "gu-0187"));
        near.Outcome.ShouldBe("did-you-mean");
        near.ErrorsInSummary.ShouldHaveSingleItem().ShouldContain("Zeichen 3, 5 ");
        near.Page.DocumentElement.OuterHtml.ShouldNotContain("GUO1B7", Case.Insensitive);
        near.Page.QuerySelectorAll("main form").Length.ShouldBe(1);

        using var browser = portal.Open();
        await browser.GetAsync("/license");
        for (var n = 0; n < 5; n++)
        {
            await browser.SubmitAsync(("ActivationKey", $"GU-99{n:00}"));
            browser.Outcome.ShouldBe("not-found");
        }

        await browser.SubmitAsync(("ActivationKey", "GU-9999"));
        var wrong = browser.Words;
        browser.Outcome.ShouldBe("too-many-tries");
        await browser.SubmitAsync(("ActivationKey", "GU-O1B7"));
        browser.Outcome.ShouldBe("too-many-tries");
        browser.Words.ShouldBe(wrong);
        browser.Words.ShouldNotContain(license.Number);
    }

    [Fact]
    public async Task The_page_ends_after_a_day()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-ALT"]);
        using var browser = await OpenAsync(license);
        var path = browser.Path;
        await using (var db = Portal.Open())
        {
            (await db.Set<MailLink>().Where(l => l.RecordId == license.Id).Select(l => l.ExpiresAt).SingleAsync())
                .ShouldBe(Portal.Clock.Now.AddHours(24));
            await SecretLinks.ExpireAsync(db, LinkPurpose.LicenseInformation, license.Id, Portal.Clock.Now);
        }

        await browser.SubmitAsync(("Act", "release"));
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        await browser.GetAsync(path);
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        browser.Outcome.ShouldBe("invalid-link");
    }

    private async Task<Browser> OpenAsync(SampleLicense license, string language = "de")
    {
        var browser = portal.Open(language);
        await browser.GetAsync("/license");
        await browser.SubmitAsync(("ActivationKey", license.Key));
        browser.Outcome.ShouldBe("license", browser.Words);
        return browser;
    }
}
