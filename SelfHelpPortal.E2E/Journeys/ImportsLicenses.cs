using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using MiniExcelLibs;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>An administrator brings in a list of licenses in the browser, mends what is wrong, and changes a stored customer.</summary>
[Collection(InChromium.Name)]
public sealed class ImportsLicenses(Chromium chromium, MailedPortal mailed) : IClassFixture<MailedPortal>
{
    private RunningPortal Portal => mailed.Running;

    [Theory]
    [InTurn("93", 1280, "de-DE", true)]
    [InTurn("94", 390, "en-US", false)]
    public async Task A_list_is_uploaded_checked_imported_and_imported_again(string tag, int width, string language, bool dark)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(Portal.Address, width, scripts: true, language, dark);
        await StaffDesk.SignInAsync(page, Portal, $"admin{tag}@muster-software.example");

        // As German Excel saves it, with a column that the portal has no use for.
        await UploadAsync(page, "Liste.csv", Encoding.Latin1.GetBytes(
            "Artikel;Lizenz-Nr.;Firma;E-Mail;PLZ;Ort;gültig bis;Farbe;\n"
            + $"muster-pos;L-8{tag}1;Müller {tag} GmbH;mueller{tag}@muster.example;01067;Dresden;31.12.2027;rot;;\n"
            + $"muster-pos;L-8{tag}2;Beispiel {tag} GmbH;beispiel{tag}@muster.example;1067;Dresden;;rot;\n"));
        await Expect(page.Locator("main")).ToContainTextAsync("Windows-1252");
        await Expect(page.Locator("#column-1")).ToHaveValueAsync("product");
        await Expect(page.Locator("#column-8")).ToHaveValueAsync("");
        await page.ShouldBeAccessibleAsync();
        await CheckAsync(page);
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("PLZ");
        await page.ShouldBeAccessibleAsync();

