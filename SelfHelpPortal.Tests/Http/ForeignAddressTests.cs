using System.Net;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail.Requests;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http;

/// <summary>T16 where mails are sent, and redirects: nothing leads to an address that a stranger names.</summary>
public class ForeignAddressTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private const string Foreign = "evil.example";

    private readonly PortalFactory _portal = portal.Portal;

    [Fact]
    public async Task No_mail_carries_a_host_that_the_request_names()
    {
        var license = await _portal.AddLicenseAsync(
            new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail, MinimumHoldMinutes = 0 }, computers: "KASSE-1");
        var customer = await license.OfAsync("host@muster-gastro.example");
        var user = await CustomerUser.CreateAsync(_portal, customer);
        using var stranger = portal.Open();
        using var owner = await user.SignInAsync();
        (Browser Browser, string Page, (string, string?)[] Fields)[] forms =
        [
            (stranger, "/lost-key", [("Email", "host@muster-gastro.example")]),
            (stranger, "/account/register", [("Email", "host@muster-gastro.example"), ("ActivationKey", "")]),
            (stranger, "/account/register", [("Email", "key@elsewhere.example"), ("ActivationKey", license.Key)]),
            (stranger, "/account/reset", [("Email", user.Email)]),
            (owner, "/account/address", [("NewEmail", "next@elsewhere.example")]),
            (owner, "/my/people", [("Email", "guest@elsewhere.example"), ("Role", "Member")]),
            (stranger, "/release", [("ActivationKey", license.Key)]),
        ];
        foreach (var (browser, page, fields) in forms)
        {
            await browser.GetAsync(page);
            (await browser.PostAsync(Forge, fields)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, page);
            using var answer = await browser.PostAsync(Pretend, fields);
            ((int)answer.StatusCode).ShouldBeInRange(302, 303, page);
            answer.Headers.Location!.ToString().ShouldNotContain(Foreign);
            await browser.ShowAsync(answer, page);
            browser.Page.DocumentElement.OuterHtml.ShouldNotContain(Foreign);
        }

        (await stranger.PostAsync(Pretend)).StatusCode.ShouldBe(HttpStatusCode.SeeOther, "the release asks for its confirmation by mail");
        var root = _portal.Services.GetService(typeof(SelfHelpPortal.Configuration.PublicAddress))
            .ShouldBeOfType<SelfHelpPortal.Configuration.PublicAddress>().Root;
        var mails = new List<ReadMail>();
        foreach (var address in (string[])[
            "host@muster-gastro.example", "key@elsewhere.example", user.Email, "next@elsewhere.example", "guest@elsewhere.example"])
        {
            mails.AddRange(await _portal.MailsToAsync(address));
        }

        mails.Select(m => m.Kind).Distinct().Order()
            .ShouldBe(["account-confirm", "address-change", "customer-invitation", "lost-key", "password-reset", "release-confirm"]);
        foreach (var mail in mails)
        {
            (mail.Text + mail.Html).ShouldNotContain(Foreign);
            mail.Text.Split("://").Length.ShouldBe(mail.Text.Split(root + "/").Length, mail.Kind);
        }
    }

    [Fact]
    public async Task A_refused_host_asks_for_no_mail()
    {
        using var browser = portal.Open();
        await browser.GetAsync("/lost-key");
        await browser.PostAsync(Forge, ("Email", "refused@muster-gastro.example"));
        await using var db = _portal.Open();
        (await db.Set<MailRequest>().AnyAsync(m => m.Address == "refused@muster-gastro.example")).ShouldBeFalse();

        await browser.PostAsync(null, ("Email", "refused@muster-gastro.example"));
        (await db.Set<MailRequest>().AnyAsync(m => m.Address == "refused@muster-gastro.example")).ShouldBeTrue("the control");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("evil.example")]
    [InlineData("javascript:alert('evil.example')")]
    [InlineData("~//evil.example")]
    public async Task No_redirect_leaves_the_portal(string target)
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        var query = Uri.EscapeDataString(target);
        using var browser = portal.Open();
        using (var culture =
            await browser.SendAsync(
                new HttpRequestMessage(HttpMethod.Post,
                    "/culture/set")
                { Content = new FormUrlEncodedContent([new("to", "en"), new("return", target)]) }))
        {
            culture.Headers.Location!.ToString().ShouldBe("/");
        }

        await browser.GetAsync($"/account/sign-in?return={query}");
        browser.Page.QuerySelectorAll("main input[name=Return]").Select(field => field.GetAttribute("value") ?? "")
            .ShouldAllBe(value => value.Length == 0);
        using var signedIn = await browser.PostAsync(null, ("Email", user.Email), ("Password", CustomerUser.Password), ("Return", target));
        signedIn.Headers.Location.ShouldNotBeNull().ToString().ShouldNotContain(Foreign);

        var clerk = await StaffUser.CreateAsync(_portal);
        using var staff = portal.Open();
        await staff.GetAsync($"/account/sign-in?return={query}");
        using var first = await staff.PostAsync(null, ("Email", clerk.Email), ("Password", StaffUser.Password), ("Return", target));
        first.Headers.Location.ShouldNotBeNull().ToString().ShouldNotContain(Foreign);
        await staff.GetAsync($"/account/sign-in/code?return={query}");
        using var second = await staff.PostAsync(null, ("Code", clerk.Code()), ("Return", target));
        second.Headers.Location.ShouldNotBeNull().ToString().ShouldNotContain(Foreign);
    }

    private static void Forge(HttpRequestMessage request) => request.Headers.Host = Foreign;

    private static void Pretend(HttpRequestMessage request)
    {
        foreach (var name in (string[])["X-Forwarded-Host", "X-Original-Host", "X-Host"])
        {
            request.Headers.TryAddWithoutValidation(name, Foreign);
        }

        request.Headers.TryAddWithoutValidation("Forwarded", $"host={Foreign};proto=https");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", "/" + Foreign);
    }
}
