using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// An old till was used beside the new one until its license was locked: the owner answers by the link in the mail, goes on with the
/// emergency code, and a clerk reads the answer and unlocks.
/// </summary>
[Collection(InChromium.Name)]
public sealed partial class AnswersAFlag(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task The_owner_answers_goes_on_and_is_unlocked()
    {
        await using var people = chromium.Begin();
        using var http = portal.Http();
        var shared = await new SharedLicense(portal, http, "L-9801", "inhaber@muster-kiosk.example").UseAsync(days: 3);
        (await shared.Next.CheckInAsync()).GetProperty("code").GetString().ShouldBe("LOCKED_ILLEGAL");
        (await portal.MailAsync("seen-again", shared.CaseNumber)).ShouldContain("/flag/");
        (await portal.MailAsync("computer-locked", shared.CaseNumber)).ShouldContain("/flag/");
        var mail = await portal.MailAsync("locked", shared.CaseNumber);

        // The owner opens the link on the phone, forgets the reason and then says what it was.
        var owner = await people.OpenAsync(portal.Address, 390);
        await owner.GotoAsync(Link().Match(mail).Value);
        await Expect(owner.Locator("[data-outcome=ready]")).ToContainTextAsync("KASSE-ALT");
        await owner.ShouldBeAccessibleAsync();
        await owner.ClickAsync("button[value=answer]");
        await Expect(owner.Locator(".summary-box")).ToContainTextAsync("Wählen Sie aus, was passiert ist");
        await owner.ShouldBeAccessibleAsync();
        await owner.CheckAsync("[name=Explanation][value=old-pc-back]");
        await owner.FillAsync("[name=Message]", "Die alte Kasse steht jetzt im Lager.");
        await owner.ClickAsync("button[value=answer]");
        await Expect(owner.Locator("[data-outcome=answered]")).ToContainTextAsync(shared.CaseNumber);
        await owner.ShouldBeAccessibleAsync();
        (await portal.MailAsync("flag-answered", shared.CaseNumber)).ShouldContain("Der alte PC ist repariert");
        (await portal.MailAsync("staff-flag-answered", shared.CaseNumber)).ShouldContain("/staff/flags/");

        // The emergency code lets the new till go on, and only that one.
        await owner.CheckAsync("[name=Confirmed]");
        await owner.ClickAsync("button[value=emergency]");
        await Expect(owner.Locator("[data-outcome=emergency-code]")).ToContainTextAsync("KASSE-NEU");
        await owner.ShouldBeAccessibleAsync();
        var code = await owner.InnerTextAsync("#emergency-code");
        code.ShouldBe(shared.Next.EmergencyCode);
        (await portal.MailAsync("emergency-code", shared.CaseNumber)).ShouldContain(code);
        var bridged = await shared.Next.CheckInAsync();
        bridged.GetProperty("code").GetString().ShouldBe("VALID_GRACE");
        bridged.GetProperty("message").GetString()!.ShouldContain("2");
        (await shared.Old.CheckInAsync()).GetProperty("code").GetString().ShouldBe("LOCKED_ILLEGAL");
        await owner.ReloadAsync();
        (await owner.InnerTextAsync("#emergency-code")).ShouldBe(code);

        // A clerk sees at the desk that there is an answer, reads it and unlocks.
        var clerk = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(clerk, portal, "clerk-flags@example.org");
        await Expect(clerk.Locator("tbody tr", new() { HasText = shared.CaseNumber })).ToContainTextAsync("Antwort da");
        await clerk.GetByRole(AriaRole.Link, new() { Name = shared.CaseNumber }).ClickAsync();
        await Expect(clerk.Locator(".case-facts blockquote")).ToContainTextAsync("Die alte Kasse steht jetzt im Lager.");
        await clerk.ShouldBeAccessibleAsync();
        await StaffDesk.ActAsync(clerk, "Kunden fragen", "Ist die alte Kasse ausgeschaltet?");
        (await portal.MailAsync("flag-question", shared.CaseNumber)).ShouldContain("Ist die alte Kasse ausgeschaltet?");
        await owner.ReloadAsync();
        await Expect(owner.Locator("[data-outcome=question]")).ToContainTextAsync("Ist die alte Kasse ausgeschaltet?");
        await clerk.GotoAsync("/staff?view=waiting");
        await clerk.GetByRole(AriaRole.Link, new() { Name = shared.CaseNumber }).ClickAsync();
        await StaffDesk.ActAsync(clerk, "Entsperren", "Die alte Kasse steht im Lager.", "repairedpc");
        await Expect(clerk.Locator("[data-outcome=unlocked]")).ToBeVisibleAsync();
        (await shared.Next.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");
        (await shared.Old.CheckInAsync()).GetProperty("code").GetString().ShouldBe("LOCKED_ILLEGAL");
        await owner.ReloadAsync();
        await Expect(owner.Locator("[data-outcome=resolved]")).ToContainTextAsync("wieder frei");
        await owner.ShouldBeAccessibleAsync();
        people.Complaints.ShouldBeEmpty();
        portal.Log.ShouldHoldNone(
            [code, shared.Key, Link().Match(mail).Value["/flag/".Length..], .. shared.Old.Secrets, .. shared.Next.Secrets]);
    }

    [GeneratedRegex("/flag/[A-Za-z0-9_-]{43}")]
    private static partial Regex Link();
}
