using System.Text.RegularExpressions;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>Somebody calls; a clerk types what can be heard, and is on the right page.</summary>
[Collection(InChromium.Name)]
public sealed class SearchesEverything(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn("de-DE", "Kunden", "Lizenzen")]
    [InTurn("en-US", "Customers", "Licenses")]
    public async Task From_what_a_caller_says_to_the_page(string language, string customers, string licenses)
    {
        var tag = language[..2];
        var number = $"L-77{(tag == "de" ? 1 : 2)}3";
        var key = await portal.ImportAsync("beamalign", number, seats: 1, $"anruf-{tag}@muster-technik.example");
        using var http = portal.Http();
        var computer = new LicensedProgram(http, "beamalign", $"ANRUF-{tag}-PC");
        await computer.ActivateAsync(key);
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280, language: language);
        await StaffDesk.SignInAsync(page, portal, $"caller-{tag}@example.org", "support");

        // The e-mail address leads to the customer.
        await page.GotoAsync("/staff/search");
        await FindAsync($"anruf-{tag}@muster");
        await Expect(page.Locator("#found-Customers")).ToContainTextAsync(customers);
        await Expect(page.Locator("section[aria-labelledby=found-Customers] mark").First).ToHaveTextAsync($"anruf-{tag}@muster");

        // A part of the number, then all of it, which opens the page at once.
        await FindAsync(number[..5]);
        await Expect(page.Locator("#found-Licenses")).ToContainTextAsync(licenses);
        await FindAsync(number, expectPage: false);
        await Expect(page).ToHaveURLAsync(new Regex($"/staff/licenses/{number}$"));

        // A pasted mail with a hardware code in it, and a pasted key, which never stands in an address.
        await page.GotoAsync("/staff/search");
        await FindAsync($"Guten Tag, mein PC ist defekt. Code: {computer.Hardware} Danke!");
        await Expect(page.Locator("section[aria-labelledby=found-Computers] a")).ToHaveTextAsync($"ANRUF-{tag}-PC");
        await FindAsync(key, expectPage: false);
        await Expect(page).ToHaveURLAsync(new Regex($"(q={key[^5..]}|/staff/licenses/{number})$"));
        people.Complaints.ShouldBeEmpty();

        async Task FindAsync(string term, bool expectPage = true)
        {
            await page.FillAsync("#search-everything", term);
            await page.PressAsync("#search-everything", "Enter");
            if (expectPage)
            {
                await Expect(page.Locator("h2").First).ToBeVisibleAsync();
                await Expect(page.Locator("[data-outcome=search]")).ToBeVisibleAsync();
                await page.ShouldBeAccessibleAsync();
            }
        }
    }
}
