using Microsoft.Playwright;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.E2E.Support;

/// <summary>Steps that several journeys take.</summary>
internal static class PageSteps
{
    /// <summary>Presses a button and waits for the whole of the page that answers: nobody types into half a page.</summary>
    public static Task SubmitAsync(this IPage page, string button) => page.ToNextPageAsync(() => page.ClickAsync(button));

    /// <summary>Does what leads to another page, and waits for the whole of it.</summary>
    /// <remarks>
    /// The document itself is asked: the browser's events of a fast answer may have come before anybody waited for them, and then a test
    /// waits for ever or goes on with the page before.
    /// </remarks>
    public static async Task ToNextPageAsync(this IPage page, Func<Task> act)
    {
        await page.EvaluateAsync("document.documentElement.dataset.former = ''");
        await act();
        await page.Locator("html:not([data-former])").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Eventually.BecomesTrueAsync(() => page.EvaluateAsync<bool>("document.readyState === 'complete'"));
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
