using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Portal.Licenses;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>One license of a signed-in customer: its computers, their names, and their release.</summary>
public sealed class MyLicenseTests(MyPortal my) : IClassFixture<MyPortal>
{
    private readonly PortalFactory _portal = my.Portal;

    [Theory]
    [InlineData("de", "KASSE-ALT freigegeben, mit dem Schlüssel", "beliebig viele")]
    [InlineData("en", "KASSE-ALT released, with the key", "as many as you like")]
    public async Task A_license_shows_its_computers_and_its_history(string language, string released, string allowance)
    {
        var sample = await _portal.AddLicenseAsync(seats: 2, computers: ["KASSE-ALT", "KASSE-NEU"]);
        await ReleaseByKeyAsync(sample, "KASSE-ALT");
        using var browser = await (await CustomerUser.CreateAsync(sample, CustomerRole.Member)).SignInAsync(language);
        await browser.GetAsync($"/my/licenses/{sample.Number}");
        browser.Outcome.ShouldBe("license");
        browser.Words.ShouldContain(allowance);
        browser.Page.QuerySelectorAll(".license-card h3").Select(Browser.Text).ShouldBe(["KASSE-NEU"]);
        var history = browser.Page.QuerySelectorAll(".timeline li").Select(Browser.Text).ToList();
        history.ShouldContain(line => line.StartsWith(released, StringComparison.Ordinal), string.Join('\n', history));
        browser.Words.ShouldNotContain(sample.Key);
    }

    /// <summary>While a release is disputed, or the license is not in force, no page offers to release it or says how often.</summary>
    [Theory]
    [InlineData("de", "zurzeit nicht möglich", "beliebig viele")]
    [InlineData("en", "not possible at the moment", "as many as you like")]
    public async Task What_cannot_be_released_now_is_not_offered(string language, string now, string otherwise)
    {
        foreach (var (stop, stops) in (IEnumerable<(Func<SampleLicense, Task>, bool)>)[
            (_ => Task.CompletedTask, false), (DisputeAsync, true), (license => license.SuspendAsync(), true)])
        {
            var sample = await _portal.AddLicenseAsync(seats: 2, computers: ["KASSE-ALT", "KASSE-NEU"]);
            await ReleaseByKeyAsync(sample, "KASSE-ALT");
            await stop(sample);
            using var browser = await (await CustomerUser.CreateAsync(sample, CustomerRole.Owner)).SignInAsync(language);
            using var stranger = new Browser(_portal, language);
            await browser.GetAsync($"/my/licenses/{sample.Number}");
            await stranger.GetAsync($"/license/{await sample.LinkAsync(LinkPurpose.LicenseInformation, sample.Id)}");

            foreach (var page in (Browser[])[browser, stranger])
            {
                page.Outcome.ShouldBe("license");
                page.Words.Contains(now, StringComparison.Ordinal).ShouldBe(stops);
                page.Words.Contains(otherwise, StringComparison.Ordinal).ShouldBe(!stops);
                (page.Page.QuerySelector("main a[href$='/release'], main button[value=release]") is null).ShouldBe(stops);
            }
        }
    }

    private async Task DisputeAsync(SampleLicense sample)
    {
        var released = (await sample.ReadAsync()).Activations.Single(a => a.PcName == "KASSE-ALT");
        using var owner = new Browser(_portal);
        await owner.GetAsync($"/object/{await sample.LinkAsync(LinkPurpose.Objection, released.Id)}");
        await owner.ConfirmAsync();
        owner.Outcome.ShouldBe("objected");
    }

