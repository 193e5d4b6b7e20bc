using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfHelpPortal.E2E.Screens;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// A customer opens an account by the address on file, forgets the password, invites somebody and changes the address; and has a lost key
/// sent. With and without scripts. Pictures go to <c>SELFHELP_SCREENS</c>, in both colors.
/// </summary>
[Collection(InChromium.Name)]
public sealed partial class OpensAnAccount(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    private const string Password = "sieben Schwäne überm Deich";
    private const string NewPassword = "neun Otter bauen Papierboote";

    [Theory]
    [InTurn(390, false, "de-DE")]
    [InTurn(1280, true, "en-US")]
    public async Task By_the_address_on_file_and_gets_in_again_without_the_password(int width, bool scripts, string language)
    {
        await using var people = chromium.Begin();
        var tag = $"{width}{(scripts ? 1 : 0)}";
        var email = $"inhaber{tag}@muster-technik.example";
        var key = await portal.ImportAsync("beamalign", $"L-9{tag}", seats: 2, email);
        var page = await people.OpenAsync(portal.Address, width, scripts, language);

        await VisitAsync("/lost-key");
        await SendAsync("[name=Email]", email);
        await SeeAsync("mail-sent-if-known", "lost-key-sent");
        (await portal.MailAsync("lost-key", email)).ShouldContain(key);

        await VisitAsync("/account/register");
        await SendAsync("[name=Email]", "keine Adresse");
        await KeepAsync("register-error");
        await SendAsync("[name=Email]", email);
        await SeeAsync("mail-sent-if-known", "register-sent");
        await page.GotoAsync(await LinkAsync("account-confirm", email, "/account/confirm/"));
        await SeeAsync("open", "confirm");
        await page.FillAsync("[name=DisplayName]", "Inhaberin Muster");
        await page.FillAsync("[name=Password]", Password);
        await SendAsync("[name=Repeat]", Password);
        await Expect(page).ToHaveURLAsync(new Regex("/my$"));
        await Expect(page.Locator("main")).ToContainTextAsync("BeamAlign");

        await page.GotoAsync("/my/people");
        await SeeAsync("people", "people");
        await page.FillAsync("[name=Email]", $"kollege{tag}@muster-technik.example");
        await page.Locator("[name=Email]").PressAsync("Enter");
        await SeeAsync("invited", "people-invited");
        await page.GotoAsync("/account/address");
        await SendAsync("[name=NewEmail]", $"neu{tag}@muster-technik.example");
        await SeeAsync("address-asked", "address-asked");
        await page.GotoAsync(await LinkAsync("address-change", email, "/account/address/"));
        await SeeAsync("ready", "address-confirm");
        await page.CheckAsync("[name=Confirmed]");
        await page.ClickAsync("main form button");
        await SeeAsync("new-missing", "address-waiting");

        await page.GotoAsync("/account/sign-in");
        await KeepAsync("sign-in");
        await page.ClickAsync("main a[href='/account/reset']");
        await SendAsync("[name=Email]", email);
        await SeeAsync("mail-sent-if-known", "reset-sent");
        await page.GotoAsync(await LinkAsync("password-reset", email, "/account/reset/"));
        await SeeAsync("password", "new-password");
        await page.FillAsync("[name=Password]", NewPassword);
        await SendAsync("[name=Repeat]", NewPassword);
        await SeeAsync("password-changed", "password-changed");
        await page.ClickAsync("main a[href='/account/sign-in']");
        await page.FillAsync("[name=Email]", email);
        await SendAsync("[name=Password]", NewPassword);
        await page.GotoAsync("/my");
        await Expect(page.Locator("main")).ToContainTextAsync("BeamAlign");
        people.Complaints.ShouldBeEmpty();

        async Task VisitAsync(string path)
        {
            await page.GotoAsync(path);
            await KeepAsync(path.Trim('/').Replace('/', '-'));
        }

        async Task SendAsync(string last, string text)
        {
            await page.FillAsync(last, text);
            await page.Locator(last).PressAsync("Enter");
        }

        async Task SeeAsync(string outcome, string name)
        {
            await Expect(page.Locator($"[data-outcome={outcome}]")).ToBeVisibleAsync();
            await KeepAsync(name);
        }

        async Task KeepAsync(string name)
        {
            if (!scripts)
            {
                return;
            }

            await Pictures.LookAsync(page, $"account-{name}", width);
        }
    }

    private async Task<string> LinkAsync(string kind, string contains, string path) =>
        Token().Matches(await portal.MailAsync(kind, contains)).Select(m => m.Value)
            .First(link => link.StartsWith(path, StringComparison.Ordinal));

    [GeneratedRegex("/account/[a-z]+/[A-Za-z0-9_-]{43}")]
    private static partial Regex Token();
}
