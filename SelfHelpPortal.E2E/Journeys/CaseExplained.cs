using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// A clerk reads what a case most probably is and why, looks at the computers over time and at the mails, unlocks it as what it was, and
/// opens it again when that was wrong.
/// </summary>
[Collection(InChromium.Name)]
public sealed class CaseExplained(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(1280)]
    [InTurn(390)]
    public async Task A_clerk_understands_a_case_unlocks_and_reopens_it(int width)
    {
        await using var people = chromium.Begin();
        using var http = portal.Http();
        var shared = await new SharedLicense(portal, http, $"L-98{width}", $"inhaber{width}@muster-kiosk.example").UseAsync(days: 3);
        await portal.MailAsync("locked", shared.CaseNumber);

        var clerk = await people.OpenAsync(portal.Address, width);
        await StaffDesk.SignInAsync(clerk, portal, $"clerk-case{width}@example.org");
        await clerk.GotoAsync($"/staff/flags/{shared.CaseNumber}");
        await Expect(clerk.Locator(".verdict h2")).ToHaveTextAsync("Vermutlich wurde auf KASSE-ALT eine Sicherung zurückgespielt.");
        await Expect(clerk.Locator(".verdict-for li").First).ToContainTextAsync("selbst abgegeben");
        await Expect(clerk.Locator(".lane")).ToHaveCountAsync(3);
        await clerk.ShouldBeAccessibleAsync();
        (await clerk.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("nothing sticks out");
        await clerk.GetByText("Verlauf als Tabelle").ClickAsync();
        await Expect(clerk.Locator(".case-facts tbody").First).ToContainTextAsync("Freigegeben in der Software");
        await clerk.Locator(".case-around summary").First.ClickAsync();
        await Expect(clerk.Locator(".case-around blockquote").First).ToBeVisibleAsync();
        await clerk.ShouldBeAccessibleAsync();

        // Nothing is chosen for a verdict that is not certain, and without a choice nothing happens.
        await clerk.GetByRole(AriaRole.Button, new() { Name = "Entsperren", Exact = true }).ClickAsync();
        await clerk.Locator("#act-reason").FillAsync("Rücksprache mit dem Kunden");
        await clerk.Locator(".act-form button[type=submit]").ClickAsync();
        await Expect(clerk.Locator("#act-cause-error")).ToContainTextAsync("Wählen Sie aus, was es war.");
        await clerk.ShouldBeAccessibleAsync();
        await clerk.CheckAsync("#act-cause-restoredimage");
        await clerk.CheckAsync("#act-prevention-grantrelease");
        await clerk.Locator("#act-until").FillAsync(TimeProvider.System.GetUtcNow().AddDays(30).ToString("yyyy-MM-dd"));
        await clerk.Locator("#act-until").BlurAsync();
        await clerk.Locator(".act-form button[type=submit]").ClickAsync();
        await Expect(clerk.Locator("[data-outcome=unlocked]")).ToBeVisibleAsync();
        await Expect(clerk.Locator("main")).ToContainTextAsync("Sicherung zurückgespielt");
        (await shared.Next.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");

        await StaffDesk.ActAsync(clerk, "Wieder öffnen", "Der Kunde benutzt doch beide Kassen.");
        await Expect(clerk.Locator("[data-outcome=reopened]")).ToBeVisibleAsync();
        await Expect(clerk.GetByRole(AriaRole.Button, new() { Name = "Fall abschließen", Exact = true })).ToBeVisibleAsync();
        (await shared.Next.CheckInAsync()).GetProperty("code").GetString().ShouldBe("VALID");
        (await shared.Old.CheckInAsync()).GetProperty("code").GetString().ShouldBe("LOCKED_ILLEGAL");
        people.Complaints.ShouldBeEmpty();
    }
}
