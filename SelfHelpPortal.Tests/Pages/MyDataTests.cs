using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>Downloading one's own data, leaving, and having a customer's data erased, as people do it.</summary>
public class MyDataTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private readonly PortalFactory _portal = portal.Portal;

    [Theory]
    [InlineData("de", "Meine Daten", "Ihre Daten liegen bereit")]
    [InlineData("en", "My data", "Your data is ready")]
    public async Task Asked_for_by_mail_downloaded_while_signed_in(string language, string heading, string ready)
    {
        var license = await _portal.AddLicenseAsync(computers: "KASSE-1");
        var user = await CustomerUser.CreateAsync(license);
        using var browser = await user.SignInAsync(language);
        await browser.GetAsync("/my/data");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain(user.Email);
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("asked", browser.Words);
        browser.Hops.ShouldBe([HttpStatusCode.SeeOther, HttpStatusCode.OK]);

        var link = (await _portal.MailToAsync(user.Email, "data-ready")).Link("/my/data/");
        await browser.GetAsync(link);
        browser.Outcome.ShouldBe("ready");
        browser.Heading.ShouldBe(ready);
        browser.Answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, link + "/download");
        using var answer = await browser.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(), ZipArchiveMode.Read);
        await using var licenses = await zip.GetEntry("licenses.json")!.OpenAsync();
        using var reader = new StreamReader(licenses, Encoding.UTF8);
        (await reader.ReadToEndAsync()).ShouldContain(license.Number);

        // Nobody else, no longer than a day, and not after another one was asked for.
        using var anonymous = portal.Open(language);
        await anonymous.GetAsync(link);
        anonymous.Path.ShouldStartWith("/account/sign-in");
        using var stranger = await (await CustomerUser.CreateAsync(_portal, null)).SignInAsync(language);
        foreach (var path in (string[])[link, link + "/download"])
        {
            (await stranger.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound, path[..9]);
        }

        await browser.GetAsync("/my/data");
        await browser.SubmitAsync();
        (await browser.GetAsync(link + "/download")).Status.ShouldBe(HttpStatusCode.NotFound);
        var secret = link["/my/data/".Length..];
        portal.Log.Where(line => line.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_ends_after_a_day_and_a_mailbox_gets_three_a_day()
    {
        var user = await CustomerUser.CreateAsync(_portal, null);
        var actor = await user.ActorAsync();
        await using (var db = _portal.Open())
        {
            var token = SecretLinks.Issue(db, LinkPurpose.DataExport, user.Id, _portal.Clock.Now.AddHours(-24));
            var other = SecretLinks.Issue(db, LinkPurpose.Objection, user.Id, _portal.Clock.Now);
            await db.SaveChangesAsync();
            using var browser = await user.SignInAsync();
            (await browser.GetAsync($"/my/data/{token}")).Outcome.ShouldBe("invalid-link");
            (await browser.GetAsync($"/my/data/{other}/download")).Status.ShouldBe(HttpStatusCode.NotFound);
            for (var i = 0; i < 3; i++)
            {
                await browser.GetAsync("/my/data");
                (await browser.SubmitAsync()).Outcome.ShouldBe("asked");
            }

            await browser.GetAsync("/my/data");
            (await browser.SubmitAsync()).Status.ShouldBe(HttpStatusCode.TooManyRequests);
            browser.Outcome.ShouldBe("too-many-mails");
            (await db.Set<OutboxMessage>().CountAsync(m => m.ToAddress == user.Email)).ShouldBe(3);
        }
    }

    [Fact]
    public async Task A_double_click_asks_once()
    {
        var user = await CustomerUser.CreateAsync(_portal, null);
        using var browser = await user.SignInAsync();
        await browser.GetAsync("/my/data");
        using var first = await browser.PostAsync();
        using var second = await browser.PostAsync();

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther));
        await using var db = _portal.Open();
        (await db.Set<OutboxMessage>().CountAsync(m => m.ToAddress == user.Email)).ShouldBe(1);
    }

    [Theory]
    [InlineData("de", "Ihr Konto löschen?", "Ihr Konto ist gelöscht")]
    [InlineData("en", "Erase your account?", "Your account has been erased")]
    public async Task A_person_leaves_and_the_customer_stays(string language, string heading, string erased)
    {
        var license = await _portal.AddLicenseAsync(computers: "KASSE-1");
        await CustomerUser.CreateAsync(license);
        var user = await CustomerUser.CreateAsync(license, CustomerRole.Member);
        var copy = await CopyAsync(license, user);
        using var browser = await user.SignInAsync(language);
        await browser.GetAsync("/my/data/erase");
        browser.Heading.ShouldBe(heading);
        browser.Words.ShouldContain("Muster Gastro GmbH");
        // Sent twice at once; the cookie is taken away with the answer of whichever is shown.
        var both = await Task.WhenAll(browser.PostAsync(), browser.PostAsync());
        both.ShouldAllBe(answer => answer.Headers.Location!.AbsolutePath == "/my/data/erased");
        Array.ForEach(both, answer => answer.Dispose());
        await browser.GetAsync("/my/data/erased");

        browser.Outcome.ShouldBe("account-erased", browser.Words);
        browser.Heading.ShouldBe(erased);
        (await browser.GetAsync("/my")).Path.ShouldStartWith("/account/sign-in");
        (await _portal.MailsToAsync(user.Email)).Select(m => m.Kind).ShouldBe(["account-erased"]);
        await using var db = _portal.Open();
        (await db.Users.AnyAsync(u => u.Id == user.Id)).ShouldBeFalse();
        (await db.CustomerMembers.AnyAsync(m => m.UserId == user.Id)).ShouldBeFalse();
        (await db.Events.CountAsync(e => e.Stream == user.Id && e.Kind == EventKind.AccountErased)).ShouldBe(1);
        (await license.ReadAsync()).State.ShouldBe(LicenseState.Active);
        // A copy of the customer's mail stays the customer's, without the one it went to.
        var kept = await db.Set<OutboxMessage>().AsNoTracking().SingleAsync(m => m.Id == copy);
        (kept.ToAddress, kept.ToName, kept.CopyText, kept.Subject).ShouldBe(("", null, "", "x"));
        (await db.Set<OutboxAttempt>().AsNoTracking().SingleAsync(a => a.OutboxId == copy)).Reply.ShouldBe("");
    }

    private async Task<Guid> CopyAsync(SampleLicense license, CustomerUser user)
    {
        var now = _portal.Clock.Now;
        await using var db = _portal.Open();
        var mail = new OutboxMessage
        {
            Kind = "released",
            BusinessKey = user.Email,
            State = OutboxState.Sent,
            Priority = MailPriority.Normal,
            DueAt = now,
            MessageId = $"<{user.Id}@example.org>",
            Reference = license.Number,
            CustomerId = await db.Licenses.Where(l => l.Id == license.Id).Select(l => l.CustomerId).SingleAsync(),
            ToAddress = user.Email,
            ToName = "x",
            Culture = "de",
            Subject = "x",
            CopyText = "x",
            CreatedAt = now,
            SentAt = now,
        };
        db.AddRange(
            mail,
            new OutboxAttempt
            {
                OutboxId = mail.Id,
                Number = 1,
                StartedAt = now,
                EndedAt = now,
                Node = "n",
                Result = AttemptResult.Sent,
                Reply = $"250 {user.Email}",
                ResendAfterUnknown = false
            });
        await db.SaveChangesAsync();
        return mail.Id;
    }

    [Fact]
    public async Task An_old_sign_in_is_asked_to_confirm_who_is_there()
    {
        var user = await CustomerUser.CreateAsync(_portal, null);
        using var browser = await user.SignInAsync();
        await browser.GetAsync("/my/data/erase");
        var form = (AngleSharp.Html.Dom.IHtmlFormElement)browser.Page.QuerySelector("main form")!;
        var signedIn = _portal.Clock.Now;
        try
        {
            _portal.Clock.Advance(FreshSignIn.Lifetime);
            await browser.SubmitAsync(form);
            browser.Path.ShouldBe("/account/step-up?return=%2Fmy%2Fdata%2Ferase");
            await using (var db = _portal.Open())
            {
                (await db.Users.AnyAsync(u => u.Id == user.Id)).ShouldBeTrue();
            }

            await browser.GetAsync("/my/data/erase");
            browser.Page.QuerySelectorAll("main form").ShouldBeEmpty();
            await browser.GetAsync(browser.Page.QuerySelector("main a.button")!.GetAttribute("href")!);
            await browser.SubmitAsync(("Password", CustomerUser.Password));
            browser.Path.ShouldBe("/my/data/erase");
            await browser.SubmitAsync();
            browser.Outcome.ShouldBe("account-erased", browser.Words);
        }
        finally
        {
            _portal.Clock.Now = signedIn;
        }
    }

    [Fact]
    public async Task The_last_owner_hands_over_or_says_that_nobody_is_left()
    {
        var license = await _portal.AddLicenseAsync(computers: "KASSE-1");
        var owner = await CustomerUser.CreateAsync(license);
        var member = await CustomerUser.CreateAsync(license, CustomerRole.Member);
        using var browser = await owner.SignInAsync();
        await browser.GetAsync("/my/data/erase");
        browser.Outcome.ShouldBe("blocked");
        browser.Words.ShouldContain("einzige Inhaber");
        browser.Page.QuerySelectorAll("main form").ShouldBeEmpty();

        await using (var db = _portal.Open())
        {
            await db.CustomerMembers.Where(m => m.UserId == member.Id).ExecuteDeleteAsync();
        }

        await browser.GetAsync("/my/data/erase");
        await browser.SubmitAsync();
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(["Bestätigen Sie, dass danach niemand mehr Zugang hat"]);
        await browser.SubmitAsync(("Understood", "yes"));
        browser.Outcome.ShouldBe("account-erased", browser.Words);
    }

    [Theory]
    [InlineData("de", "noch nicht bezahlt", "noch nicht abgeschlossen", "noch offen")]
    [InlineData("en", "has not been paid", "in progress", "still open")]
    public async Task What_is_unfinished_stands_against_erasing_a_customer(string language, string unpaid, string underWay, string open)
    {
        var invoice = await _portal.StoreAsync();
        (await BlockedAsync(await CustomerUser.CreateAsync(_portal, invoice.CustomerId), invoice.CustomerId))
            .ShouldContain($"{invoice.Number} ");
        (await BlockedAsync(await CustomerUser.CreateAsync(_portal, invoice.CustomerId), invoice.CustomerId)).ShouldContain(unpaid);
        var transfer = await _portal.AddTransferAsync();
        var request = await transfer.ReadAsync();
        (await BlockedAsync(await CustomerUser.CreateAsync(transfer.Licenses[0]), request.CustomerId!.Value)).ShouldContain(underWay);
        var license = await _portal.AddLicenseAsync(computers: "KASSE-ALT");
        await license.ReleaseAsync("KASSE-ALT");
        await license.ActivateAsync("KASSE-NEU");
        var flag = await license.SightAsync("KASSE-ALT");
        await using var db = _portal.Open();
        var customer = await db.Licenses.Where(l => l.Id == license.Id).Select(l => l.CustomerId).SingleAsync();
        var words = await BlockedAsync(await CustomerUser.CreateAsync(license), customer);
        words.ShouldContain(open);
        words.ShouldContain(flag);

        async Task<string> BlockedAsync(CustomerUser user, Guid id)
        {
            await using var read = _portal.Open();
            var number = await read.Customers.Where(c => c.Id == id).Select(c => c.Number).SingleAsync();
            using var browser = await user.SignInAsync(language);
            await browser.GetAsync($"/my/data/erase/{number}");
            browser.Outcome.ShouldBe("blocked", browser.Words);
            browser.Page.QuerySelectorAll("main form").ShouldBeEmpty();
            return browser.Words;
        }
    }

    [Fact]
    public async Task An_owner_has_the_customer_erased_and_the_license_goes_on()
    {
        var license = await _portal.AddLicenseAsync(seats: 2, computers: "KASSE-1");
        await using var db = _portal.Open();
        var customer = await db.Customers.SingleAsync(c => c.Id == db.Licenses.Single(l => l.Id == license.Id).CustomerId);
        customer.Email = "kundin@muster-gastro.example";
        await db.SaveChangesAsync();
        var owner = await CustomerUser.CreateAsync(license);
        using var browser = await owner.SignInAsync();
        await browser.GetAsync($"/my/data/erase/{customer.Number}");
        browser.Outcome.ShouldBe("confirm", browser.Words);
        browser.Words.ShouldContain("Ohne Adresse können wir Ihnen aber keine Schlüssel und Meldungen mehr senden");
        await browser.SubmitAsync();
        browser.ErrorsInSummary.ShouldBe(["Bestätigen Sie, dass Sie wissen, was gelöscht wird"]);
        // A double click: both have the same end.
        using var first = await browser.PostAsync(null, ("Understood", "yes"));
        using var second = await browser.PostAsync(null, ("Understood", "yes"));
        (first.Headers.Location!.PathAndQuery, second.Headers.Location!.PathAndQuery)
            .ShouldBe(("/my/data?done=customer-erased", "/my/data?done=customer-erased"));
        await browser.GetAsync("/my/data?done=customer-erased");
        browser.Outcome.ShouldBe("customer-erased", browser.Words);

        (await _portal.MailsToAsync("kundin@muster-gastro.example")).Select(m => m.Kind).ShouldBe(["account-erased"]);
        await db.Entry(customer).ReloadAsync();
        (customer.Company, customer.Email).ShouldBe((customer.Number, ""));
        (await db.CustomerMembers.AnyAsync(m => m.CustomerId == customer.Id)).ShouldBeFalse();
        (await browser.GetAsync($"/my/data/erase/{customer.Number}")).Status.ShouldBe(HttpStatusCode.NotFound);

        // With the key alone everything works as before; the mail that tells of it is not sent to nobody.
        using var stranger = portal.Open();
        await stranger.GetAsync("/release");
        await stranger.SubmitAsync(("ActivationKey", license.Key));
        await stranger.SubmitAsync();
        stranger.Outcome.ShouldBe("released", stranger.Words);
        await license.ActivateAsync("KASSE-2");
        var told = await db.Set<OutboxMessage>().AsNoTracking().SingleAsync(m => m.CustomerId == customer.Id && m.Kind == "released");
        (told.State, told.ToAddress, told.Payload).ShouldBe((OutboxState.Cancelled, "", null));
    }

    [Fact]
    public async Task Where_an_erased_owner_would_be_asked_people_are()
    {
        var license = await _portal.AddLicenseAsync(
            new ReleasePolicy { DeadPc = DeadPcRule.ConfirmByMail, MinimumHoldMinutes = 0 }, computers: "KASSE-1");
        await using var db = _portal.Open();
        await db.Customers.Where(c => c.Id == db.Licenses.Single(l => l.Id == license.Id).CustomerId)
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.Email, "").SetProperty(c => c.ErasedAt, _portal.Clock.Now));
        using var browser = portal.Open();
        await browser.GetAsync("/release");
        await browser.SubmitAsync(("ActivationKey", license.Key));
        await browser.SubmitAsync();

        browser.Outcome.ShouldBe("ask-support", browser.Words);
    }

    [Fact]
    public async Task Members_and_strangers_find_nothing_to_erase()
    {
        var license = await _portal.AddLicenseAsync(computers: "KASSE-1");
        await using var db = _portal.Open();
        var number = await db.Customers.Where(c => c.Id == db.Licenses.Single(l => l.Id == license.Id).CustomerId).Select(c => c.Number)
            .SingleAsync();
        foreach (var user in (CustomerUser[])[
            await CustomerUser.CreateAsync(license, CustomerRole.Member), await CustomerUser.CreateAsync(_portal, null)])
        {
            using var browser = await user.SignInAsync();
            await browser.GetAsync("/my/data");
            browser.Page.QuerySelector($"a[href='/my/data/erase/{number}']").ShouldBeNull();
            (await browser.GetAsync($"/my/data/erase/{number}")).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        using var anonymous = portal.Open();
        (await anonymous.GetAsync($"/my/data/erase/{number}")).Path.ShouldStartWith("/account/sign-in");
        using var owner = await (await CustomerUser.CreateAsync(license)).SignInAsync();
        (await owner.GetAsync("/my/data")).Page.QuerySelector($"a[href='/my/data/erase/{number}']").ShouldNotBeNull();
    }

    [Fact]
    public async Task Staff_do_not_erase_themselves()
    {
        var user = await CustomerUser.CreateAsync(_portal, null);
        await using var db = _portal.Open();
        var role =
            new Microsoft.AspNetCore.Identity.IdentityRole<Guid>("Support") { Id = Guid.NewGuid(), NormalizedName = "SUPPORT-" + user.Id };
        db.Add(role);
        db.Add(new Microsoft.AspNetCore.Identity.IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
        await db.SaveChangesAsync();
        var actor = await user.ActorAsync();

        var erase = (SelfHelpPortal.Features.Portal.Data.EraseAccount)_portal.Services.GetService(
            typeof(SelfHelpPortal.Features.Portal.Data.EraseAccount))!;
        var answer = await erase.ExecuteAsync(new(Guid.NewGuid(), actor), leaveAlone: true, _portal.Clock.Now, CancellationToken.None);

        answer.Refused.ShouldBe(SelfHelpPortal.Features.Portal.Kit.CustomerRefusal.NotPermitted);
        (await db.Users.AnyAsync(u => u.Id == user.Id)).ShouldBeTrue();
    }
}
