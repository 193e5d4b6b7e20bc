using Microsoft.Playwright;

namespace SelfHelpPortal.E2E.Support;

/// <summary>Steps that several journeys take.</summary>
internal static class PageSteps
{
    /// <summary>Presses a button and waits for the whole of the page that answers: nobody types into half a page.</summary>
    public static async Task SubmitAsync(this IPage page, string button)
    {
        await page.RunAndWaitForResponseAsync(
            () => page.ClickAsync(button), answer => answer.Request.IsNavigationRequest && answer.Status != 303);
        await page.WaitForLoadStateAsync();
    }

    /// <summary>The first link of a mail that begins so, with its token.</summary>
    public static string LinkIn(string mail, string path) =>
        mail.Substring(mail.IndexOf(path, StringComparison.Ordinal), path.Length + 43);

    /// <summary>The picture is there, not only its place; it comes when it is scrolled to.</summary>
    public static async Task ShouldShowPictureAsync(this IPage page, string selector)
    {
        var picture = page.Locator(selector).First;
        await picture.ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(picture).ToHaveJSPropertyAsync("complete", true);
        (await picture.EvaluateAsync<int>("p => p.naturalWidth")).ShouldBeGreaterThan(0, selector);
    }
}
