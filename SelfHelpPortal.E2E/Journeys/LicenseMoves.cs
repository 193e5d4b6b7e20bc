using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// The whole second document on real input: a dead PC is released by key, comes back, is flagged and locked, and staff unlock; the offline
/// ways by QR code and verification code.
/// </summary>
[Collection(InSecondChromium.Name)]
public sealed class LicenseMoves(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(390, false)]
    [InTurn(1280, true)]
    public async Task A_dead_pc_is_released_comes_back_and_staff_unlock(int width, bool scripts)
    {
        await using var people = chromium.Begin();
        var number = $"L-9{width}";
        var key = await portal.ImportAsync("beamalign", number, seats: 1, "owner@muster-technik.example");
        using var http = portal.Http();
        var dead = new LicensedProgram(http, "beamalign", "PROJEKTOR-ALT");
        var next = new LicensedProgram(http, "beamalign", "PROJEKTOR-NEU");
        (await dead.ActivateAsync(key)).GetProperty("code").GetString().ShouldBe("VALID");
        (await next.ActivateAsync(key)).GetProperty("code").GetString().ShouldBe("TOO_MANY_ACTIVATIONS");

        // The technician types the key in lower case, with an O for a zero, and sees which computer it is.
        var page = await people.OpenAsync(portal.Address, width, scripts);
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Lizenz deaktivieren und freigeben" }).First.ClickAsync();
        await CheckAsync(page, scripts);
        await page.FillAsync("[name=ActivationKey]", key.ToLowerInvariant().Replace('0', 'O'));
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=confirm]")).ToContainTextAsync("PR…T");
        await CheckAsync(page, scripts);
        await page.ClickAsync("main form button:has-text('Lizenz jetzt freigeben')");
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        await CheckAsync(page, scripts);
        await page.ReloadAsync();
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        (await portal.MailAsync("released", number)).ShouldContain("/object/");

        (await next.ActivateAsync(key)).GetProperty("code").GetString().ShouldBe("VALID");
        (await next.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");

        // The dead PC lives after all: used next to the new one it locks the license, as the product's policy says.
        var answer = await dead.CheckInAsync();
        answer.GetProperty("code").GetString().ShouldBe("LOCKED_ILLEGAL");
        var caseNumber = answer.GetProperty("caseNumber").GetString()!;
        (await next.CheckInAsync()).GetProperty("code").GetString().ShouldBe("LOCKED_ILLEGAL");
        (await portal.MailAsync("locked", caseNumber)).ShouldContain(caseNumber);
        (await portal.MailAsync("staff-flag", caseNumber)).ShouldContain("/staff/flags/");

        await page.GotoAsync("/release");
        await page.FillAsync("[name=ActivationKey]", key);
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=locked]")).ToContainTextAsync(caseNumber);
        await CheckAsync(page, scripts);

        // A clerk sees the case, reads the timeline and unlocks with a reason.
        var clerk = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(clerk, portal, $"clerk{width}@example.org");
        await clerk.GetByRole(AriaRole.Link, new() { Name = caseNumber }).ClickAsync();
        await Expect(clerk.Locator("main")).ToContainTextAsync("PROJEKTOR-ALT");
        await clerk.ShouldBeAccessibleAsync();
        await StaffDesk.ActAsync(clerk, "Entsperren", "Der Techniker hat den alten PC nur kurz eingeschaltet.", "repairedpc");
        (await portal.MailAsync("unlocked", caseNumber)).ShouldContain(number);

        (await next.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");
        (await dead.CheckInAsync()).GetProperty("code").GetString().ShouldBe("LOCKED_ILLEGAL");
        (await next.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");
        people.Complaints.ShouldBeEmpty();
        portal.Log.ShouldHoldNone(
            [key, key.Replace("-", "", StringComparison.Ordinal), StaffDesk.Password, .. dead.Secrets, .. next.Secrets]);
    }

    [Fact]
    public async Task A_phone_releases_by_opening_the_link()
    {
        await using var people = chromium.Begin();
        var key = await portal.ImportAsync("beamalign", "L-9501", seats: 1, "owner@muster-technik.example");
        using var http = portal.Http();
        var pc = new LicensedProgram(http, "beamalign", "KUPPEL-1");
        await pc.ActivateAsync(key);

        // A preview or scanner that only opens it changes nothing.
        var desk = await people.OpenAsync(portal.Address, 1280);
        await desk.GotoAsync(pc.QrPath);
        await Expect(desk.Locator("[data-outcome=ready]")).ToBeVisibleAsync();
        await desk.ShouldBeAccessibleAsync();
        (await pc.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");

        var phone = await people.OpenAsync(portal.Address, 320, phone: true);
        await phone.GotoAsync(pc.QrPath.ToLowerInvariant());
        await Expect(phone.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        await phone.ShouldBeAccessibleAsync();
        (await pc.CheckInAsync()).GetProperty("code").GetString().ShouldBe("RELEASED");

        await phone.GotoAsync(pc.QrPath);
        await Expect(phone.Locator("[data-outcome=already-released], [data-outcome=released]")).ToBeVisibleAsync();
        (await new LicensedProgram(http, "beamalign", "KUPPEL-2").ActivateAsync(key)).GetProperty("code").GetString().ShouldBe("VALID");
        people.Complaints.ShouldBeEmpty();
        portal.Log.ShouldHoldNone([key, .. pc.Secrets]);
    }

    [Theory]
    [InTurn(390, false, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task A_verification_code_releases_on_a_second_pc(int width, bool scripts, string language)
    {
        await using var people = chromium.Begin();
        var key = await portal.ImportAsync("beamalign", $"L-96{width}", seats: 1, "owner@muster-technik.example");
        using var http = portal.Http();
        var pc = new LicensedProgram(http, "beamalign", "KUPPEL-3");
        await pc.ActivateAsync(key);
        var wrong = new LicensedProgram(http, "beamalign", "KUPPEL-4");
        await wrong.ActivateAsync(await portal.ImportAsync("beamalign", $"L-97{width}", seats: 1, "owner@muster-technik.example"));

        var page = await people.OpenAsync(portal.Address, width, scripts, language);
        await page.GotoAsync("/release");
        await page.FillAsync("[name=ActivationKey]", key);
        await page.ClickAsync("main form button");

        await EnterAsync(page, wrong.VerificationCode);
        await Expect(page.Locator("[data-outcome=wrong-code]")).ToBeVisibleAsync();
        await CheckAsync(page, scripts);
        await EnterAsync(page, pc.VerificationCode);
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        await CheckAsync(page, scripts);
        (await pc.CheckInAsync()).GetProperty("code").GetString().ShouldBe("RELEASED");

        // Repeating it with the same key and code is harmless.
        await page.GotoAsync("/release");
        await page.FillAsync("[name=ActivationKey]", key);
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=already-released]")).ToBeVisibleAsync();
        people.Complaints.ShouldBeEmpty();
    }

    private static async Task EnterAsync(IPage page, string code)
    {
        if (!await page.Locator("[name=VerificationCode]").IsVisibleAsync())
        {
            await page.Locator("details summary").First.ClickAsync();
        }

        await page.FillAsync("[name=VerificationCode]", code);
        await page.Locator("main form button.button").First.ClickAsync();
    }

    private static Task CheckAsync(IPage page, bool scripts) => scripts ? page.ShouldBeAccessibleAsync() : Task.CompletedTask;
}
