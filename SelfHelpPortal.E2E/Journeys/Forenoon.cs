using System.Text.RegularExpressions;
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
        var numbers = await AddCasesAsync("L-97", Cases, "beamalign");
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
    [InTurn("de-DE", 1280, false)]
    [InTurn("en-US", 390, true)]
    public async Task List_and_case_are_for_everybody(string language, int width, bool dark)
    {
        var number = (await AddCasesAsync($"L-96{width}", 1)).Single();
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
        var number = (await AddCasesAsync("L-951", 1)).Single();
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
    public async Task What_was_typed_is_there_again_after_Escape_in_another_window_and_after_a_restart()
    {
        var number = (await AddCasesAsync("L-952", 1)).Single();
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
        await page.Locator("#act-reason").PressAsync("End");
        await page.Keyboard.TypeAsync(" kommt morgen");
        await Expect(page.Locator("[data-outcome=kept]")).ToBeVisibleAsync();

        await portal.Portal.RestartAsync();

        await page.GotoAsync($"/staff/flags/{number}");
        await page.Locator("[data-key=u]").ClickAsync();
        await Expect(page.Locator("#act-reason")).ToHaveValueAsync("Der Kunde hat angerufen und kommt morgen");
    }

    /// <summary>Somebody is removed from the team while the dialog stands open.</summary>
    [Fact]
    public async Task Whoever_lost_the_role_a_second_ago_is_refused_and_the_case_stays_open()
    {
        var number = (await AddCasesAsync("L-953", 1)).Single();
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(page, portal, "gone@example.org");
        await page.GotoAsync($"/staff?open=flags%2F{number}");
        await page.Locator(".opened [data-key=u]").ClickAsync();
        await page.Locator("#act-reason").FillAsync("Der Kunde hat es bestätigt");
        await using var db = portal.Portal.Open();
        var user = await db.Users.SingleAsync(u => u.Email == "gone@example.org");
        await db.UserRoles.Where(r => r.UserId == user.Id).ExecuteDeleteAsync();

        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(page).ToHaveURLAsync(new Regex(@"/account/signed-out\?why=ended$"));
        (await db.Flags.SingleAsync(f => f.Number == number)).State.ShouldBe(FlagState.Open);
    }

    /// <summary>Before the act Escape leaves, while it runs it does nothing, and afterwards it closes the case.</summary>
    [Fact]
    public async Task Escape_at_every_moment_of_an_act_leaves_the_truth_on_the_page()
    {
        var number = (await AddCasesAsync("L-954", 1)).Single();
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(page, portal, "escape@example.org");
        await page.GotoAsync($"/staff?product=beamalign&open=flags%2F{number}");
        var dialog = page.Locator(".act-form");
        await page.Locator(".opened [data-key=u]").ClickAsync();
        await page.Locator("#act-reason").FillAsync("Der Kunde hat es bestätigt");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        (await StateAsync()).ShouldBe(FlagState.Open);

        await using var others = new Npgsql.NpgsqlConnection(portal.Portal.Database.OwnerConnection);
        await others.OpenAsync();
        var hold = await others.BeginTransactionAsync();
        await using (var license = new Npgsql.NpgsqlCommand("SELECT 1 FROM license WHERE number = 'L-95400' FOR UPDATE", others))
        {
            (await license.ExecuteScalarAsync()).ShouldBe(1);
        }

        await page.Locator(".opened [data-key=u]").ClickAsync();
        await Expect(page.Locator("#act-reason")).ToHaveValueAsync("Der Kunde hat es bestätigt");
        await Expect(page.Locator("#act-reason")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator(".act-form[aria-busy=true]")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".act-form > .actions button[type=button]").ClickAsync();
        await Expect(page.Locator(".act-form[aria-busy=true]")).ToBeVisibleAsync();
        (await StateAsync()).ShouldBe(FlagState.Open);
        await hold.CommitAsync();

        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-outcome=resolved]")).ToBeVisibleAsync();
        (await StateAsync()).ShouldBe(FlagState.Resolved);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".opened")).ToHaveCountAsync(0);
        await page.GotoAsync($"/staff/flags/{number}");
        await Expect(page.Locator(".identity")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-key=u]")).ToHaveCountAsync(0);

        async Task<FlagState> StateAsync()
        {
            await using var db = portal.Portal.Open();
            return (await db.Flags.SingleAsync(f => f.Number == number)).State;
        }
    }

    [Fact]
    public async Task Several_customers_are_asked_at_once_after_a_look_at_who_gets_a_mail()
    {
        var numbers = await AddCasesAsync("L-955", 2, "beamalign", FlagKind.Sighting);
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(page, portal, "bulk@example.org");
        await page.GotoAsync("/staff?product=beamalign");
        var last = page.Locator("tr", new() { HasText = numbers[^1] });
        await Expect(last).ToBeVisibleAsync();
        var place = (await last.BoundingBoxAsync())!.Y;
        foreach (var number in numbers)
        {
            await page.Locator("tr", new() { HasText = number }).Locator("input[type=checkbox]").CheckAsync();
        }

        await Expect(page.Locator(".work-bulk")).ToBeVisibleAsync();
        (await last.BoundingBoxAsync())!.Y.ShouldBe(place, tolerance: 1, "a line moved under the pointer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Kunden fragen (2)" }).ClickAsync();
        await Expect(page.Locator(".bulk-preview tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator(".bulk-preview")).ToContainTextAsync("owner@muster-technik.example");
        await page.ShouldBeAccessibleAsync();
        await page.Locator("#act-reason").FillAsync("Welcher PC war das?");
        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(page.Locator("[data-outcome=askselected]")).ToContainTextAsync("unterwegs");
        foreach (var number in numbers)
        {
            (await portal.MailAsync("flag-question", number)).ShouldContain("Welcher PC war das?");
            await Expect(page.Locator("tr", new() { HasText = number })).ToHaveCountAsync(0);
        }

        people.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_palette_leads_everywhere_and_the_order_stands_in_the_address()
    {
        await AddCasesAsync("L-956", 2);
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(page, portal, "palette@example.org");
        await page.GotoAsync("/staff");
        await Expect(page.Locator("a[data-row]").First).ToBeVisibleAsync();

        await page.Locator("th", new() { HasText = "Kunde" }).Locator(".sortable-column-header").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/staff\?sort=customer$"));
        await page.ReloadAsync();
        await Expect(page.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Kunde");
        await Expect(page).ToHaveURLAsync(new Regex(@"/staff\?sort=customer$"));

        await page.Keyboard.PressAsync("Control+k");
        var field = page.Locator("#palette input");
        await Expect(field).ToBeFocusedAsync();
        await page.ShouldBeAccessibleAsync();
        await page.Keyboard.TypeAsync("rechnungen");
        await Expect(page.Locator("#palette-list [aria-selected=true]")).ToHaveTextAsync("Rechnungen");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/staff/invoices");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("Muster Technik");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex(@"/staff/search\?q=Muster.+Technik$"));
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.PressAsync("Escape");
        await Expect(field).ToBeHiddenAsync();
        people.Complaints.ShouldBeEmpty();
    }

    /// <summary>Licenses with an open case: their owners say that the release was not theirs.</summary>
    /// <returns>The numbers of the cases.</returns>
    private async Task<IReadOnlyList<string>> AddCasesAsync(
        string prefix, int count, string product = "muster-pos", FlagKind kind = FlagKind.Objection)
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
                Kind = kind,
                OpenedAt = portal.Clock.GetUtcNow(),
                Message = "Das war ich nicht",
            });
            await db.SaveChangesAsync();
        }

        return cases;
    }
}
