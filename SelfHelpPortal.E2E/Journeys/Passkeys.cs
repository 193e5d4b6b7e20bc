using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>Passkeys as a real browser makes and uses them.</summary>
[Collection(InChromium.Name)]
public sealed class Passkeys(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task A_customer_signs_in_without_a_name_and_a_deleted_passkey_opens_nothing()
    {
        await using var people = chromium.Begin();
        var person = await Person.CreateAsync(portal, "buero@muster-gastro.example");
        var office = await people.OpenAsync(portal.Address, 1280);
        await VirtualAuthenticator.PlugInAsync(office);
        await SignInByPasswordAsync(office, person);
        await AddAsync(office, "Büro");
        await office.ShouldBeAccessibleAsync();

        await SignOutAsync(office);
        await SignInByPasskeyAsync(office);

        var telephone = await people.OpenAsync(portal.Address, 390, phone: true);
        await VirtualAuthenticator.PlugInAsync(telephone);
        await SignInByPasswordAsync(telephone, person);
        await AddAsync(telephone, "Telefon");
        await Expect(telephone.Locator(".entry")).ToContainTextAsync(["Büro", "Telefon", "Chrome"]);
        await SignOutAsync(telephone);
        await SignInByPasskeyAsync(telephone);

        // The new passkey has ended the office's sign-in.
        await office.GotoAsync("/account");
        await Expect(office).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/account/sign-in"));
        await SignInByPasskeyAsync(office);
        await office.GotoAsync("/account");
        await office.Locator(".entry", new() { HasText = "Telefon" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(office.Locator("[data-outcome=passkey]")).ToBeVisibleAsync();
        await office.ShouldBeAccessibleAsync();
        await office.GetByRole(AriaRole.Button, new() { Name = "Passkey löschen" }).ClickAsync();
        await Expect(office.Locator("[data-outcome=passkey-deleted]")).ToBeVisibleAsync();

        await telephone.GotoAsync("/account/sign-in");
        await VirtualAuthenticator.PressAsync(telephone, "passkey-refused");
        await Expect(telephone.Locator(".summary-box")).ToContainTextAsync("Anmeldung mit diesem Passkey nicht möglich");
        await telephone.ShouldBeAccessibleAsync();
        await telephone.GotoAsync("/account");
        await Expect(telephone).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/account/sign-in"));
        people.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_clerk_sets_up_by_passkey_and_works()
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await VirtualAuthenticator.PlugInAsync(page);
        await page.GotoAsync(await StaffDesk.LinkAsync(portal, "passkey@example.org"));
        await page.ShouldBeAccessibleAsync();
        await VirtualAuthenticator.PressAsync(page, "ready");

        await page.GotoAsync("/staff");
        await Expect(page.Locator("[data-outcome=desk]")).ToBeVisibleAsync();

        await page.GotoAsync("/account");
        await SignOutAsync(page);
        await page.GotoAsync("/account/sign-in?return=%2Fstaff%2Flicenses");
        await page.ClickAsync("[data-passkey] button");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Lizenzen");
        people.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_there_is_no_passkey_the_page_says_so_and_the_password_still_works()
    {
        await using var people = chromium.Begin();
        var person = await Person.CreateAsync(portal, "ohne.passkey@muster-gastro.example");
        var page = await people.OpenAsync(portal.Address, 390);
        await VirtualAuthenticator.PlugInAsync(page);
        await page.GotoAsync("/account/sign-in");
        await page.ClickAsync("[data-passkey] button");
        await Expect(page.Locator("[data-passkey] [role=alert]")).ToContainTextAsync("dieses Gerät hat keinen Passkey");
        await page.ShouldBeAccessibleAsync();
        await SignInByPasswordAsync(page, person);

        var bare = await people.OpenAsync(portal.Address, 390, scripts: false);
        await bare.GotoAsync("/account/sign-in");
        await Expect(bare.Locator("[data-passkey]")).ToBeHiddenAsync();
        await SignInByPasswordAsync(bare, person);
        people.Complaints.ShouldBeEmpty();
    }

    private static async Task SignInByPasswordAsync(IPage page, Person person)
    {
        await page.GotoAsync("/account/sign-in");
        await page.FillAsync("[name=Email]", person.Email);
        await page.FillAsync("[name=Password]", Person.Password);
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForURLAsync("**/my");
    }

    private static async Task SignInByPasskeyAsync(IPage page)
    {
        await page.GotoAsync("/account/sign-in");
        await page.ShouldBeAccessibleAsync();
        await page.ClickAsync("[data-passkey] button");
        await page.WaitForURLAsync("**/my");
    }

    private static async Task AddAsync(IPage page, string name)
    {
        await page.GotoAsync("/account/passkeys/new");
        await page.ShouldBeAccessibleAsync();
        await page.FillAsync("[name=Name]", name);
        await VirtualAuthenticator.PressAsync(page, "passkey-added");
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Abmelden", Exact = true }).First.ClickAsync();
        await Expect(page.Locator("[data-outcome=signed-out]")).ToBeVisibleAsync();
    }
}
