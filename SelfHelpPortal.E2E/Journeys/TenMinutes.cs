using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using SelfHelpPortal.Tests.Platform.Pdf;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// A new administrator with an empty portal: his own company, product, price and licenses, with nothing but a browser; then a customer
/// releases one license and orders the move of another, which is settled at that price. What the administrator does is counted.
/// </summary>
[Collection(InSecondChromium.Name)]
public sealed partial class TenMinutes(Chromium chromium, EmptyPortal empty, ITestOutputHelper output) : IClassFixture<EmptyPortal>
{
    private const string Owner = "inhaber@beispiel-gastro.example";

    private int _clicks;
    private int _fields;

    [Fact]
    public async Task From_nothing_to_a_released_license_an_order_and_its_invoice()
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(empty.Running.Address, 1920, scripts: true);
        await StaffDesk.SignInAsync(page, empty.Running, "leitung@beispiel-software.example");

        // The desk of an empty portal leads to the steps.
        await ClickAsync(page, "main a[href='/staff/setup']");
        await Expect(page.Locator("[data-outcome=setup]")).ToBeVisibleAsync();
        // On a developer's machine the demo's company will do.
        await Expect(page.Locator(".setup-step:not(.is-done)")).ToHaveCountAsync(5);
        await page.ShouldBeAccessibleAsync();

        await VendorAsync(page);
        await ProductAsync(page);
        await PriceAsync(page);
        var (release, move) = await LicensesAsync(page);
        await page.GotoAsync("/staff/setup");
        await ClickAsync(page, ".setup-step button");
        await Expect(page.Locator("[role=status][data-outcome=sent]")).ToBeVisibleAsync();
        await Expect(page.Locator(".setup-step.is-done")).ToHaveCountAsync(5);
        await page.ShouldBeAccessibleAsync();
        output.WriteLine($"The administrator: {_clicks} clicks and {_fields} fields.");
        _clicks.ShouldBeLessThan(40);
        _fields.ShouldBeLessThan(30);

        await ServeAsync(people, empty.Running, page, release, move);

