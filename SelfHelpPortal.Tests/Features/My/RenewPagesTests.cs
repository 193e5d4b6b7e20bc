using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Components.Layout;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Account;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.My;

/// <summary>The pages of a renewal as a browser without scripts sees them.</summary>
public class RenewPagesTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    [Theory]
    [InlineData("de", "16.12.2026", "17.12.2026 bis 16.12.2027 (12 Monate)", "149,00 € + 28,31 € USt (19 %)",
        "Zahlungspflichtig bestellen: 177,31 €", "Sie läuft jetzt bis 16.12.2027.")]
    [InlineData("en", "16 Dec 2026", "17 Dec 2026 to 16 Dec 2027 (12 months)", "EUR 149.00 + EUR 28.31 VAT (19%)",
        "Order and pay: EUR 177.31", "It now runs until 16 Dec 2027.")]
    public async Task The_owner_sees_price_and_period_orders_and_has_the_invoice(
        string language, string end, string period, string price, string button, string result)
    {
        var renewal = await Portal.AddRenewalAsync(new DateOnly(2026, 12, 16), computers: ["KASSE-1"]);
        using var browser = await renewal.Owner.SignInAsync(language);
        await browser.GetAsync(Path(renewal));

        (browser.Status, browser.Outcome).ShouldBe((HttpStatusCode.OK, "renew"));
        foreach (
            var text in new[] { end, period, price, "Muster Gastro GmbH", "Musterstraße 1", "12345 Musterstadt", renewal.License.Number })
        {
            Plain(browser.Words).ShouldContain(text);
        }

        Plain(Browser.Text(browser.Page.QuerySelector("main form button")!)).ShouldBe(button);
        browser.Page.QuerySelector("[data-total]")!.GetAttribute("data-total").ShouldBe("177.31");
        browser.Page.QuerySelector(".row-change a")!.GetAttribute("href")
            .ShouldBe($"/my/details?return={Uri.EscapeDataString(Path(renewal))}");

        await browser.SubmitAsync(("OrderNumber", "B-17"));
        browser.Outcome.ShouldBe("renewed");
        browser.Words.ShouldContain(result);
        var invoice = (await InvoicesAsync(renewal)).ShouldHaveSingleItem();
        browser.Words.ShouldContain(invoice.Number);
        (invoice.Content.Language, invoice.Content.Buyer.OrderNumber).ShouldBe((language, "B-17"));
        browser.Page.QuerySelector("main li a")!.GetAttribute("href").ShouldBe($"/my/invoices/{invoice.Number}/pdf");
        browser.Answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    /// <summary>The card of a license offers what is due, to whom may order it.</summary>
    [Theory]
    [InlineData("2026-11-01", true)]
    [InlineData("2026-12-31", true)]
    [InlineData("2028-06-30", false)]
    public async Task The_list_offers_a_renewal_that_is_due(string end, bool isDue)
    {
        var renewal = await Portal.AddRenewalAsync(DateOnly.Parse(end, CultureInfo.InvariantCulture), within: 60);
        using var owner = await renewal.Owner.SignInAsync();
        using var member = await (await CustomerUser.CreateAsync(renewal.License, CustomerRole.Member)).SignInAsync();
        await owner.GetAsync("/my");
        await member.GetAsync("/my");

        (owner.Page.QuerySelector($".license-card a[href='{Path(renewal)}']") is not null).ShouldBe(isDue);
        member.Page.QuerySelector($".license-card a[href='{Path(renewal)}']").ShouldBeNull();
    }

    /// <summary>Where the license follows the payment, what was billed counts, as on the page of the license.</summary>
    [Fact]
    public async Task The_list_offers_nothing_for_days_that_are_billed_and_not_paid()
    {
        var order = await Portal.AddTransferAsync(new TransferSetting(TransferRemedy.Renewal, LicenseIssue.OnPayment));
        var license = order.Licenses.Single();
        await using (var db = Portal.Open())
        {
            var product = await db.Products.SingleAsync(p => p.Id == db.Licenses.Single(l => l.Id == license.Id).ProductId);
            product.ChangePolicies(product.Policies with { Transfer = product.Policies.Transfer with { RenewalOfferedWithinDays = 60 } });
            await db.SaveChangesAsync();
        }

        Portal.Services.GetRequiredService<ProductCatalog>().Forget();
        using var owner = await (await CustomerUser.CreateAsync(license, CustomerRole.Owner)).SignInAsync();
        var path = $"/my/licenses/{license.Number}/renew";
        await owner.GetAsync("/my");
        owner.Page.QuerySelector($".license-card a[href='{path}']").ShouldNotBeNull();
        var act = new StaffAct(Guid.NewGuid(), await (await StaffUser.CreateAsync(Portal)).ActorAsync(), "Geprüft");
        (await Portal.Services.GetRequiredService<SettleTransfer>().ExecuteAsync(act, order.Id, Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);

        await owner.GetAsync("/my");

        owner.Page.QuerySelector($".license-card a[href='{path}']").ShouldBeNull();
    }

    [Fact]
    public async Task The_way_there_is_the_page_of_the_license_however_long_the_subscription_runs()
    {
        var renewal = await Portal.AddRenewalAsync(new DateOnly(2028, 6, 30));
        using var owner = await renewal.Owner.SignInAsync();
        using var member = await (await CustomerUser.CreateAsync(renewal.License, CustomerRole.Member)).SignInAsync();
        await owner.GetAsync($"/my/licenses/{renewal.License.Number}");
        await member.GetAsync($"/my/licenses/{renewal.License.Number}");

        owner.Page.QuerySelector($"main a[href='{Path(renewal)}']").ShouldNotBeNull();
        member.Page.QuerySelector($"main a[href='{Path(renewal)}']").ShouldBeNull();
        await owner.GetAsync(Path(renewal));
        owner.Words.ShouldContain("01.07.2028 bis 30.06.2029");
    }

    [Theory]
    [InlineData("de", "bis 16.12.2027 bezahlt. Ab 17.10.2027", "Rechnung")]
    [InlineData("en", "paid until 16 Dec 2027. You can renew it from 17 Oct 2027", "Invoice")]
    public async Task What_was_bought_a_moment_ago_is_shown_with_its_invoice_and_the_next_year_is_not_offered(
        string language, string words, string invoiceWord)
    {
        var renewal = await Portal.AddRenewalAsync(new DateOnly(2026, 12, 16), within: 60);
        using var browser = await renewal.Owner.SignInAsync(language);
        await browser.GetAsync(Path(renewal));
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("renewed");
        var invoice = (await InvoicesAsync(renewal)).ShouldHaveSingleItem().Number;
        var renewed = $"/my/licenses/{renewal.License.Number}/renewed/{invoice}";

        await browser.GetAsync(Path(renewal));
        browser.Outcome.ShouldBe("not-yet");
        browser.Words.ShouldContain(words);
        browser.Page.QuerySelector($"main a[href='{renewed}']")!.TextContent.ShouldBe($"{invoiceWord} {invoice}");

        await browser.GetAsync($"/my/licenses/{renewal.License.Number}");
        browser.Page.QuerySelector($"main a[href='{renewed}']").ShouldNotBeNull();
        browser.Page.QuerySelector($"main a[href='{Path(renewal)}']").ShouldBeNull();
        (await InvoicesAsync(renewal)).ShouldHaveSingleItem();

        using var member = await (await CustomerUser.CreateAsync(renewal.License, CustomerRole.Member)).SignInAsync();
        await member.GetAsync($"/my/licenses/{renewal.License.Number}");
        member.Words.ShouldNotContain(invoice, customMessage: "members see no invoices");
    }

    [Fact]
    public async Task Going_back_and_sending_the_same_form_leads_to_the_same_result()
    {
        var renewal = await Portal.AddRenewalAsync();
        using var browser = await renewal.Owner.SignInAsync();
        await browser.GetAsync(Path(renewal));
        var first = await browser.PostAsync();
        first.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var again = await browser.PostAsync();
        again.Headers.Location.ShouldBe(first.Headers.Location);

        // With something else typed into it, it is another order: nothing happens, and the page shows how things stand.
        await browser.ShowAsync(await browser.PostAsync(null, ("OrderNumber", "B-18")), Path(renewal));
        (browser.Status, browser.Outcome).ShouldBe((HttpStatusCode.UnprocessableEntity, "renew-again"));
        browser.Words.ShouldContain("Sie haben diese Seite schon abgesendet");
        browser.Words.ShouldContain("16.11.2027 bis 15.11.2028");
        (await InvoicesAsync(renewal)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_second_tab_is_asked_again_with_what_was_typed()
    {
        var renewal = await Portal.AddRenewalAsync(new DateOnly(2026, 12, 16));
        using var browser = await renewal.Owner.SignInAsync();
        using var other = await renewal.Owner.SignInAsync();
        await browser.GetAsync(Path(renewal));
        await other.GetAsync(Path(renewal));
        await other.SubmitAsync();

        await browser.SubmitAsync(("BuyerReference", "04011000-12345-03"));

        (browser.Status, browser.Outcome).ShouldBe((HttpStatusCode.UnprocessableEntity, "renew-again"));
        browser.Words.ShouldContain("Es wurde nichts bestellt");
        browser.Words.ShouldContain("17.12.2027 bis 16.12.2028");
        browser.Page.QuerySelector("[name=BuyerReference]")!.GetAttribute("value").ShouldBe("04011000-12345-03");
        await browser.SubmitAsync();
        browser.Outcome.ShouldBe("renewed");
        (await InvoicesAsync(renewal)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_too_long_is_said_and_kept()
    {
        var renewal = await Portal.AddRenewalAsync();
        using var browser = await renewal.Owner.SignInAsync("en");
        await browser.GetAsync(Path(renewal));
        var typed = new string('x', 121);

        await browser.SubmitAsync(("OrderNumber", typed));

        browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        browser.ErrorsInSummary.ShouldBe(["Shorten the text to at most 120 characters"]);
        browser.Page.QuerySelector("[name=OrderNumber]")!.GetAttribute("value").ShouldBe(typed);
        browser.Page.QuerySelector("details")!.HasAttribute("open").ShouldBeTrue();
    }

    [Fact]
    public async Task A_form_that_was_open_too_long_comes_again_and_orders_nothing()
    {
        var renewal = await Portal.AddRenewalAsync();
        using var browser = await renewal.Owner.SignInAsync();
        await browser.GetAsync(Path(renewal));

        await browser.ShowAsync(
            await browser.PostAsync(null, ("__RequestVerificationToken", "old"), ("OrderNumber", "B-17")), Path(renewal));

        (browser.Status, browser.Outcome).ShouldBe((HttpStatusCode.UnprocessableEntity, "renew-again"));
        browser.Page.QuerySelector("[name=OrderNumber]")!.GetAttribute("value").ShouldBe("B-17");
        (await InvoicesAsync(renewal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("de", "suspended", "suspended", "Diese Lizenz ist ausgesetzt")]
    [InlineData("en", "no street", "details-incomplete", "The invoice needs your address")]
    [InlineData("de", "VAT id", "vat-id-not-confirmed", "Wir müssen Ihre USt-IdNr. ATU12345675 erst prüfen")]
    [InlineData("en", "consumer", "tax-undecided", "check the VAT for you by hand")]
    [InlineData("de", "letters", "not-drawable", "das Zeichen „株“ aus Ihren Firmendaten nicht drucken")]
    public async Task Why_it_is_not_possible_is_said_in_words(string language, string why, string outcome, string words)
    {
        var renewal = await Portal.AddRenewalAsync(customer: c => (c.Country, c.VatId, c.Street, c.IsConsumer) = why switch
        {
            "no street" => ("DE", null, null, false),
            "VAT id" => ("AT", "ATU12345675", c.Street, false),
            "consumer" => ("AT", null, c.Street, true),
            "letters" => ("DE", null, "株 1", false),
            _ => ("DE", null, c.Street, false),
        });
        using var browser = await renewal.Owner.SignInAsync(language);
        if (why == "suspended")
        {
            // After the page was opened, so that the button meets it.
            await browser.GetAsync(Path(renewal));
            await renewal.License.SuspendAsync();
            await browser.SubmitAsync();
            browser.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }
        else
        {
            await browser.GetAsync(Path(renewal));
            browser.Status.ShouldBe(HttpStatusCode.OK);
        }

        browser.Outcome.ShouldBe(outcome);
        browser.Words.ShouldContain(words);
        browser.Page.QuerySelector("main form").ShouldBeNull();
        browser.Page.QuerySelector("main a[href^=mailto]").ShouldNotBeNull();
    }

    [Fact]
    public async Task Only_owners_of_this_customer_see_and_order()
    {
        var renewal = await Portal.AddRenewalAsync();
        var done = (await renewal.RenewAsync()).Done.ShouldNotBeNull();
        var pages = new[] { Path(renewal), $"/my/licenses/{renewal.License.Number}/renewed/{done.InvoiceNumber}" };
        using var member = await (await CustomerUser.CreateAsync(renewal.License, CustomerRole.Member)).SignInAsync();
        using var stranger = await (await Portal.AddRenewalAsync()).Owner.SignInAsync();
        using var nobody = new Browser(Portal);
        foreach (var page in pages)
        {
            await member.GetAsync(page);
            (member.Status, member.Outcome).ShouldBe((HttpStatusCode.Forbidden, "owners-only"));
            (await stranger.GetAsync(page)).Status.ShouldBe(HttpStatusCode.NotFound);
            var unknown = await stranger.GetAsync(page.Replace(renewal.License.Number, "L-0", StringComparison.Ordinal));
            (unknown.Status, unknown.Words).ShouldBe((HttpStatusCode.NotFound, stranger.Words));
            (await nobody.GetAsync(page)).Path.ShouldStartWith($"{SiteLinks.SignIn}?return=");
        }

        // Whoever takes an owner's form along does not get further.
        using var owner = await renewal.Owner.SignInAsync();
        await owner.GetAsync(Path(renewal));
        await member.GetAsync("/account/sign-out");
        (string Name, string? Value)[] form =
            [.. owner.Page.QuerySelectorAll("main form input[type=hidden]")
                .Where(i => i.GetAttribute("name") != "__RequestVerificationToken")
                .Select(i => (i.GetAttribute("name")!, i.GetAttribute("value")))];
        (await member.PostAsync(r => r.RequestUri = new Uri(Path(renewal), UriKind.Relative), form)).StatusCode.ShouldBe(
            HttpStatusCode.Forbidden);
        (await InvoicesAsync(renewal)).ShouldHaveSingleItem();
    }

    private static string Path(SampleRenewal renewal) => $"/my/licenses/{renewal.License.Number}/renew";

    private static string Plain(string words) => words.Replace('\u00A0', ' ');

    private async Task<List<Invoice>> InvoicesAsync(SampleRenewal renewal)
    {
        await using var db = Portal.Open();
        return await db.Invoices.AsNoTracking().Where(i => i.LicenseId == renewal.License.Id).OrderBy(i => i.Place).ToListAsync();
    }
}
