using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>After the order: the owner's confirmation, and the pages that say where it stands.</summary>
public class TransferStatusTests(ReleasePortal portal) : IClassFixture<ReleasePortal>
{
    private TestClock Clock => portal.Portal.Clock;

    [Theory]
    [InlineData("de", "Diese Bestellung bestätigen?", "Ihre Bestellung ist eingegangen")]
    [InlineData("en", "Confirm this order?", "We have your order")]
    public async Task The_owner_confirms_by_the_button_and_once(string language, string asked, string thanks)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open(language);
        var request = await tills.OrderAsync(browser, email: $"{language}@muster-gastro.example");
        var link = await tills.LinkAsync(request.Reference!, "transfer-confirm");
        using var owner = portal.Open(language);
        for (var i = 0; i < 2; i++)
        {
            await owner.GetAsync(link);
            owner.Outcome.ShouldBe("confirm", "opening it does nothing");
            owner.Heading.ShouldBe(asked);
        }

        (await tills.ReadAsync(request.Id)).State.ShouldBe(TransferState.AwaitingConfirmation);
        (string, string?)[] agreed = [("Confirmed", "yes"), ("LastFive", tills.Keys[1][^5..])];
        var answers = await Task.WhenAll(owner.PostAsync(null, agreed), owner.PostAsync(null, agreed));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.SeeOther);
        await owner.GetAsync(link);
        owner.Outcome.ShouldBe("submitted");
        owner.Heading.ShouldBe(thanks);
        owner.Words.ShouldContain(request.Reference!);

        var after = await tills.ReadAsync(request.Id);
        after.State.ShouldBe(TransferState.InReview);
        after.ReviewReasons.ShouldContain(ReviewReason.Policy);
        var mails = await tills.MailsAsync(request.Reference!);
        mails.Select(m => m.Kind).Order().ShouldBe(["staff-transfer", "transfer-confirm", "transfer-received"]);
        mails.Single(m => m.Kind == "transfer-received").ToAddress.ShouldBe($"{language}@muster-gastro.example");
        await using var db = portal.Portal.Open();
        var events = await db.Events.AsNoTracking().Where(e => e.Stream == request.Id).OrderBy(e => e.Seq).ToListAsync();
        events.Select(e => EventLog.Read(e.Data).After).ShouldBe(["AwaitingConfirmation", "Submitted", "InReview"]);
        EventLog.IsIntact(events).ShouldBeTrue();
    }

    [Fact]
    public async Task A_link_that_is_too_old_gets_a_new_one_to_the_same_address()
    {
        await using var own = await OwnAsync();
        var tills = await Tills.AddAsync(own);
        using var browser = new Browser(own);
        var request = await tills.OrderAsync(browser);
        var old = await tills.LinkAsync(request.Reference!, "transfer-confirm");
        own.Clock.Advance(TimeSpan.FromHours(25));
        using var owner = new Browser(own);
        await owner.GetAsync(old);
        owner.Outcome.ShouldBe("expired");
        await owner.ConfirmAsync();
        owner.Outcome.ShouldBe("mail-sent");

        (await tills.MailsAsync(request.Reference!)).Where(m => m.Kind != "transfer-received").Select(m => (m.Kind, m.ToAddress))
            .ShouldBe([("transfer-confirm", tills.Owner), ("transfer-confirm", tills.Owner)]);
        await owner.GetAsync(await tills.LinkAsync(request.Reference!, "transfer-confirm"));
        await owner.ConfirmAsync(("LastFive", tills.Keys[1][^5..]));
        owner.Outcome.ShouldBe("submitted");
    }

    [Fact]
    public async Task A_link_of_another_kind_opens_nothing()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open();
        var request = await tills.OrderAsync(browser, email: "fremd@muster-gastro.example");
        var confirm = (await tills.LinkAsync(request.Reference!, "transfer-confirm")).Split('/')[^1];
        foreach (var path in new[] { $"/transfer/status/{confirm}", $"/transfer/{confirm}", $"/object/{confirm}", "/transfer/confirm/abc",
            "/transfer/status/abc" })
        {
            await browser.GetAsync(path);
            browser.Status.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    [Theory]
    [InlineData("de", "Stand Ihres Vorgangs", "Zu diesen Angaben finden wir keinen Vorgang. Prüfen Sie Vorgangsnummer und E-Mail")]
    [InlineData("en", "Status of your request", "We cannot find a request with these details. Check the reference and the e-mail address")]
    public async Task Every_wrong_pair_has_the_same_answer(string language, string heading, string words)
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open(language);
        var email = $"status-{language}@muster-gastro.example";
        var request = await tills.OrderAsync(browser, email: email);
        var pages = new HashSet<string>();
        foreach (var (reference, typed) in new[] { (request.Reference!, "anders@muster-gastro.example"), ("M-ZZZZ-ZW", email),
            ("unsinn", email), (request.Reference!, "keine Adresse") })
        {
            using var guesser = portal.Open(language);
            await guesser.GetAsync("/transfer/status");
            guesser.Heading.ShouldBe(heading);
            await guesser.SubmitAsync(("Reference", reference), ("Email", typed));
            guesser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            guesser.Outcome.ShouldBe("not-found");
            guesser.ErrorsInSummary.ShouldBe([words]);
            guesser.Page.QuerySelector<IHtmlInputElement>("#Reference")!.Value.ShouldBe(reference);
            pages.Add(guesser.Words);
        }

        pages.ShouldHaveSingleItem();
        await browser.GetAsync("/transfer/status");
        await browser.SubmitAsync(("Reference", request.Reference!.ToLowerInvariant()), ("Email", email.ToUpperInvariant()));
        browser.Outcome.ShouldBe("awaiting-confirmation");
    }

    [Fact]
    public async Task Guessing_a_reference_ends_after_five_tries_and_an_address_after_ten()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open();
        var request = await tills.OrderAsync(browser, email: "raten@muster-gastro.example");
        var outcomes = new List<string?>();
        for (var i = 0; i < 6; i++)
        {
            using var guesser = portal.Open();
            await guesser.GetAsync("/transfer/status");
            await guesser.SubmitAsync(("Reference", request.Reference), ("Email", $"{i}@muster-gastro.example"));
            outcomes.Add(guesser.Outcome);
        }

        outcomes.Take(5).ShouldAllBe(o => o == "not-found");
        outcomes[5].ShouldBe("too-many-tries");
        using var one = portal.Open();
        await one.GetAsync("/transfer/status");
        for (var i = 0; i < 11; i++)
        {
            await one.SubmitAsync(("Reference", $"M-{i:0000}-00"), ("Email", "raten@muster-gastro.example"));
        }

        one.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        one.Outcome.ShouldBe("too-many-tries");
    }

    [Fact]
    public async Task A_question_is_answered_and_goes_back_to_staff()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open();
        var request = await ConfirmedAsync(tills, browser, "frage@muster-gastro.example");
        await tills.ActAsync(request.Id, r => r.Ask("Welche Kasse ist es?", Clock.Now));
        await browser.GetAsync(await tills.LinkAsync(request.Reference!, "transfer-received"));
        browser.Outcome.ShouldBe("needs-answer");
        browser.Words.ShouldContain("Welche Kasse ist es?");
        await browser.SubmitAsync(("Answer", " "), ("Act", "answer"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(["Schreiben Sie eine Antwort"]);
        await browser.SubmitAsync(("Answer", "Die linke <b>Kasse</b>"), ("Act", "answer"));

        browser.Outcome.ShouldBe("in-review");
        browser.Words.ShouldContain("Die linke <b>Kasse</b>");
        (await tills.ReadAsync(request.Id)).Messages.Select(m => m.FromCustomer).ShouldBe([false, true]);
        (await tills.MailsAsync(request.Reference!)).Count(m => m.Kind == "staff-transfer").ShouldBe(2);
    }

    private async Task<string> OwnerOfAsync(Tills tills)
    {
        await using var db = portal.Portal.Open();
        return await db.Customers.Where(c => c.Id == tills.CustomerId).Select(c => c.Email).SingleAsync();
    }

    [Fact]
    public async Task An_order_is_withdrawn_once_and_not_after_it_was_accepted()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open();
        var request = await ConfirmedAsync(tills, browser, "zurueck@muster-gastro.example");
        await browser.GetAsync(await tills.LinkAsync(request.Reference!, "transfer-received"));
        using var other = portal.Open();
        await other.GetAsync(browser.Path);
        await browser.SubmitAsync(Withdraw(browser), ("Act", "withdraw"), ("Confirmed", "yes"));
        browser.Outcome.ShouldBe("withdrawn");
        browser.Page.QuerySelectorAll("main form").ShouldBeEmpty();
        await other.SubmitAsync(Withdraw(other), ("Act", "withdraw"), ("Confirmed", "yes"));
        other.Outcome.ShouldBe("withdrawn");
        (await tills.MailsAsync(request.Reference!)).Where(m => m.Kind == "transfer-withdrawn").Select(m => m.ToAddress)
            .ShouldBe([request.Contact!.Email, await OwnerOfAsync(tills)], ignoreOrder: true, "whoever ordered, and the owner who agreed");

        var kept = await ConfirmedAsync(tills, browser, "zuspaet@muster-gastro.example");
        await browser.GetAsync(await tills.LinkAsync(kept.Reference!, "transfer-received"));
        await tills.ActAsync(kept.Id, r => r.Accept(Clock.Now));
        await browser.SubmitAsync(Withdraw(browser), ("Act", "withdraw"), ("Confirmed", "yes"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.Words.ShouldContain("Der Stand hat sich eben geändert");
        (await tills.ReadAsync(kept.Id)).State.ShouldBe(TransferState.Accepted);
    }

    [Fact]
    public async Task The_status_link_lives_90_days()
    {
        await using var own = await OwnAsync();
        var tills = await Tills.AddAsync(own);
        using var browser = new Browser(own);
        var request = await tills.OrderAsync(browser);
        await browser.GetAsync("/transfer/status");
        await browser.SubmitAsync(("Reference", request.Reference), ("Email", "kasse@muster-gastro.example"));
        var link = browser.Path;
        own.Clock.Advance(TimeSpan.FromDays(89));
        await browser.GetAsync(link);
        browser.Status.ShouldBe(HttpStatusCode.OK);
        own.Clock.Advance(TimeSpan.FromDays(1));
        await browser.GetAsync(link);
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_the_order_brought_is_downloaded_from_its_own_page_only()
    {
        var tills = await Tills.AddAsync(portal.Portal);
        using var browser = portal.Open();
        var request = await ConfirmedAsync(tills, browser, "dateien@muster-gastro.example");
        var status = await tills.LinkAsync(request.Reference!, "transfer-received");
        var name = await SettleAsync(tills, request);
        await browser.GetAsync(status);
        browser.Outcome.ShouldBe("completed");
        var link = browser.Page.QuerySelectorAll("main a").Single(a => a.TextContent.EndsWith(name, StringComparison.Ordinal))
            .GetAttribute("href")!;
        using var file = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, link));
        (await file.Content.ReadAsStringAsync()).ShouldBe("the license file");
        file.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        file.Headers.CacheControl!.NoStore.ShouldBeTrue();

        var other = await ConfirmedAsync(await Tills.AddAsync(portal.Portal), browser, "andere@muster-gastro.example");
        var foreign = await tills.LinkAsync(other.Reference!, "transfer-received");
        using var refused = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"{foreign}/{name}"));
        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        Clock.Advance(ShowTransferStatus.FilesFor);
        using var late = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, link));
        late.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await browser.GetAsync(status);
        browser.Outcome.ShouldBe("completed");
        browser.Page.QuerySelectorAll("main a").ShouldNotContain(a => a.TextContent.EndsWith(name, StringComparison.Ordinal));
        await browser.GetAsync("/transfer/status");
        await browser.SubmitAsync(("Reference", request.Reference!), ("Email", "dateien@muster-gastro.example"));
        browser.Page.QuerySelectorAll("main a").ShouldContain(a => a.TextContent.EndsWith(name, StringComparison.Ordinal));
    }

    /// <summary>Moves the license and keeps its file, as settling does.</summary>
    private async Task<string> SettleAsync(Tills tills, TransferRequest request)
    {
        await using var db = portal.Portal.Open();
        var license = (await db.LoadLicenseAsync(request.Items[0].LicenseId!.Value, default))!;
        var secrets = portal.Portal.Services.GetRequiredService<ActivationSecretsFactory>();
        license.Release(license.ActiveComputers.Single(), ReleaseMethod.ActivationKey, A.FreeRelease, Clock.Now).ShouldSucceed();
        var taken = license.Activate(new Computer(request.Items[0].NewHardware, "NEU", null), secrets.Make(), new HardwarePolicy(),
            Clock.Now).ShouldSucceed().Activation;
        var kept = portal.Portal.Services.GetRequiredService<LicenseFiles>().Keep(db, license, taken, "the license file", Clock.Now);
        var stored = (await db.LoadTransferAsync(request.Id, default))!;
        stored.Accept(Clock.Now).ShouldSucceed();
        stored.Complete(Clock.Now).ShouldSucceed();
        await db.SaveChangesAsync();
        return kept.FileName;
    }

    private static IHtmlFormElement Withdraw(Browser browser) => (IHtmlFormElement)browser.Page.QuerySelector("main details form")!;

    private static async Task<PortalFactory> OwnAsync()
    {
        var own = new PortalFactory();
        own.Configuration[Browser.Trusted.Key] = Browser.Trusted.Value;
        await own.InitializeAsync();
        return own;
    }

    private async Task<TransferRequest> ConfirmedAsync(Tills tills, Browser browser, string email)
    {
        var request = await tills.OrderAsync(browser, email: email);
        using var owner = portal.Open();
        await owner.GetAsync(await tills.LinkAsync(request.Reference!, "transfer-confirm"));
        await owner.ConfirmAsync(("LastFive", tills.Keys[1][^5..]), ("LicenseCopy", "yes"));
        owner.Outcome.ShouldBe("submitted");
        return request;
    }
}
