using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// The main case of the first document up to the order: three tills, one dead, its license unknown; with and without scripts, on a phone
/// and on a desk.
/// </summary>
[Collection(InChromium.Name)]
public sealed class DeadTill(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    [Theory]
    [InTurn(390, false, "fee")]
    [InTurn(390, true, "renewal")]
    [InTurn(1280, true, "fee")]
    public async Task The_owner_finds_the_license_orders_confirms_and_follows_the_order(int width, bool scripts, string remedy)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, width, scripts);
        using var http = portal.Http();
        var walk = new TransferWalk(
            portal, page, $"{width}{(scripts ? 1 : 0)}", _ => scripts ? page.ShouldBeAccessibleAsync() : Task.CompletedTask);
        await walk.ActivateTillsAsync(http);
        await walk.OrderAsync(http, remedy);
        await walk.ConfirmAsync();
        await walk.SeeStatusAsync();

        // The page of the order, and those before it, show what came of it and order nothing again.
        foreach (var path in new[] { walk.Result, walk.Result + "/check", walk.Result + "/remedy" })
        {
            await page.GotoAsync(path);
            await Expect(page.Locator("[data-outcome=submitted]")).ToContainTextAsync(walk.Reference);
        }

        people.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InTurn(320, false, "de-DE")]
    [InTurn(320, false, "en-US")]
    [InTurn(1280, true, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task An_order_for_what_no_pc_uses_any_more_says_so_and_costs_nothing(int width, bool scripts, string language)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, width, scripts, language);
        using var http = portal.Http();
        var walk = new TransferWalk(
            portal, page, $"{width}{(scripts ? 1 : 0)}{(language[0] == 'd' ? 2 : 3)}", _ => page.ShouldBeRightAsync(scripts));
        await walk.ActivateTillsAsync(http);
        await walk.OrderAsync(http, "fee");
        await walk.ReleaseDeadAsync();
        await walk.OpenConfirmationAsync();
        await Expect(page.Locator("[data-outcome=nothing-to-move]")).ToContainTextAsync(walk.Numbers[1]);
        await page.ShouldBeRightAsync(scripts);
        await Expect(page.Locator("[name=Confirmed]")).ToHaveCountAsync(0);
        people.Complaints.ShouldBeEmpty();
    }
}