        // All that was set, taken to another portal, does the same there.
        var file = Path.GetTempFileName();
        File.Delete(file);
        (await empty.Running.Portal.RunAsync("export", "settings", file)).Exit.ShouldBe(0);
        var other = new EmptyPortal();
        await other.InitializeAsync();
        try
        {
            (await other.Running.Portal.RunAsync("import", "settings", file)).ShouldSatisfyAllConditions(r => r.Exit.ShouldBe(0, r.Output));
            page = await people.OpenAsync(other.Running.Address, 1280, scripts: true, language: "en-US", dark: true);
            await StaffDesk.SignInAsync(page, other.Running, "leitung@beispiel-software.example");
            (release, move) = await LicensesAsync(page);
            await ServeAsync(people, other.Running, page, release, move);
            people.Complaints.ShouldBeEmpty();
        }
        finally
        {
            File.Delete(file);
            await other.DisposeAsync();
        }
    }

    /// <summary>A customer releases one license and orders the move of the other, and staff have the invoice.</summary>
    private static async Task ServeAsync(People people, RunningPortal portal, IPage staff, string release, string move)
    {
        var customer = await people.OpenAsync(portal.Address, 390, scripts: false);
        using var http = portal.Http();
        await ReleaseAsync(customer, http, release);
        await OrderAsync(portal, customer, http, move);
        (await portal.MailAsync("transfer-completed", "Beispiel Software GmbH")).ShouldContain("79,14");
        await staff.GotoAsync("/staff/invoices");
        await Expect(staff.Locator("main tbody tr")).ToHaveCountAsync(1);
        await Expect(staff.Locator("main tbody")).ToContainTextAsync(new Regex("79[,.]14"));
    }

    private async Task VendorAsync(IPage page)
    {
        await ClickAsync(page, ".setup-step a[href='/staff/setup/vendor']");
        foreach (var (field, value) in new[]
        {
            ("name", "Beispiel Software GmbH"), ("representedBy", "die Geschäftsführung"), ("street", "Beispielweg 7"),
            ("postalCode", "01067"), ("city", "Dresden"), ("register", "Amtsgericht Dresden, HRB 1"), ("phone", "+49 351 0000000"),
            ("supportMail", "hilfe@beispiel-software.example"), ("vatId", "DE000000011"), ("taxNumber", "201/000/00000"),
            ("iban", "DE02120300000000202051"), ("billingMail", "rechnung@beispiel-software.example"), ("contactName", "Vertrieb"),
        })
        {
            await FillAsync(page, $"#vendor-{field}", value);
        }

        // Shown before they are saved: the logo on light and on dark, and an e-mail of the company's.
        await StaffDesk.ChooseFileAsync(
            page, "#vendor-logo", new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = Png.Logo(260, 100, color: 6) });
        await Expect(page.Locator("main svg image")).ToHaveCountAsync(2);
        await Expect(page.FrameLocator("iframe.mail-preview").Locator("footer")).ToContainTextAsync("Beispiel Software GmbH");
        await page.ShouldBeAccessibleAsync();
        await ClickAsync(page, "main form .actions button[type=submit]");
        await Expect(page.Locator("[role=status][data-outcome=saved]")).ToBeVisibleAsync();
        await Expect(page.Locator("#missing")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Locator("header img[alt='Beispiel Software GmbH']")).ToBeVisibleAsync();
        (await page.Locator("header img").EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)")).ShouldBe(260);
    }

    private async Task ProductAsync(IPage page)
    {
        await page.GotoAsync("/staff/setup");
        await ClickAsync(page, ".setup-step a[href='/staff/setup/products/new']");
        await FillAsync(page, "#id", "musterscan");
        await FillAsync(page, "#name", "Musterscan");
        await CheckAsync(page, "#policies-release-deadPc-Immediate");
        await FillAsync(page, "#policies-release-minimumHoldMinutes", "0");
        await CheckAsync(page, "#policies-transfer-review-Automatic");
        await ClickAsync(page, "main form .actions button[type=submit]");
        await Expect(page.Locator("[role=status][data-outcome=saved]")).ToBeVisibleAsync();
    }

    private async Task PriceAsync(IPage page)
    {
        await ClickAsync(page, "#prices-fee-list > .actions button");
        await FillAsync(page, "#price-net", "66,50");
        await ClickAsync(page, ".act-form button[type=submit]");
        await Expect(page.Locator("[role=status][data-outcome=price-set]")).ToBeVisibleAsync();
    }

    /// <returns>The keys of two licenses, one to release and one to move.</returns>
    private async Task<(string Release, string Move)> LicensesAsync(IPage page)
    {
        await page.GotoAsync("/staff/setup");
        await ClickAsync(page, ".setup-step a[href='/staff/setup/import']");
        await Expect(page.Locator("[data-outcome=import]")).ToBeVisibleAsync();
        await StaffDesk.ChooseFileAsync(page, "#import-file", new FilePayload
        {
            Name = "Lizenzen.csv",
            MimeType = "text/csv",
            Buffer = Encoding.Latin1.GetBytes(
                "Produkt;Lizenznr.;Firma;E-Mail\n"
                + $"Musterscan;L-1;Beispiel Gastro GmbH;{Owner}\nMusterscan;L-2;Beispiel Gastro GmbH;{Owner}\n"),
        });
        _fields++;
        await Expect(page.Locator("[data-outcome=import-uploaded]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await ClickAsync(page, "#import-check");
        await Expect(page.Locator("[role=status][data-outcome=checked]")).ToBeVisibleAsync();
        await ClickAsync(page, "#import-start");
        await Expect(page.Locator("[role=status][data-outcome=imported]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => ClickAsync(page, "a[href$='keys.csv']"));
        var keys = Key().Matches(await File.ReadAllTextAsync(await download.PathAsync())).Select(m => m.Value).ToList();
        keys.Count.ShouldBe(2);
        return (keys[0], keys[1]);
    }

    private static async Task ReleaseAsync(IPage customer, HttpClient http, string key)
    {
        await ActivateAsync(http, "KASSE-ALT", key);
        await customer.GotoAsync("/release");
        await Expect(customer.Locator("header img")).ToHaveAttributeAsync("alt", "Beispiel Software GmbH");
        await customer.FillAsync("[name=ActivationKey]", key);
        await customer.SubmitAsync("main form button");
        await customer.SubmitAsync("main form button.button >> nth=-1");
        await Expect(customer.Locator("[data-outcome=released]")).ToBeVisibleAsync();
    }

    private static async Task OrderAsync(RunningPortal portal, IPage customer, HttpClient http, string key)
    {
        await ActivateAsync(http, "KASSE-TOT", key);
        await customer.GotoAsync("/transfer");
        await customer.CheckAsync("[name=StillRuns][value=no]");
        await customer.SubmitAsync("main form button");
        if (await customer.Locator("[name=Product]").CountAsync() > 0)
        {
            await customer.CheckAsync("[name=Product][value=musterscan]");
            await customer.SubmitAsync("main form button");
        }

        await Expect(customer.Locator("main")).ToContainTextAsync("66,50");
        await customer.CheckAsync("[name=Remedy][value=fee]");
        await customer.SubmitAsync("main form button");
        await customer.FillAsync("[name=HardwareCode]", new LicensedProgram(http, "musterscan", "KASSE-NEU").Hardware.ToString());
        await customer.SubmitAsync("button.button[name=Act][value=next]");
        await customer.ClickAsync("main a.button");
        await customer.FillAsync("[name=LicenseNumber]", "L-2");
        await customer.SubmitAsync("main form button.button >> nth=0");
        await customer.FillAsync("[name=Company]", "Beispiel Gastro GmbH");
        await customer.FillAsync("[name=Name]", "Einkauf");
        await customer.FillAsync("[name=Email]", Owner);
        await customer.FillAsync("[name=Street]", "Musterstraße 1");
        await customer.FillAsync("[name=PostalCode]", "12345");
        await customer.FillAsync("[name=City]", "Musterstadt");
        await customer.SelectOptionAsync("[name=Country]", "DE");
        await customer.SubmitAsync("main form button");
        await customer.CheckAsync("[name=Accept]");
        await customer.SubmitAsync("main form button");
        await Expect(customer.Locator("[data-outcome=confirm-by-mail]")).ToBeVisibleAsync();
        var mail = await portal.MailAsync("transfer-confirm", "Musterscan");
        await customer.GotoAsync(PageSteps.LinkIn(mail, "/transfer/confirm/"));
        await customer.CheckAsync("[name=Confirmed]");
        await customer.SubmitAsync("main form button");
        await Expect(customer.Locator("[data-outcome=submitted]")).ToBeVisibleAsync();
    }

    private static async Task ActivateAsync(HttpClient http, string pc, string key) =>
        (await new LicensedProgram(http, "musterscan", pc).ActivateAsync(key)).GetProperty("code").GetString().ShouldBe("VALID");

    private async Task ClickAsync(IPage page, string what)
    {
        await page.Locator(what).First.ClickAsync();
        _clicks++;
    }

    private async Task CheckAsync(IPage page, string what)
    {
        await page.CheckAsync(what);
        _clicks++;
    }

    private async Task FillAsync(IPage page, string field, string value)
    {
        await page.FillAsync(field, value);
        await page.Locator(field).BlurAsync();
        _fields++;
    }

    [GeneratedRegex("K[0-9A-Z]{4}(-[0-9A-Z]{5}){4}")]
    private static partial Regex Key();
}
