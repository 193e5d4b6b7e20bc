using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// A customer with an account: names a computer, releases it, and takes license file and invoice along. Works without scripts.
/// </summary>
[Collection(InChromium.Name)]
public sealed class MyLicenses(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(390, false, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task Name_release_and_download(int width, bool scripts, string language)
    {
        await using var people = chromium.Begin();
        var number = $"L-93{width}{(scripts ? 1 : 0)}";
        var email = $"person-{width}-{scripts}@muster-technik.example".ToLowerInvariant();
        var key = await portal.ImportAsync("beamalign", number, seats: 2, $"owner-{number}@muster-technik.example");
        using var http = portal.Http();
        var online = new LicensedProgram(http, "beamalign", "KUPPEL-LINKS");
        await online.ActivateAsync(key);
        var offline = new LicensedProgram(http, "beamalign", "KUPPEL-OHNE-NETZ");
        var invoice = await portal.IssueAsync(await CustomerPerson.CreateAsync(portal, number, email));

        var page = await people.OpenAsync(portal.Address, width, scripts, language);
        await ActivateByFileAsync(page, offline, key);
        await CustomerPerson.SignInAsync(page, email);
        await Expect(page.Locator(".license-card")).ToContainTextAsync("KUPPEL-LINKS");
        await CheckAsync(page, scripts);
        await page.ClickAsync(".license-card h3 a");
        await Expect(page.Locator("[data-outcome=license]")).ToBeVisibleAsync();
        await CheckAsync(page, scripts);

        await CardOf(page, "KUPPEL-LINKS").Locator("a[href$='/name']").ClickAsync();
        await CheckAsync(page, scripts);
        await page.FillAsync("[name=OwnName]", "Saal 2");
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=named]")).ToBeVisibleAsync();

        await CardOf(page, "Saal 2").Locator("a[href$='/release']").ClickAsync();
        await Expect(page.Locator("[data-outcome=confirm]")).ToContainTextAsync("Saal 2");
        await CheckAsync(page, scripts);
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        await CheckAsync(page, scripts);
        (await portal.MailAsync("released", number)).ShouldContain("Muster Technik");
        (await online.CheckInAsync()).GetProperty("code").GetString().ShouldBe("RELEASED");
        await online.ActivateAsync(key);

        await page.GotoAsync($"/my/licenses/{number}");
        await Expect(CardOf(page, "Saal 2")).ToBeVisibleAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => CardOf(page, "KUPPEL-OHNE-NETZ").Locator("a[href$='/file']").ClickAsync());
        file.SuggestedFilename.ShouldBe($"Lizenz-{number}.lshlic");
        offline.Import(await File.ReadAllTextAsync(await file.PathAsync()));
        (await offline.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");

        await page.ClickAsync(".my-nav a[href='/my/invoices']");
        await Expect(page.Locator(".license-card")).ToContainTextAsync(invoice);
        await CheckAsync(page, scripts);
        var pdf = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync(".license-card a[href$='/pdf']"));
        (await File.ReadAllBytesAsync(await pdf.PathAsync())).AsSpan().StartsWith("%PDF"u8).ShouldBeTrue();
        foreach (var section in (string[])["/my/transfers", "/my/details", "/my/settings"])
        {
            await page.ClickAsync($".my-nav a[href='{section}']");
            await Expect(page.Locator(".my-nav [aria-current=page]")).ToHaveAttributeAsync("href", section);
            await CheckAsync(page, scripts);
        }

        await page.Locator("header form[action='/account/sign-out'] button").ClickAsync();
        await Expect(page.Locator("[data-outcome=signed-out]")).ToBeVisibleAsync();
        people.Complaints.ShouldBeEmpty();
        portal.Log.ShouldHoldNone([key, email, .. online.Secrets, .. offline.Secrets]);
    }

    private static ILocator CardOf(IPage page, string computer) => page.Locator(".license-card").Filter(new() { HasText = computer });

    private static async Task ActivateByFileAsync(IPage page, LicensedProgram offline, string key)
    {
        await page.GotoAsync("/activate");
        await page.SetInputFilesAsync("[name=RequestFile]",
            new FilePayload { Name = "KUPPEL.lshreq", MimeType = "application/octet-stream", Buffer = offline.RequestFile });
        await page.FillAsync("[name=ActivationKey]", key);
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=activated]")).ToBeVisibleAsync();
    }

    private static Task CheckAsync(IPage page, bool scripts) => scripts ? page.ShouldBeAccessibleAsync() : Task.CompletedTask;
}
