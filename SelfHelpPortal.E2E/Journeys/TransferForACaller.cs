using System.Text.RegularExpressions;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>A customer has written a mail; a clerk pastes it, adds what is missing, and the owner is asked.</summary>
[Collection(InChromium.Name)]
public sealed class TransferForACaller(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn("de-DE", 1280)]
    [InTurn("en-US", 390)]
    public async Task From_the_pasted_mail_to_the_order(string language, int width)
    {
        var tag = language[..2];
        var number = $"L-78{(tag == "de" ? 1 : 2)}4";
        var key = await portal.ImportAsync("muster-pos", number, seats: 1, $"inhaber-{tag}@muster-gastro.example");
        using var http = portal.Http();
        await new LicensedProgram(http, "muster-pos", $"KASSE-ALT-{tag}").ActivateAsync(key);
        var hardware = new LicensedProgram(http, "muster-pos", $"KASSE-NEU-{tag}").Hardware;
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, width, language: language);
        await StaffDesk.SignInAsync(page, portal, $"phone-{tag}@example.org", "support");

        await page.GotoAsync("/staff/transfers");
        await page.ClickAsync("a[href='/staff/transfers/new']");
        await Expect(page.Locator("[data-outcome=new-transfer]")).ToBeVisibleAsync();
        await page.FillAsync(
            "#pasted",
            $"""
             Von: Erika Muster <kasse-{tag}@muster-gastro.example>

             > Bestellnummer: Migration
             > Anmerkung: Alter PC defekt, bitte neue Lizenz kostenpflichtig zusenden
             > Lizenz-ID # {number[2..]}
             > {hardware}
             """);
        await page.ClickAsync("form:has(#pasted) button[type=submit]");
        await Expect(page.Locator("#License")).ToHaveValueAsync(number);
        await Expect(page.Locator("#Name")).ToHaveValueAsync("Erika Muster");
        await page.ShouldBeAccessibleAsync();

        // What is missing is named, and nothing that is there is lost.
        await page.ClickAsync("form:has(#License) button[type=submit]");
        await Expect(page.Locator("[data-outcome=missing]")).ToBeVisibleAsync();
        await Expect(page.Locator("#NewHardware")).ToHaveValueAsync(hardware.ToString());
        await page.ShouldBeAccessibleAsync();
        await page.FillAsync("#Street", "Musterstraße 1");
        await page.FillAsync("#PostalCode", "12345");
        await page.FillAsync("#City", "Musterstadt");
        if (await page.Locator("#EarlyStart").CountAsync() > 0)
        {
            await page.CheckAsync("#EarlyStart");
        }

        await page.ClickAsync("form:has(#License) button[type=submit]");
        await Expect(page.Locator("#ready")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await page.ClickAsync("section:has(#ready) button");
        await Expect(page).ToHaveURLAsync(new Regex("/staff/transfers/M-"));
        await Expect(page.Locator("h1")).ToContainTextAsync("M-");
        await page.ShouldBeAccessibleAsync();
        people.Complaints.ShouldBeEmpty();
    }
}
