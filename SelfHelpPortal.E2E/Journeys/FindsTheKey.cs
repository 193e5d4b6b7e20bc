using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// From the start page to the field for the key, with the vendor's picture of where it stands, which comes when somebody asks and not
/// before.
/// </summary>
[Collection(InChromium.Name)]
public sealed class FindsTheKey(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(390, false, "de-DE", "Der Aktivierungsschlüssel steht in der zweiten Zeile")]
    [InTurn(320, true, "en-US", "the activation key is in the second line")]
    [InTurn(1280, true, "de-DE", "Der Aktivierungsschlüssel steht in der zweiten Zeile")]
    public async Task The_picture_answers_where_the_key_is(int width, bool scripts, string language, string words)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, width, scripts, language);
        List<string> pictures = [];
        page.Request += (_, request) => pictures.AddRange(request.Url.Contains("/brand/", StringComparison.Ordinal) ? [request.Url] : []);
        await page.GotoAsync("/");
        await page.ShouldBeRightAsync(scripts);
        await Expect(page.Locator(".way-contact a[href^='tel:']")).ToBeVisibleAsync();
        await page.ClickAsync(".tiles-first a[href='/release']");
        await Expect(page.Locator(".side a[href^='tel:']")).ToBeVisibleAsync();
        pictures.ShouldBeEmpty("nobody has asked yet");

        await page.ClickAsync("main details summary");
        await page.ShouldShowPictureAsync("main details img");

        (await page.Locator("main details img").GetAttributeAsync("alt"))!.ShouldContain(words);
        await page.ShouldBeRightAsync(scripts);
        people.Complaints.ShouldBeEmpty();
    }
}