    [Fact]
    public async Task Another_customers_license_is_answered_like_none()
    {
        var own = await _portal.AddLicenseAsync(computers: "KASSE-1");
        var foreign = await _portal.AddLicenseAsync(computers: "FREMD-1");
        var computer = (await foreign.ReadAsync()).Activations[0].Id;
        using var browser = await (await CustomerUser.CreateAsync(own)).SignInAsync();
        foreach (var rest in (string[])[
            "", "/transfer", $"/computers/{computer}/name", $"/computers/{computer}/release", $"/computers/{computer}/file"])
        {
            await browser.GetAsync($"/my/licenses/{foreign.Number}{rest}");
            var (status, words) = (browser.Status, browser.Words);
            await browser.GetAsync($"/my/licenses/L-9999999{rest}");
            (status, words).ShouldBe((browser.Status, browser.Words), rest);
            status.ShouldBe(HttpStatusCode.NotFound, rest);
        }

        // A computer of another license does not come by the number of one's own either.
        await browser.GetAsync($"/my/licenses/{own.Number}/computers/{computer}/release");
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_name_is_shown_everywhere_and_stays_when_the_computer_comes_back()
    {
        var sample = await _portal.AddLicenseAsync(computers: "KASSE-1");
        using var browser = await (await CustomerUser.CreateAsync(sample, CustomerRole.Member)).SignInAsync();
        await browser.GetAsync($"/my/licenses/{sample.Number}");
        await browser.GetAsync(browser.Page.QuerySelector("main a[href$='/name']")!.GetAttribute("href")!);
        await browser.SubmitAsync(("OwnName", new string('x', 51)));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldHaveSingleItem();
        browser.Page.QuerySelector<IHtmlInputElement>("#OwnName")!.Value.Length.ShouldBe(51, "nothing typed is lost");
        await browser.SubmitAsync(("OwnName", "  Theke vorn "));
        browser.Outcome.ShouldBe("named");
        browser.Page.QuerySelectorAll(".license-card h3").Select(Browser.Text).ShouldBe(["Theke vorn"]);
        browser.Words.ShouldContain("KASSE-1");

        await sample.ReleaseAsync("KASSE-1");
        _portal.Clock.Advance(TimeSpan.FromMinutes(5));
        await sample.ActivateAsync("KASSE-2");
        (await sample.ReadAsync()).ActiveComputers.Single().OwnName.ShouldBeNull("another computer has no right to the name");
        await sample.ReleaseAsync("KASSE-2");
        _portal.Clock.Advance(TimeSpan.FromMinutes(5));
        await sample.ActivateAsync("KASSE-1");
        (await sample.ReadAsync()).ActiveComputers.Single().OwnName.ShouldBe("Theke vorn");
    }

    [Theory]
    [InlineData("de", "Lizenz freigegeben", "angemeldet, auf dieser Internetseite")]
    [InlineData("en", "License released", "signed in, on this website")]
    public async Task A_double_click_releases_once_and_tells_the_owner_who_did_it(string language, string heading, string method)
    {
        var sample = await _portal.AddLicenseAsync(computers: "KASSE-1");
        var person = await CustomerUser.CreateAsync(sample, CustomerRole.Member);
        using var browser = await person.SignInAsync(language);
        await browser.GetAsync($"/my/licenses/{sample.Number}");
        await browser.GetAsync(browser.Page.QuerySelector("main a[href$='/release']")!.GetAttribute("href")!);
        browser.Outcome.ShouldBe("confirm");
        browser.Words.ShouldContain("KASSE-1");
        (await sample.ReadAsync()).ActiveComputers.ShouldHaveSingleItem("opening the page does nothing");

        var answers = await Task.WhenAll(browser.PostAsync(typed: ("Act", "release")), browser.PostAsync(typed: ("Act", "release")));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.SeeOther);
        await browser.ShowAsync(answers[0], browser.Path);
        browser.Outcome.ShouldBe("released");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain(method);

        var released = (await sample.ReadAsync()).Activations.ShouldHaveSingleItem();
        released.ReleasedBy.ShouldBe(ReleaseMethod.Account);
        var events = (await sample.EventsAsync()).Where(e => e.Kind == EventKind.Released).ToList();
        events.ShouldHaveSingleItem().ActorId.ShouldBe(person.Id);
        var mail = (await MailsAsync(sample)).ShouldHaveSingleItem();
        mail.Kind.ShouldBe("released");
        mail.ToAddress.ShouldBe(SampleLicense.Owner);

        // Who is signed in reads who it was; staff would be "our support".
        await browser.GetAsync($"/my/licenses/{sample.Number}");
        await using var db = _portal.Open();
        var name = await db.Users.Where(u => u.Id == person.Id).Select(u => u.DisplayName).SingleAsync();
        Browser.Text(browser.Page.QuerySelector(".timeline li")!).ShouldContain(name);
    }

    [Fact]
    public async Task Where_the_owner_confirms_his_sign_in_does_and_a_members_does_not()
    {
        var sample = await _portal.AddLicenseAsync(
            release: new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail, MinimumHoldMinutes = 0 }, computers: "KASSE-1");
        using var member = await (await CustomerUser.CreateAsync(sample, CustomerRole.Member)).SignInAsync();
        var page = await ReleasePageAsync(sample);
        await member.GetAsync(page);
        member.Outcome.ShouldBe("owner-confirms");

