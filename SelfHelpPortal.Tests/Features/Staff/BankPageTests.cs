using System.Globalization;
using System.Text;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>A statement of the bank becomes payments, once somebody has looked at it.</summary>
public sealed class BankPageTests(StaffGround ground) : StaffPageContext(ground)
{
    private const string Headings = "Buchungstag;Verwendungszweck;Zahlungspflichtiger;Betrag;Währung\n";

    private DateOnly Today => DateOnly.FromDateTime(Portal.Clock.Now.Date);

    [Fact]
    public async Task Of_fifty_lines_all_but_three_fit_and_are_recorded_by_one_click_and_never_again()
    {
        List<Invoice> invoices = [];
        for (var i = 0; i < 47; i++)
        {
            invoices.Add(await Portal.StoreAsync(company: $"Kundschaft{i} Muster GmbH"));
        }

        var list = new StringBuilder(Headings);
        foreach (var invoice in invoices)
        {
            list.Append(Line($"Rechnung {invoice.Number}", invoice.Content.Buyer.Name, "83,30"));
        }

        list.Append(Line("Miete Dezember", "Fremde Haus KG", "1.200,00")).Append(Line("ohne Nummer", "Unbekannt AG", "83,30"))
            .Append(Line("Kontoführung", "", "-9,90"));
        Speak("de");
        await OpenAsync();

        var page = Read(list.ToString());
        page.Find("[data-outcome=proposed]").TextContent.ShouldContain("47 von 50 Buchungen");
        page.FindAll("tbody tr").Count.ShouldBe(50);
        page.FindAll("input[type=checkbox]:checked, input[type=checkbox][checked]").Count.ShouldBe(47);
        ShouldHoldNoRawKey(page.Nodes);
        await page.Find(".actions button").ClickAsync(new());
        page.WaitForElement("[role=status][data-outcome=recorded]").TextContent.ShouldContain("47");

        foreach (var invoice in invoices)
        {
            var after = await Portal.ReadInvoiceAsync(invoice.Id);
            after.State.ShouldBe(InvoiceState.Paid);
            after.Payments.ShouldHaveSingleItem().Note.ShouldContain($"Rechnung {invoice.Number}");
        }

        var again = Read(list.ToString());
        again.Find("[data-outcome=proposed]").TextContent.ShouldContain("Schon früher erfasst: 47");
        again.FindAll("tbody tr").Count.ShouldBe(3);
        again.FindAll(".actions button").ShouldBeEmpty("there is nothing to record");
    }

    [Fact]
    public async Task What_differs_is_shown_with_what_is_open_and_recorded_when_it_is_ticked()
    {
        var invoice = await Portal.StoreAsync();
        Speak("en");
        await OpenAsync();
        var page = Read(Headings + Line($"invoice {invoice.Number}", "Muster", "80,00"));

        page.Find("tbody").TextContent.ShouldContain("open: EUR\u00A083.30");
        page.Find(".actions button").HasAttribute("disabled").ShouldBeTrue("nothing is chosen");
        await page.Find("input[type=checkbox]").ChangeAsync(true);
        await page.Find(".actions button").ClickAsync(new());
        page.WaitForElement("[role=status][data-outcome=recorded]");

        (await Portal.ReadInvoiceAsync(invoice.Id)).Outstanding.ShouldBe(new Money(330));
    }

    [Fact]
    public async Task What_a_colleague_recorded_meanwhile_is_said_at_its_line()
    {
        var invoice = await Portal.StoreAsync();
        Speak("en");
        await OpenAsync();
        var statement = Headings + Line($"invoice {invoice.Number}", "Muster", "83,30");
        var first = Read(statement);
        var second = Read(statement);

        await first.Find(".actions button").ClickAsync(new());
        first.WaitForElement("[role=status][data-outcome=recorded]");
        await second.Find(".actions button").ClickAsync(new());
        second.WaitForElement("tbody .error");

        (await Portal.ReadInvoiceAsync(invoice.Id)).Payments.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_no_statement_is_refused_in_a_sentence()
    {
        Speak("de");
        await OpenAsync();
        var page = Render<BankPage>();
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("Name;Ort\nMuster;Berlin", "liste.csv"));

        page.WaitForElement("[role=alert][data-outcome=fileunreadable]").TextContent.ShouldContain("Buchungstag");
        page.FindAll("table").ShouldBeEmpty();
    }

    [Fact]
    public async Task Support_reads_no_statement()
    {
        var answer = await Ground.Use<ReadBankStatement>().ExecuteAsync(
            await Ground.Clerk.ActorAsync(), "auszug.csv", new MemoryStream(Encoding.UTF8.GetBytes(Headings + Line("x", "y", "1,00"))),
            Portal.Clock.Now, default);

        answer.Refused.ShouldBe(StaffRefusal.NotPermitted);
    }

    [Fact]
    public async Task The_database_takes_a_line_for_an_invoice_once()
    {
        var invoice = await Portal.StoreAsync();
        await using var db = Portal.Open();
        for (var i = 0; i < 2; i++)
        {
            db.Add(new Payment
            {
                InvoiceId = invoice.Id,
                Amount = new Money(1),
                ReceivedOn = Today,
                Note = "Kontoauszug",
                RecordedAt = Portal.Clock.Now,
                BankLine = "a",
            });
        }

        await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    private IRenderedComponent<BankPage> Read(string statement)
    {
        var page = Render<BankPage>();
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(statement, "auszug.csv"));
        page.WaitForElement("[data-outcome=proposed]");
        return page;
    }

    private string Line(string text, string payer, string amount) => string.Create(
        CultureInfo.InvariantCulture, $"{Today:dd.MM.yyyy};{text};{payer};\"{amount}\";EUR\n");

    private Task OpenAsync() => OpenAsync(Ground.Administrator, typeof(ReadBankStatement), typeof(RecordPayment));
}
