using SelfHelpPortal.E2E.Support;
using SelfHelpPortal.Licensing.Codes;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// Somebody moves a license without help while the old PC still runs: step by step, with some days on which both run, and when it is only
/// parts of one PC that change.
/// </summary>
[Collection(InSecondChromium.Name)]
public sealed class MovesByThemselves(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(320, false, "de-DE")]
    [InTurn(320, false, "en-US")]
    [InTurn(1280, true, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task The_steps_of_a_move_are_ticked_and_kept_in_the_address(int width, bool scripts, string language)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, width, scripts, language);
        await page.GotoAsync("/");
        await page.Locator("main a[href='/move']").First.ClickAsync();
        await page.Locator("main a[href='/move?product=muster-pos']").ClickAsync();
        await Expect(page.Locator("[data-outcome=move]")).ToBeVisibleAsync();
        await CheckAsync();
        await page.CheckAsync("[name=done][value=install]");
        await page.CheckAsync("[name=country][value=AT]");
        await page.SubmitAsync("main form button");
        await page.CheckAsync("[name=backup][value=no]");
        await page.SubmitAsync("main form button");

        // Nobody has to say who he is: a bookmark goes on where it was.
        await page.GotoAsync(page.Url);
        await Expect(page.Locator("[name=done][value=install]")).ToBeCheckedAsync();
        await Expect(page.Locator("[name=item][value=efr-signature]")).ToBeVisibleAsync();
        await Expect(page.Locator("[name=item][value=efr-restore]")).ToHaveCountAsync(0);
        await CheckAsync();
        foreach (var value in (string[])["release", "activate", "check"])
        {
            await page.CheckAsync($"[name=done][value={value}]");
        }

        foreach (var value in (string[])["efr-signature", "efr-new", "first-receipt"])
        {
            await page.CheckAsync($"[name=item][value={value}]");
        }

        await page.SubmitAsync("main form button");
        await Expect(page.Locator("[data-outcome=moved]")).ToBeVisibleAsync();
        await CheckAsync();
        await page.GoBackAsync();
        await Expect(page.Locator("[data-outcome=move]")).ToBeVisibleAsync();
        await page.Locator("main a[href='/release']").First.ClickAsync();
        await Expect(page.Locator("[name=ActivationKey]")).ToBeVisibleAsync();
        people.Complaints.ShouldBeEmpty();

        Task CheckAsync() => page.ShouldBeRightAsync(scripts);
    }

    [Theory]
    [InTurn(320, false, "de-DE")]
    [InTurn(320, false, "en-US")]
    [InTurn(1280, true, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task An_old_pc_goes_on_for_some_days_beside_the_new_one(int width, bool scripts, string language)
    {
        await using var people = chromium.Begin();
        var (number, tag) = ($"L-5{width}{(language[0] == 'd' ? 1 : 0)}", $"{width}-{language[..2]}");
        var key = await portal.ImportAsync("beamalign", number, seats: 1, $"kuppel-{tag}@muster-technik.example");
        using var http = portal.Http();
        var old = new LicensedProgram(http, "beamalign", "KUPPEL-ALT");
        var next = new LicensedProgram(http, "beamalign", "KUPPEL-NEU");
        await old.ActivateAsync(key);
        var page = await people.OpenAsync(portal.Address, width, scripts, language);
        await page.GotoAsync("/release");
        await page.FillAsync("[name=ActivationKey]", key);
        await page.SubmitAsync("main form button");
        await page.CheckAsync("[name=GoesOn]");
        await page.ShouldBeRightAsync(scripts);
        await page.SubmitAsync("main form button:not([name])");
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        await page.ShouldBeRightAsync(scripts);

        foreach (var answer in new[] { await next.ActivateAsync(key), await old.CheckInAsync(), await next.CheckInAsync() })
        {
            answer.GetProperty("code").GetString().ShouldBe("VALID");
        }

        (await portal.MailAsync("overlap-begun", number)).ShouldContain("/object/");

        // Back and once more: it stays as it is.
        await page.GoBackAsync();
        await page.ReloadAsync();
        await Expect(page.Locator("[data-outcome=released]")).ToBeVisibleAsync();
        (await old.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");
        people.Complaints.ShouldBeEmpty();
        portal.Log.ShouldHoldNone([key, .. old.Secrets, .. next.Secrets]);
    }

    [Theory]
    [InTurn(320, false, "de-DE")]
    [InTurn(320, false, "en-US")]
    [InTurn(1280, true, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task What_a_change_of_parts_comes_to(int width, bool scripts, string language)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, width, scripts, language);
        await page.GotoAsync("/");
        await page.Locator("main a[href='/hardware']").First.ClickAsync();
        await page.SubmitAsync("main form button");
        await Expect(page.Locator("#OldCode-error")).ToBeVisibleAsync();
        await page.ShouldBeRightAsync(scripts);
        await LookAsync("may-change", Computer(), null);
        await LookAsync("release-first", Computer(absent: 4), null);
        await LookAsync("nothing-to-do", Computer(), Computer(changed: 1));
        await LookAsync("already-changed", Computer(), Computer(changed: 6));
        await page.Locator("main a[href='/release']").First.ClickAsync();
        await Expect(page.Locator("[name=ActivationKey]")).ToBeVisibleAsync();

        // By the record of the license: whoever has its key need not know the old code.
        var key = await portal.ImportAsync(
            "muster-pos", $"L-4{width}{(language[0] == 'd' ? 1 : 0)}", seats: 1, $"teile-{width}-{language[..2]}@muster-gastro.example");
        using var http = portal.Http();
        var till = new LicensedProgram(http, "muster-pos", "KASSE-UMBAU");
        await till.ActivateAsync(key);
        await page.GotoAsync("/license");
        await page.FillAsync("[name=ActivationKey]", key);
        await page.SubmitAsync("main form button");
        await page.Locator("main a[href^='/hardware/']").ClickAsync();
        await Expect(page.Locator("[data-outcome=record]")).Not.ToContainTextAsync("KASSE-UMBAU");
        await page.ShouldBeRightAsync(scripts);
        var record = page.Url;
        foreach (var (code, outcome) in new[] { (till.Hardware, "nothing-to-do"), (Computer(), "already-changed") })
        {
            await page.GotoAsync(record);
            await page.FillAsync("[name=NewCode]", code.ToString());
            await page.SubmitAsync("main form button");
            await Expect(page.Locator($"[data-outcome={outcome}]")).ToBeVisibleAsync();
            await page.ShouldBeRightAsync(scripts);
        }

        (await till.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID", "nothing that was looked up changes anything");
        people.Complaints.ShouldBeEmpty();
        portal.Log.ShouldHoldNone([key, .. till.Secrets]);

        static HardwareCode Computer(int changed = 0, int absent = 0) =>
            LicensedProgram.HardwareOf("muster-pos", "KASSE-1", changed, absent);

        async Task LookAsync(string outcome, HardwareCode old, HardwareCode? now)
        {
            // The page of a verdict has no form.
            await page.GotoAsync("/hardware");
            await page.CheckAsync("[name=Product][value=muster-pos]");
            await page.FillAsync("[name=OldCode]", old.ToString());
            await page.FillAsync("[name=NewCode]", now?.ToString() ?? "");
            await page.SubmitAsync("main form button");
            await Expect(page.Locator($"[data-outcome={outcome}]")).ToBeVisibleAsync();
            await page.ShouldBeRightAsync(scripts);
        }
    }
}
