using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SelfHelpPortal.E2E.Support;
using static Microsoft.Playwright.Assertions;

namespace SelfHelpPortal.E2E.Journeys;

/// <summary>The morning of whoever keeps the books: fifty lines from the bank, of which three belong to no invoice.</summary>
[Collection(InChromium.Name)]
public sealed class BankStatement(Chromium chromium, RunningPortal portal) : IClassFixture<RunningPortal>
{
    private const int Lines = 50;
    private const int Strangers = 3;

    [Fact]
    public async Task What_fits_is_recorded_once_and_the_rest_is_left_to_people()
    {
        var numbers = new List<string>();
        while (numbers.Count < Lines - Strangers)
        {
            numbers.Add(await portal.IssueAsync());
        }

        await using var people = chromium.Begin();
        var page = await people.OpenAsync(portal.Address, 1280);
        await StaffDesk.SignInAsync(page, portal, "books@example.org");
        await ReadAsync();
        await Expect(page.Locator("main input[type=checkbox]:checked")).ToHaveCountAsync(Lines - Strangers);
        await Expect(page.Locator("main")).ToContainTextAsync("Miete Dezember");
        await page.ShouldBeAccessibleAsync();
        await page.Locator(".actions button").ClickAsync();
        await Expect(page.Locator("[role=status][data-outcome=recorded]")).ToBeVisibleAsync();

        // The same file again, as after a doubtful click: nothing is left to record.
        await ReadAsync();
        await Expect(page.Locator("main input[type=checkbox]")).ToHaveCountAsync(0);
        await using var db = portal.Portal.Open();
        (await db.Invoices.CountAsync(i => numbers.Contains(i.Number) && i.Payments.Count == 1)).ShouldBe(Lines - Strangers);
        people.Complaints.ShouldBeEmpty();

        async Task ReadAsync()
        {
            await page.GotoAsync("/staff/invoices/bank");
            await StaffDesk.ChooseFileAsync(page, "#bank-file", new FilePayload
            {
                Name = "auszug.csv",
                MimeType = "text/csv",
                Buffer = Encoding.UTF8.GetBytes(Statement(numbers)),
            });
            await Expect(page.Locator("[data-outcome=proposed]")).ToBeVisibleAsync();
        }
    }

    private static string Statement(IEnumerable<string> numbers)
    {
        var today = TimeProvider.System.GetUtcNow();
        string[] strangers = ["Miete Dezember;Muster Haus KG;-1.200,00", "Spende;Muster Verein;25,00", "Danke;Unbekannt;83,31"];
        return string.Join('\n',
            [
                "Buchungstag;Verwendungszweck;Zahlungspflichtiger;Betrag;Währung",
                .. numbers.Select(number => $"Rechnung {number};Muster Gastro GmbH;83,30").Concat(strangers)
                    .Select(line => $"{today:dd.MM.yyyy};{line};EUR"),
            ]);
    }
}
