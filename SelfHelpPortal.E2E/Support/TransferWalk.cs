using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Support;

/// <summary>
/// The owner of three tills of Muster-POS whose second one is dead orders its move, page after page, without knowing its license.
/// </summary>
internal sealed class TransferWalk(RunningPortal portal, IPage page, string tag, Func<string, Task> seen)
{
    private readonly List<string> _keys = [];
    private LicensedProgram[] _tills = [];

    public string Owner { get; } = $"owner-{tag}@muster-gastro.example";

    public string Email { get; } = $"till-{tag}@muster-gastro.example";

    public string[] Numbers { get; } = [$"L-6{tag}1", $"L-6{tag}2", $"L-6{tag}3"];

    public string Reference { get; private set; } = "";

    /// <summary>The code of the computer that takes the dead one's place.</summary>
    public string NewHardware { get; private set; } = "";

    /// <summary>Path of the page that shows what came of the order.</summary>
    public string Result { get; private set; } = "";

    public async Task ActivateTillsAsync(HttpClient http)
    {
        _tills = [new(http, "muster-pos", $"KASSE-1-{tag}"), new(http, "muster-pos", $"KASSE-2-{tag}"),
            new(http, "muster-pos", $"KASSE-3-{tag}")];
        foreach (var (till, number) in _tills.Zip(Numbers))
        {
            var key = await portal.ImportAsync("muster-pos", number, seats: 1, Owner);
            _keys.Add(key);
            (await till.ActivateAsync(key)).GetProperty("code").GetString().ShouldBe("VALID");
        }
    }