        // A form that a member never saw changes nothing.
        var stopped = await UseCase<ReleaseComputer>().ExecuteAsync(
            new CustomerAct(Guid.NewGuid(), await (await CustomerUser.CreateAsync(sample, CustomerRole.Member)).ActorAsync()),
            sample.Number, (await sample.ReadAsync()).Activations[0].Id, goesOn: false, _portal.Clock.Now, CancellationToken.None);
        stopped.Refused.ShouldBe(CustomerRefusal.Conflict);
        (await sample.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();

        await member.SubmitAsync(("Act", "by-key"));
        member.Path.ShouldStartWith("/release/");
        await member.SubmitAsync();
        member.Outcome.ShouldBe("mail-sent");

        using var owner = await (await CustomerUser.CreateAsync(sample)).SignInAsync();
        await owner.GetAsync(page);
        await owner.SubmitAsync(("Act", "release"));
        owner.Outcome.ShouldBe("released");
    }

    [Theory]
    [InlineData(DeadPcRule.PaidTransfer, "offer-transfer")]
    [InlineData(DeadPcRule.StaffOnly, "ask-support")]
    public async Task What_the_product_does_not_allow_names_the_next_way_out(DeadPcRule rule, string outcome)
    {
        var sample = await _portal.AddLicenseAsync(release: new ReleasePolicy { DeadPc = rule }, computers: "KASSE-1");
        using var browser = await (await CustomerUser.CreateAsync(sample)).SignInAsync();
        await browser.GetAsync(await ReleasePageAsync(sample));
        browser.Outcome.ShouldBe(outcome);
        browser.Page.QuerySelector("main a[href^='tel:']").ShouldNotBeNull();
        if (rule == DeadPcRule.PaidTransfer)
        {
            await browser.SubmitAsync(("Act", "by-key"));
            browser.Path.ShouldStartWith("/release/");
            browser.Page.QuerySelector("#VerificationCode").ShouldNotBeNull("with proof it goes on");
        }
    }

    [Fact]
    public async Task Used_up_releases_say_when_the_next_is_free()
    {
        var sample = await _portal.AddLicenseAsync(
            release: new ReleasePolicy { DeadPc = DeadPcRule.Immediate, AllowedUnproven = 1, MinimumHoldMinutes = 60 },
            computers: "KASSE-1");
        using var browser = await (await CustomerUser.CreateAsync(sample)).SignInAsync();
        await browser.GetAsync(await ReleasePageAsync(sample));
        browser.Outcome.ShouldBe("too-soon", "the computer has it for less than an hour");
        _portal.Clock.Advance(TimeSpan.FromHours(2));
        await browser.GetAsync(await ReleasePageAsync(sample));
        await browser.SubmitAsync(("Act", "release"));
        browser.Outcome.ShouldBe("released");

        _portal.Clock.Advance(TimeSpan.FromHours(2));
        await sample.ActivateAsync("KASSE-2");
        _portal.Clock.Advance(TimeSpan.FromHours(2));
        await browser.GetAsync($"/my/licenses/{sample.Number}");
        browser.Words.ShouldContain("aufgebraucht; die nächste gibt es am");
        await browser.GetAsync(await ReleasePageAsync(sample));
        browser.Outcome.ShouldBe("offer-transfer", "a release in an account counts as one by key does");
    }

