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
}
