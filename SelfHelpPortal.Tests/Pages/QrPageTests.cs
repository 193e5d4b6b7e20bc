using System.Net;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>/D/{token}: what a phone opens from the QR code.</summary>
public class QrPageTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    [Theory]
    [InlineData("de", "Diese Lizenz freigeben?", "Lizenz jetzt freigeben", "Wird freigegeben …")]
    [InlineData("en", "Release this license?", "Release license now", "Releasing …")]
    public async Task Opening_shows_one_button_and_what_it_does(string language, string heading, string button, string busy)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var token = await license.QrTokenAsync("KASSE-ALT");
        using var browser = portal.Open(language);
        await browser.GetAsync("/D/" + token);

        browser.Status.ShouldBe(HttpStatusCode.OK);
        browser.Outcome.ShouldBe("ready");
        browser.Heading.ShouldBe(heading);
        Browser.Text(browser.Page.QuerySelectorAll("main button").ShouldHaveSingleItem()).ShouldBe(button);
        browser.Words.ShouldContain("KA…T");
        browser.Words.ShouldContain("…" + token[^4..]);
        browser.Words.ShouldContain("…" + license.LastFive);
        browser.Page.QuerySelector("nav").ShouldBeNull();
        var form = browser.Page.QuerySelector("main form")!;
        form.HasAttribute("data-once").ShouldBeTrue();
        form.GetAttribute("data-busy").ShouldBe(busy);
        browser.Page.Scripts.ShouldHaveSingleItem().Source!.ShouldMatch(@"^/d\.[a-z0-9]+\.js$");
        browser.Answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        browser.Answer.Headers.GetValues("X-Robots-Tag").ShouldBe(["noindex"]);
    }

    [Theory]
    [InlineData("de", "Lizenz freigegeben", "Sie können diese Seite schließen. Starten Sie die Software auf dem neuen PC.")]
    [InlineData("en", "License released", "You can close this page. Start the software on the new PC.")]
    public async Task The_button_releases_and_opening_again_shows_the_same(string language, string heading, string words)
    {
        var license = await portal.Portal.AddLicenseAsync(new ReleasePolicy { DeadPc = DeadPcRule.StaffOnly }, computers: "KASSE-ALT");
        var token = await license.QrTokenAsync("KASSE-ALT");
        using var browser = portal.Open(language);
        await browser.GetAsync("/d/" + token.ToLowerInvariant());
        await browser.SubmitAsync();

        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        browser.Outcome.ShouldBe("released");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain(words);
        browser.Page.QuerySelector("main time").ShouldNotBeNull();
        browser.Page.QuerySelector("main form").ShouldBeNull();
        browser.Page.Scripts.ShouldBeEmpty();
        var page = browser.Words;

        using var other = portal.Open(language);
        await other.GetAsync("/D/" + token);
        other.Words.ShouldBe(page);
        (await license.ReadAsync()).Activations.ShouldHaveSingleItem().ReleasedBy.ShouldBe(ReleaseMethod.QrCode);
    }

    [Theory]
    [InlineData("de", "Noch nicht möglich")]
    [InlineData("en", "Not possible yet")]
    public async Task After_activating_again_the_link_counts_a_day_later(string language, string heading)
    {
        var license = await portal.Portal.AddLicenseAsync(new ReleasePolicy { DeadPc = DeadPcRule.PaidTransfer }, computers: "KASSE-ALT");
        await license.ActivateAsync("KASSE-ALT");
        using var browser = portal.Open(language);
        await browser.GetAsync("/D/" + await license.QrTokenAsync("KASSE-ALT"));

        (browser.Outcome, browser.Heading).ShouldBe(("proof-not-yet", heading));
        browser.Page.QuerySelector("main form").ShouldBeNull();
        portal.Portal.Clock.Advance(TimeSpan.FromHours(24));
        await browser.GetAsync(browser.Path);
        browser.Outcome.ShouldBe("ready");
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("released");
    }

    [Fact]
    public async Task A_hundred_at_once_release_once_and_read_the_same()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var token = await license.QrTokenAsync("KASSE-ALT");
        using var browser = portal.Open();
        await browser.GetAsync("/D/" + token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => browser.PostAsync()));

        answers.Select(answer => answer.StatusCode).Distinct().ShouldBe([HttpStatusCode.SeeOther]);
        answers.Select(answer => answer.Headers.Location!.OriginalString).Distinct().ShouldHaveSingleItem().ShouldEndWith("/D/" + token);
        (await license.EventsAsync()).Count(e => e.Kind == EventKind.Released).ShouldBe(1);
        (await license.ReadAsync()).ActiveComputers.ShouldBeEmpty();

        var pages = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/D/" + token);
            using var answer = await browser.SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }));
        pages.Distinct().ShouldHaveSingleItem().ShouldContain("data-outcome=\"released\"");
    }

    [Theory]
    [InlineData("de", "Diese Lizenz wurde bereits freigegeben")]
    [InlineData("en", "This license has already been released")]
    public async Task What_was_released_in_another_way_was_so_already(string language, string heading)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        await license.ReleaseAsync("KASSE-ALT");
        using var browser = portal.Open(language);
        await browser.GetAsync("/D/" + await license.QrTokenAsync("KASSE-ALT"));

        browser.Outcome.ShouldBe("already-released");
        browser.Heading.ShouldBe(heading);
        browser.Page.QuerySelector("main time").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("de", "Diese Lizenz ist gesperrt", "Vorgang ")]
    [InlineData("en", "This license is locked", "case ")]
    public async Task A_locked_license_says_its_case(string language, string heading, string before)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        await license.ReleaseAsync("KASSE-ALT");
        await license.ActivateAsync("KASSE-NEU");
        portal.Portal.Clock.Advance(TimeSpan.FromHours(1));
        var number = await license.SightAsync("KASSE-ALT");
        using var browser = portal.Open(language);
        await browser.GetAsync("/D/" + await license.QrTokenAsync("KASSE-NEU"));

        browser.Outcome.ShouldBe("locked");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain(before + number);
    }

    [Theory]
    [InlineData("de", "Hier hilft Ihnen unser Support")]
    [InlineData("en", "Our support team will help you")]
    public async Task A_suspended_license_names_support(string language, string heading)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var token = await license.QrTokenAsync("KASSE-ALT");
        using var browser = portal.Open(language);
        await browser.GetAsync("/D/" + token);
        await license.SuspendAsync();
        await browser.SubmitAsync();

        browser.Outcome.ShouldBe("ask-support");
        browser.Heading.ShouldBe(heading);
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("de", "Scannen Sie noch einmal",
        "Dieser Link ist unvollständig. Scannen Sie den QR-Code noch einmal oder geben Sie den Schlüssel ein.")]
    [InlineData("en", "Scan again", "This link is incomplete. Scan the QR code again or enter the key.")]
    public async Task A_link_that_is_not_ours_is_not_found(string language, string heading, string words)
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var token = await license.QrTokenAsync("KASSE-ALT");
        var activation = (await license.ReadAsync()).Activations.Single();
        using var browser = portal.Open(language);
        foreach (
            var wrong in new[] { token[..^1], token + "0", ReleaseLink.Token(new byte[20], activation.Handle, activation.Generation), "x" })
        {
            await browser.GetAsync("/D/" + wrong);
            browser.Status.ShouldBe(HttpStatusCode.NotFound);
            browser.Outcome.ShouldBe("invalid-link");
            browser.Heading.ShouldBe(heading);
            browser.Words.ShouldContain(words);
            browser.Page.QuerySelector("main a[href='/release']").ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task A_forged_post_releases_nothing_and_guessing_is_stopped()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var activation = (await license.ReadAsync()).Activations.Single();
        using var browser = portal.Open();
        await browser.GetAsync("/D/" + await license.QrTokenAsync("KASSE-ALT"));
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 12; i++)
        {
            var forged = ReleaseLink.Token([.. new byte[19], (byte)i], activation.Handle, activation.Generation);
            using var answer = await browser.PostAsync(request => request.RequestUri = new Uri("/D/" + forged, UriKind.Relative));
            last = answer.StatusCode;
            if (last == HttpStatusCode.TooManyRequests)
            {
                answer.Headers.RetryAfter.ShouldNotBeNull();
                (await answer.Content.ReadAsStringAsync()).ShouldContain("data-outcome=\"too-many-tries\"");
            }
            else
            {
                last.ShouldBe(HttpStatusCode.NotFound);
            }
        }

        last.ShouldBe(HttpStatusCode.TooManyRequests);
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();

        // The one that the PC shows is nobody's guess, whatever came from this address before.
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("released");
    }

    [Fact]
    public async Task A_form_that_outlived_its_token_waits_for_a_finger()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        var path = "/D/" + await license.QrTokenAsync("KASSE-ALT");
        using var browser = portal.Open();
        using var request =
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("_handler", "page")]) };
        using var answer = await browser.SendAsync(request);
        await browser.ShowAsync(answer, path);

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("ready");
        browser.Page.QuerySelector("main form")!.HasAttribute("data-once").ShouldBeFalse();
        (await license.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("released");
    }

    [Fact]
    public async Task The_page_is_light_enough_for_a_phone_on_a_bad_line()
    {
        var license = await portal.Portal.AddLicenseAsync(computers: "KASSE-ALT");
        using var handler = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.None };
        using var client = new HttpClient(handler) { BaseAddress = portal.Portal.Address };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        using var browser = portal.Open();
        await browser.GetAsync("/D/" + await license.QrTokenAsync("KASSE-ALT"));
        var styles = browser.Page.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href")!).ToList();

        var page = Compressed(browser.Page.Source.Text);
        foreach (var style in styles)
        {
            // Built for development, files are sent as they are; published, with the compression that is made here.
            page += Compressed(await client.GetStringAsync(style));
        }

        var script = (await client.GetByteArrayAsync(browser.Page.Scripts.Single().Source)).Length;

        styles.ShouldNotBeEmpty();
        page.ShouldBeLessThan(15 * 1024);
        script.ShouldBeLessThan(2 * 1024);
    }

    private static int Compressed(string text)
    {
        using var result = new MemoryStream();
        using (var brotli = new System.IO.Compression.BrotliStream(result, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return (int)result.Length;
    }
}
