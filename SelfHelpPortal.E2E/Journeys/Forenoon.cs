using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SelfHelpPortal.Data;
using SelfHelpPortal.E2E.Support;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>A clerk's work before lunch: many cases by keyboard, and a colleague on the same one.</summary>
[Collection(InSecondChromium.Name)]
public sealed class Forenoon(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    /// <summary>Besides the text: the goal of issue and specification is eight.</summary>
    private const int MostKeysACase = 8;

    private static readonly int Cases = Effort.IsLong ? 40 : 8;

    [Fact]
    public async Task Many_cases_are_resolved_by_keyboard_and_the_next_one_opens_itself()
    {
        var numbers = await AddObjectionsAsync("L-97", Cases, "beamalign");
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(page, portal, "forenoon@example.org");
        await page.GotoAsync("/staff?view=new&product=beamalign");
        await Expect(page.Locator("a[data-row]").First).ToBeVisibleAsync();
        var keys = 0;

        await PressAsync("j");
        await PressAsync("Enter");
        var resolved = new HashSet<string>();
        for (var i = 0; i < numbers.Count; i++)
        {
            await Expect(page.Locator(".opened .identity")).ToBeVisibleAsync();
            var open = await page.Locator("[data-case]").GetAttributeAsync("data-case");
            resolved.Add(open!).ShouldBeTrue($"{open} opened twice");
            await PressAsync("u");
            await Expect(page.Locator("#act-reason")).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync("Der Kunde hat es bestätigt");
            await PressAsync("Control+Enter");
            await Expect(page.Locator($"[data-case='{open}']")).ToHaveCountAsync(0);
        }

        await Expect(page.Locator(".work-empty")).ToBeVisibleAsync();
        ((double)keys / numbers.Count).ShouldBeLessThanOrEqualTo(MostKeysACase);
        resolved.ShouldBe(numbers.Select(number => $"flags/{number}"), ignoreOrder: true);
        await using var db = portal.Portal.Open();
        (await db.Flags.Where(f => numbers.Contains(f.Number)).AllAsync(f => f.State == FlagState.Resolved)).ShouldBeTrue();
        people.Complaints.ShouldBeEmpty();

        async Task PressAsync(string key)
        {
            keys++;
            await page.Keyboard.PressAsync(key);
        }
    }

    [Theory]
    [InlineData("de-DE", 1280, false)]
    [InlineData("en-US", 390, true)]
    public async Task List_and_case_are_for_everybody(string language, int width, bool dark)
    {
        var number = (await AddObjectionsAsync($"L-96{width}", 1)).Single();
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, width, language: language, dark: dark);
        await StaffDesk.SignInAsync(page, portal, $"all{width}@example.org");
        await page.GotoAsync("/staff");
        var row = page.Locator($"a[data-row][href$='{number}']");
        await row.ClickAsync();
        await Expect(page.Locator(".opened .identity")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(row).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#work-keys")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        people.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_clerks_see_who_is_at_a_case_and_a_late_act_says_what_happened()
    {
        var number = (await AddObjectionsAsync("L-951", 1)).Single();
        await using var people = chromium.Begin();
        var (first, second) = (await people.OpenAsync(portal.Address, 1280), await people.OpenAsync(portal.Address, 1280));
        await StaffDesk.SignInAsync(first, portal, "first@example.org");
        await StaffDesk.SignInAsync(second, portal, "second@example.org");
        await first.GotoAsync($"/staff?open=flags%2F{number}");
        await Expect(first.Locator(".opened .identity")).ToBeVisibleAsync();
        await first.Locator("[data-key=a]").ClickAsync();
        await Expect(first.Locator("[data-outcome=taken]")).ToBeVisibleAsync();
        await second.GotoAsync($"/staff?open=flags%2F{number}");
        await Expect(second.Locator(".opened")).ToContainTextAsync("hat diesen Vorgang auch geöffnet");
        await Expect(second.Locator(".opened .tag-info")).ToContainTextAsync("first");
        await second.Locator(".opened [data-key=u]").ClickAsync();
        await second.Locator("#act-reason").FillAsync("Ich war zuerst da");

        await first.Locator(".opened [data-key=u]").ClickAsync();
        await first.Locator("#act-reason").FillAsync("Der Kunde hat es bestätigt");
        await first.Keyboard.PressAsync("Control+Enter");
        await Expect(first.Locator(".act-form")).ToHaveCountAsync(0);
        await second.Keyboard.PressAsync("Control+Enter");

        await Expect(second.Locator("[data-outcome=conflict]")).ToContainTextAsync("first");
        await Expect(second.Locator("#act-reason")).ToHaveValueAsync("Ich war zuerst da");
    }

    [Fact]
    public async Task What_was_typed_is_there_again_after_Escape_and_in_another_window()
    {
        var number = (await AddObjectionsAsync("L-952", 1)).Single();
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(page, portal, "drafts@example.org");
        await page.GotoAsync($"/staff?open=flags%2F{number}");
        await page.Locator(".opened [data-key=u]").ClickAsync();
        await Expect(page.Locator("#act-reason")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Der Kunde hat angerufen und");
        await Expect(page.Locator("[data-outcome=kept]")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".act-form")).ToHaveCountAsync(0);
        await page.GotoAsync($"/staff/flags/{number}");
        await page.Locator("[data-key=u]").ClickAsync();

        await Expect(page.Locator("#act-reason")).ToHaveValueAsync("Der Kunde hat angerufen und");
    }

    /// <summary>Licenses whose owner says that the release was not theirs.</summary>
    /// <returns>The numbers of the cases.</returns>
    private async Task<IReadOnlyList<string>> AddObjectionsAsync(string prefix, int count, string product = "muster-pos")
    {
        List<string> cases = [];
        for (var i = 0; i < count; i++)
        {
            var number = $"{prefix}{i:00}";
            await portal.ImportAsync(product, number, seats: 1, "owner@muster-technik.example");
            await using var db = portal.Portal.Open();
            cases.Add(await Numbers.NextFlagAsync(db, default));
            db.Add(new Flag
            {
                Number = cases[^1],
                LicenseId = await db.Licenses.Where(l => l.Number == number).Select(l => l.Id).SingleAsync(),
                Kind = FlagKind.Objection,
                OpenedAt = portal.Clock.GetUtcNow(),
                Message = "Das war ich nicht",
            });
            await db.SaveChangesAsync();
        }

        return cases;
    }
}
