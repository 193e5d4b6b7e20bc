using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>A vendor's administrator makes his own product, gives it a price, and a customer finds a license of it.</summary>
[Collection(InChromium.Name)]
public sealed class OwnProduct(Chromium chromium, MailedPortal mailed) : IClassFixture<MailedPortal>
{
    private RunningPortal Portal => mailed.Running;

    [Theory]
    [InTurn("91", 1280, "de-DE", false)]
    [InTurn("92", 390, "en-US", true)]
    public async Task A_product_is_made_priced_and_used(string tag, int width, string language, bool dark)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(Portal.Address, width, scripts: true, language, dark);
        await StaffDesk.SignInAsync(page, Portal, $"admin{tag}@muster-software.example");
        await page.GotoAsync("/staff/setup");
        await Expect(page.Locator("[data-outcome=setup]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();

        // The server's answer is shown, and the mail arrives.
        await page.Locator(".setup-step button").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=sent]")).ToBeVisibleAsync();
        await mailed.Mails.FindAsync(language == "de-DE" ? "Testmail Ihres Lizenzportals" : "Test mail from your license portal");

        // What cannot be is said at the field, and nothing that was typed is lost.
        await page.GotoAsync("/staff/setup/products/new");
        await page.FillAsync("#id", $"my-till-{tag}");
        await page.FillAsync("#name", $"Beispielprodukt {tag}");
        await page.Locator("#policies-release-deadPc-PaidTransfer").CheckAsync();
        await page.FillAsync("#policies-release-refillDays", "viele");
        await page.ClickAsync("main form .actions button[type=submit]");
        await Expect(page.Locator(".summary-box[data-outcome=settinginvalid]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await Expect(page.Locator("#policies-release-refillDays")).ToHaveValueAsync("viele");
        await Expect(page.Locator("#name")).ToHaveValueAsync($"Beispielprodukt {tag}");
        await page.FillAsync("#policies-release-refillDays", "90");
        await page.ClickAsync("main form .actions button[type=submit]");
        await Expect(page.Locator("[data-outcome=product]")).ToBeVisibleAsync();
        await Expect(page.Locator("[role=status][data-outcome=saved]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();

        await page.Locator("#prices-fee-list > .actions button").First.ClickAsync();
        await page.FillAsync("#price-net", "gratis");
        await page.Locator("#price-net").BlurAsync();
        await page.Locator(".act-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".act-form [data-outcome=priceamount]")).ToBeVisibleAsync();
        await page.FillAsync("#price-net", language == "de-DE" ? "66,50" : "66.50");
        await page.Locator("#price-net").BlurAsync();
        await Expect(page.Locator(".act-form [role=status]")).ToContainTextAsync(language == "de-DE" ? "79,14" : "79.14");
        await page.ShouldBeAccessibleAsync();
        await page.Locator(".act-form button[type=submit]").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=price-set]")).ToBeVisibleAsync();
        await Expect(page.Locator("#prices-fee-list table")).ToContainTextAsync(language == "de-DE" ? "66,50" : "66.50");
        await page.ShouldBeAccessibleAsync();

        // It is an older version again, as a new one.
        await page.ReloadAsync();
        await page.FillAsync("#name", "Ein Versehen");
        await page.ClickAsync("main form .actions button[type=submit]");
        await Expect(page.Locator("[role=status][data-outcome=saved]")).ToBeVisibleAsync();
        await page.Locator("#history ~ .timeline .link-button").First.ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=restored]")).ToBeVisibleAsync();
        await Expect(page.Locator("#name")).ToHaveValueAsync($"Beispielprodukt {tag}");
        await page.ClickAsync("main form .actions button[type=submit]");
        await Expect(page.Locator("[role=status][data-outcome=saved]")).ToBeVisibleAsync();

        // A customer of the product finds the license.
        using var http = Portal.Http();
        var till = new LicensedProgram(http, $"my-till-{tag}", $"KASSE-{tag}");
        var key = await Portal.ImportAsync($"my-till-{tag}", $"L-6{tag}", seats: 1, $"inhaber{tag}@muster-technik.example");
        await till.ActivateAsync(key);
        var customer = await people.OpenAsync(Portal.Address, width, scripts: false, language, dark);
        await customer.GotoAsync("/release");
        await customer.FillAsync("[name=ActivationKey]", key);
        await customer.ClickAsync("main form button");
        await Expect(customer.Locator("main")).ToContainTextAsync($"Beispielprodukt {tag}");
        people.Complaints.ShouldBeEmpty();
    }
}
