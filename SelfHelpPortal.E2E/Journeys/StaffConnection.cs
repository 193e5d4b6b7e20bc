using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>What a clerk sees when the connection breaks, and when the account is taken away.</summary>
[Collection(InSecondChromium.Name)]
public sealed class StaffConnection(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task A_lost_connection_is_said_and_comes_back()
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await page.AddInitScriptAsync(
            "const Own = WebSocket; window.sockets = []; window.WebSocket = class extends Own { constructor(...a) { super(...a); "
                + "window.sockets.push(this); } };");
        await StaffDesk.SignInAsync(page, portal, "cable@example.org");
        var blocked = true;
        await page.RouteAsync("**/_blazor**", route => blocked ? route.AbortAsync() : route.ContinueAsync());
        await page.RouteWebSocketAsync("**/_blazor**", socket =>
        {
            if (blocked)
            {
                socket.CloseAsync();
            }
            else
            {
                socket.ConnectToServer();
            }
        });

        await page.EvaluateAsync("window.sockets.forEach(s => s.close())");

        await Expect(page.Locator("#reconnect-text")).ToBeVisibleAsync();
        await Expect(page.Locator("#reconnect-text")).ToContainTextAsync("Die Verbindung ist unterbrochen");
        await page.ShouldBeAccessibleAsync();
        blocked = false;
        await Expect(page.Locator("#reconnect-text")).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Lizenzen", Exact = true }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Lizenzen");
    }

    [Fact]
    public async Task A_disabled_account_leaves_its_open_screen()
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(page, portal, "leaver@example.org", "support");

        (await portal.Portal.RunAsync("admin", "disable", "--email", "leaver@example.org")).Exit.ShouldBe(0);

        await page.WaitForURLAsync("**/account/signed-out?why=ended");
        await Expect(page.Locator("main")).ToContainTextAsync("Sie wurden abgemeldet");
        await page.ShouldBeAccessibleAsync();
        people.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dialog_is_worked_by_keyboard_and_gives_the_focus_back()
    {
        var number = "L-9601";
        await portal.ImportAsync("beamalign", number, seats: 1, "owner@muster-technik.example");
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(page, portal, "keys@example.org");
        await page.GotoAsync($"/staff/licenses/{number}");
        var suspend = page.GetByRole(AriaRole.Button, new() { Name = "Aussetzen", Exact = true });
        await suspend.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#act-reason")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".act-form")).ToHaveCountAsync(0);
        await Expect(suspend).ToBeFocusedAsync();

        // However often it is pressed while the dialog is on its way, one opens.
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#act-reason")).ToBeFocusedAsync();
        await Expect(page.Locator(".act-form")).ToHaveCountAsync(1);
        await page.Keyboard.TypeAsync("Bestellung storniert");
        // Past the templates.
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("[role=status][data-outcome=suspended]")).ToContainTextAsync("Ausgesetzt");
        people.Complaints.ShouldBeEmpty();
    }

    /// <summary>MudBlazor's style sheet takes the outline from both.</summary>
    [Fact]
    public async Task Links_and_buttons_show_that_they_have_the_focus()
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(page, portal, "outline@example.org");

        var link = page.GetByRole(AriaRole.Link, new() { Name = "Lizenzen", Exact = true });
        foreach (var part in new[] { link, page.GetByRole(AriaRole.Button, new() { Name = "Abmelden" }) })
        {
            await page.Keyboard.PressAsync("Tab");
            await part.FocusAsync();
            var outline =
                await part.EvaluateAsync<string>("e => getComputedStyle(e).outlineStyle + ' ' + getComputedStyle(e).outlineWidth");
            outline.ShouldBe("solid 3px");
        }
    }

    [Fact]
    public async Task On_a_phone_the_pages_are_behind_a_menu()
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 390);
        await StaffDesk.SignInAsync(page, portal, "phone@example.org");
        var menu = page.GetByRole(AriaRole.Button, new() { Name = "Menü" });
        var licenses = page.GetByRole(AriaRole.Link, new() { Name = "Lizenzen", Exact = true });
        await Expect(licenses).ToBeHiddenAsync();

        await menu.ClickAsync();
        await Expect(menu).ToHaveAttributeAsync("aria-expanded", "true");
        await page.ShouldBeAccessibleAsync();
        await licenses.FocusAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(licenses).ToBeHiddenAsync();

        await menu.ClickAsync();
        await licenses.ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Lizenzen");
        await Expect(licenses).ToBeHiddenAsync();
        people.Complaints.ShouldBeEmpty();
    }
}
