using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfHelpPortal.E2E.Screens;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// Somebody registers with one of the customer's keys and sees that license alone; the address on file reads of it, agrees on the page
/// behind the link, and the person sees the others. Pictures go to <c>SELFHELP_SCREENS</c>, in both colors.
/// </summary>
[Collection(InChromium.Name)]
public sealed partial class AccountByKey(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    private const string Password = "sieben Schwäne überm Deich";

    [Theory]
    [InTurn(390, "de-DE")]
    [InTurn(1280, "en-US")]
    public async Task Shows_one_license_until_the_address_on_file_agrees(int width, string language)
    {
        await using var people = chromium.Begin();
        var (owner, person) = ($"chef{width}@muster-kino.example", $"aushilfe{width}@andere-firma.example");
        string[] numbers = [$"L-94{width}1", $"L-94{width}2"];
        var key = await portal.ImportAsync("beamalign", numbers[0], seats: 2, owner);
        await portal.ImportAsync("beamalign", numbers[1], seats: 2, owner);
        using var http = portal.Http();
        await new LicensedProgram(http, "beamalign", "KUPPEL-LINKS").ActivateAsync(key);

        var page = await people.OpenAsync(portal.Address, width, scripts: true, language);
        await page.GotoAsync("/account/register");
        await page.FillAsync("[name=Email]", person);
        await page.FillAsync("[name=ActivationKey]", key);
        await page.ClickAsync("main form button");
        await page.GotoAsync(await LinkAsync("account-confirm", person, "/account/confirm/"));
        await SeeAsync(page, "open", "by-key-confirm");
        await page.FillAsync("[name=DisplayName]", "Aushilfe");
        await page.FillAsync("[name=Password]", Password);
        await page.FillAsync("[name=Repeat]", Password);
        await page.Locator("[name=Repeat]").PressAsync("Enter");
        await Expect(page.Locator("main")).ToContainTextAsync(numbers[0]);
        await Expect(page.Locator("main")).Not.ToContainTextAsync(numbers[1]);
        await Expect(page.Locator("main")).Not.ToContainTextAsync("KUPPEL-LINKS");
        await SeeAsync(page, "licenses", "by-key-licenses");
        await page.ClickAsync(".license-card h3 a");
        await SeeAsync(page, "license", "by-key-license");

        var reader = await people.OpenAsync(portal.Address, width, scripts: true, language);
        await reader.GotoAsync(await LinkAsync("account-opened", owner, "/account/access/"));
        await SeeAsync(reader, "ready", "by-key-access");
        await reader.ClickAsync("button[value=agree]");
        await Expect(reader.Locator(".summary-box")).ToBeVisibleAsync();
        await SeeAsync(reader, "ready", "by-key-access-error");
        await reader.Locator("[name=Confirmed]").First.CheckAsync();
        await reader.ClickAsync("button[value=agree]");
        await SeeAsync(reader, "agreed", "by-key-agreed");

        await page.GotoAsync("/my");
        await Expect(page.Locator("main")).ToContainTextAsync(numbers[1]);
        await Expect(page.Locator("main")).ToContainTextAsync("KUPPEL-LINKS");
        people.Complaints.ShouldBeEmpty();

        async Task SeeAsync(IPage seen, string outcome, string name)
        {
            await Expect(seen.Locator($"[data-outcome={outcome}]")).ToBeVisibleAsync();
            await Pictures.LookAsync(seen, $"account-{name}", width);
        }
    }

    private async Task<string> LinkAsync(string kind, string contains, string path) =>
        Token().Matches(await portal.MailAsync(kind, contains)).Select(m => m.Value)
            .First(link => link.StartsWith(path, StringComparison.Ordinal));

    [GeneratedRegex("/account/[a-z]+/[A-Za-z0-9_-]{43}")]
    private static partial Regex Token();
}
