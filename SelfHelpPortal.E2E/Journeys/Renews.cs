using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>
/// The owner of a till renews its subscription: signs in, reads the price, orders, and has the invoice and the new license file in the
/// mail.
/// </summary>
[Collection(InChromium.Name)]
public sealed class Renews(Chromium chromium, MailedPortal mailed) : IClassFixture<MailedPortal>
{
    private RunningPortal Portal => mailed.Running;

    [Theory]
    [InTurn("81", 390, "de-DE", false, false)]
    [InTurn("82", 390, "de-DE", true, true)]
    [InTurn("83", 1280, "en-US", true, false)]
    public async Task The_owner_renews_and_opens_the_invoice(string tag, int width, string language, bool scripts, bool dark)
    {
        var german = language == "de-DE";
        var (number, email) = ($"L-5{tag}", $"inhaber{tag}@muster-technik.example");
        using var http = Portal.Http();
        var till = new LicensedProgram(http, "muster-pos", $"KASSE-{tag}");
        await till.ActivateAsync(await Portal.ImportAsync("muster-pos", number, seats: 1, email));
        await FillInAsync(number);
        var owner = await CustomerDesk.OpenAccountAsync(Portal, number);
        await using var people = chromium.Begin();
        var page = await people.OpenAsync(Portal.Address, width, scripts, language, dark);
        var check = scripts ? page.ShouldBeAccessibleAsync : (Func<Task>)(() => Task.CompletedTask);

        // Whoever comes without a sign-in is led through it and back.
        await page.GotoAsync($"/my/licenses/{number}/renew");
        await CustomerDesk.SignInAsync(page, owner);
        await Expect(page.Locator("[data-outcome=renew]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-total]")).ToHaveAttributeAsync("data-total", "177.31");
        await check();
        await KeepAsync(page, "renew", tag);
        await page.ClickAsync("main details summary");
        await page.FillAsync("[name=OrderNumber]", new string('x', 130));
        await page.ClickAsync("main form button");
        await Expect(page.Locator(".summary-box")).ToBeVisibleAsync();
        await check();
        await page.FillAsync("[name=OrderNumber]", $"B-{tag}");
        await page.ClickAsync("main form button");
        await Expect(page.Locator("[data-outcome=renewed]")).ToBeVisibleAsync();
        await check();
        await KeepAsync(page, "renewed", tag);
        await page.ReloadAsync();
        await Expect(page.Locator("[data-outcome=renewed]")).ToBeVisibleAsync();

        var mail = await mailed.Mails.FindAsync(german
            ? $"Subscription verlängert bis {await UntilAsync(number, "dd.MM.yyyy")} [{number}]"
            : $"Subscription renewed until {await UntilAsync(number, "d MMM yyyy")} [{number}]");
        mail.To.ShouldBe(email);
        mail.Text.ShouldContain(german ? "Die Rechnung finden Sie im Anhang." : "The invoice is attached to this e-mail.");
        var license = await ForeignTools.VerifyLicenseAsync(http, mail.Files[$"Lizenz-{number}.lshlic"]);
        license["mnt"]!.GetValue<long>()
            .ShouldBe(new DateTimeOffset((await EndAsync(number)).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds());
        var (name, pdf) = mail.Files.Single(f => f.Key.EndsWith(".pdf", StringComparison.Ordinal));
        await Expect(page.Locator("main")).ToContainTextAsync(name);
        var xml = await ForeignTools.XmlOfInvoiceAsync(pdf);
        foreach (var text in new[] { name["Rechnung-".Length..^".pdf".Length], ">149.00<", ">28.31<", ">177.31<", "Muster Technik GmbH",
            $"B-{tag}" })
        {
            xml.ShouldContain(text);
        }

        // What the page hands out is what was sent.
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync());
        (await File.ReadAllBytesAsync(await download.PathAsync())).ShouldBe(pdf);

        // The page knows the new end and shows the invoice; nobody is offered the year after it by mistake.
        await page.GotoAsync($"/my/licenses/{number}/renew");
        await Expect(page.Locator("[data-outcome=not-yet]")).ToContainTextAsync(
            await UntilAsync(number, german ? "dd.MM.yyyy" : "d MMM yyyy"));
        await check();
        await KeepAsync(page, "renew-not-yet", tag);
        await page.GotoAsync($"/my/licenses/{number}");
        await check();
        await KeepAsync(page, "renewed-license", tag);
        await page.ClickAsync($"main a[href='/my/licenses/{number}/renewed/{Path.GetFileNameWithoutExtension(name).Split('-', 2)[1]}']");
        await Expect(page.Locator("[data-outcome=renewed]")).ToBeVisibleAsync();
        mailed.Mails.All().Count(m => m.Subject == mail.Subject).ShouldBe(1);

        // It was the wrong license: unpaid and not begun, the renewal is undone, and the invoice cancelled.
        await page.ClickAsync("main details summary");
        await page.ClickAsync("main details button");
        await Expect(page.Locator(".summary-box")).ToBeVisibleAsync();
        await check();
        await KeepAsync(page, "renewed-undo", tag);
        await page.CheckAsync("main details [name=Confirmed]");
        await page.ClickAsync("main details button");
        await Expect(page.Locator("[data-outcome=cancelled]")).ToBeVisibleAsync();
        await Expect(page.Locator("main details")).ToHaveCountAsync(0);
        await check();
        await KeepAsync(page, "renewed-undone", tag);
        var invoice = Path.GetFileNameWithoutExtension(name).Split('-', 2)[1];
        var cancelled = await mailed.Mails.FindAsync(
            m => m.To == email && m.Subject.EndsWith(invoice, StringComparison.Ordinal), $"the cancellation of {invoice}");
        cancelled.Files.Keys.ShouldContain(
            file => file.StartsWith(german ? "Stornorechnung-S" : "Cancellation-S", StringComparison.Ordinal));
        await page.GotoAsync($"/my/licenses/{number}/renew");
        await Expect(page.Locator("[data-outcome=renew]")).ToBeVisibleAsync();
        people.Complaints.ShouldBeEmpty();
    }

    /// <summary>What the import left open: an address, and a month to go.</summary>
    private async Task FillInAsync(string number)
    {
        await using var db = Portal.Portal.Open();
        var license = await db.Licenses.SingleAsync(l => l.Number == number);
        license.MaintenanceUntil = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddMonths(1);
        var customer = await db.Customers.SingleAsync(c => c.Id == license.CustomerId);
        (customer.Street, customer.PostalCode, customer.City) = ("Beispielweg 7", "54321", "Beispielstadt");
        await db.SaveChangesAsync();
    }

    private async Task<DateOnly> EndAsync(string number)
    {
        await using var db = Portal.Portal.Open();
        return (await db.Licenses.Where(l => l.Number == number).Select(l => l.MaintenanceUntil).SingleAsync()).ShouldNotBeNull();
    }

    private async Task<string> UntilAsync(string number, string format) =>
        (await EndAsync(number)).ToString(format, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>For the eye, where <c>./test.sh --screens</c> asks for it.</summary>
    private static async Task KeepAsync(IPage page, string name, string tag)
    {
        if (Screenshots.Folder is { } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{tag}.png"), FullPage = true });
        }
    }
}
