using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

/// <summary>Before a factor is changed, the person proves again who they are; and what customers add to their password.</summary>
public sealed class StepUpTests(SignInTests.Ground ground) : IClassFixture<SignInTests.Ground>
{
    private static readonly int Renewals = Effort.Times(1_000, 2_000);

    private static readonly TimeSpan TooLong = FreshSignIn.Lifetime + TimeSpan.FromSeconds(6);

    private PortalFactory Portal => ground.Portal;

    [Fact]
    public async Task After_fifteen_minutes_a_new_passkey_needs_the_factor_again_and_returns()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        Portal.Clock.Advance(TooLong);
        (await browser.GetAsync("/account/passkeys/new")).Path.ShouldBe("/account/step-up?return=%2Faccount%2Fpasskeys%2Fnew");
        await browser.SubmitAsync(("Password", "nicht das richtige"), ("Code", clerk.Code()));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Words.ShouldContain("Passwort oder Code stimmt nicht");
        await browser.SubmitAsync(("Password", StaffUser.Password), ("Code", "000000"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        await browser.SubmitAsync(("Password", StaffUser.Password), ("Code", clerk.Code()));

        browser.Path.ShouldBe("/account/passkeys/new");
        using var device = Portal.NewDevice();
        (await browser.UsePasskeyAsync(device)).Outcome.ShouldBe("passkey-added");
        (await browser.GetAsync("/staff")).Path.ShouldBe("/staff");
    }

    [Fact]
    public async Task A_code_that_was_used_to_sign_in_confirms_nothing()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInByPasswordAsync();
        var code = clerk.Code();
        await browser.SubmitAsync(("Code", code));
        await browser.GetAsync("/account/step-up");

        await browser.SubmitAsync(("Password", StaffUser.Password), ("Code", code));

        browser.Outcome.ShouldBe("refused");
    }

