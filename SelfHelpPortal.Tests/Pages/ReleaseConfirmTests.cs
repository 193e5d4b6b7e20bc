using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Customer.ReleaseLicense;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Releases;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/release/{token}: what a release would do, the release, and every other end of it.</summary>
public class ReleaseConfirmTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private TestClock Clock => portal.Portal.Clock;

    [Fact]
    public async Task The_page_shows_what_would_happen_and_no_more_of_a_name_than_it_must()
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.Immediate }, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license);

        browser.Outcome.ShouldBe("confirm");
        browser.Heading.ShouldBe("Diese Lizenz freigeben?");
        browser.Page.QuerySelectorAll("dt").Select(Browser.Text)
            .ShouldBe(["Produkt", "Lizenz", "Aktivierungsschlüssel", "PC", "Zuletzt gesehen", "Freie Freigaben"]);
        browser.Words.ShouldContain($"…{license.LastFive}");
        browser.Words.ShouldContain("KA…T");
        browser.Words.ShouldContain("noch 2 von 2");
        browser.Words.ShouldContain("Die Software auf dem freigegebenen PC darf die Lizenz danach nicht mehr benutzen.");
        browser.Words.ShouldContain("Sie können danach auf demselben oder einem anderen PC neu aktivieren.");
        browser.Page.Source.Text.ShouldNotContain("KASSE-ALT");
        browser.Page.Source.Text.ShouldNotContain(license.Key);
        browser.Page.Source.Text.ShouldNotContain(SampleLicense.Owner);
        browser.Answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        browser.Answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData(DeadPcRule.Immediate, null)]
    [InlineData(DeadPcRule.ConfirmByMail, "fragen wir zuerst bei der hinterlegten E-Mail-Adresse nach")]
    [InlineData(DeadPcRule.StaffOnly, "kann nur unser Support diese Lizenz freigeben")]
    [InlineData(DeadPcRule.PaidTransfer, "Sie brauchen eine Lizenz-Migration von unserem Support")]
    public async Task What_the_product_asks_of_a_dead_PC_stands_before_the_button(DeadPcRule rule, string? words)
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = rule }, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license);
        browser.Page.QuerySelector($"main form [data-rule={rule}]")?.TextContent.Contains(words ?? "", StringComparison.Ordinal)
            .ShouldBe(true);
        browser.Page.QuerySelectorAll("[data-rule]").Length.ShouldBe(words is null ? 0 : 1);
    }

    [Fact]
    public async Task A_release_happens_once_and_is_shown_again_and_again()
    {
        var license = await AddAsync(A.FreeRelease, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license);
        var form = browser.Page.QuerySelector<IHtmlFormElement>("main form")!;
        await browser.SubmitAsync(("Reason", "Netzteil defekt"));

        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Outcome.ShouldBe("released");
        browser.Heading.ShouldBe("Lizenz freigegeben");
        browser.Words.ShouldContain(license.Number);
        browser.Words.ShouldContain("So geht es weiter");
        browser.Words.ShouldContain("Das waren nicht Sie?");
        browser.Page.QuerySelectorAll("main a[href^='https://muster-software.example/']").Length.ShouldBe(2);
        var page = browser.Words;

        await browser.SubmitAsync(form);
        browser.Words.ShouldBe(page);
        await browser.GetAsync(browser.Path);
        browser.Words.ShouldBe(page);
        var released = (await license.EventsAsync()).Where(e => e.Kind == EventKind.Released).ShouldHaveSingleItem();
        EventLog.Read(released.Data).Method.ShouldBe(nameof(ReleaseMethod.ActivationKey));
        (await license.ReadAsync()).ActiveComputers.ShouldBeEmpty();

        using var again = await AtConfirmAsync(license);
        again.Outcome.ShouldBe("already-released");
        again.Heading.ShouldBe("Diese Lizenz wurde bereits freigegeben");
    }

    [Fact]
    public async Task With_several_computers_one_is_chosen()
    {
        var license = await portal.Portal.AddLicenseAsync(seats: 2, computers: ["KUPPEL-LINKS", "SAAL-RECHTS"]);
        using var browser = await AtConfirmAsync(license);

        browser.Page.QuerySelectorAll("input[name=Activation]").Length.ShouldBe(2);
        browser.Page.QuerySelector("input[name=Activation][checked]").ShouldBeNull();
        await browser.SubmitAsync(("Reason", "Umzug"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(["Wählen Sie aus, welchen PC Sie freigeben möchten"]);
        browser.Page.QuerySelector(".summary-box a")!.GetAttribute("href").ShouldBe("#Activation");
        browser.Page.QuerySelector<IHtmlInputElement>("#Activation")!.Type.ShouldBe("radio");
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#Reason")!.Value.ShouldBe("Umzug");

        await browser.SubmitAsync(("Activation", Guid.CreateVersion7().ToString()));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var right = browser.Page.QuerySelectorAll<IHtmlInputElement>("input[name=Activation]")
            .Single(radio => Browser.Text(radio.ParentElement!) == "SA…S").Value;
        var meant = (await license.ReadAsync()).Activations.Single(a => a.PcName == "SAAL-RECHTS").Id;
        right.ShouldBe(meant.ToString());
        await browser.SubmitAsync(("Activation", right));
        browser.Outcome.ShouldBe("released");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("KUPPEL-LINKS");
    }

    [Fact]
    public async Task A_verification_code_proves_the_release_whatever_the_product_asks_of_the_dead()
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.StaffOnly }, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license);
        browser.Page.QuerySelector("main details")!.HasAttribute("open").ShouldBeTrue();
        await browser.SubmitAsync(
            ("VerificationCode", (await license.VerificationCodeAsync("KASSE-ALT")).ToLowerInvariant().Replace('0', 'o')));

        browser.Outcome.ShouldBe("released");
        browser.Words.ShouldContain("mit dem Bestätigungscode");
        (await license.ReadAsync()).Activations.ShouldHaveSingleItem().ReleasedBy.ShouldBe(ReleaseMethod.VerificationCode);
    }

    [Fact]
    public async Task After_activating_again_a_code_counts_a_day_later()
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.StaffOnly }, "KASSE-ALT");
        await license.ActivateAsync("KASSE-ALT");
        using var browser = await AtConfirmAsync(license);
        await browser.SubmitAsync(("VerificationCode", await license.VerificationCodeAsync("KASSE-ALT")));

        browser.Outcome.ShouldBe("proof-not-yet");
        browser.Words.ShouldContain("vor weniger als einem Tag noch einmal aktiviert");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("DY09R-7CM29-BHTSH", "In Gruppe 2 (7CM29) stimmt ein Zeichen nicht. Prüfen Sie besonders 0/O, 1/I und 8/B")]
    [InlineData("DY09R-7CM28", "Der Bestätigungscode hat 15 Zeichen, Ihrer hat 10. Fehlt am Ende etwas?")]
    [InlineData("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH",
        "Das ist ein Aktivierungsschlüssel. Mit ihm geben Sie unter /release eine Lizenz frei"
            + ". Hier brauchen wir den Bestätigungscode, er beginnt mit D")]
    [InlineData("hardware", "Das ist ein Hardwarecode. Er gehört auf die Seite „Ohne Internet aktivieren“ (/activate)"
        + ". Hier brauchen wir den Bestätigungscode, er beginnt mit D")]
    [InlineData("DY09R-7CU28-BHTSH", "Den Buchstaben U gibt es in unseren Codes nicht. Meinten Sie V?")]
    public async Task A_mistyped_code_is_named_and_the_text_kept(string typed, string words)
    {
        typed = typed == "hardware" ? A.Hardware("KASSE-ALT").ToString() : typed;
        var license = await AddAsync(A.FreeRelease, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license);
        await browser.SubmitAsync(("VerificationCode", typed), ("Reason", "Umzug"));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("typing-error");
        browser.ErrorsInSummary.ShouldBe([words]);
        browser.Page.QuerySelector("main details")!.HasAttribute("open").ShouldBeTrue();
        browser.Page.QuerySelector<IHtmlInputElement>("#VerificationCode")!.Value.ShouldBe(typed);
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#Reason")!.Value.ShouldBe("Umzug");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_code_of_another_key_is_wrong_here_and_after_ten_the_time_is_said()
    {
        var license = await AddAsync(A.FreeRelease, "KASSE-ALT");
        var other = await AddAsync(A.FreeRelease, "KASSE-1");
        var code = await other.VerificationCodeAsync("KASSE-1");
        using var browser = await AtConfirmAsync(license);
        for (var i = 0; i < 10; i++)
        {
            await browser.SubmitAsync(("VerificationCode", code));
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            browser.Outcome.ShouldBe("wrong-code");
            browser.ErrorsInSummary.ShouldBe(
                ["Dieser Bestätigungscode gehört nicht zu diesem Schlüssel. Lassen Sie ihn sich am PC noch einmal anzeigen"]);
        }

        await browser.SubmitAsync(("VerificationCode", code));
        browser.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        browser.Outcome.ShouldBe("too-many-tries");
        browser.Answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        browser.Words.ShouldContain("Zu viele Versuche. Bitte ab");
        browser.Page.QuerySelector<IHtmlInputElement>("#VerificationCode")!.Value.ShouldBe(code);
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_reason_that_is_too_long_comes_back()
    {
        var license = await AddAsync(A.FreeRelease, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license);
        await browser.SubmitAsync(("Reason", new string('x', 1001)));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(["Dieser Text hat 1001 Zeichen. Kürzen Sie ihn auf höchstens 1000"]);
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#Reason")!.Value.Length.ShouldBe(1001);
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task The_owner_is_asked_by_mail(string language)
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail }, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license, language);
        await browser.SubmitAsync();

        browser.Outcome.ShouldBe("mail-sent");
        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Heading.ShouldBe(language == "de" ? "Bitte bestätigen Sie über Ihre E-Mail" : "Confirm by e-mail");
        browser.Words.ShouldContain("in•••@mu•••.example");
        browser.Page.Source.Text.ShouldNotContain(SampleLicense.Owner);
        browser.Words.ShouldContain(language == "de" ? "gilt 10 Minuten" : "valid for 10 minutes");
        browser.Words.ShouldContain(language == "de" ? "Ist das nicht Ihre Adresse" : "Is this not your address");
        await using var db = portal.Portal.Open();
        (await db.Set<OutboxMessage>()
            .CountAsync(m => m.Kind == "release-confirm" && m.ToAddress == SampleLicense.Owner && m.Reference == license.Number))
            .ShouldBe(1);
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("de", "Sie haben Ihre freien Freigaben aufgebraucht", "1 von 1 verbraucht", "ist am")]
    [InlineData("en", "You have used up your free releases", "1 of 1 used", "is available on")]
    public async Task Who_used_up_the_free_releases_is_told_when_the_next_one_comes(
        string language, string heading, string used, string next)
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.Immediate, AllowedUnproven = 1 }, "KASSE-ALT");
        await license.ReleaseAsync("KASSE-ALT");
        await license.ActivateAsync("KASSE-NEU");
        Clock.Advance(TimeSpan.FromHours(2));
        using var browser = await AtConfirmAsync(license, language);
        await browser.SubmitAsync();

        browser.Outcome.ShouldBe("offer-transfer");
        browser.Status.ShouldBe(HttpStatusCode.OK);
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain(used);
        browser.Words.ShouldContain(next);
        browser.Words.ShouldContain("+49 30 0000000");
        browser.Page.QuerySelector($"main a[href='{browser.Path}']").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_transfer_that_cannot_be_ordered_here_names_whom_to_ask_and_no_price()
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.PaidTransfer }, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license, "de");
        await browser.SubmitAsync();

        browser.Outcome.ShouldBe("offer-transfer");
        browser.Words.ShouldNotContain("€");
        browser.Words.ShouldContain(license.Number);
        browser.Page.QuerySelector("main a[href^='tel:']").ShouldNotBeNull();
        browser.Page.QuerySelector($"main a[href^='mailto:'][href*='{license.Number}']").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("de", "Lizenz-Migration für 70,00 € zuzüglich Umsatzsteuer je Lizenz, also 83,30 €",
        "kostet 70,00 € zuzüglich Umsatzsteuer je Lizenz, also 83,30 €")]
    [InlineData("en", "license migration for EUR 70.00 plus VAT per license, which is EUR 83.30",
        "costs EUR 70.00 plus VAT per license, which is EUR 83.30")]
    public async Task A_paid_transfer_names_its_price_before_and_behind_the_button_and_leads_on_with_the_license_known(
        string language, string before, string price)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open(language);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", tills.Keys[1]));
        browser.Words.ShouldContain(before);
        await browser.SubmitAsync();

        browser.Outcome.ShouldBe("offer-transfer");
        browser.Words.ShouldContain(price);
        await browser.SubmitAsync();
        browser.Path.ShouldEndWith("/remedy");
        await browser.SubmitAsync(("Remedy", "fee"));
        await browser.SubmitAsync(("HardwareCode", Tills.Code("KASSE-NEU")), ("Act", "next"));
        await browser.GetAsync(browser.Page.QuerySelector("main a.button")!.GetAttribute("href")!);
        browser.Path.ShouldEndWith("/contact", customMessage: "the license is known and not asked for");
        await browser.SubmitAsync(Tills.Contact());
        browser.Words.ShouldContain(tills.Numbers[1]);
    }

    [Theory]
    [InlineData("de", "Diese Lizenz ist gesperrt", "und nennen Sie den Vorgang {0}, oder rufen Sie uns an: +49 30 0000000")]
    [InlineData("en", "This license is locked", "Tell us what happened, quoting case {0}, or call us: +49 30 0000000")]
    public async Task A_locked_license_says_its_case(string language, string heading, string text)
    {
        var license = await AddAsync(A.FreeRelease, "KASSE-ALT");
        await license.ReleaseAsync("KASSE-ALT");
        await license.ActivateAsync("KASSE-NEU");
        Clock.Advance(TimeSpan.FromHours(1));
        var number = await license.SightAsync("KASSE-ALT");
        using var browser = await AtConfirmAsync(license, language);

        browser.Outcome.ShouldBe("locked");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain(string.Format(System.Globalization.CultureInfo.InvariantCulture, text, number));
    }

    [Theory]
    [InlineData("de", @"^Freigabe ab \d\d\.\d\d\.\d{4}, \d\d:\d\d Uhr möglich$")]
    [InlineData("en", @"^Release possible from \d+ \w+ \d{4}, \d\d:\d\d \(Europe/Berlin\)$")]
    public async Task Too_soon_names_the_time(string language, string heading)
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.Immediate, AllowedUnproven = null }, "KASSE-ALT");
        await license.ReleaseAsync("KASSE-ALT");
        await license.ActivateAsync("KASSE-NEU");
        using var browser = await AtConfirmAsync(license, language);
        await browser.SubmitAsync();

        browser.Outcome.ShouldBe("too-soon");
        Regex.IsMatch(browser.Heading, heading).ShouldBeTrue(browser.Heading);
        Clock.Advance(TimeSpan.FromMinutes(59));
        await browser.GetAsync(browser.Path);
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("too-soon");
    }

    [Theory]
    [InlineData("de", "Hier ist nichts freizugeben")]
    [InlineData("en", "There is nothing to release")]
    public async Task A_key_that_no_computer_uses_says_so(string language, string heading)
    {
        var license = await AddAsync(A.FreeRelease);
        using var browser = await AtConfirmAsync(license, language);

        browser.Outcome.ShouldBe("not-active");
        browser.Heading.ShouldBe(heading);
    }

    [Theory]
    [InlineData("de", "Hier hilft Ihnen unser Support")]
    [InlineData("en", "Our support team will help you")]
    public async Task What_only_staff_can_do_names_them(string language, string heading)
    {
        var staffOnly = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.StaffOnly }, "KASSE-ALT");
        using var browser = await AtConfirmAsync(staffOnly, language);
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("ask-support");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain("+49 30 0000000");

        var suspended = await AddAsync(A.FreeRelease, "KASSE-ALT");
        await suspended.SuspendAsync();
        using var other = await AtConfirmAsync(suspended, language);
        other.Outcome.ShouldBe("ask-support");
    }

    [Theory]
    [InlineData("de", "Diese Seite ist abgelaufen")]
    [InlineData("en", "This page has expired")]
    public async Task After_an_hour_the_page_acts_no_more(string language, string heading)
    {
        var license = await AddAsync(A.FreeRelease, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license, language);
        Clock.Advance(TimeSpan.FromMinutes(61));
        await browser.SubmitAsync();

        browser.Outcome.ShouldBe("expired");
        browser.Heading.ShouldBe(heading);
        browser.Page.QuerySelector("main a[href='/release']").ShouldNotBeNull();
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("de", "Dieser Link funktioniert nicht")]
    [InlineData("en", "This link does not work")]
    public async Task A_link_that_is_none_is_not_found(string language, string heading)
    {
        var license = await AddAsync(A.FreeRelease, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license, language);
        var path = browser.Path;
        await browser.GetAsync(path[..^1]);
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        browser.Outcome.ShouldBe("invalid-link");
        browser.Heading.ShouldBe(heading);

        await browser.GetAsync(path);
        Clock.Advance(TimeSpan.FromDays(15));
        await browser.SubmitAsync();
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        browser.Outcome.ShouldBe("invalid-link");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_form_that_outlived_its_token_comes_back_as_typed_and_releases_nothing()
    {
        var license = await AddAsync(A.FreeRelease, "KASSE-ALT");
        using var browser = await AtConfirmAsync(license);
        using var later = portal.Open();
        using var request = new HttpRequestMessage(HttpMethod.Post, browser.Path)
        {
            Content =
                new FormUrlEncodedContent(
                    [new("_handler", "page"), new("__RequestVerificationToken", "old"), new("Reason", "Umzug"),
                        new("VerificationCode", "DY09R")]),
        };
        using var answer = await later.SendAsync(request);
        await later.ShowAsync(answer, browser.Path);

        later.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        later.Words.ShouldContain("Es wurde nichts geändert");
        later.Page.QuerySelector<IHtmlTextAreaElement>("#Reason")!.Value.ShouldBe("Umzug");
        later.Page.QuerySelector<IHtmlInputElement>("#VerificationCode")!.Value.ShouldBe("DY09R");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("de", "Diese Lizenz freigeben?")]
    [InlineData("en", "Release this license?")]
    public async Task The_link_in_the_mail_shows_and_the_end_of_the_key_acts(string language, string heading)
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail }, "KASSE-ALT");
        var link = await MailedAsync(license);
        using var browser = portal.Open(language);
        await browser.GetAsync(link);
        browser.Outcome.ShouldBe("confirm");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain("KA…T");
        browser.Words.ShouldNotContain(license.LastFive);

        await browser.SubmitAsync(("LastFive", ""));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("typing-error");
        await browser.SubmitAsync(("LastFive", "00000"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("wrong-code");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();

        await browser.SubmitAsync(("LastFive", license.LastFive.ToLowerInvariant()));
        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Outcome.ShouldBe("released");
        await browser.GetAsync(link);
        browser.Outcome.ShouldBe("released");
        (await license.EventsAsync()).Count(e => e.Kind == EventKind.Released).ShouldBe(1);
    }

    [Fact]
    public async Task Guessing_the_end_of_a_key_is_stopped()
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail }, "KASSE-ALT");
        var link = await MailedAsync(license);
        using var browser = portal.Open();
        await browser.GetAsync(link);
        var tries = 0;
        while (browser.Status != HttpStatusCode.TooManyRequests && ++tries < 20)
        {
            await browser.SubmitAsync(("LastFive", "00000"));
        }

        tries.ShouldBeInRange(2, 11);
        browser.Outcome.ShouldBe("too-many-tries");
        browser.Answer.Headers.RetryAfter.ShouldNotBeNull();
        await browser.SubmitAsync(("LastFive", license.LastFive));
        browser.Outcome.ShouldBe("too-many-tries");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_old_link_of_a_mail_leads_back_to_the_key()
    {
        var license = await AddAsync(new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail }, "KASSE-ALT");
        var link = await MailedAsync(license);
        using var browser = portal.Open();
        await browser.GetAsync(link);
        Clock.Advance(TimeSpan.FromMinutes(11));
        await browser.SubmitAsync(("LastFive", license.LastFive));

        browser.Outcome.ShouldBe("expired");
        browser.Page.QuerySelector("main a[href='/release']").ShouldNotBeNull();
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();

        await browser.GetAsync("/release/confirm/nothing");
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        browser.Outcome.ShouldBe("invalid-link");
    }

    private async Task<SampleLicense> AddAsync(ReleasePolicy policy, params string[] computers)
    {
        var license = await portal.Portal.AddLicenseAsync(policy, computers: computers);
        Clock.Advance(Month);
        return license;
    }

    private async Task<Browser> AtConfirmAsync(SampleLicense license, string language = "de")
    {
        var browser = portal.Open(language);
        await browser.GetAsync("/release");
        return await browser.SubmitAsync(("ActivationKey", license.Key));
    }

    /// <summary>Begins a release and gives the link that the owner's mail carries.</summary>
    private async Task<string> MailedAsync(SampleLicense license)
    {
        using var browser = await AtConfirmAsync(license);
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("mail-sent");
        await using var db = portal.Portal.Open();
        var request = await db.Set<ReleaseRequest>().SingleAsync(r => r.LicenseId == license.Id);
        return $"/release/confirm/{await license.LinkAsync(LinkPurpose.ReleaseConfirm, request.Id)}";
    }
}
