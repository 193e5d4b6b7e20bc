using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>An owner downloads everything, has the customer's data erased, and leaves.</summary>
[Collection(InChromium.Name)]
public sealed partial class OwnData(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(390, false, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task The_owner_downloads_everything_and_leaves(int width, bool dark, string language)
    {
        await portal.ImportAsync("beamalign", $"L-77{width}", seats: 2, $"beamer-{width}@muster-technik.example");
        await using var db = portal.Portal.Open();
        var customer = await db.Customers.SingleAsync(c => c.Email == $"beamer-{width}@muster-technik.example");
        var owner = await CustomerDesk.OpenAccountAsync(portal, $"L-77{width}");
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);
        await page.GotoAsync("/my/data");
        await CustomerDesk.SignInAsync(page, owner);
        await Expect(page.Locator("[data-outcome=data]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await page.Locator("main form button").ClickAsync();
        await Expect(page.Locator("[data-outcome=asked]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await page.GotoAsync(Link().Match(await portal.MailAsync("data-ready", owner)).Value);
        await Expect(page.Locator("[data-outcome=ready]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("main a.button").ClickAsync());
        await using (var zip = await ZipFile.OpenReadAsync(await download.PathAsync()))
        {
            zip.Entries.Select(e => e.FullName).ShouldContain("licenses.json");
        }

        await page.GotoAsync("/my/data");
        await page.Locator($"a[href='/my/data/erase/{customer.Number}']").ClickAsync();
        await page.ShouldBeAccessibleAsync();
        await page.Locator("main form button").ClickAsync();
        await Expect(page.Locator(".summary-box")).ToBeFocusedAsync();
        await page.ShouldBeAccessibleAsync();
        await page.Locator("[name=Understood]").CheckAsync();
        await page.Locator("main form button").ClickAsync();
        await Expect(page.Locator("[data-outcome=customer-erased]")).ToBeVisibleAsync();

        await page.Locator("a[href='/my/data/erase']").ClickAsync();
        await page.ShouldBeAccessibleAsync();
        await page.Locator("main form button").ClickAsync();
        await Expect(page.Locator("[data-outcome=account-erased]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        people.Complaints.ShouldBeEmpty();
    }

    [GeneratedRegex("/my/data/[A-Za-z0-9_-]{43}")]
    private static partial Regex Link();
}
