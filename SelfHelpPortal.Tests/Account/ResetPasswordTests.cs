using System.Net;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

public class ResetPasswordTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private const string Password = "elf Igel essen Apfelkuchen";

    private readonly PortalFactory _portal = portal.Portal;

    [Fact]
    public async Task A_new_password_ends_the_old_one_and_every_sign_in_and_is_told()
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var before = await user.SignInAsync();
        (await before.GetAsync("/account")).Path.ShouldBe("/account");

        using var browser = await AskAsync(user.Email.ToUpperInvariant());
        using var again = await AskAsync(user.Email);
        var links = (await _portal.MailsToAsync(user.Email)).Where(m => m.Kind == "password-reset").Select(m => m.Link("/account/reset/"))
            .ToList();
        links.Count.ShouldBe(2);
        await browser.GetAsync(links[0]);
        await browser.SubmitAsync(("Password", Password), ("Repeat", Password));
        browser.Outcome.ShouldBe("password-changed");

        _portal.Clock.Advance(AccountOptions.Revalidation + TimeSpan.FromSeconds(1));
        (await before.GetAsync("/account")).Path.ShouldStartWith("/account/sign-in");
        await before.SubmitAsync(("Email", user.Email), ("Password", CustomerUser.Password));
        before.Outcome.ShouldBe("refused");
        await before.SubmitAsync(("Email", user.Email), ("Password", Password));
        before.Page.QuerySelector("[data-outcome=refused]").ShouldBeNull();
        (await _portal.MailToAsync(user.Email, "security-notice")).Subject.ShouldContain("Passwort");

        // Neither the link used nor the others that were sent meanwhile.
        foreach (var link in links)
        {
            (await browser.GetAsync(link)).Outcome.ShouldBe("invalid-link");
            browser.Status.ShouldBe(HttpStatusCode.Gone);
        }
    }

    [Fact]
    public async Task The_second_factor_stays()
    {
        var clerk = await StaffUser.CreateAsync(_portal);
        using var browser = await AskAsync(clerk.Email);
        await browser.GetAsync((await _portal.MailToAsync(clerk.Email, "password-reset")).Link("/account/reset/"));
        await browser.SubmitAsync(("Password", Password), ("Repeat", Password));
        browser.Outcome.ShouldBe("password-changed");

        await browser.GetAsync("/staff");
        await browser.SubmitAsync(("Email", clerk.Email), ("Password", Password));
        browser.Path.ShouldStartWith("/account/sign-in/code");
    }

    [Fact]
    public async Task Who_may_not_sign_in_gets_no_mail()
    {
        var disabled = await StaffUser.CreateAsync(_portal);
        await disabled.DisableAsync();
        var unfinished = await StaffUser.CreateAsync(_portal, secondFactor: false);
        await unfinished.ChangeAsync((users, user) => users.RemovePasswordAsync(user));
        foreach (var address in (string[])[disabled.Email, unfinished.Email, "nobody@elsewhere.example"])
        {
            using var browser = await AskAsync(address);
            browser.Outcome.ShouldBe("mail-sent-if-known");
            (await _portal.MailsToAsync(address)).ShouldBeEmpty(address);
        }
    }

    [Fact]
    public async Task An_account_that_is_disabled_meanwhile_and_a_link_too_old_change_nothing()
    {
        var clerk = await StaffUser.CreateAsync(_portal);
        using var browser = await AskAsync(clerk.Email);
        var link = (await _portal.MailToAsync(clerk.Email, "password-reset")).Link("/account/reset/");
        await browser.GetAsync(link);
        browser.Outcome.ShouldBe("password");
        await clerk.DisableAsync();
        await browser.SubmitAsync(("Password", Password), ("Repeat", Password));
        browser.Outcome.ShouldBe("invalid-link");

        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var slow = await AskAsync(user.Email);
        await slow.GetAsync((await _portal.MailToAsync(user.Email, "password-reset")).Link("/account/reset/"));
        slow.Outcome.ShouldBe("password");
        _portal.Clock.Advance(LinkPurpose.PasswordReset.Lifetime);
        await slow.SubmitAsync(("Password", Password), ("Repeat", Password));
        slow.Outcome.ShouldBe("invalid-link");
    }

    [Fact]
    public async Task Strangers_cannot_keep_the_mail_from_the_browser_that_the_owner_signs_in_with()
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var own = await user.SignInAsync();
        for (var i = 0; i < 8; i++)
        {
            using var stranger = await AskAsync(user.Email);
        }

        (await MailsAsync()).ShouldBe(6);
        using (var elsewhere = await AskAsync(user.Email))
        {
            elsewhere.Path.ShouldBe("/account/reset/sent", "nobody is told");
        }

        (await MailsAsync()).ShouldBe(6);
        await own.GetAsync("/account/reset");
        await own.SubmitAsync(("Email", user.Email.ToUpperInvariant()));
        (await MailsAsync()).ShouldBe(7);

        async Task<int> MailsAsync() => (await _portal.MailsToAsync(user.Email)).Count(m => m.Kind == "password-reset");
    }

    [Fact]
    public async Task Many_hands_at_once_set_one_password()
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var asking = await AskAsync(user.Email);
        var link = (await _portal.MailToAsync(user.Email, "password-reset")).Link("/account/reset/");
        var browsers = new List<Browser>();
        for (var i = 0; i < 4; i++)
        {
            browsers.Add(await portal.Open().GetAsync(link));
        }

        var answers = await Task.WhenAll(
            browsers.Select((b, i) => b.PostAsync(null, ("Password", $"{Password} {i}"), ("Repeat", $"{Password} {i}"))));

        answers.Count(a => a.StatusCode == HttpStatusCode.SeeOther).ShouldBe(1);
        answers.ShouldAllBe(a => a.StatusCode != HttpStatusCode.InternalServerError);
        (await _portal.MailsToAsync(user.Email)).Count(m => m.Kind == "security-notice").ShouldBe(1);
        browsers.ForEach(b => b.Dispose());
    }

    [Fact]
    public async Task A_weak_password_is_refused_and_the_link_still_works()
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var browser = await AskAsync(user.Email);
        await browser.GetAsync((await _portal.MailToAsync(user.Email, "password-reset")).Link("/account/reset/"));
        await browser.SubmitAsync(("Password", "passwort12345"), ("Repeat", "passwort12345"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await browser.SubmitAsync(("Password", Password), ("Repeat", Password));
        browser.Outcome.ShouldBe("password-changed");
    }

    private async Task<Browser> AskAsync(string address)
    {
        var browser = portal.Open();
        await browser.GetAsync("/account/reset");
        return await browser.SubmitAsync(("Email", address));
    }
}
