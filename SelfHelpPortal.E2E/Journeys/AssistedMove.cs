using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// Somebody whose old PC still runs books a time for help with the move, gets it by mail, moves it and in the end cancels it.
/// </summary>
[Collection(InChromium.Name)]
public sealed class AssistedMove(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(320, false, "de-DE")]
    [InTurn(320, false, "en-US")]
    [InTurn(390, true, "de-DE")]
    [InTurn(1280, true, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task A_time_is_booked_moved_and_cancelled(int width, bool scripts, string language)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, width, scripts, language);
        var email = $"kasse-{width}-{language[..2]}@muster-gastro.example";
        await page.GotoAsync("/");
        await page.Locator("main a[href='/appointments']").ClickAsync();
        await Expect(page.Locator("[data-outcome=times]")).ToContainTextAsync("Europe/Berlin");
        await CheckAsync();
        await page.Locator("main a[rel=next]").ClickAsync();
        await Expect(page.Locator("main a[rel=prev]")).ToBeVisibleAsync();
        await page.Locator("[name=Slot]").Nth(1).CheckAsync();
        await page.ClickAsync("main form button");

        // Something is missing at first, as it happens; what was typed stays.
        await Expect(page.Locator("[data-outcome=details]")).ToContainTextAsync("Muster-Warenwirtschaft");
        await CheckAsync();
        await page.FillAsync("[name=Name]", "Erika Muster");
        await page.FillAsync("[name=Email]", email);
        await page.Locator("[name=Preparation][value=Drive]").CheckAsync();
        await page.SubmitAsync("main form button");
        await Expect(page.Locator("#Phone-error")).ToBeVisibleAsync();
        await Expect(page.Locator("[name=Email]")).ToHaveValueAsync(email);
        await CheckAsync();
        await page.FillAsync("[name=Phone]", "030 0000000");
        await page.Locator("[name=Wishes][value=renewal]").CheckAsync();
        await page.SubmitAsync("main form button");
        await Expect(page.Locator("[data-outcome=booked]")).ToBeVisibleAsync();
        await CheckAsync();

        var mail = await portal.MailAsync("appointment-booked", email);
        mail.ShouldContain("appointment.ics");
        await page.GotoAsync(PageSteps.LinkIn(mail, "/appointments/"));
        await Expect(page.Locator("[name=Preparation][value=Drive]")).ToBeCheckedAsync();
        await page.Locator("[name=Preparation][value=SoftwareInstalled]").CheckAsync();
        await page.SubmitAsync("button[value=prepare]");
        await Expect(page.Locator("[name=Preparation][value=SoftwareInstalled]")).ToBeCheckedAsync();

        // The checklist: first the country, then what stands in its list; it is there again after a reload.
        await page.Locator("[name=country][value=DE]").CheckAsync();
        await page.SubmitAsync("button[value=prepare]");
        await page.Locator("[name=backup][value=yes]").CheckAsync();
        await page.Locator("[name=item][value=efr-tse]").CheckAsync();
        await page.SubmitAsync("button[value=prepare]");
        await page.Locator("[name=item][value=efr-restore]").CheckAsync();
        await CheckAsync();
        await page.SubmitAsync("button[value=prepare]");
        await page.ReloadAsync();
        await Expect(page.Locator("[name=item]:checked")).ToHaveCountAsync(2);
        await Expect(page.Locator("[name=Preparation][value=SoftwareInstalled]")).ToBeCheckedAsync();
        await Expect(page.Locator("main a[href$='/efr-datensicherung']")).ToBeVisibleAsync();

        await page.SubmitAsync("button[value=move]");
        await Expect(page.Locator("#Slot-error")).ToBeVisibleAsync();
        await CheckAsync();
        await page.Locator("[name=Slot]").Nth(2).CheckAsync();
        await page.SubmitAsync("button[value=move]");
        await Expect(page.Locator("[data-outcome=booked]")).ToBeVisibleAsync();
        (await portal.MailAsync("appointment-moved", email)).ShouldContain("appointment.ics");

        await page.Locator("[name=Confirmed]").CheckAsync();
        await page.SubmitAsync("button[value=cancel]");
        await Expect(page.Locator("[data-outcome=cancelled]")).ToBeVisibleAsync();
        await CheckAsync();
        people.Complaints.ShouldBeEmpty();
        portal.Log.ShouldHoldNone([page.Url.Split('/')[^1], "Erika Muster"]);

        Task CheckAsync() => page.ShouldBeRightAsync(scripts);
    }
}
