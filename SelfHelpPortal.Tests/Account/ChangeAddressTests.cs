using System.Net;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

public class ChangeAddressTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private readonly PortalFactory _portal = portal.Portal;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_addresses_confirm_and_the_page_says_which_one_is_missing(bool oldFirst)
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        var wanted = $"new.{oldFirst}@address.example";
        await using (var refused = _portal.Open())
        {
            refused.Add(new MailAddressStanding
            {
                AddressHash = MailAddresses.Hash(wanted),
                State = MailAddressState.Refused,
                Since = _portal.Clock.Now,
                LastReply = "5.1.1 unknown",
            });
            await refused.SaveChangesAsync();
        }

        using var browser = await user.SignInAsync();
        await AskAsync(browser, wanted);
        browser.Outcome.ShouldBe("address-asked");
        browser.Words.ShouldContain($"{user.Email}: noch nicht bestätigt");
        browser.Words.ShouldContain($"{wanted}: noch nicht bestätigt");

        string[] addresses = oldFirst ? [user.Email, wanted] : [wanted, user.Email];
        using var mailbox = portal.Open();
        await mailbox.GetAsync((await _portal.MailToAsync(addresses[0], "address-change")).Link("/account/address/"));
        mailbox.Outcome.ShouldBe("ready");
        (await EmailAsync(user)).ShouldBe(user.Email);
        await mailbox.ConfirmAsync();
        mailbox.Outcome.ShouldBe(oldFirst ? "new-missing" : "old-missing");
        (await EmailAsync(user)).ShouldBe(user.Email);
        (await browser.GetAsync("/account/address")).Words.ShouldContain($"{addresses[0]}: bestätigt");

        var second = (await _portal.MailToAsync(addresses[1], "address-change")).Link("/account/address/");
        await mailbox.GetAsync(second);
        await mailbox.ConfirmAsync();
        mailbox.Outcome.ShouldBe("address-changed");
        await using var kept = _portal.Open();
        (await MailAddressStanding.RefusalAsync(kept, wanted, new(), _portal.Clock.Now, default))
            .ShouldBeNull("the owner has read a mail there");
        (await mailbox.GetAsync(second)).Outcome.ShouldBe("address-changed");
        (await EmailAsync(user)).ShouldBe(wanted);
        (await _portal.MailToAsync(user.Email, "security-notice")).Subject.ShouldContain("Adresse");

        // Every sign-in has ended; the new address works and the old one does not. The address on file is another matter.
        _portal.Clock.Advance(AccountOptions.Revalidation + TimeSpan.FromSeconds(1));
        (await browser.GetAsync("/account")).Path.ShouldStartWith("/account/sign-in");
        await browser.SubmitAsync(("Email", user.Email), ("Password", CustomerUser.Password));
        browser.Outcome.ShouldBe("refused");
        await browser.SubmitAsync(("Email", wanted), ("Password", CustomerUser.Password));
        browser.Page.QuerySelector("[data-outcome=refused]").ShouldBeNull();
        await using var db = _portal.Open();
        (await db.Customers.AnyAsync(c => c.Email == wanted)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_taken_address_looks_the_same_its_owner_is_told_and_nothing_changes()
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        var other = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var browser = await user.SignInAsync();
        await AskAsync(browser, other.Email);
        browser.Outcome.ShouldBe("address-asked");
        browser.Words.ShouldContain($"{other.Email}: noch nicht bestätigt");

        (await _portal.MailsToAsync(other.Email)).Select(m => m.Kind).ShouldBe(["account-exists"]);
        await browser.GetAsync((await _portal.MailToAsync(user.Email, "address-change")).Link("/account/address/"));
        await browser.ConfirmAsync();
        browser.Outcome.ShouldBe("new-missing");
        (await EmailAsync(user)).ShouldBe(user.Email);
    }

    [Fact]
    public async Task An_older_sign_in_is_confirmed_first()
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var browser = await user.SignInAsync();
        _portal.Clock.Advance(FreshSignIn.Lifetime);
        await browser.GetAsync("/account/address");
        browser.Path.ShouldStartWith("/account/step-up");
        await browser.SubmitAsync(("Password", "falsch und noch falscher"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        await browser.SubmitAsync(("Password", CustomerUser.Password));
        browser.Path.ShouldBe("/account/address");
        _portal.Clock.Advance(FreshSignIn.Lifetime);
        await browser.SubmitAsync(("NewEmail", "older@address.example"));
        browser.Path.ShouldStartWith("/account/step-up", Case.Sensitive, "the page was open too long");
        (await _portal.MailsToAsync(user.Email)).ShouldBeEmpty();
        await browser.SubmitAsync(("Password", CustomerUser.Password));

        await browser.SubmitAsync(("NewEmail", "older@address.example"));
        browser.Outcome.ShouldBe("address-asked");
        (await _portal.MailsToAsync(user.Email)).Select(m => m.Kind).ShouldBe(["address-change"]);
    }

    [Fact]
    public async Task A_later_wish_takes_the_place_of_the_first_and_links_end_after_a_day()
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var browser = await user.SignInAsync();
        await AskAsync(browser, "first@address.example");
        var first = (await _portal.MailToAsync("first@address.example", "address-change")).Link("/account/address/");
        await AskAsync(browser, "second@address.example");
        browser.Words.ShouldNotContain("first@address.example");
        var second = (await _portal.MailToAsync("second@address.example", "address-change")).Link("/account/address/");

        (await browser.GetAsync(first)).Outcome.ShouldBe("invalid-link");
        (await browser.GetAsync(second)).Outcome.ShouldBe("ready");
        _portal.Clock.Advance(TimeSpan.FromHours(24));
        await browser.ConfirmAsync();
        browser.Outcome.ShouldBe("invalid-link");
        browser.Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task An_account_that_takes_the_address_meanwhile_stops_the_change()
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var browser = await user.SignInAsync();
        await AskAsync(browser, "soon@address.example");
        string[] links = [(await _portal.MailToAsync(user.Email, "address-change")).Link("/account/address/"),
            (await _portal.MailToAsync("soon@address.example", "address-change")).Link("/account/address/")];
        await using (var db = _portal.Open())
        {
            var taker = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
            await db.Users.Where(u => u.Id == taker.Id).ExecuteUpdateAsync(s => s
                .SetProperty(u => u.Email, "soon@address.example").SetProperty(u => u.NormalizedEmail, "SOON@ADDRESS.EXAMPLE")
                .SetProperty(u => u.UserName, "soon@address.example").SetProperty(u => u.NormalizedUserName, "SOON@ADDRESS.EXAMPLE"));
        }

        await browser.GetAsync(links[0]);
        await browser.ConfirmAsync();
        await browser.GetAsync(links[1]);
        await browser.ConfirmAsync();
        browser.Outcome.ShouldBe("taken");
        (await EmailAsync(user)).ShouldBe(user.Email);
    }

    [Fact]
    public async Task Both_links_at_once_change_it_once()
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var asking = await user.SignInAsync();
        await AskAsync(asking, "once@address.example");
        var browsers = new List<Browser>();
        foreach (var address in (string[])[user.Email, "once@address.example", user.Email, "once@address.example"])
        {
            browsers.Add(await portal.Open().GetAsync((await _portal.MailToAsync(address, "address-change")).Link("/account/address/")));
        }

        (await Task.WhenAll(browsers.Select(b => b.PostAsync(null, ("Confirmed", "yes")))))
            .ShouldAllBe(a => a.StatusCode == HttpStatusCode.SeeOther);
        (await EmailAsync(user)).ShouldBe("once@address.example");
        (await _portal.MailsToAsync(user.Email)).Count(m => m.Kind == "security-notice").ShouldBe(1);
        browsers.ForEach(b => b.Dispose());
    }

    private static async Task AskAsync(Browser browser, string wanted)
    {
        await browser.GetAsync("/account/address");
        await browser.SubmitAsync(("NewEmail", wanted));
    }

    private async Task<string?> EmailAsync(CustomerUser user)
    {
        await using var db = _portal.Open();
        return await db.Users.Where(u => u.Id == user.Id).Select(u => u.Email).SingleAsync();
    }
}