    [Fact]
    public async Task The_passkey_of_another_account_confirms_nothing_and_ones_own_does()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        using var device = await AddAsync(browser);
        using var others = await (await StaffUser.CreateAsync(Portal)).SignInAsync();
        using var foreign = await AddAsync(others);
        Portal.Clock.Advance(TooLong);
        await browser.GetAsync("/account/step-up?return=https%3A%2F%2Fevil.example%2F");
        await browser.UsePasskeyAsync(foreign);
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.GetAsync("/account/passkeys/new")).Path.ShouldStartWith("/account/step-up");

        await browser.GetAsync("/account/step-up?return=https%3A%2F%2Fevil.example%2F");
        await browser.UsePasskeyAsync(device);

        browser.Path.ShouldBe("/account");
        (await browser.GetAsync("/account/passkeys/new")).Path.ShouldBe("/account/passkeys/new");
    }

    [Fact]
    public async Task An_old_form_neither_adds_nor_deletes()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        using var device = await AddAsync(browser);
        var path = browser.Page.QuerySelector("main a[href^='/account/passkeys/']:not([href$='/new'])")!.GetAttribute("href")!;
        await browser.GetAsync(path);
        var delete = browser.Page.QuerySelectorAll("main form").OfType<IHtmlFormElement>().Last();
        Portal.Clock.Advance(TooLong);

        (await browser.SubmitAsync(delete)).Path.ShouldStartWith("/account/step-up");

        (await browser.GetAsync("/account")).Words.ShouldContain("Umbenennen oder löschen");
    }

    [Fact]
    public async Task An_old_form_sets_up_no_app()
    {
        var person = await CustomerUser.CreateAsync(Portal, null);
        using var browser = await person.SignInAsync();
        await browser.GetAsync("/account/app");
        var seed = browser.Page.GetElementById("manual-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        Portal.Clock.Advance(TooLong);

        (await browser.SubmitAsync(("Code", Totp.Code(seed, Portal.Clock.Now)))).Path.ShouldStartWith("/account/step-up");

        (await person.SignInAsync()).Path.ShouldBe("/my");
    }

    [Fact]
    public async Task Staff_who_showed_a_password_alone_change_nothing()
    {
        var clerk = await StaffUser.CreateAsync(Portal, secondFactor: false);
        using var browser = await clerk.SignInByPasswordAsync();
        browser.Path.ShouldBe("/account");
        browser.Page.QuerySelector("main a[href='/account/passkeys/new']").ShouldBeNull();

        (await browser.GetAsync("/account/passkeys/new")).Path.ShouldStartWith("/account/step-up");
        browser.Page.QuerySelector("[name=Password]").ShouldBeNull();
        (await browser.GetAsync("/account/app")).Path.ShouldStartWith("/account/step-up");
    }

    [Fact]
    public async Task Staff_with_password_and_passkey_but_no_app_come_in_by_showing_the_passkey_as_well()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var first = await clerk.SignInAsync();
        using var device = await AddAsync(first);
        await clerk.ChangeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, false));
        using var browser = await clerk.SignInByPasswordAsync();
        (await browser.GetAsync("/staff")).Status.ShouldBe(HttpStatusCode.Forbidden);
        await browser.GetAsync("/account");

        await browser.GetAsync(browser.Page.QuerySelector("main a[href^='/account/step-up']")!.GetAttribute("href")!);
        await browser.UsePasskeyAsync(device);

        browser.Path.ShouldBe("/staff");
    }

    [Fact]
    public async Task A_customer_adds_an_app_which_is_asked_for_from_then_on_each_code_once()
    {
        var person = await CustomerUser.CreateAsync(Portal, null);
        using var browser = await person.SignInAsync();
        using var other = await person.SignInAsync();
        await browser.GetAsync("/account/app");
        var seed = browser.Page.GetElementById("manual-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        await browser.SubmitAsync(("Code", "000000"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Page.GetElementById("manual-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal).ShouldBe(seed);
        var code = Totp.Code(seed, Portal.Clock.Now);
        await browser.SubmitAsync(("Code", code));
        browser.Outcome.ShouldBe("app-added");
        browser.Page.QuerySelectorAll(".codes li").Length.ShouldBe(RecoveryCode.Count);
        (await other.GetAsync("/account")).Path.ShouldStartWith("/account/sign-in");

        using var again = await person.SignInAsync();
        again.Path.ShouldBe("/account/sign-in/code");
        (await again.SubmitAsync(("Code", code))).Outcome.ShouldBe("wrong-code");
        Portal.Clock.Advance(TimeSpan.FromSeconds(30));
        (await again.SubmitAsync(("Code", Totp.Code(seed, Portal.Clock.Now)))).Path.ShouldBe("/my");

        await again.GetAsync("/account/app");
        (await again.SubmitAsync()).Outcome.ShouldBe("app-removed");
        (await person.SignInAsync()).Path.ShouldBe("/my");
    }

    [Fact]
    public async Task Staff_keep_the_app_until_they_have_a_passkey()
    {
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        await browser.GetAsync("/account/app");
        browser.Words.ShouldContain("einzige Möglichkeit");
        await browser.SubmitAsync();
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        using var device = await AddAsync(browser);
        await browser.GetAsync("/account/app");
        (await browser.SubmitAsync()).Outcome.ShouldBe("app-removed");
    }

    [Fact]
    public async Task An_account_without_a_password_gets_one_after_the_factor_was_shown()
    {
        const string password = "neun Störche über dem Moor";
        var clerk = await StaffUser.CreateAsync(Portal);
        using var browser = await clerk.SignInAsync();
        using var device = await AddAsync(browser);
        await clerk.ChangeAsync((users, user) => users.RemovePasswordAsync(user));
        using var again = new Browser(Portal);
        await again.GetAsync("/account/sign-in");
        await again.UsePasskeyAsync(device);
        Portal.Clock.Advance(TooLong);
        await again.GetAsync("/account");
        await again.SubmitAsync(("NewPassword", password), ("RepeatPassword", password));
        again.Path.ShouldStartWith("/account/step-up");
        await again.UsePasskeyAsync(device);

        await again.SubmitAsync(("NewPassword", password), ("RepeatPassword", password));

        again.Outcome.ShouldBe("password-changed");
        await using var db = Portal.Open();
        (await db.Users.SingleAsync(u => u.Id == clerk.Id)).PasswordHash.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_customer_sees_an_account_without_the_words_of_staff()
    {
        var person = await CustomerUser.CreateAsync(Portal, null);
        using var browser = await person.SignInAsync();
        await browser.GetAsync("/account");

        browser.Page.QuerySelector("main a[href='/my']").ShouldNotBeNull();
        browser.Page.QuerySelector("main a[href='/staff']").ShouldBeNull();
        browser.Words.ShouldNotContain("Rollen");
    }

    /// <summary>T9 of security.md, section 16. The principal is made anew from the database each time.</summary>
    [Fact]
    public async Task A_renewed_cookie_is_of_the_same_person_in_the_same_session()
    {
        var people = new List<(Browser Browser, string Claims)>();
        for (var i = 0; i < 3; i++)
        {
            var staff = await (await StaffUser.CreateAsync(Portal)).SignInAsync();
            people.Add((staff, await WhoAsync(staff)));
            var customer = await (await CustomerUser.CreateAsync(Portal, null)).SignInAsync();
            people.Add((customer, await WhoAsync(customer)));
        }

        people.Select(p => p.Claims).Distinct().Count().ShouldBe(people.Count);
        people.ShouldAllBe(p => p.Claims.Split('|').All(claim => claim.Length > 0));
        var random = new Seeded(20261122);
        for (var i = 0; i < Renewals; i++)
        {
            // Half of them come after the check of the stamp is due, and nobody's absolute time runs out.
            Portal.Clock.Advance(TimeSpan.FromSeconds(random.Below(40)));
            var (browser, claims) = people[random.Below(people.Count)];
            (await WhoAsync(browser)).ShouldBe(claims);
        }

        people.ForEach(p => p.Browser.Dispose());

        static async Task<string> WhoAsync(Browser browser)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, "/test/who");
            using var answer = await browser.SendAsync(ask);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    private async Task<SoftwareAuthenticator> AddAsync(Browser browser)
    {
        var device = Portal.NewDevice();
        await browser.GetAsync("/account/passkeys/new");
        (await browser.UsePasskeyAsync(device, ("Name", "Gerät"))).Outcome.ShouldBe("passkey-added");
        return device;
    }
}
