using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// A computer that never sees a network gets its license by a file, on a phone or a second PC, while another one is in the way.
/// </summary>
[Collection(InChromium.Name)]
public sealed class WithoutInternet(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(390, false, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task The_file_goes_in_and_the_license_comes_out(int width, bool scripts, string language)
    {
        await using var people = chromium.Begin();
        var number = $"L-94{width}";
        var key = await portal.ImportAsync("beamalign", number, seats: 1, "owner@muster-technik.example");
        using var http = portal.Http();
        var old = new LicensedProgram(http, "beamalign", "KUPPEL-ALT");
        await old.ActivateAsync(key);
        var offline = new LicensedProgram(http, "beamalign", "KUPPEL-OHNE-NETZ");

        var page = await people.OpenAsync(portal.Address, width, scripts, language);
        await page.GotoAsync("/");
        await page.Locator("main a[href='/activate']").ClickAsync();
        await CheckAsync(page, scripts);

        // The wrong file first, as people do; the key stays.
        await page.SetInputFilesAsync(
            "[name=RequestFile]", new FilePayload { Name = "photo.jpg", MimeType = "image/jpeg", Buffer = [0xFF, 0xD8, 0xFF, 0xE0] });
        await page.FillAsync("[name=ActivationKey]", key.ToLowerInvariant());
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=wrong-file]")).ToBeVisibleAsync();
        await Expect(page.Locator("[name=ActivationKey]")).ToHaveValueAsync(key.ToLowerInvariant());
        await CheckAsync(page, scripts);
        await page.SetInputFilesAsync("[name=RequestFile]",
            new FilePayload { Name = "KUPPEL.lshreq", MimeType = "application/octet-stream", Buffer = offline.RequestFile });
        await page.ClickAsync("main form button");

        // The only seat is taken: it is released from here, and the way leads back.
        await Expect(page.Locator("[data-outcome=too-many-activations]")).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("KU…T");
        await CheckAsync(page, scripts);
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=confirm]")).ToBeVisibleAsync();
        await page.Locator("main form button.button").Last.ClickAsync();
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        await CheckAsync(page, scripts);
        await page.Locator("main a[href^='/activate/']").ClickAsync();
        await Expect(page.Locator("[data-outcome=ready]")).ToBeVisibleAsync();
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=activated]")).ToBeVisibleAsync();
        await CheckAsync(page, scripts);

        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("main a.button"));
        download.SuggestedFilename.ShouldBe($"Lizenz-{number}.lshlic");
        var file = await File.ReadAllTextAsync(await download.PathAsync());
        offline.Import(file);
        (await portal.MailAsync("activated-offline", number)).ShouldContain($"Lizenz-{number}.lshlic");
        (await offline.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");

        // The same file again on another day gives the same license file.
        await page.GotoAsync("/activate");
        await page.SetInputFilesAsync(
            "[name=RequestFile]", new FilePayload { Name = "KUPPEL.lshreq", MimeType = "text/plain", Buffer = offline.RequestFile });
        await page.FillAsync("[name=ActivationKey]", key);
        await page.ClickAsync("main form button");
        var again = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("main a.button"));
        (await File.ReadAllTextAsync(await again.PathAsync())).ShouldBe(file);
        people.Complaints.ShouldBeEmpty();
        portal.Log.ShouldHoldNone(
            [key, key.Replace("-", "", StringComparison.Ordinal), .. old.Secrets, .. offline.Secrets, page.Url.Split('/')[^1]]);
    }

    private static Task CheckAsync(IPage page, bool scripts) => scripts ? page.ShouldBeAccessibleAsync() : Task.CompletedTask;
}
