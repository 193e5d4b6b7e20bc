using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Pages;

/// <summary>Orders and invoices of signed-in customers, and orders that an owner makes while signed in.</summary>
public sealed class MyTransfersTests(MyPortal my) : IClassFixture<MyPortal>
{
    private readonly PortalFactory _portal = my.Portal;

    [Theory]
    [InlineData("de", "Ihre Bestellung ist eingegangen")]
    [InlineData("en", "We have your order")]
    public async Task An_owner_orders_for_a_license_of_theirs_without_a_mail_to_confirm(string language, string thanks)
    {
        var tills = await Tills.AddAsync(_portal);
        var owner = await CustomerUser.CreateAsync(_portal, tills.CustomerId);
        await using (var db = _portal.Open())
        {
            await db.Customers.Where(c => c.Id == tills.CustomerId)
                .ExecuteUpdateAsync(s => s.SetProperty(c => c.Street, "Musterstraße 1").SetProperty(c => c.City, "Musterstadt"));
        }

        using var browser = await OrderAsync(tills, owner, language);
        browser.Outcome.ShouldBe("submitted");
        browser.Heading.ShouldBe(thanks);
        var request = await tills.RequestAsync(browser);
        request.ConfirmedAt.ShouldNotBeNull();
        request.Contact!.Street.ShouldBe("Musterstraße 1", "the customer's address was filled in");
        request.Contact.Email.ShouldBe(owner.Email);
        (await tills.MailsAsync(request.Reference!)).Select(m => m.Kind).Order().ShouldBe(["staff-transfer", "transfer-received"]);
        await using var read = _portal.Open();
        var events = await read.Events.AsNoTracking().Where(e => e.Stream == request.Id).OrderBy(e => e.Seq).ToListAsync();
        events.Select(e => EventLog.Read(e.Data).After).ShouldBe(["AwaitingConfirmation", "Submitted", "InReview"]);
        events[1].ActorId.ShouldBe(owner.Id);
    }

    [Fact]
    public async Task A_members_order_waits_for_an_owner_who_may_confirm_it_signed_in()
    {
        var tills = await Tills.AddAsync(_portal);
        var member = await CustomerUser.CreateAsync(_portal, tills.CustomerId, CustomerRole.Member);
        using var browser = await OrderAsync(tills, member, "de", Tills.Contact(member.Email));
        browser.Outcome.ShouldBe("confirm-by-mail");
        var request = await tills.RequestAsync(browser);

        await browser.GetAsync($"/my/transfers/{request.Reference}");
        browser.Outcome.ShouldBe("awaiting-confirmation");
        browser.Page.QuerySelector("main button[value=confirm]").ShouldBeNull("a member cannot confirm");
        browser.Page.QuerySelector("main button[value=withdraw]").ShouldBeNull();

        using var owner = await (await CustomerUser.CreateAsync(_portal, tills.CustomerId)).SignInAsync();
        await owner.GetAsync("/my/transfers");
        await owner.GetAsync(owner.Page.QuerySelector($"main a[href$='{request.Reference}']")!.GetAttribute("href")!);
        var form = owner.Page.QuerySelectorAll<IHtmlFormElement>("main form").Single(f => f.QuerySelector("[value=confirm]") is not null);
        await owner.SubmitAsync(form, ("Act", "confirm"), ("Confirmed", "yes"));
        owner.Outcome.ShouldBe("in-review");
        (await tills.ReadAsync(request.Id)).ConfirmedAt.ShouldNotBeNull();

        // The form that was sent once is answered the same.
        await owner.SubmitAsync(form, ("Act", "confirm"), ("Confirmed", "yes"));
        owner.Outcome.ShouldBe("in-review");
    }

    [Fact]
    public async Task An_owner_orders_nothing_for_a_license_that_no_computer_uses()
    {
        var tills = await Tills.AddAsync(_portal);
        var number = await tills.AddFreeAsync();
        var owner = await CustomerUser.CreateAsync(_portal, tills.CustomerId);
        using var browser = await tills.ToLicenseAsync(await owner.SignInAsync());
        await browser.SubmitAsync(("LicenseNumber", number), ("Act", "next"));
        browser.Outcome.ShouldBe("nothing-to-move", "at once, before anything else is typed");
        browser.Words.ShouldContain(number);
        browser.Words.ShouldContain("Es wurde nichts bestellt");

        // Another number can be named, and then it goes on.
        await browser.GetAsync(browser.Page.QuerySelector("main a[href$='/license']")!.GetAttribute("href")!);
        await browser.SubmitAsync(("LicenseNumber", tills.Numbers[0]), ("Act", "next"));
        browser.Page.QuerySelector("[name=Email]").ShouldNotBeNull();
        await using var db = _portal.Open();
        (await db.Transfers.CountAsync(r => r.CustomerId == tills.CustomerId)).ShouldBe(0);
    }

