using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// A till is sold: the buyer asks for the license, the present licensee and the buyer agree by mail, a clerk reads the contract and enters
/// it, and the history says who had the license when.
/// </summary>
[Collection(InChromium.Name)]
public sealed class LicenseChangesHands(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(320, false, false, "de-DE")]
    [InTurn(320, false, true, "en-US")]
    [InTurn(1280, true, false, "de-DE")]
    [InTurn(1280, true, true, "en-US")]
    public async Task A_license_goes_to_another_company(int width, bool scripts, bool dark, string language)
    {
        var (number, tag) = ($"L-82{width}{(language[0] == 'd' ? 1 : 0)}", $"{width}-{language[..2]}");
        var (seller, buyer) = ($"verkauf-{tag}@muster-gastro.example", $"kauf-{tag}@beispiel.example");
        var key = await portal.ImportAsync("muster-pos", number, seats: 1, seller);
        using (var http = portal.Http())
        {
            await new LicensedProgram(http, "muster-pos", $"KASSE-{tag}").ActivateAsync(key);
        }

        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, width, scripts, language, dark);
        await page.GotoAsync("/");
        await page.Locator("main a[href='/owner']").ClickAsync();
        await Expect(page.Locator("[data-outcome=choose]")).ToContainTextAsync(language == "de-DE" ? "58,31" : "58.31");
        await KeepAsync($"owner-choose-{tag}");
        await page.Locator("main .tile a").Nth(1).ClickAsync();
        await page.FillAsync("[name=LicenseNumber]", number);
        await page.FillAsync("[name=Company]", "Beispiel Betriebs GmbH");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator("#Street-error")).ToBeVisibleAsync();
        await Expect(page.Locator("[name=Company]")).ToHaveValueAsync("Beispiel Betriebs GmbH");
        await KeepAsync($"owner-form-{tag}");
        await page.FillAsync("[name=Street]", "Beispielweg 2");
        await page.FillAsync("[name=PostalCode]", "54321");
        await page.FillAsync("[name=City]", "Beispielstadt");
        await page.FillAsync("[name=Email]", buyer);
        await page.FillAsync("[name=AskedBy]", "Erika Muster");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator("[data-outcome=check]")).ToBeVisibleAsync();

        // A web page with the name of a PDF at first; then the contract.
        await ChooseAsync("<html><script>alert(1)</script></html>"u8.ToArray());
        await Expect(page.Locator("#Document-error")).ToBeVisibleAsync();
        await KeepAsync($"owner-check-{tag}");
        await ChooseAsync("%PDF-1.4\nKaufvertrag\n%%EOF\n"u8.ToArray());
        await Expect(page.Locator("[data-outcome=sent]")).ToContainTextAsync("H-");
        await KeepAsync($"owner-sent-{tag}");

        await AgreeAsync(await portal.MailAsync("owner-confirm", seller), $"owner-confirm-{tag}");
        await AgreeAsync(await portal.MailAsync("owner-confirm", buyer), $"owner-taker-{tag}");

        // At the desk, which needs scripts.
        var desk = await people.OpenAsync(portal.Address, Math.Max(width, 390), scripts: true, language, dark);
        await StaffDesk.SignInAsync(desk, portal, $"uebergabe-{tag}@example.org", "support");
        await desk.GotoAsync("/staff/ownership");
        await desk.Locator("[data-outcome=owner-changes] tr", new() { HasText = number }).Locator("a").First.ClickAsync();
        await Expect(desk.Locator("[data-outcome=owner-change]")).ToContainTextAsync("Beispielweg 2");
        await desk.ShouldBeAccessibleAsync();
        await ShootAsync(desk, $"staff-owner-change-{tag}");
        var contract = await desk.RunAndWaitForDownloadAsync(() => desk.ClickAsync("a[download]"));
        contract.SuggestedFilename.ShouldStartWith("Nachweis-H-");
        await StaffDesk.ActAsync(desk, StaffDesk.Text("SettleOwnerChange.Button", language), "Vertrag gelesen");
        await Expect(desk.Locator("[data-outcome=settled]")).ToBeVisibleAsync();
        await desk.GotoAsync($"/staff/licenses/{number}");
        await Expect(desk.Locator("main")).ToContainTextAsync(StaffDesk.Text("HoldersHeading", language));
        await desk.ShouldBeAccessibleAsync();
        await ShootAsync(desk, $"staff-license-holders-{tag}");

        var invoice = language.StartsWith("de", StringComparison.Ordinal) ? "Rechnung-" : "Invoice-";
        (await portal.MailAsync("owner-settled", buyer)).ShouldContain(invoice);
        (await portal.MailAsync("license-handed-over", seller)).ShouldNotContain("Beispiel Betriebs");
        people.Complaints.ShouldBeEmpty();
        portal.Log.ShouldHoldNone([page.Url.Split('/')[^1], "Erika Muster"]);

        async Task AgreeAsync(string mail, string picture)
        {
            await page.GotoAsync(PageSteps.LinkIn(mail, "/owner/confirm/"));
            await Expect(page.Locator("[data-outcome=confirm]")).ToContainTextAsync("Erika Muster");
            await KeepAsync(picture);
            await page.SubmitAsync("button[value=agree]");
            await Expect(page.Locator("#agree-tick-error")).ToBeVisibleAsync();
            await page.Locator("#agree-tick").CheckAsync();
            await page.SubmitAsync("button[value=agree]");
            await Expect(page.Locator("[data-outcome=agreed]")).ToBeVisibleAsync();
        }

        static async Task ShootAsync(Microsoft.Playwright.IPage page, string name)
        {
            if (Screenshots.Folder is { } folder)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
            }
        }

        async Task ChooseAsync(byte[] file)
        {
            await page.SetInputFilesAsync("[name=Document]", new Microsoft.Playwright.FilePayload
            {
                Name = "vertrag.pdf",
                MimeType = "application/pdf",
                Buffer = file,
            });
            await page.SubmitAsync("main form button");
        }

        async Task KeepAsync(string name)
        {
            await page.ShouldBeRightAsync(scripts);
            await ShootAsync(page, name);
        }
    }
}