    /// <summary>From the start page to the order.</summary>
    public async Task OrderAsync(HttpClient http, string remedy)
    {
        await ToContactAsync(http, remedy);
        await page.FillAsync("[name=Company]", "Muster Gastro GmbH");
        await page.FillAsync("[name=Name]", "Einkauf");
        await page.FillAsync("[name=Email]", "till(at)muster");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator(".summary-box")).ToBeVisibleAsync();
        await seen("transfer-5-error");
        await FillAddressAsync();
        await seen("transfer-5-contact");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator("main")).ToContainTextAsync(Numbers[1]);
        await seen("transfer-6-check");
        await SendAsync();
    }

    /// <summary>To the page of the contact, the license found by the codes of the other tills.</summary>
    public async Task ToContactAsync(HttpClient http, string remedy)
    {
        var replacement = new LicensedProgram(http, "muster-pos", $"KASSE-NEU-{tag}");
        NewHardware = replacement.Hardware.ToString();
        await page.GotoAsync("/");
        await page.ClickAsync("main a[href='/transfer']");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator(".summary-box")).ToBeVisibleAsync();
        await seen("transfer-1-error");
        await page.CheckAsync("[name=StillRuns][value=no]");
        await Expect(page.Locator("dl.prices")).ToContainTextAsync("83");
        await seen("transfer-1");
        await page.SubmitAsync("main form button");
        await page.CheckAsync("[name=Product][value=muster-pos]");
        await page.SubmitAsync("main form button");
        await page.CheckAsync($"[name=Remedy][value={remedy}]");
        await seen("transfer-2-prices");
        await page.SubmitAsync("main form button");

        // The old PC's code is the likely mistake.
        await page.FillAsync("[name=HardwareCode]", _tills[1].Hardware.ToString());
        await PressAsync("next");
        await Expect(page.Locator("[data-outcome=old-pc-code]")).ToContainTextAsync(Numbers[1]);
        await seen("transfer-3-old-pc");
        await page.FillAsync("[name=HardwareCode]", replacement.Hardware.ToString());
        await PressAsync("next");
        await Expect(page.Locator("[data-outcome=hardware-read]")).ToBeVisibleAsync();
        await seen("transfer-3-read");
        await page.ClickAsync("main a.button");
        await seen("transfer-4-license");
        await PressAsync("unknown");
        await page.FillAsync("[name='WorkingPcs[0].Name']", "Kasse 1");
        await page.FillAsync("[name='WorkingPcs[0].HardwareCode']", _tills[0].Hardware.ToString());
        await PressAsync("add");
        await page.FillAsync("[name='WorkingPcs[1].Name']", "Kasse 3");
        await page.FillAsync("[name='WorkingPcs[1].HardwareCode']", _tills[2].Hardware.ToString());
        await PressAsync("check");
        await Expect(page.Locator("[data-outcome=identified]")).ToContainTextAsync(Numbers[1]);
        // Whether that is the dead one can be told: its name, masked, its last use, and where its number stands.
        await Expect(page.Locator("dl.left")).ToContainTextAsync("KA…");
        await Expect(page.Locator("dl.left time")).ToHaveCountAsync(1);
        await page.ShouldShowPictureAsync("[data-outcome=identified] form .place-picture img");
        await seen("transfer-4-elimination");

        // What was typed is there again after a reload, and on another page and back.
        await page.ReloadAsync();
        await Expect(page.Locator("[name='WorkingPcs[1].Name']")).ToHaveValueAsync("Kasse 3");
        await page.ClickAsync(".back a");
        await page.GoBackAsync();
        await PressAsync("yes");
    }

    /// <summary>Everything of the contact but the company.</summary>
    public async Task FillAddressAsync()
    {
        await page.FillAsync("[name=Name]", "Einkauf");
        await page.FillAsync("[name=Email]", Email);
        await page.FillAsync("[name=Street]", "Musterstraße 1");
        await page.FillAsync("[name=PostalCode]", "12345");
        await page.FillAsync("[name=City]", "Musterstadt");
        await page.SelectOptionAsync("[name=Country]", "DE");
    }

    /// <summary>From the check page, everything ticked that has to be.</summary>
    public async Task SendAsync()
    {
        await page.CheckAsync("[name=Accept]");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator("[data-outcome=confirm-by-mail]")).ToBeVisibleAsync();
        await seen("transfer-confirm-by-mail");
        Reference = (await page.InnerTextAsync(".panel-reference .code")).Trim();
        Result = new Uri(page.Url).AbsolutePath;
    }

    /// <summary>The dead till was alive, and released itself while the owner was being asked.</summary>
    public async Task ReleaseDeadAsync() =>
        (await _tills[1].ReleaseAsync()).GetProperty("code").GetString().ShouldBe("RELEASED");

    public async Task OpenConfirmationAsync() =>
        await page.GotoAsync(PageSteps.LinkIn(await portal.MailAsync("transfer-confirm", Reference), "/transfer/confirm/"));

    public async Task ConfirmAsync()
    {
        var mail = await portal.MailAsync("transfer-confirm", Reference);
        mail.ShouldContain($"To: Muster Technik GmbH <{Owner}>");
        await page.GotoAsync(PageSteps.LinkIn(mail, "/transfer/confirm/"));
        await seen("transfer-confirm");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator(".summary-box")).ToBeVisibleAsync();
        await seen("transfer-confirm-error");
        await AgreeAsync();
        await Expect(page.Locator("[data-outcome=submitted]")).ToContainTextAsync(Reference);
        await seen("transfer-submitted");
    }

    /// <summary>On the page behind the owner's link: the order is his, and whoever ordered may have the license file as well.</summary>
    public async Task AgreeAsync()
    {
        await Expect(page.Locator("main")).ToContainTextAsync(Email);
        await page.CheckAsync("[name=LicenseCopy]");
        await page.FillAsync("[name=LastFive]", _keys[1][^5..]);
        await page.CheckAsync("[name=Confirmed]");
        await page.SubmitAsync("main form button");
    }

    public async Task SeeStatusAsync()
    {
        await page.GotoAsync("/transfer/status");
        await page.FillAsync("[name=Reference]", Reference);
        await page.FillAsync("[name=Email]", "anders@muster-gastro.example");
        await page.SubmitAsync("main form button");
        await Expect(page.Locator("[data-outcome=not-found]")).ToBeVisibleAsync();
        await seen("status-not-found");
        await page.FillAsync("[name=Email]", Email);
        await page.SubmitAsync("main form button");
        await Expect(page.Locator("main .panel")).ToContainTextAsync(Reference);
        await seen("status");
    }

    private Task PressAsync(string act) => page.SubmitAsync($"button.button[name=Act][value={act}] >> nth=0");
}