    [Fact]
    public async Task Of_a_license_whose_key_is_known_it_is_said_before_the_first_page()
    {
        var tills = await Tills.AddAsync(_portal);
        var number = await tills.AddFreeAsync();
        using var browser = await (await CustomerUser.CreateAsync(_portal, tills.CustomerId)).SignInAsync();
        await browser.GetAsync($"/my/licenses/{number}/transfer");
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("nothing-to-move");
        browser.Page.QuerySelectorAll("main a[href$='/license']").ShouldBeEmpty("this order is about no other one");

        // Nor can it be got around by the address of a later page; a license that is in use goes on.
        var draft = browser.Path.Split('/')[^1];
        foreach (var step in new[] { "remedy", "license", "contact", "check" })
        {
            (await browser.GetAsync($"/transfer/{draft}/{step}")).Outcome.ShouldBe("nothing-to-move", step);
        }

        await browser.GetAsync($"/my/licenses/{tills.Numbers[0]}/transfer");
        await browser.SubmitAsync();
        browser.Path.ShouldEndWith("/remedy");
    }

    [Fact]
    public async Task An_owner_reads_signed_in_that_a_stated_license_needs_no_move()
    {
        var tills = await Tills.AddAsync(_portal);
        var number = await tills.AddFreeAsync();
        using var stranger = await tills.ToLicenseAsync(new Browser(_portal));
        await stranger.SubmitAsync(("LicenseNumber", number), ("Act", "next"));
        await stranger.SubmitAsync(Tills.Contact($"{Guid.NewGuid():n}@andere-firma.example"));
        await stranger.SubmitAsync(("Accept", "yes"));
        var request = await tills.RequestAsync(stranger);

        using var owner = await (await CustomerUser.CreateAsync(_portal, tills.CustomerId)).SignInAsync();
        await owner.GetAsync($"/my/transfers/{request.Reference}");
        owner.Page.QuerySelectorAll("main [data-outcome=nothing-to-move]").ShouldHaveSingleItem();
        owner.Page.QuerySelector("main button[value=confirm]").ShouldBeNull();
        owner.Page.QuerySelector("main button[value=withdraw]").ShouldNotBeNull();
    }

    [Fact]
    public async Task An_owner_of_another_customer_confirms_nothing_by_ordering()
    {
        var tills = await Tills.AddAsync(_portal);
        using var browser = await (await CustomerUser.CreateAsync(await _portal.AddLicenseAsync())).SignInAsync();
        var request = await tills.OrderAsync(browser);
        (await tills.ReadAsync(request.Id)).State.ShouldBe(TransferState.AwaitingConfirmation);
        (await tills.MailsAsync(request.Reference!)).Select(m => m.Kind).Order().ShouldBe(["transfer-confirm", "transfer-received"]);
        await browser.GetAsync($"/my/transfers/{request.Reference}");
        var (status, words) = (browser.Status, browser.Words);
        status.ShouldBe(HttpStatusCode.NotFound);
        await browser.GetAsync("/my/transfers/M-ZZZZ-ZW");
        (browser.Status, browser.Words).ShouldBe((status, words));
    }

    [Theory]
    [InlineData("de", "Rückfrage an Sie")]
    [InlineData("en", "Question for you")]
    public async Task An_owner_answers_and_withdraws_signed_in(string language, string state)
    {
        var tills = await Tills.AddAsync(_portal);
        var person = await CustomerUser.CreateAsync(_portal, tills.CustomerId);
        using var browser = await OrderAsync(tills, person, language);
        var request = await tills.RequestAsync(browser);
        await tills.ActAsync(request.Id, r => r.Ask("Welche Kasse ist es?", _portal.Clock.Now));
        await browser.GetAsync("/my/transfers");
        browser.Words.ShouldContain(state);
        await browser.GetAsync($"/my/transfers/{request.Reference}");
        browser.Outcome.ShouldBe("needs-answer");
        await browser.SubmitAsync(("Answer", " "), ("Act", "answer"));
        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldHaveSingleItem();
        await browser.SubmitAsync(("Answer", "Die am Tresen"), ("Act", "answer"));
        browser.Outcome.ShouldBe("in-review");
        browser.Words.ShouldContain("Die am Tresen");
        (await tills.ReadAsync(request.Id)).Messages.Count.ShouldBe(2);

        await browser.ConfirmAsync(("Act", "withdraw"));
        browser.Outcome.ShouldBe("withdrawn");
    }