    [Theory]
    [InlineData("de", "Gesperrt")]
    [InlineData("en", "Locked")]
    public async Task A_locked_license_names_its_case_and_releases_nothing(string language, string word)
    {
        var sample = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        await sample.ReleaseAsync("KASSE-ALT");
        _portal.Clock.Advance(TimeSpan.FromHours(1));
        await sample.ActivateAsync("KASSE-NEU");
        _portal.Clock.Advance(TimeSpan.FromHours(1));
        using var browser = await (await CustomerUser.CreateAsync(sample)).SignInAsync(language);
        await browser.GetAsync(await ReleasePageAsync(sample));
        browser.Outcome.ShouldBe("confirm");
        var number = await sample.SightAsync("KASSE-ALT");
        await browser.SubmitAsync(("Act", "release"));
        browser.Outcome.ShouldBe("locked", "the form was opened before the lock");
        browser.Words.ShouldContain(number);
        (await sample.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();

        await browser.GetAsync($"/my/licenses/{sample.Number}");
        browser.Words.ShouldContain(number);
        browser.Words.ShouldContain(word);
        await browser.GetAsync("/my");
        browser.Words.ShouldContain(number);

        // An owner goes on to the case from here; a member calls.
        using var member = await (await CustomerUser.CreateAsync(sample, CustomerRole.Member)).SignInAsync(language);
        await member.GetAsync($"/my/licenses/{sample.Number}");
        member.Page.QuerySelectorAll("main form").ShouldBeEmpty();
        await browser.GetAsync($"/my/licenses/{sample.Number}");
        await browser.SubmitAsync();
        browser.Path.ShouldStartWith("/flag/");
        browser.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_license_file_goes_to_its_customer_only()
    {
        var sample = await _portal.AddLicenseAsync(computers: "KASSE-1");
        await sample.ActAsync((license, db) =>
            Task.FromResult(UseCase<LicenseFiles>().Keep(db, license, license.Activations[0], "license of KASSE-1", _portal.Clock.Now)));
        using var browser = await (await CustomerUser.CreateAsync(sample, CustomerRole.Member)).SignInAsync();
        await browser.GetAsync($"/my/licenses/{sample.Number}");
        var link = browser.Page.QuerySelector("main a[href$='/file']")!.GetAttribute("href")!;
        using var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, link));
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(Encoding.UTF8.GetBytes("license of KASSE-1"));
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);

        using var nobody = _portal.CreateClient();
        using var sent = await nobody.GetAsync(link);
        sent.Headers.Location!.PathAndQuery.ShouldStartWith("/account/sign-in");
        using var other = await (await CustomerUser.CreateAsync(await _portal.AddLicenseAsync())).SignInAsync();
        await other.GetAsync(link);
        other.Status.ShouldBe(HttpStatusCode.NotFound);

