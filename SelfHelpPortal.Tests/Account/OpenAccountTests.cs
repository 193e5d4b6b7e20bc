using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Account;

public class OpenAccountTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private const string Password = "neun Otter bauen Papierboote";

    private readonly PortalFactory _portal = portal.Portal;

    [Fact]
    public async Task Whoever_has_the_address_on_file_owns_all_its_customers()
    {
        const string Address = "owner@open.example";
        var first = await (await _portal.AddLicenseAsync()).OfAsync("Owner@open.example", "Muster Gastro GmbH");
        var second = await (await _portal.AddLicenseAsync()).OfAsync(Address, "Muster Kino GmbH");

        using var browser = await RegisterAsync(Address);
        browser.Outcome.ShouldBe("mail-sent-if-known");
        var mail = await _portal.MailToAsync(Address, "account-confirm");
        await browser.GetAsync(mail.Link("/account/confirm/"));
        browser.Outcome.ShouldBe("open");
        browser.Words.ShouldContain("Muster Gastro GmbH");
        browser.Words.ShouldContain("Muster Kino GmbH");
        await OpenAsync(browser);

        browser.Path.ShouldBe("/my");
        (await MembershipsAsync(Address)).ShouldBe([(first, CustomerRole.Owner), (second, CustomerRole.Owner)], ignoreOrder: true);
        await using var db = _portal.Open();
        var events = await db.Events.AsNoTracking().Where(e => e.Stream == first).OrderBy(e => e.Seq).ToListAsync();
        events.ShouldHaveSingleItem().Kind.ShouldBe(EventKind.MemberChanged);
        (await _portal.MailsToAsync(Address)).Select(m => m.Kind).ShouldBe(["account-confirm"]);

        // The account works, also from elsewhere.
        using var elsewhere = portal.Open();
        await elsewhere.GetAsync("/account/sign-in");
        await elsewhere.SubmitAsync(("Email", Address), ("Password", Password));
        elsewhere.Page.QuerySelector("[data-outcome=refused]").ShouldBeNull();
    }

    [Theory]
    [InlineData("agree", "agreed")]
    [InlineData("remove", "removed")]
    public async Task A_right_key_opens_its_license_and_the_address_on_file_decides_about_more(string act, string outcome)
    {
        var person = $"helper.{act}@elsewhere.example";
        var onFile = $"boss.{act}@open.example";
        var license = await _portal.AddLicenseAsync();
        var customer = await license.OfAsync(onFile);
        var colleague = await CustomerUser.CreateAsync(_portal, customer);

        using var browser = await RegisterAsync(person, license.Key);
        browser.Outcome.ShouldBe("mail-sent-if-known");
        (await _portal.MailsToAsync(onFile)).ShouldBeEmpty();
        await browser.GetAsync((await _portal.MailToAsync(person, "account-confirm")).Link("/account/confirm/"));
        browser.Words.ShouldContain(license.Number);
        await OpenAsync(browser);
        (await MembershipsAsync(person)).ShouldBeEmpty();
        (await KeysAsync(person)).ShouldBe([license.Id]);

        // The owners read the same; what a stranger typed stands in none of it.
        var told = await _portal.MailToAsync(onFile, "account-opened");
        foreach (var mail in new[] { told, await _portal.MailToAsync(colleague.Email, "account-opened") })
        {
            (mail.Subject + mail.Text + mail.Html).ShouldNotContain("helper");
            (mail.Subject + mail.Text + mail.Html).ShouldNotContain("Person aus Muster");
        }

        told.Copy.ShouldNotContain("/account/access/");
        using var owner = portal.Open();
        await owner.GetAsync(told.Link("/account/access/"));
        owner.Outcome.ShouldBe("ready");
        owner.Words.ShouldContain(person);
        owner.Words.ShouldContain("Person aus Muster");
        owner.Words.ShouldContain(license.Number);
        await owner.SubmitAsync(Form(owner, act), ("Act", act));
        owner.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await KeysAsync(person)).ShouldHaveSingleItem();
        await owner.SubmitAsync(Form(owner, act), ("Act", act), ("Confirmed", "yes"));
        owner.Outcome.ShouldBe(outcome);
        owner.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);
        (await KeysAsync(person)).ShouldBeEmpty();
        (await MembershipsAsync(person)).ShouldBe(act == "agree" ? [(customer, CustomerRole.Member)] : []);

        // Whoever agreed may think better of it; whoever took the access away may not give it back by this link.
        if (act == "agree")
        {
            await owner.SubmitAsync(Form(owner, "remove"), ("Act", "remove"), ("Confirmed", "yes"));
            owner.Outcome.ShouldBe("removed");
        }

        owner.Page.QuerySelectorAll("main form").ShouldBeEmpty();
        (await MembershipsAsync(person)).ShouldBeEmpty();
        await using var db = _portal.Open();
        EventLog.IsIntact(await db.Events.Include(e => e.Detail).Where(e => e.Stream == customer).OrderBy(e => e.Seq).ToListAsync())
            .ShouldBeTrue();
    }

    [Fact]
    public async Task A_link_that_took_an_access_away_gives_none_of_a_later_registration()
    {
        const string Person = "again@elsewhere.example";
        const string OnFile = "boss.again@open.example";
        var license = await _portal.AddLicenseAsync();
        await license.OfAsync(OnFile);
        using var browser = await RegisterAsync(Person, license.Key);
        await browser.GetAsync((await _portal.MailToAsync(Person, "account-confirm")).Link("/account/confirm/"));
        await OpenAsync(browser);
        var link = (await _portal.MailToAsync(OnFile, "account-opened")).Link("/account/access/");
        using var owner = portal.Open();
        await owner.GetAsync(link);
        var agree = Form(owner, "agree");
        await owner.SubmitAsync(Form(owner, "remove"), ("Act", "remove"), ("Confirmed", "yes"));

        // Mails of one instant have no order, and the later one is meant.
        _portal.Clock.Advance(TimeSpan.FromMinutes(1));
        using var second = await RegisterAsync(Person, license.Key);
        await second.GetAsync((await _portal.MailToAsync(Person, "account-confirm")).Link("/account/confirm/"));
        await second.ConfirmAsync();
        (await KeysAsync(Person)).ShouldBe([license.Id]);
        await owner.SubmitAsync(agree, ("Act", "agree"), ("Confirmed", "yes"));
        owner.Outcome.ShouldBe("removed");
        (await MembershipsAsync(Person)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_passkey_opens_it_without_any_password_and_one_made_elsewhere_does_not()
    {
        const string Address = "passkey@open.example";
        var customer = await (await _portal.AddLicenseAsync()).OfAsync(Address);
        using var browser = await RegisterAsync(Address);
        var link = (await _portal.MailToAsync(Address, "account-confirm")).Link("/account/confirm/");
        await browser.GetAsync(link);
        await browser.SubmitAsync(("DisplayName", "Person"), ("Passkey", "{}"), ("PasskeyState", "none"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await MembershipsAsync(Address)).ShouldBeEmpty();

        using var device = _portal.NewDevice();
        await browser.GetAsync(link);
        await browser.UsePasskeyAsync(device, ("DisplayName", "Person"));
        browser.Path.ShouldBe("/my");
        (await MembershipsAsync(Address)).ShouldBe([(customer, CustomerRole.Owner)]);
        await using var db = _portal.Open();
        (await db.Users.SingleAsync(u => u.Email == Address)).PasswordHash.ShouldBeNull();

        using var later = portal.Open();
        await later.GetAsync("/account/sign-in");
        await later.UsePasskeyAsync(device);
        (await later.GetAsync("/my")).Path.ShouldBe("/my");
    }

    [Fact]
    public async Task The_address_on_file_owns_also_when_it_shows_a_key_and_is_told_nothing_about_itself()
    {
        const string Address = "both@open.example";
        var license = await _portal.AddLicenseAsync();
        var customer = await license.OfAsync(Address);

        using var browser = await RegisterAsync(Address, license.Key);
        await browser.GetAsync((await _portal.MailToAsync(Address, "account-confirm")).Link("/account/confirm/"));
        await OpenAsync(browser);

        (await MembershipsAsync(Address)).ShouldBe([(customer, CustomerRole.Owner)]);
        (await _portal.MailsToAsync(Address)).Select(m => m.Kind).ShouldBe(["account-confirm"]);
    }

    [Fact]
    public async Task A_wrong_key_is_told_as_on_the_release_page_and_asks_for_no_mail()
    {
        var license = await _portal.AddLicenseAsync();
        using var browser = await RegisterAsync("typo@elsewhere.example", license.Key[..^1] + (license.Key[^1] == '0' ? '1' : '0'));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Outcome.ShouldBe("typing-error");
        browser.Page.QuerySelector("[name=Email]")!.GetAttribute("value").ShouldBe("typo@elsewhere.example");

        await browser.SubmitAsync(("Email", "typo@elsewhere.example"), ("ActivationKey", ActivationKey.New().ToString()));
        browser.Outcome.ShouldBe("not-found");
        (await _portal.MailsToAsync("typo@elsewhere.example")).ShouldBeEmpty();

        for (var i = 0; i < 9; i++)
        {
            await browser.GetAsync("/account/register");
            await browser.SubmitAsync(("Email", "typo@elsewhere.example"), ("ActivationKey", ActivationKey.New().ToString()));
        }

        await browser.GetAsync("/account/register");
        await browser.SubmitAsync(("Email", "typo@elsewhere.example"), ("ActivationKey", ActivationKey.New().ToString()));
        browser.Outcome.ShouldBe("too-many-tries");
        browser.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await _portal.MailsToAsync("typo@elsewhere.example")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_ended_license_opens_nothing()
    {
        var license = await _portal.AddLicenseAsync();
        await license.ActAsync((l, _) => Task.FromResult(l.Revoke(_portal.Clock.Now).ShouldSucceed()));
        using var browser = await RegisterAsync("late@elsewhere.example", license.Key);
        browser.Outcome.ShouldBe("mail-sent-if-known");
        (await _portal.MailsToAsync("late@elsewhere.example")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_has_an_account_is_told_in_private_and_joins_new_customers_with_it()
    {
        var user = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        using var browser = await RegisterAsync(user.Email);
        browser.Outcome.ShouldBe("mail-sent-if-known");
        (await _portal.MailToAsync(user.Email, "account-exists")).Text.ShouldContain("/account/reset");

        var more = await (await _portal.AddLicenseAsync()).OfAsync(user.Email, "Muster Filiale GmbH");
        await browser.GetAsync("/account/register");
        await browser.SubmitAsync(("Email", user.Email));
        await browser.GetAsync((await _portal.MailToAsync(user.Email, "account-confirm")).Link("/account/confirm/"));
        browser.Outcome.ShouldBe("join");
        browser.Page.QuerySelector("[name=Password]").ShouldBeNull();
        (await MembershipsAsync(user.Email)).Count.ShouldBe(1);
        await browser.ConfirmAsync();
        browser.Outcome.ShouldBe("done");
        (await MembershipsAsync(user.Email)).ShouldContain((more, CustomerRole.Owner));
        (await browser.GetAsync("/account")).Path.ShouldStartWith("/account/sign-in");
    }

    [Fact]
    public async Task Disabled_accounts_get_no_mail_and_staff_join_nobody()
    {
        var disabled = await CustomerUser.CreateAsync(await _portal.AddLicenseAsync());
        await using (var db = _portal.Open())
        {
            await db.Users.Where(u => u.Id == disabled.Id)
                .ExecuteUpdateAsync(s => s.SetProperty(u => u.LockoutEnd, DateTimeOffset.MaxValue));
        }

        var clerk = await StaffUser.CreateAsync(_portal);
        await (await _portal.AddLicenseAsync()).OfAsync(clerk.Email);
        foreach (var address in (string[])[disabled.Email, clerk.Email])
        {
            using var browser = await RegisterAsync(address);
            browser.Outcome.ShouldBe("mail-sent-if-known");
        }

        (await _portal.MailsToAsync(disabled.Email)).ShouldBeEmpty();
        (await _portal.MailsToAsync(clerk.Email)).Select(m => m.Kind).ShouldBe(["account-exists"]);
    }

    [Theory]
    [InlineData("", Password, Password, "DisplayName")]
    [InlineData("Person", Password, "anders als das andere", "Repeat")]
    [InlineData("Person", "kurz", "kurz", "Password")]
    [InlineData("Person", "passwort12345", "passwort12345", "Password")]
    public async Task What_cannot_be_taken_is_said_and_opens_nothing(string name, string password, string repeat, string field)
    {
        var address = $"{Guid.NewGuid():n}@open.example";
        await (await _portal.AddLicenseAsync()).OfAsync(address);
        using var browser = await RegisterAsync(address);
        var link = (await _portal.MailToAsync(address, "account-confirm")).Link("/account/confirm/");
        await browser.GetAsync(link);
        await browser.SubmitAsync(("DisplayName", name), ("Password", password), ("Repeat", repeat));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Page.QuerySelector($"[name={field}]")!.GetAttribute("aria-invalid").ShouldBe("true");
        browser.Page.QuerySelector("[name=DisplayName]")!.GetAttribute("value").ShouldBe(name);
        (await browser.GetAsync(link)).Outcome.ShouldBe("open");
        (await MembershipsAsync(address)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Links_end_after_a_day_and_open_nothing_else_and_once_used_say_so()
    {
        const string Address = "later@open.example";
        var license = await _portal.AddLicenseAsync();
        await license.OfAsync(Address);
        using var browser = await RegisterAsync(Address);
        var link = (await _portal.MailToAsync(Address, "account-confirm")).Link("/account/confirm/");
        var token = link["/account/confirm/".Length..];
        foreach (var other in (string[])["/account/reset/", "/account/access/", "/account/set-up/"])
        {
            (await browser.GetAsync(other + token)).Outcome.ShouldBe("invalid-link", other);
            browser.Status.ShouldBe(HttpStatusCode.Gone);
        }

        (await browser.GetAsync("/account/confirm/" + await license.LinkAsync(LinkPurpose.PasswordReset, license.Id))).Outcome.ShouldBe(
            "invalid-link");
        await browser.GetAsync(link);
        await OpenAsync(browser);
        (await browser.GetAsync(link)).Outcome.ShouldBe("done");

        await (await _portal.AddLicenseAsync()).OfAsync("never@open.example");
        using var slow = await RegisterAsync("never@open.example");
        var unused = (await _portal.MailToAsync("never@open.example", "account-confirm")).Link("/account/confirm/");
        await slow.GetAsync(unused);
        await using (var db = _portal.Open())
        {
            await db.Set<MailLink>().Where(l => l.Purpose == LinkPurpose.Registration && l.UsedAt == null)
                .ExecuteUpdateAsync(s => s.SetProperty(l => l.ExpiresAt, _portal.Clock.Now));
        }

        await OpenAsync(slow);
        slow.Outcome.ShouldBe("invalid-link");
        (await MembershipsAsync("never@open.example")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_links_and_many_hands_at_once_make_one_account()
    {
        const string Address = "twice@open.example";
        var customer = await (await _portal.AddLicenseAsync()).OfAsync(Address);
        var browsers = new List<Browser>();
        for (var i = 0; i < 2; i++)
        {
            using var asking = await RegisterAsync(Address);
        }

        var mails = (await _portal.MailsToAsync(Address)).Where(m => m.Kind == "account-confirm").ToList();
        mails.Count.ShouldBe(2);
        for (var i = 0; i < 4; i++)
        {
            browsers.Add(await portal.Open().GetAsync(mails[i % 2].Link("/account/confirm/")));
        }

        var answers = await Task.WhenAll(
            browsers.Select(b => b.PostAsync(null, ("DisplayName", "Person"), ("Password", Password), ("Repeat", Password))));

        answers.Count(a => a.Headers.Location?.OriginalString.EndsWith("/my", StringComparison.Ordinal) == true).ShouldBe(1);
        answers.ShouldAllBe(a => a.StatusCode != HttpStatusCode.InternalServerError);
        (await MembershipsAsync(Address)).ShouldBe([(customer, CustomerRole.Owner)]);
        await using var db = _portal.Open();
        (await db.Users.CountAsync(u => u.Email == Address)).ShouldBe(1);
        (await db.Set<Registration>().CountAsync(r => r.Email == Address && r.UserId != null)).ShouldBe(1);
        browsers.ForEach(b => b.Dispose());
    }

    private static Task<Browser> OpenAsync(Browser browser) =>
        browser.SubmitAsync(("DisplayName", "Person aus Muster"), ("Password", Password), ("Repeat", Password));

    private async Task<Browser> RegisterAsync(string address, string? key = null)
    {
        var browser = portal.Open();
        await browser.GetAsync("/account/register");
        return await browser.SubmitAsync(("Email", address), ("ActivationKey", key ?? ""));
    }

    private async Task<List<(Guid, CustomerRole)>> MembershipsAsync(string address)
    {
        await using var db = _portal.Open();
        var found = await (from m in db.CustomerMembers join u in db.Users on m.UserId equals u.Id where u.Email == address select m)
            .AsNoTracking().ToListAsync();
        return [.. found.Select(m => (m.CustomerId, m.Role))];
    }

    private async Task<List<Guid>> KeysAsync(string address)
    {
        await using var db = _portal.Open();
        return await (from k in db.KeyAccesses join u in db.Users on k.UserId equals u.Id where u.Email == address select k.LicenseId)
            .ToListAsync();
    }

    private static IHtmlFormElement Form(Browser browser, string act) =>
        browser.Page.QuerySelectorAll<IHtmlFormElement>("main form").Single(f => f.QuerySelector($"button[value={act}]") is not null);
}
