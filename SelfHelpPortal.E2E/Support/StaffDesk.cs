using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfHelpPortal.Components;
using SelfHelpPortal.Features.Staff.Kit;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Support;

/// <summary>What a clerk does in the browser.</summary>
internal static partial class StaffDesk
{
    private static readonly ResourceManager[] Texts = [new(typeof(StaffStrings)), new(typeof(SharedStrings))];

    public const string Password = "ein langes Kennwort fuer die Kasse";

    /// <summary>A text of the staff area.</summary>
    /// <param name="language">As the browser asks for it, "de-DE" for example.</param>
    public static string Text(string key, string language) =>
        Texts.Select(texts => texts.GetString(key, CultureInfo.GetCultureInfo(language))).FirstOrDefault(text => text is not null)
        ?? throw new ArgumentException($"The staff area has no text {key}.", nameof(key));

    /// <summary>Chooses a file on a page of the staff area.</summary>
    public static async Task ChooseFileAsync(IPage page, string field, FilePayload file)
    {
        // A file that is chosen before the field listens is not noticed; a script is fast enough for that.
        await page.WaitForFunctionAsync("field => '_blazorInputFileNextFileId' in (document.querySelector(field) ?? {})", field);
        await page.SetInputFilesAsync(field, file);
    }

    /// <summary>Opens the one-time link, sets password and second factor, and stands at the desk.</summary>
    public static async Task SignInAsync(IPage page, RunningPortal portal, string email, string role = "administrator")
    {
        await page.GotoAsync(await LinkAsync(portal, email, role));
        await page.FillAsync("[name=Password]", Password);
        await page.FillAsync("[name=Repeat]", Password);
        await page.ShouldBeAccessibleAsync();
        await page.ClickAsync("main form button[type=submit]");
        await Expect(page.Locator("[data-outcome=authenticator]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        var seed = await page.InnerTextAsync("#manual-key");
        await page.FillAsync("[name=Code]", Authenticator.Code(seed, TimeProvider.System.GetUtcNow()));
        await page.ClickAsync("main form button[type=submit]");
        await Expect(page.Locator("[data-outcome=done]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await page.GotoAsync("/staff");
        await Expect(page.Locator("[data-outcome=desk]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
    }

    /// <summary>The path of the one-time link for a new member of staff.</summary>
    public static async Task<string> LinkAsync(RunningPortal portal, string email, string role = "administrator")
    {
        var (exit, output) = await portal.Portal.RunAsync("admin", "create", "--email", email, "--role", role);
        exit.ShouldBe(0, output);
        return new Uri(Link().Match(output).Value).PathAndQuery;
    }

    /// <summary>Presses an act's button, gives the reason in its dialog and waits for the result.</summary>
    /// <param name="cause">Of a case: what it was, as its field is called.</param>
    public static async Task ActAsync(IPage page, string button, string reason, string? cause = null)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();
        if (cause is not null)
        {
            await page.CheckAsync("#act-cause-" + cause);
        }

        await page.Locator("#act-reason").FillAsync(reason);
        await page.Locator("#act-reason").BlurAsync();
        await page.ShouldBeAccessibleAsync();
        await page.Locator(".act-form button[type=submit]").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome]")).ToBeVisibleAsync();
    }

    [GeneratedRegex(@"http\S+/account/set-up/\S+")]
    private static partial Regex Link();
}