        await sample.ReleaseAsync("KASSE-1");
        await browser.GetAsync(link);
        browser.Status.ShouldBe(HttpStatusCode.NotFound, "the computer no longer has the license");
    }

    [Fact]
    public async Task A_lost_sign_in_asks_for_it_and_does_nothing()
    {
        var sample = await _portal.AddLicenseAsync(computers: "KASSE-1");
        var person = await CustomerUser.CreateAsync(sample);
        using var browser = await person.SignInAsync();
        var page = await ReleasePageAsync(sample);
        await browser.GetAsync(page);
        await using (var db = _portal.Open())
        {
            await db.Users.Where(u => u.Id == person.Id).ExecuteUpdateAsync(s => s.SetProperty(u => u.SecurityStamp, "another"));
        }

        await browser.SubmitAsync(("Act", "release"));
        browser.Path.ShouldBe($"/account/sign-in?return={Uri.EscapeDataString(page)}");
        (await sample.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("de", "23.11.2026", "Der Platz ist frei", "Läuft noch bis zum Ende des 23.11.2026", "0 von 1")]
    [InlineData("en", "23 Nov 2026", "The seat is free", "Works until the end of 23 Nov 2026", "0 of 1")]
    public async Task An_old_pc_may_go_on_and_is_released_sooner_by_another_click(
        string language, string day, string free, string until, string seats)
    {
        var sample = await _portal.AddLicenseAsync(loans: SampleLoans.Offered, computers: "KASSE-ALT");
        using var browser = await (await CustomerUser.CreateAsync(sample, CustomerRole.Member)).SignInAsync(language);
        using var second = await (await CustomerUser.CreateAsync(sample, CustomerRole.Member)).SignInAsync(language);
        var page = await ReleasePageAsync(sample);
        await browser.GetAsync(page);
        browser.Words.ShouldContain(day);
        await second.GetAsync(page);

        // Twice, and from another tab.
        var answers = await Task.WhenAll(
            browser.PostAsync(typed: [("Act", "release"), ("GoesOn", "yes")]),
            browser.PostAsync(typed: [("Act", "release"), ("GoesOn", "yes")]));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.SeeOther);
        await second.SubmitAsync(("Act", "release"), ("GoesOn", "yes"));
        second.Outcome.ShouldBe("leaving");
        await browser.ShowAsync(answers[0], browser.Path);
        browser.Words.ShouldContain(free);
        browser.Words.ShouldContain(until);
        browser.Words.ShouldContain(seats);

        var old = (await sample.ReadAsync()).ActiveComputers.ShouldHaveSingleItem();
        (old.EndsAs, old.ReleasedBy).ShouldBe((EndKind.Overlap, ReleaseMethod.Account));
        (await sample.EventsAsync()).Count(e => e.Kind == EventKind.Leaving).ShouldBe(1);
        (await MailsAsync(sample)).Select(m => m.Kind).ShouldBe(["overlap-begun"]);
        await sample.ActivateAsync("KASSE-NEU");

        await browser.GetAsync(page);
        browser.Outcome.ShouldBe("confirm");
        browser.Page.QuerySelector("[name=GoesOn]").ShouldBeNull("it goes on already");
        await browser.SubmitAsync(("Act", "release"));
        browser.Outcome.ShouldBe("released");
        (await sample.ReadAsync()).ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("KASSE-NEU");
    }

    [Fact]
    public async Task Where_another_pc_goes_on_already_the_tick_is_refused_and_nothing_is_released()
    {
        var sample = await _portal.AddLicenseAsync(seats: 2, loans: SampleLoans.Offered, computers: ["KASSE-1", "KASSE-2"]);
        using var browser = await (await CustomerUser.CreateAsync(sample)).SignInAsync();
        using var second = await (await CustomerUser.CreateAsync(sample)).SignInAsync();
        var computers = (await sample.ReadAsync()).ActiveComputers.OrderBy(a => a.Seat).Select(a => a.Id).ToList();
        await browser.GetAsync($"/my/licenses/{sample.Number}/computers/{computers[0]}/release");
        await second.GetAsync($"/my/licenses/{sample.Number}/computers/{computers[1]}/release");
        await browser.SubmitAsync(("Act", "release"), ("GoesOn", "yes"));
        browser.Outcome.ShouldBe("leaving");

        await second.SubmitAsync(("Act", "release"), ("GoesOn", "yes"));

        second.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        second.Outcome.ShouldBe("confirm");
        second.Page.QuerySelector("main .notice-warn").ShouldNotBeNull();
        second.Page.QuerySelector("[name=GoesOn]").ShouldBeNull();
        (await sample.ReadAsync()).ActiveComputers.Single(a => a.Id == computers[1]).EndsAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_loan_is_asked_for_from_the_license_with_its_number_filled_in()
    {
        var sample = await _portal.AddLicenseAsync(loans: SampleLoans.Offered, computers: "KASSE-1");
        using var browser = await (await CustomerUser.CreateAsync(sample)).SignInAsync();
        await browser.GetAsync($"/my/licenses/{sample.Number}");
        await browser.GetAsync(browser.Page.QuerySelector("main a[href^='/loan']")!.GetAttribute("href")!);
        browser.Outcome.ShouldBe("loan");
        browser.Page.QuerySelector<IHtmlInputElement>("#LicenseNumber")!.Value.ShouldBe(sample.Number);

        // What is no number never comes from an address.
        await browser.GetAsync($"/loan?product={(await sample.ReadAsync()).ProductId}&license={sample.Key}");
        browser.Page.QuerySelector<IHtmlInputElement>("#LicenseNumber")!.Value.ShouldBeEmpty();

        var without = await _portal.AddLicenseAsync(loans: SampleLoans.Offered);
        using var other = await (await CustomerUser.CreateAsync(without)).SignInAsync();
        await other.GetAsync($"/my/licenses/{without.Number}");
        other.Page.QuerySelector("main a[href^='/loan']").ShouldBeNull("no PC that could be in repair");
    }

    private async Task<string> ReleasePageAsync(SampleLicense sample) =>
        $"/my/licenses/{sample.Number}/computers/{(await sample.ReadAsync()).ActiveComputers.Single().Id}/release";

    private T UseCase<T>()
        where T : notnull => _portal.Services.GetRequiredService<T>();

    private async Task<IReadOnlyList<OutboxMessage>> MailsAsync(SampleLicense sample)
    {
        await using var db = _portal.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Reference == sample.Number).ToListAsync();
    }

    private async Task ReleaseByKeyAsync(SampleLicense sample, string pc)
    {
        using var browser = new Browser(_portal);
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", sample.Key));
        var activation = (await sample.ReadAsync()).ActiveComputers.Single(a => a.PcName == pc).Id;
        await browser.SubmitAsync(("Activation", activation.ToString()));
        browser.Outcome.ShouldBe("released");
    }
}
