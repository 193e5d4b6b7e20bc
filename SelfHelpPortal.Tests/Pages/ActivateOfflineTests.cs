using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Customer.ActivateOffline;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Tests.Licensing.Files;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>
/// /activate: a computer without internet gets its license file, and whatever stands in the way is said with the next way out.
/// </summary>
public class ActivateOfflineTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private static readonly string Typo = A.Hardware("LAPTOP-7").ToString() is var code
        ? code[..7] + (code[7] == '2' ? '3' : '2') + code[8..]
        : "";

    [Theory]
    [InlineData("de", "Ohne Internet aktivieren")]
    [InlineData("en", "Activate without internet")]
    public async Task The_page_asks_for_the_computer_and_the_key(string language, string heading)
    {
        using var browser = portal.Open(language);
        await browser.GetAsync("/");
        browser.Page.QuerySelector("main a[href='/activate']")!.TextContent.ShouldBe(heading);
        await browser.GetAsync("/activate");

        browser.Status.ShouldBe(HttpStatusCode.OK);
        browser.Heading.ShouldBe(heading);
        browser.Page.QuerySelectorAll("main form [name]:not([type=hidden])").Select(e => e.GetAttribute("name"))
            .ShouldBe(["RequestFile", "HardwareCode", "ActivationKey"]);
        browser.Page.QuerySelector("main form")!.GetAttribute("enctype").ShouldBe("multipart/form-data");
        browser.Outcome.ShouldBeNull();
    }

    [Theory]
    [InlineData("de", "Ihre Lizenzdatei ist fertig")]
    [InlineData("en", "Your license file is ready")]
    public async Task A_code_and_a_key_become_a_license_file_also_by_mail(string language, string heading)
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var browser = await SendAsync(license.Key, A.Hardware("LAPTOP-1").ToString(), language);

        browser.Outcome.ShouldBe("activated");
        browser.Heading.ShouldBe(heading);
        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Path.ShouldMatch("^/activate/[A-Za-z0-9_-]{43}$");
        browser.Words.ShouldContain(license.Number);
        browser.Page.Source.Text.ShouldNotContain(license.Key);
        browser.Page.Source.Text.ShouldNotContain(SampleLicense.Owner);

        var (text, download) = await DownloadAsync(browser);
        download.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        download.Content.Headers.ContentDisposition.FileName.ShouldBe($"Lizenz-{license.Number}.lshlic");
        download.Headers.CacheControl!.NoStore.ShouldBeTrue();
        download.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        download.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        var file = LicenseFile.Read(text, portal.Portal.Services.GetRequiredService<SigningKeys>().Verifier);
        file.IsGenuine.ShouldBeTrue();
        file.Claims.HardwareCode.ShouldBe(A.Hardware("LAPTOP-1").ToString());
        file.Claims.LicenseNumber.ShouldBe(license.Number);

        var mail = (await MailsAsync(license)).ShouldHaveSingleItem();
        mail.Subject.ShouldBe($"Ihre Lizenzdatei: BeamAlign [{license.Number}]");
        mail.Attachments.ShouldHaveSingleItem().FileName.ShouldBe($"Lizenz-{license.Number}.lshlic");
        (await license.EventsAsync()).Count(e => e.Kind == EventKind.Activated).ShouldBe(1);
    }

    [Fact]
    public async Task A_chosen_file_says_everything()
    {
        var license = await portal.Portal.AddLicenseAsync();
        var request = await RequestAsync(license, "KINO \u202ESaal\u0007 2") with { ActivationKey = license.Key };
        using var browser = await UploadAsync("Anfrage.LSHREQ", Encoding.UTF8.GetBytes("Guten Tag,\r\n" + request.Write()));

        browser.Outcome.ShouldBe("activated");
        browser.Words.ShouldContain("KI…2");
        var activation = (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
        activation.PcName.ShouldBe("KINO Saal 2");
        activation.AppVersion.ShouldBe("1.0.7");
    }

    [Fact]
    public async Task The_text_of_a_file_may_be_pasted_and_the_key_typed_beside_it()
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var browser = await SendAsync(license.Key.ToLowerInvariant(), (await RequestAsync(license, "LAPTOP-2")).Write());

        browser.Outcome.ShouldBe("activated");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("LAPTOP-2");
    }

    [Fact]
    public async Task The_same_computer_again_gets_the_same_file_and_no_second_mail()
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var first = await SendAsync(license.Key, A.Hardware("LAPTOP-3").ToString());
        using var again = await SendAsync(license.Key, A.Hardware("LAPTOP-3").ToString());
        await again.GetAsync(again.Path);
        var (before, after) = ((await DownloadAsync(first)).Text, (await DownloadAsync(again)).Text);

        after.ShouldBe(before);
        again.Path.ShouldNotBe(first.Path);
        (await MailsAsync(license)).ShouldHaveSingleItem();

        // A file that says what is no longer so is written anew.
        portal.Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await license.ActAsync((l, _) => Task.FromResult(l.MaintenanceUntil = new DateOnly(2030, 1, 31)));
        using var renewed = await SendAsync(license.Key, A.Hardware("LAPTOP-3").ToString());
        (await DownloadAsync(renewed)).Text.ShouldNotBe(before);
        (await MailsAsync(license)).Count.ShouldBe(2);
        (await license.ReadAsync()).Activations.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Sent_ten_times_at_once_it_is_one_activation_and_one_file()
    {
        var license = await portal.Portal.AddLicenseAsync(seats: 3);
        using var browser = portal.Open();
        await browser.GetAsync("/activate");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            browser.PostAsync(null, ("ActivationKey", license.Key), ("HardwareCode", A.Hardware("LAPTOP-4").ToString()))));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.SeeOther);
        var files = new HashSet<string>();
        foreach (var answer in answers)
        {
            await browser.ShowAsync(answer, "/activate");
            browser.Outcome.ShouldBe("activated");
            files.Add((await DownloadAsync(browser)).Text);
        }

        files.ShouldHaveSingleItem();
        (await license.ReadAsync()).Activations.ShouldHaveSingleItem();
        (await MailsAsync(license)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_full_license_shows_its_computers_masked_and_the_way_back_from_their_release()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        using var browser = await SendAsync(license.Key, A.Hardware("KASSE-NEU").ToString());
        var page = browser.Path;

        browser.Outcome.ShouldBe("too-many-activations");
        browser.Heading.ShouldBe("Alle Plätze dieser Lizenz sind belegt");
        Browser.Text(browser.Page.QuerySelector("main ul li")!).ShouldStartWith("KA…T, aktiviert am ");
        browser.Page.Source.Text.ShouldNotContain("KASSE-ALT");
        using (var none = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, page + "/file")))
        {
            none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        var release = browser.Page.QuerySelector<IHtmlFormElement>("main form")!;
        await browser.SubmitAsync(release, ("Act", "release"));
        browser.Outcome.ShouldBe("confirm");
        browser.Words.ShouldContain("KA…T");
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("released");

        await browser.GetAsync(browser.Page.QuerySelectorAll("main a").Single(a => a.TextContent == "Weiter zur Aktivierung ohne Internet")
            .GetAttribute("href")!);
        browser.Path.ShouldBe(page);
        browser.Outcome.ShouldBe("ready");
        (await license.ReadAsync()).ActiveComputers.ShouldBeEmpty("opening the page does nothing");
        await browser.SubmitAsync(("Act", "activate"));
        browser.Path.ShouldBe(page);
        browser.Outcome.ShouldBe("activated");
        (await DownloadAsync(browser)).Text.ShouldStartWith("-----BEGIN LSHP LICENSE-----");
    }

    [Fact]
    public async Task When_the_release_costs_a_transfer_the_way_there_is_open()
    {
        var tills = await Tills.AddAsync(portal.Portal, count: 1);
        using var browser = await SendAsync(tills.Keys[0], A.Hardware("KASSE-NEU").ToString());
        await browser.SubmitAsync(("Act", "release"));
        var confirm = browser.Path;
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("offer-transfer");
        browser.Page.QuerySelectorAll("main a").Select(a => a.GetAttribute("href"))
            .ShouldContain(confirm, "the verification code can still be entered, and its result leads back");
        await browser.SubmitAsync();
        browser.Path.ShouldMatch("^/transfer/[A-Za-z0-9_-]{43}/remedy$");
    }

    [Fact]
    public async Task Computers_whose_masks_are_alike_are_told_apart()
    {
        var license = await portal.Portal.AddLicenseAsync(seats: 2, computers: ["KUPPEL-LINKS", "KUPPEL-RECHTS"]);
        using var browser = await SendAsync(license.Key, A.Hardware("KUPPEL-MITTE").ToString(), "en");

        browser.Words.ShouldContain("All 2 seats are in use.");
        browser.Page.QuerySelectorAll("main ul li .nowrap").Select(e => e.TextContent).ShouldBe(["KU…L…S", "KU…R…S"]);
    }

    [Fact]
    public async Task The_way_back_leads_only_to_pages_of_ours()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        using var browser = await SendAsync(license.Key, A.Hardware("KASSE-NEU").ToString());
        await browser.SubmitAsync(("Act", "release"));
        foreach (var forged in new[] { "https://evil.example/", "//evil.example", "../account" })
        {
            await browser.GetAsync($"{browser.Path.Split('?')[0]}?activate={Uri.EscapeDataString(forged)}");
            browser.Outcome.ShouldBe("confirm");
            browser.Page.QuerySelectorAll("main a").ShouldAllBe(a => !a.GetAttribute("href")!.Contains("evil", StringComparison.Ordinal));
        }

        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("released");
        browser.Path.ShouldNotContain("?");
        browser.Words.ShouldNotContain("Weiter zur Aktivierung");
    }

    [Theory]
    [InlineData("locked", "Diese Lizenz ist gesperrt")]
    [InlineData("suspended", "Diese Lizenz ist ausgesetzt")]
    [InlineData("revoked", "Diese Lizenz ist erloschen")]
    [InlineData("expired", "Diese Lizenz ist abgelaufen")]
    [InlineData("device-excluded", "Dieser PC darf die Lizenz nicht mehr benutzen")]
    public async Task What_stands_in_the_way_is_said_with_whom_to_ask(string outcome, string heading)
    {
        var license = await portal.Portal.AddLicenseAsync(seats: 2, computers: "LAPTOP-5");
        string? caseNumber = null;
        switch (outcome)
        {
            case "locked":
                await license.ReleaseAsync("LAPTOP-5");
                await license.ActivateAsync("LAPTOP-NEU");
                await license.ActivateAsync("LAPTOP-NEU-2");
                portal.Portal.Clock.Advance(TimeSpan.FromHours(2));
                caseNumber = await license.SightAsync("LAPTOP-5");
                break;
            case "suspended":
                await license.SuspendAsync();
                break;
            default:
                await license.ActAsync((l, _) => Task.FromResult(outcome switch
                {
                    "revoked" => l.Revoke(portal.Portal.Clock.Now).Succeeded,
                    "expired" => (l.ExpiresAt = portal.Portal.Clock.Now) is not null,
                    _ => l.Exclude(l.ActiveComputers.Single(), license.Policies.Hardware, portal.Portal.Clock.Now).Succeeded,
                }));
                break;
        }

        foreach (var language in new[] { "de", "en" })
        {
            using var browser = await SendAsync(license.Key, A.Hardware("LAPTOP-5").ToString(), language);
            browser.Outcome.ShouldBe(outcome);
            browser.Words.ShouldContain(license.Number);
            browser.Words.ShouldContain("+49 30 0000000");
            if (language == "de")
            {
                browser.Heading.ShouldBe(heading);
                browser.Words.ShouldContain(caseNumber ?? "");
            }

            browser.Page.QuerySelector("main form").ShouldBeNull();
        }

        (await MailsAsync(license)).ShouldBeEmpty();
    }

    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        { "", "", "RequestFile", "Wählen Sie eine Datei aus, oder geben Sie den Hardwarecode ein" },
        { "", A.Hardware("LAPTOP-7").ToString(), "ActivationKey", "Geben Sie Ihren Aktivierungsschlüssel ein" },
        { "KBHPE-5N500-BAQPQ-AAQSQ-PP7FH", A.Hardware("LAPTOP-7").ToString(), "ActivationKey",
            "In Gruppe 2 (5N500) stimmt ein Zeichen nicht. Prüfen Sie besonders 0/O, 1/I und 8/B" },
        { "DY09R-7CM28-BHTSH", A.Hardware("LAPTOP-7").ToString(), "ActivationKey",
            "Das ist ein Bestätigungscode. Nach ihm fragt die Seite /release, sobald der Schlüssel eingegeben ist"
                + ". Hier brauchen wir den Aktivierungsschlüssel, er beginnt mit K" },
        { A.Hardware("LAPTOP-7").ToString(), A.Hardware("LAPTOP-7").ToString(), "ActivationKey",
            "Das ist ein Hardwarecode. Er gehört auf die Seite „Ohne Internet aktivieren“ (/activate)"
                + ". Hier brauchen wir den Aktivierungsschlüssel, er beginnt mit K" },
        { "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH", "H1011-2BATA", "HardwareCode",
            "Der Hardwarecode hat 35 Zeichen, Ihrer hat 10. Fehlt am Ende etwas?" },
        { "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH", Typo, "HardwareCode",
            $"In Gruppe 2 ({Typo[6..11]}) stimmt ein Zeichen nicht. Prüfen Sie besonders 0/O, 1/I und 8/B" },
        { "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH", "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH", "HardwareCode",
            "Das ist ein Aktivierungsschlüssel. Mit ihm geben Sie unter /release eine Lizenz frei"
                + ". Hier brauchen wir den Hardwarecode, er beginnt mit H" },
        { "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH", "DY09R-7CM28-BHTSH", "HardwareCode",
            "Das ist ein Bestätigungscode. Nach ihm fragt die Seite /release, sobald der Schlüssel eingegeben ist"
                + ". Hier brauchen wir den Hardwarecode, er beginnt mit H" },
        { "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH", "-----BEGIN LSHP REQUEST-----\n{}\n-----END LSHP REQUEST-----", "HardwareCode",
            "Das ist keine Lizenzinfo-Datei (.lshreq)" },
        { "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH", (RequestFileTests.Sample with { Kind = "release" }).Write(), "HardwareCode",
            "Diese Datei gehört zu einer Freigabe. Speichern Sie die Lizenzinfo auf dem PC, der die Lizenz bekommen soll" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_named_at_its_field_and_what_was_typed_stays(string key, string hardware, string field, string words)
    {
        using var browser = await SendAsync(key, hardware);

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Path.ShouldBe("/activate");
        browser.Outcome.ShouldBeOneOf("typing-error", "wrong-file");
        browser.ErrorsInSummary.ShouldContain(words);
        browser.Page.QuerySelector($"#{field}-error")!.TextContent.ShouldBe("Fehler: " + words);
        browser.Page.QuerySelector<IHtmlTextAreaElement>("#HardwareCode")!.Value.ShouldBe(hardware);
        browser.Page.QuerySelector<IHtmlInputElement>("#ActivationKey")!.Value.ShouldBe(key);
    }

    [Fact]
    public async Task The_wrong_groups_of_both_codes_are_marked_at_once()
    {
        using var browser = await SendAsync("KBHPE-5N500-BAQPQ-AAQSQ-PP7FH", Typo);
        browser.Page.QuerySelectorAll("li.group-wrong .code").Select(e => e.TextContent).ShouldBe([Typo[6..11], "5N500"]);
        browser.ErrorsInSummary.Count.ShouldBe(2);
    }

    public static TheoryData<string, string, string> BadFiles => new()
    {
        { "leer.lshreq", "", "Die Datei ist leer" },
        { "gross.lshreq", new string('x', (8 * 1024) + 1), "Die Datei ist größer als 8 KB" },
        { "seite.lshreq", "<html><script>alert(1)</script></html>", "Das ist keine Lizenzinfo-Datei (.lshreq)" },
        { "bild.lshreq", "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "Das ist keine Lizenzinfo-Datei (.lshreq)" },
        { "lizenz.lshreq", "-----BEGIN LSHP LICENSE-----\nabc\n-----END LSHP LICENSE-----", "Das ist keine Lizenzinfo-Datei (.lshreq)" },
        { "zwei.lshreq", RequestFileTests.Sample.Write() + (RequestFileTests.Sample with { PcName = "KASSE-2" }).Write(),
            "Das ist keine Lizenzinfo-Datei (.lshreq)" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task A_file_that_is_none_is_refused_and_the_key_stays(string name, string content, string words)
    {
        using var browser = await UploadAsync(name, Encoding.Latin1.GetBytes(content), ("ActivationKey", "KBHPE-5N400-BAQPQ-AAQSQ-PP7FH"));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("wrong-file");
        browser.ErrorsInSummary.ShouldBe([words + ". Wählen Sie bitte noch einmal eine Datei"]);
        browser.Page.QuerySelector<IHtmlInputElement>("#ActivationKey")!.Value.ShouldBe("KBHPE-5N400-BAQPQ-AAQSQ-PP7FH");
        browser.Page.Source.Text.ShouldNotContain("alert(1)");
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused_even_inside_a_frame()
    {
        var bytes = Encoding.UTF8.GetBytes(RequestFileTests.Sample.Write());
        var at = Array.LastIndexOf(bytes, (byte)'K');
        bytes[at] = 0xC3;
        using var browser = await UploadAsync("x.lshreq", bytes);

        browser.Outcome.ShouldBe("wrong-file");
    }

    [Fact]
    public async Task A_file_that_was_read_needs_not_be_chosen_again_after_another_mistake()
    {
        var license = await portal.Portal.AddLicenseAsync();
        var request = await RequestAsync(license, "LAPTOP-8");
        using var browser =
            await UploadAsync("x.lshreq", Encoding.UTF8.GetBytes(request.Write()), ("ActivationKey", "KBHPE-5N500-BAQPQ-AAQSQ-PP7FH"));
        browser.Outcome.ShouldBe("typing-error");
        await browser.SubmitAsync(("ActivationKey", license.Key));

        browser.Outcome.ShouldBe("activated");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("LAPTOP-8");
    }

    [Theory]
    [InlineData("de", "Dieser Schlüssel gehört zu BeamAlign, die Lizenzinfo kommt von einem anderen Produkt")]
    [InlineData("en", "This key belongs to BeamAlign, but the license information comes from another product")]
    public async Task A_file_of_another_product_is_named(string language, string words)
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var browser = await SendAsync(license.Key, RequestFileTests.Sample.Write(), language);

        browser.Outcome.ShouldBe("wrong-product");
        browser.ErrorsInSummary.ShouldBe([words]);
        await using var db = portal.Portal.Open();
        (await db.Set<ActivationRequest>().CountAsync(r => r.LicenseId == license.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_key_says_no_more_than_that_until_the_tries_are_used_up_and_a_right_one_activates_all_the_same()
    {
        using var browser = portal.Open();
        await browser.GetAsync("/activate");
        for (var i = 0; i < 10; i++)
        {
            await browser.SubmitAsync(("ActivationKey", ActivationKey.New().ToString()), ("HardwareCode", A.Hardware("RATER").ToString()));
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            browser.Outcome.ShouldBe("not-found");
            browser.ErrorsInSummary.ShouldBe(
                ["Zu diesem Schlüssel finden wir keine Lizenz. Prüfen Sie die Eingabe oder lassen Sie sich den Schlüssel zusenden"]);
        }

        var wrong = ActivationKey.New().ToString();
        await browser.SubmitAsync(("ActivationKey", wrong), ("HardwareCode", A.Hardware("RATER").ToString()));
        browser.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        browser.Outcome.ShouldBe("too-many-tries");
        browser.Answer.Headers.RetryAfter.ShouldNotBeNull();
        browser.Page.QuerySelector<IHtmlInputElement>("#ActivationKey")!.Value.ShouldBe(wrong);

        var license = await portal.Portal.AddLicenseAsync();
        await browser.SubmitAsync(("ActivationKey", license.Key), ("HardwareCode", A.Hardware("GAST").ToString()));
        browser.Outcome.ShouldBe("activated");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Without_a_readable_computer_no_key_is_looked_up()
    {
        using var browser = portal.Open();
        await browser.GetAsync("/activate");
        for (var i = 0; i < 12; i++)
        {
            await browser.SubmitAsync(("ActivationKey", ActivationKey.New().ToString()), ("HardwareCode", "H1011"));
            browser.Outcome.ShouldBe("typing-error");
        }
    }

    [Fact]
    public async Task A_look_alike_of_an_imported_key_is_offered()
    {
        var scheme = new KeyScheme { Pattern = "OA-[0-9]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}" };
        var license = await portal.Portal.AddLicenseAsync(foreignKey: "OA-2019-O0B8-1I7Q", keys: scheme);
        using var browser = await SendAsync("oa-2019-00b8-117q", A.Hardware("LAPTOP-9").ToString());

        browser.Outcome.ShouldBe("did-you-mean");
        Browser.Text(browser.Page.QuerySelector("main form button")!).ShouldBe("Ja, weiter mit OA-2019-O0B8-1I7Q");
        await browser.SubmitAsync(("Meant", "OA-2019-O0B8-1I7Q"));
        browser.Outcome.ShouldBe("activated");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_form_that_outlived_its_token_comes_back_with_the_file_in_it()
    {
        var license = await portal.Portal.AddLicenseAsync();
        var request = await RequestAsync(license, "LAPTOP-10");
        using var browser = portal.Open();
        await browser.GetAsync("/activate");
        browser.Page.QuerySelector("input[name=__RequestVerificationToken]")!.SetAttribute("value", "old");
        await browser.UploadAsync("RequestFile", "x.lshreq", Encoding.UTF8.GetBytes(request.Write()), ("ActivationKey", license.Key));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Words.ShouldContain("Diese Seite war zu lange offen");
        (await license.ReadAsync()).Activations.ShouldBeEmpty();
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("activated");
    }

    [Fact]
    public async Task The_file_is_for_who_has_the_link_and_for_a_day()
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var browser = await SendAsync(license.Key, A.Hardware("LAPTOP-11").ToString());
        var page = browser.Path;
        using var stranger = portal.Open();
        foreach (var guess in new[] { "/activate/" + new string('A', 43), "/activate/" + license.Number,
            page[..^1] + (page[^1] == 'A' ? 'Q' : 'A') })
        {
            await stranger.GetAsync(guess);
            stranger.Status.ShouldBe(HttpStatusCode.NotFound);
            stranger.Outcome.ShouldBe("invalid-link");
            using var file = await stranger.SendAsync(new HttpRequestMessage(HttpMethod.Get, guess + "/file"));
            file.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        portal.Portal.Clock.Advance(TimeSpan.FromHours(25));
        await browser.GetAsync(page);
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        using var late = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, page + "/file"));
        late.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var token = page["/activate/".Length..];
        portal.Log.ShouldNotContain(
            line => line.Contains(token, StringComparison.Ordinal) || line.Contains(license.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nobody_can_open_any_more_is_forgotten_and_the_license_stays()
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var old = await SendAsync(license.Key, A.Hardware("LAPTOP-13").ToString());
        portal.Portal.Clock.Advance(TimeSpan.FromHours(24));
        using var fresh = await SendAsync(license.Key, A.Hardware("LAPTOP-13").ToString());
        await portal.Portal.Services.GetServices<DailyJob>().Single(j => j.Name == "forget-activation-requests")
            .RunAsync(portal.Portal.Services, portal.Portal.Clock.Now, CancellationToken.None);

        await using (var db = portal.Portal.Open())
        {
            (await db.Set<ActivationRequest>().CountAsync(r => r.LicenseId == license.Id)).ShouldBe(1);
        }

        await fresh.GetAsync(fresh.Path);
        fresh.Outcome.ShouldBe("activated");
        await old.GetAsync(old.Path);
        old.Outcome.ShouldBe("invalid-link");
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public async Task A_computer_with_few_readable_parts_is_told_which_and_waits_for_staff(string language)
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var browser = await SendAsync(license.Key, A.Hardware("KIOSK-1", absent: 5).ToString(), language);

        browser.Outcome.ShouldBe("few-parts");
        browser.Words.ShouldContain(portal.Portal.FewParts(language, "board-uuid") + ".");
        browser.Page.QuerySelector("main form").ShouldBeNull();
        await license.ActAsync((l, _) => Task.FromResult(l.AllowFewParts(portal.Portal.Clock.Now).ShouldSucceed()));
        await browser.GetAsync(browser.Path);
        browser.Outcome.ShouldBe("ready");
        await browser.SubmitAsync(("Act", "activate"));
        browser.Outcome.ShouldBe("activated");
    }

    [Fact]
    public async Task Once_the_license_is_locked_or_released_the_link_hands_out_nothing()
    {
        var license = await portal.Portal.AddLicenseAsync();
        using var browser = await SendAsync(license.Key, A.Hardware("LAPTOP-12").ToString());
        await license.ActAsync((l, _) => Task.FromResult(l.Suspend().ShouldSucceed()));
        using var file = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, browser.Path + "/file"));
        file.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<Browser> SendAsync(string key, string hardware, string language = "de")
    {
        var browser = portal.Open(language);
        await browser.GetAsync("/activate");
        return await browser.SubmitAsync(("ActivationKey", key), ("HardwareCode", hardware));
    }

    private async Task<Browser> UploadAsync(string name, byte[] file, params (string Name, string? Value)[] typed)
    {
        var browser = portal.Open();
        await browser.GetAsync("/activate");
        return await browser.UploadAsync("RequestFile", name, file, typed);
    }

    private static async Task<RequestFile> RequestAsync(SampleLicense license, string pc) => RequestFileTests.Sample with
    {
        Product = (await license.ReadAsync()).ProductId,
        HardwareCode = A.Hardware(pc).ToString(),
        PcName = pc,
    };

    private static async Task<(string Text, HttpResponseMessage Answer)> DownloadAsync(Browser browser)
    {
        var link = browser.Page.QuerySelector("main a.button")!.GetAttribute("href")!;
        var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, link));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadAsStringAsync(), answer);
    }

    private async Task<List<OutboxMessage>> MailsAsync(SampleLicense license)
    {
        await using var db = portal.Portal.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Kind == "activated-offline" && m.Reference == license.Number)
            .ToListAsync();
    }
}
