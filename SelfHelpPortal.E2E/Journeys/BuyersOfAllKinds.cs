using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using SelfHelpPortal.Licensing.Transfers;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// A consumer, a company whose name the invoice cannot print, a public office; and an invoice that is taken back. Each orders the move of a
/// dead till, with real mails.
/// </summary>
[Collection(InChromium.Name)]
public sealed class BuyersOfAllKinds(Chromium chromium, TermsPortal mailed) : IClassFixture<TermsPortal>
{
    private RunningPortal Portal => mailed.Running;

    [Theory]
    [InTurn(390, false, "de-DE", "81")]
    [InTurn(1280, true, "en-US", "82")]
    public async Task A_consumer_reads_the_terms_and_asks_for_the_move_before_the_withdrawal_period_ends(
        int width, bool scripts, string language, string tag)
    {
        await using var people = chromium.Begin();
        using var http = Portal.Http();
        var page = await people.OpenAsync(Portal.Address, width, scripts, language);
        var walk = await ToContactAsync(http, page, tag);
        await walk.FillAddressAsync();
        await page.SubmitAsync("main form button");

        await Expect(page.Locator("main a[target=_blank]")).ToHaveCountAsync(2);
        await Expect(page.Locator("main a[target=_blank]").Last).ToHaveAttributeAsync("href", "/withdrawal");
        await page.CheckAsync("[name=Accept]");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator(".summary-box a")).ToHaveAttributeAsync("href", "#EarlyStart");
        await Expect(page.Locator("[name=Accept]")).ToBeCheckedAsync();
        if (scripts)
        {
            await page.ShouldBeAccessibleAsync();
        }

        await page.CheckAsync("[name=EarlyStart]");
        await walk.SendAsync();

        // The order is acknowledged before anybody has confirmed it.
        var german = language.StartsWith("de", StringComparison.Ordinal);
        var receipt = await mailed.Mails.FindAsync(
            german ? $"Ihre Bestellung, nächste Schritte [{walk.Reference}]" : $"Your order, next steps [{walk.Reference}]");
        receipt.To.ShouldBe(walk.Email);
        receipt.Text.ShouldContain(german ? "Widerrufsrecht erlischt" : "lose your right of withdrawal");
        receipt.Text.ShouldContain("/withdrawal");
        receipt.Text.ShouldContain(german ? "83,30" : "83.30");
        await page.GotoAsync(receipt.Link("/transfer/status/"));
        await Expect(page.Locator("h1")).ToHaveTextAsync(
            german ? "Ihre Bestellung wartet auf die Bestätigung" : "Your order is waiting for confirmation");
        people.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_the_invoice_cannot_print_is_refused_at_its_field_with_the_way_out()
    {
        await using var people = chromium.Begin();
        using var http = Portal.Http();
        var page = await people.OpenAsync(Portal.Address, 390, scripts: false);
        var walk = await ToContactAsync(http, page, "83");
        await walk.FillAddressAsync();
        await page.FillAsync("[name=Company]", "株式会社見本");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator(".summary-box")).ToContainTextAsync("株");
        await Expect(page.Locator("[name=Company]")).ToHaveValueAsync("株式会社見本");
        await Expect(page.Locator("[name=Email]")).ToHaveValueAsync(walk.Email);

        await page.FillAsync("[name=Company]", "Mihon K.K.");
        await page.SubmitAsync("main form button");
        await walk.SendAsync();
        people.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_public_office_gets_its_xml_once_its_number_is_right_and_an_invoice_that_is_taken_back()
    {
        await Portal.ReviewTransfersAsync(TransferReview.Automatic);
        await using var people = chromium.Begin();
        using var http = Portal.Http();
        var page = await people.OpenAsync(Portal.Address, 390, scripts: false);
        var walk = await ToContactAsync(http, page, "84");
        await walk.FillAddressAsync();
        await page.FillAsync("[name=Company]", "Stadt Musterstadt");
        await page.ClickAsync("main form summary");
        await page.CheckAsync("[name=IsAuthority]");
        await page.FillAsync("[name=BuyerReference]", "04011000-12345-35");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator(".summary-box a")).ToHaveAttributeAsync("href", "#BuyerReference");
        await page.FillAsync("[name=BuyerReference]", "04011000-12345-03");
        await page.SubmitAsync("main form button");
        await walk.SendAsync();
        await page.GotoAsync((await mailed.Mails.FindAsync($"Bitte bestätigen: Lizenz-Migration [{walk.Reference}]"))
            .Link("/transfer/confirm/"));
        await walk.AgreeAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Ihre Lizenz ist umgezogen");
        var mail = await mailed.Mails.FindAsync($"Ihre neue Lizenz und Rechnung [{walk.Reference}]");
        var xml = mail.Files.Single(f => f.Key.EndsWith(".xml", StringComparison.Ordinal));
        System.Text.Encoding.UTF8.GetString(xml.Value).ShouldContain("04011000-12345-03");

        // The clerk takes it back; whoever ordered finds both documents.
        var number = xml.Key[(xml.Key.IndexOf('-', StringComparison.Ordinal) + 1)..^".xml".Length];
        var clerk = await people.OpenAsync(Portal.Address, 1280);
        await StaffDesk.SignInAsync(clerk, Portal, "clerk84@example.org");
        await clerk.GotoAsync($"/staff/invoices/{number}");
        await StaffDesk.ActAsync(clerk, StaffDesk.Text("CancelInvoice.Button", "de-DE"), "Doppelt bestellt");
        var cancelled = await mailed.Mails.FindAsync(
            m => m.Subject.EndsWith($"zu Rechnung {number}", StringComparison.Ordinal), "Stornorechnung");
        cancelled.Files.Keys.ShouldContain(name => name.EndsWith(".pdf", StringComparison.Ordinal));
        await page.GotoAsync(mail.Link("/transfer/status/"));
        await Expect(page.Locator("h1")).ToHaveTextAsync("Ihre Lizenz ist umgezogen");
        await Expect(page.Locator("main")).ToContainTextAsync($"Rechnung {number} vom");
        await Expect(page.Locator("main")).ToContainTextAsync("Stornorechnung S");
        people.Complaints.ShouldBeEmpty();
    }

    private async Task<TransferWalk> ToContactAsync(HttpClient http, IPage page, string tag)
    {
        var walk = new TransferWalk(Portal, page, tag, _ => Task.CompletedTask);
        await walk.ActivateTillsAsync(http);
        await walk.ToContactAsync(http, "fee");
        return walk;
    }
}

/// <summary>A portal whose vendor has terms and tells of the right of withdrawal.</summary>
public sealed class TermsPortal : IAsyncLifetime
{
    private readonly MailedPortal _mailed = new();

    internal RunningPortal Running => _mailed.Running;

    internal MailServer Mails => _mailed.Mails;

    public Task InitializeAsync()
    {
        var configuration = Running.Portal.Configuration;
        (configuration["Vendor:TermsDe"], configuration["Vendor:TermsEn"]) = ("1. Geltung", "1. Scope");
        (configuration["Vendor:WithdrawalDe"], configuration["Vendor:WithdrawalEn"]) =
            ("Sie können binnen vierzehn Tagen widerrufen.", "You may withdraw within fourteen days.");
        return _mailed.InitializeAsync();
    }

    public Task DisposeAsync() => _mailed.DisposeAsync();
}
