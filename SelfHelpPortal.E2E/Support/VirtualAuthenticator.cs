using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Support;

/// <summary>The passkeys of one browser: Chromium's own virtual device, whose owner always agrees.</summary>
internal static class VirtualAuthenticator
{
    public static async Task PlugInAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    /// <summary>Presses the page's passkey button and waits for the answer to what the browser sends.</summary>
    public static async Task PressAsync(IPage page, string outcome)
    {
        await page.ClickAsync("[data-passkey] button");
        await Expect(page.Locator($"[data-outcome={outcome}]")).ToBeVisibleAsync();
    }
}
