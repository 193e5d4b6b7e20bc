using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

/// <summary>"Where you are signed in": each sign-in is listed, can be ended alone, and lasts as long as its kind of account says.</summary>
public sealed class SessionTests(SignInTests.Ground ground) : IClassFixture<SignInTests.Ground>
{
    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task One_of_two_sign_ins_is_ended_at_once_and_the_other_goes_on()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var here = await clerk.SignInAsync();
        using var there = await clerk.SignInAsync();
        await here.GetAsync("/account");
        Listed(here).Count.ShouldBe(2);
        Browser.Text(Listed(here)[0]).ShouldContain("dieser Browser");

        await EndAsync(here);

        here.Outcome.ShouldBe("session-ended");
        Listed(here).Count.ShouldBe(1);
        (await there.GetAsync("/staff")).Path.ShouldStartWith("/account/sign-in");
        (await here.GetAsync("/staff")).Path.ShouldBe("/staff");
    }

    [Fact]
    public async Task Nobody_ends_the_sign_in_of_somebody_else()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var theirs = await clerk.SignInAsync();
        Guid id;
        await using (var db = Portal.Open())
        {
            id = await db.Set<UserSession>().Where(s => s.UserId == clerk.Id && s.EndedAt == null).Select(s => s.Id).SingleAsync();
        }

        using var other = await (await StaffUser.CreateAsync(Portal)).SignInAsync();
        await other.GetAsync("/account");
        await other.SubmitAsync(Form(other), ("Session", id.ToString()));

        (await theirs.GetAsync("/staff")).Path.ShouldBe("/staff");
    }

    [Fact]
    public async Task A_used_up_cookie_opens_nothing_after_signing_out()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        await browser.GetAsync("/account/sign-out");
        var cookie = await CookiesAsync(browser);
        await browser.SubmitAsync();

        using var copied = new HttpRequestMessage(HttpMethod.Get, "/staff");
        copied.Headers.Add("Cookie", cookie);
        using var client = Portal.CreateClient();
        (await client.SendAsync(copied)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Customers_stay_signed_in_for_fourteen_idle_days_and_thirty_in_any_case()
    {
        var person = await CustomerUser.CreateAsync(Portal, null);
        using var browser = await person.SignInAsync();
        for (var day = 0; day < 28; day += 13)
        {
            (await browser.GetAsync("/account")).Path.ShouldBe("/account");
            Portal.Clock.Advance(TimeSpan.FromDays(13));
        }

        (await browser.GetAsync("/account")).Path.ShouldStartWith("/account/sign-in");

        using var idle = await person.SignInAsync();
        Portal.Clock.Advance(TimeSpan.FromDays(14.1));
        (await idle.GetAsync("/account")).Path.ShouldStartWith("/account/sign-in");
    }

    [Fact]
    public async Task A_customers_cookie_outlives_the_browser_and_one_of_staff_does_not()
    {
        var person = await CustomerUser.CreateAsync(Portal, null);
        using var browser = new Browser(Portal);
        await browser.GetAsync("/account/sign-in");
        using var answer = await browser.PostAsync(null, ("Email", person.Email), ("Password", CustomerUser.Password));
        Cookie(answer).ShouldContain("expires=");

        var clerk = await StaffUser.CreateAsync(Portal);
        using var staff = await clerk.SignInByPasswordAsync();
        using var code = await staff.PostAsync(null, ("Code", clerk.Code()));
        Cookie(code).ShouldNotContain("expires=");
    }

    [Fact]
    public async Task When_a_session_was_seen_is_written_down_once_an_hour()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        var first = await SeenAsync(clerk);
        Portal.Clock.Advance(TimeSpan.FromMinutes(50));
        await browser.GetAsync("/account");
        (await SeenAsync(clerk)).ShouldBe(first);

        Portal.Clock.Advance(TimeSpan.FromMinutes(20));
        await browser.GetAsync("/account");

        (await SeenAsync(clerk)).ShouldBeGreaterThan(first);
    }

    [Fact]
    public async Task What_opens_nothing_any_more_is_deleted()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        var sessions = Portal.Services.GetRequiredService<UserSessions>();
        var now = Portal.Clock.Now;
        var ended = (await clerk.ActorAsync()).Session;
        var old = await sessions.BeginAsync(clerk.Id, SignInStrength.Passkey, now - TimeSpan.FromDays(31));
        var open = await sessions.BeginAsync(clerk.Id, SignInStrength.Passkey, now);
        await using var db = Portal.Open();
        await db.Set<UserSession>().Where(s => s.Id == ended)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.EndedAt, now - TimeSpan.FromHours(25)));

        await sessions.PurgeAsync(now, default);

        (await db.Set<UserSession>().Where(s => s.UserId == clerk.Id).Select(s => s.Id).ToListAsync()).ShouldBe([open]);
        ended.ShouldNotBe(old);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox, Windows")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
        "Edge, Windows")]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 "
            + "Safari/604.1", "Safari, iPhone")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Chrome, macOS")]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile "
            + "Safari/537.36", "Samsung Internet, Android")]
    [InlineData("curl/8.5.0", "")]
    [InlineData(null, "")]
    public void A_browser_is_named_as_its_owner_would(string? agent, string name) => BrowserName.From(agent).ShouldBe(name);

    private static List<AngleSharp.Dom.IElement> Listed(Browser browser) => [.. Form(browser).QuerySelectorAll("li")];

    private static IHtmlFormElement Form(Browser browser) =>
        browser.Page.QuerySelectorAll("main form").OfType<IHtmlFormElement>()
            .Single(f => f.QuerySelector("[value=end-session]") is not null);

    private static Task<Browser> EndAsync(Browser browser) =>
        browser.SubmitAsync(Form(browser), ("Session", Form(browser).QuerySelector("button[name=Session]")!.GetAttribute("value")));

    private static string Cookie(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("account=", StringComparison.Ordinal));

    private static async Task<string> CookiesAsync(Browser browser)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/test/cookies");
        using var answer = await browser.SendAsync(ask);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<DateTimeOffset> SeenAsync(StaffUser clerk)
    {
        await using var db = Portal.Open();
        return await db.Set<UserSession>().Where(s => s.UserId == clerk.Id).MaxAsync(s => s.LastSeenAt);
    }
}
