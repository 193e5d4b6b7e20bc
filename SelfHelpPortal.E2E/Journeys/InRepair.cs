using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.E2E.Support;
using SelfHelpPortal.Shared.Loans;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// A till is away for repair: its license is lent to another PC until a day, the owner agrees by mail, the program there learns its end,
/// stops at it, and the loan becomes a migration.
/// </summary>
[Collection(InChromium.Name)]
public sealed class InRepair(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(320, false, "de-DE")]
    [InTurn(320, false, "en-US")]
    [InTurn(1280, true, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task A_license_is_lent_until_a_day_and_then_becomes_a_migration(int width, bool scripts, string language)
    {
        await using var people = chromium.Begin();
        var (number, email) = ($"L-96{width}{(language[0] == 'd' ? 1 : 0)}", $"inhaber-{width}-{language[..2]}@muster-technik.example");
        var key = await portal.ImportAsync("muster-pos", number, seats: 1, email);
        using var http = portal.Http();
        var till = new LicensedProgram(http, "muster-pos", "KASSE-IN-REPARATUR", portal.Clock);
        await till.ActivateAsync(key);
        var spare = new LicensedProgram(http, "muster-pos", "ERSATZ-KASSE", portal.Clock);

        // The way there from the order of a move, as somebody takes it who has not read the start page.
        var page = await people.OpenAsync(portal.Address, width, scripts, language);
        await page.GotoAsync("/transfer");
        await page.Locator("[name=StillRuns][value=repair]").CheckAsync();
        await page.SubmitAsync("main form button");
        await page.Locator("main a[href='/loan']").ClickAsync();
        await Expect(page.Locator("[data-outcome=loan]")).ToBeVisibleAsync();
        await CheckAsync();
        await page.FillAsync("[name=LicenseNumber]", key.ToLowerInvariant());
        await page.FillAsync("[name=HardwareCode]", spare.Hardware.ToString());
        await page.FillAsync("[name=LastDay]", portal.Clock.GetUtcNow().AddDays(10).ToString("yyyy-MM-dd"));
        await page.SubmitAsync("main form button");
        await Expect(page.Locator("#Reason-error")).ToBeVisibleAsync();
        await Expect(page.Locator("[name=LicenseNumber]")).ToHaveValueAsync(key.ToLowerInvariant());
        await CheckAsync();
        await page.FillAsync("[name=Reason]", "Netzteil von Kasse 1");
        await page.SubmitAsync("main form button");

        await Expect(page.Locator("[data-outcome=check]")).ToContainTextAsync(language == "de-DE" ? "24 Uhr" : "midnight");
        await CheckAsync();
        await page.SubmitAsync("button[value=send]");
        await Expect(page.Locator("[data-outcome=mail-sent]")).ToBeVisibleAsync();
        await CheckAsync();

        await page.GotoAsync(PageSteps.LinkIn(await portal.MailAsync("loan-confirm", email), "/loan/owner/"));
        await Expect(page.Locator("main")).ToContainTextAsync("Netzteil von Kasse 1");
        await page.SubmitAsync("button[value=agree]");
        await Expect(page.Locator("#Confirmed-error")).ToBeVisibleAsync();
        await CheckAsync();
        await page.Locator("[name=Confirmed]").CheckAsync();
        await page.SubmitAsync("button[value=agree]");
        await Expect(page.Locator("[data-outcome=granted]")).ToBeVisibleAsync();
        await CheckAsync();
        (await portal.MailAsync("loan-issued", email)).ShouldContain($"Lizenz-{number}.lshlic");

        // With internet the program activates as ever and learns its end; both run beside each other.
        (await spare.ActivateAsync(key)).GetProperty("code").GetString().ShouldBe("VALID");
        var goesOn = await spare.CheckInAsync();
        goesOn.GetProperty("code").GetString().ShouldBe("VALID");
        var end = goesOn.GetProperty("endsAt").GetDateTimeOffset();
        (await till.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");
        await EndAsync(end.AddDays(-3).AddHours(6));
        await portal.MailAsync("loan-ending", email);

        await EndAsync(end.AddHours(6));
        (await spare.CheckInAsync()).GetProperty("code").GetString().ShouldBe("EXPIRED");
        (await till.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");
        await page.GotoAsync(PageSteps.LinkIn(await portal.MailAsync("loan-ended", email), "/loan/owner/"));
        await Expect(page.Locator("[data-outcome=ended]")).ToBeVisibleAsync();
        await CheckAsync();
        await page.Locator("[name=Confirmed]").CheckAsync();
        await page.SubmitAsync("button[value=transfer]");
        page.Url.ShouldEndWith("/remedy");
        await Expect(page.Locator("[name=Remedy]").First).ToBeVisibleAsync();
        portal.Clock.Offset = TimeSpan.Zero;
        people.Complaints.ShouldBeEmpty();
        portal.Log.ShouldHoldNone([key, "Netzteil von Kasse 1"]);

        Task CheckAsync() => page.ShouldBeRightAsync(scripts);
    }

    /// <summary>The day comes, and the job of that morning.</summary>
    private async Task EndAsync(DateTimeOffset now)
    {
        portal.Clock.Offset = now - TimeProvider.System.GetUtcNow();
        await portal.Portal.Services.GetRequiredService<EndComputers>().RunAsync(now, default);
    }
}