        // The faulty row goes out, is mended and comes back.
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("a[href$='faults.csv']").ClickAsync());
        var faults = await File.ReadAllTextAsync(await download.PathAsync());
        faults.ShouldContain($"L-8{tag}2");
        await page.Locator("#without-faulty").CheckAsync();
        await page.Locator("#import-start").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=imported]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await UploadAsync(page, "Rest.csv", Encoding.UTF8.GetBytes(faults.Replace(";1067;", ";01067;", StringComparison.Ordinal)));
        await CheckAsync(page);
        await page.Locator("#import-start").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=imported]")).ToBeVisibleAsync();

        // A workbook says another address of the first customer.
        using var workbook = new MemoryStream();
        await workbook.SaveAsAsync(new[]
        {
            new Dictionary<string, object>
            {
                ["product"] = "muster-pos", ["license_number"] = $"L-8{tag}1", ["company"] = $"Müller {tag} GmbH",
                ["email"] = $"neu{tag}@muster.example", ["maintenance_until"] = new DateTime(2027, 12, 31),
            },
        });
        await UploadAsync(page, "Neu.xlsx", workbook.ToArray());
        await CheckAsync(page);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync($"mueller{tag}@muster.example → neu{tag}@muster.example");
        await page.Locator("#also-update").CheckAsync();
        await page.ShouldBeAccessibleAsync();
        await page.Locator("#import-start").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=imported]")).ToBeVisibleAsync();

        await page.GotoAsync($"/staff/licenses/L-8{tag}1");
        await Expect(page.Locator("main")).ToContainTextAsync($"neu{tag}@muster.example");
        await page.GotoAsync("/staff/setup/import");
        await page.Locator("tbody a").First.ClickAsync();
        await page.Locator("#import-discard").ClickAsync();
        await Expect(page.Locator("[data-outcome=import]")).ToBeVisibleAsync();
        people.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InTurn("95", 390, "de-DE", true)]
    [InTurn("96", 1280, "en-US", false)]
    public async Task A_license_is_added_by_hand_and_its_key_given_out_as_a_card(string tag, int width, string language, bool dark)
    {
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(Portal.Address, width, scripts: true, language, dark);
        await StaffDesk.SignInAsync(page, Portal, $"admin{tag}@muster-software.example");
        await page.GotoAsync("/staff/licenses");
        await page.Locator("a[href='/staff/licenses/new']").ClickAsync();
        await Expect(page.Locator("[data-outcome=new-license]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await page.SelectOptionAsync("#product", "muster-pos");
        await page.FillAsync("#company", $"Handarbeit {tag} GmbH");
        await page.FillAsync("#email", "keine Adresse");
        await page.ClickAsync("main form button[type=submit]");
        await Expect(page.Locator("#email")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Locator("#company")).ToHaveValueAsync($"Handarbeit {tag} GmbH");
        await page.ShouldBeAccessibleAsync();
        await page.FillAsync("#email", $"hand{tag}@muster.example");
        await page.ClickAsync("main form button[type=submit]");
        await Expect(page.Locator("main")).ToContainTextAsync($"Handarbeit {tag} GmbH");

        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("a[href$='/card.pdf']").ClickAsync());

        var card = await File.ReadAllBytesAsync(await download.PathAsync());
        card.AsSpan(0, 5).SequenceEqual("%PDF-"u8).ShouldBeTrue();
        people.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_long_import_is_stopped_and_goes_on_after_its_page_was_closed()
    {
        const int Rows = 6_000;
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(Portal.Address, 1280, scripts: true);
        await StaffDesk.SignInAsync(page, Portal, "admin97@muster-software.example");
        await UploadAsync(page, "Lang.csv", Encoding.UTF8.GetBytes("product;license_number;company;email\n" + string.Concat(
            Enumerable.Range(1, Rows).Select(i => $"muster-pos;LANG-{i};Muster {i} GmbH;inhaber{i}@muster-lang.example\n"))));
        var address = page.Url;
        await CheckAsync(page);
        await page.Locator("#import-start").ClickAsync();
        await Expect(page.Locator("progress")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        await page.Locator("#import-stop").ClickAsync();
        await Expect(page.Locator("[data-outcome=import-stopped]")).ToBeVisibleAsync();
        await page.ShouldBeAccessibleAsync();
        (await CountAsync()).ShouldBeInRange(1, Rows - 1);

        // The page is left in the middle; another one goes on.
        await page.Locator("#import-continue").ClickAsync();
        await Expect(page.Locator("progress")).ToBeVisibleAsync();
        await page.GotoAsync("about:blank");
        await page.CloseAsync();
        var other = await people.OpenAsync(Portal.Address, 390, scripts: true);
        await StaffDesk.SignInAsync(other, Portal, "admin98@muster-software.example");
        await other.GotoAsync(address);
        await Expect(other.Locator("main h1")).ToContainTextAsync("Lang.csv");
        if (await other.Locator("#import-continue").IsVisibleAsync())
        {
            await other.Locator("#import-continue").ClickAsync();
        }

        await Expect(other.Locator("[data-outcome=import-done]")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        (await CountAsync()).ShouldBe(Rows);
        people.Complaints.ShouldBeEmpty();

        async Task<int> CountAsync()
        {
            await using var db = Portal.Portal.Open();
            return await db.Licenses.CountAsync(l => l.Number.StartsWith("LANG-"));
        }
    }

    private static async Task UploadAsync(IPage page, string name, byte[] content)
    {
        await page.GotoAsync("/staff/setup/import");
        await Expect(page.Locator("[data-outcome=import]")).ToBeVisibleAsync();
        await StaffDesk.ChooseFileAsync(page, "#import-file", new FilePayload { Name = name, MimeType = "text/csv", Buffer = content });
        await Expect(page.Locator("[data-outcome=import-uploaded]")).ToBeVisibleAsync();
    }

    private static async Task CheckAsync(IPage page)
    {
        await page.Locator("#import-check").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=checked]")).ToBeVisibleAsync();
    }
}