    [Theory]
    [InlineData("de", "zu zahlen bis", "bezahlt")]
    [InlineData("en", "due by", "paid")]
    public async Task Owners_read_and_download_their_invoices_and_members_do_not(string language, string due, string paid)
    {
        var invoice = await _portal.StoreAsync();
        var foreign = await _portal.StoreAsync();
        using var browser = await (await CustomerUser.CreateAsync(_portal, invoice.CustomerId)).SignInAsync(language);
        await browser.GetAsync("/my/invoices");
        browser.Outcome.ShouldBe("invoices");
        browser.Words.ShouldContain(invoice.Number);
        browser.Words.ShouldContain(due);
        browser.Words.ShouldNotContain(foreign.Number);
        browser.Words.ShouldContain("DE02 1203 0000 0000 2020 51");
        browser.Page.QuerySelector(".license-card figure svg path").ShouldNotBeNull("the code for banking apps");
        await using (var db = _portal.Open())
        {
            (await db.Database.ExecuteSqlAsync($"UPDATE invoice SET state = 'Paid', paid_at = now() WHERE id = {invoice.Id}")).ShouldBe(1);
        }

        await browser.GetAsync("/my/invoices");
        browser.Words.ShouldContain(paid);
        browser.Page.QuerySelector(".license-card details").ShouldBeNull("there is nothing to pay");

        foreach (var (kind, type) in new[] { ("pdf", "application/pdf"), ("xml", "text/xml") })
        {
            using var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/my/invoices/{invoice.Number}/{kind}"));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
            answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }

        foreach (var path in new[] { $"/my/invoices/{foreign.Number}/pdf", "/my/invoices/2020-00001/pdf",
            $"/my/invoices/{invoice.Number}/check" })
        {
            await browser.GetAsync(path);
            browser.Status.ShouldBe(HttpStatusCode.NotFound, path);
        }

        using var member = await (await CustomerUser.CreateAsync(_portal, invoice.CustomerId, CustomerRole.Member)).SignInAsync(language);
        await member.GetAsync("/my/invoices");
        member.Outcome.ShouldBe("owners-only");
        member.Status.ShouldBe(HttpStatusCode.Forbidden);
        member.Words.ShouldNotContain(invoice.Number);
        member.Page.QuerySelector(".my-nav a[href='/my/invoices']").ShouldBeNull();
        await member.GetAsync($"/my/invoices/{invoice.Number}/pdf");
        member.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>From the license's own page to the end; what the contact page knows already is left as it is.</summary>
    private static async Task<Browser> OrderAsync(
        Tills tills, CustomerUser person, string language, (string Name, string? Value)[]? contact = null)
    {
        var browser = await person.SignInAsync(language);
        await browser.GetAsync($"/my/licenses/{tills.Numbers[1]}");
        await browser.SubmitAsync(browser.Page.QuerySelector<IHtmlFormElement>("main form[action$='/transfer']")!);
        browser.Path.ShouldEndWith("/remedy");
        await browser.SubmitAsync(("Remedy", "fee"));
        await browser.SubmitAsync(("HardwareCode", Tills.Code($"NEU-{language}-{person.Id}")), ("Act", "next"));
        await browser.GetAsync(browser.Page.QuerySelector("main a.button")!.GetAttribute("href")!);
        browser.Path.ShouldEndWith("/contact", customMessage: browser.Words);
        browser.Page.QuerySelector<IHtmlInputElement>("#Email")!.Value.ShouldBe(person.Email);
        var street = browser.Page.QuerySelector<IHtmlInputElement>("#Street")!.Value;
        await browser.SubmitAsync(
            contact ?? [("PostalCode", "12345"), ("Street", street.Length > 0 ? street : "Musterweg 9"), ("City", "Musterstadt")]);
        browser.Path.ShouldEndWith("/check", customMessage: browser.Words);
        return await browser.SubmitAsync(("Accept", "yes"));
    }
}
