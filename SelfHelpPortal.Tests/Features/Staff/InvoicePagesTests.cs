using System.Net;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>
/// The pages of invoices as a clerk's circuit draws them, on the real use cases and database, and the downloads beside them.
/// </summary>
public sealed class InvoicePagesTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("de", "Rechnungen: Alle, neueste zuerst", "Ausgestellt", "83,30\u00A0€")]
    [InlineData("en", "Invoices: All, newest first", "Issued", "EUR\u00A083.30")]
    public async Task The_list_names_state_customer_and_amount(string language, string caption, string state, string amount)
    {
        var invoice = await Portal.StoreAsync();
        Speak(language);
        await OpenAsync();

        var page = Render<InvoicesPage>();
        page.WaitForElement("[data-outcome=invoices] table");

        page.Find("caption").TextContent.ShouldBe(caption);
        var row = page.FindAll("tbody tr").Single(r => r.TextContent.Contains(invoice.Number, StringComparison.Ordinal));
        row.TextContent.ShouldContain(state);
        row.TextContent.ShouldContain(amount);
        row.QuerySelector("th a")!.GetAttribute("href").ShouldBe($"/staff/invoices/{invoice.Number}");
        page.Find(".filters [aria-current=page]").TextContent.ShouldBe(language == "de" ? "Alle" : "All");
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Theory]
    [InlineData("de", "Zahlung eingetragen.", "Bezahlt", "abc", "83,30")]
    [InlineData("en", "Payment recorded.", "Paid", "", "83.30")]
    public async Task A_payment_is_recorded_through_its_dialog_and_only_with_an_amount_and_a_note(
        string language, string done, string state, string wrong, string amount)
    {
        var invoice = await Portal.StoreAsync();
        Speak(language);
        await OpenAsync();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<InvoicePage>(p => p.Add(x => x.Number, invoice.Number));
        page.WaitForElement("[data-outcome=invoice]");
        page.Find("main").TextContent.ShouldContain("TRANSFER-muster-pos");
        ShouldHoldNoRawKey(page.Nodes);

        var acting = page.Find(".identity-act button").ClickAsync(new());
        dialogs.WaitForElement("#pay-amount").GetAttribute("value").ShouldBe(amount);
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find("#pay-amount").ChangeAsync(wrong);
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#pay-amount-error");
        await dialogs.Find("#pay-amount").ChangeAsync(amount);
        await dialogs.Find(".act-form").SubmitAsync();
        dialogs.WaitForElement("#act-reason-error");
        await dialogs.Find("#act-reason").InputAsync("Kontoauszug 47");
        await dialogs.Find(".act-form").SubmitAsync();
        await acting;

        page.WaitForElement("[role=status][data-outcome=payment-recorded]").TextContent.ShouldContain(done);
        page.Find(".identity").TextContent.ShouldContain(state);
        page.Find("main").TextContent.ShouldContain("Kontoauszug 47");
        (await Portal.ReadInvoiceAsync(invoice.Id)).State.ShouldBe(InvoiceState.Paid);
    }

    [Fact]
    public async Task What_was_typed_of_a_payment_is_there_again_after_the_dialog_was_closed()
    {
        var invoice = await Portal.StoreAsync();
        Speak("de");
        await OpenAsync();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<InvoicePage>(p => p.Add(x => x.Number, invoice.Number));
        page.WaitForElement("[data-outcome=invoice]");
        var leaving = page.Find(".identity-act button").ClickAsync(new());
        await dialogs.WaitForElement("#pay-amount").ChangeAsync("41,65");
        await dialogs.Find("#act-reason").InputAsync("Kontoauszug 48, die Hälfte");
        await dialogs.Find(".act-form > .actions button[type=button]").ClickAsync(new());
        await leaving;
        dialogs.WaitForState(() => dialogs.FindAll(".act-form").Count == 0);

        _ = page.Find(".identity-act button").ClickAsync(new());

        dialogs.WaitForElement("#pay-amount").GetAttribute("value").ShouldBe("41,65");
        dialogs.Find("#act-reason").GetAttribute("value").ShouldBe("Kontoauszug 48, die Hälfte");
        (await Portal.ReadInvoiceAsync(invoice.Id)).State.ShouldBe(InvoiceState.Issued);
    }

    [Fact]
    public async Task Reminders_are_paused_and_go_on_by_the_page()
    {
        var invoice = await Portal.StoreAsync();
        Speak("de");
        await OpenAsync();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<InvoicePage>(p => p.Add(x => x.Number, invoice.Number));
        page.WaitForElement("[data-outcome=invoice]");

        foreach (var (button, outcome) in new[] { ("Mahnungen anhalten", "reminders-paused"),
            ("Mahnungen fortsetzen", "reminders-resumed") })
        {
            var acting = page.FindAll("button").Single(b => b.TextContent == button).ClickAsync(new());
            dialogs.WaitForElement("#act-reason");
            await dialogs.Find("#act-reason").InputAsync("Der Kunde hat angerufen");
            await dialogs.Find(".act-form").SubmitAsync();
            await acting;
            page.WaitForElement($"[role=status][data-outcome={outcome}]");
            (await Portal.ReadInvoiceAsync(invoice.Id)).RemindersPaused.ShouldBe(outcome == "reminders-paused");
        }
    }

    [Fact]
    public async Task A_document_is_downloaded_byte_for_byte_by_staff_and_by_nobody_else()
    {
        var invoice = await Portal.StoreAsync();
        await using var db = Portal.Open();
        var pdf = await db.InvoiceDocuments.SingleAsync(d => d.InvoiceId == invoice.Id && d.Kind == InvoiceDocumentKind.Pdf);
        var path = $"staff/invoices/{invoice.Number}/pdf";

        using (var stranger = Portal.CreateClient())
        {
            using var refused = await stranger.GetAsync(path);
            refused.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            refused.Headers.Location!.ToString().ShouldContain("/account/sign-in");
        }

        var clerk = await StaffUser.CreateAsync(Portal, SelfHelpPortal.Data.Accounts.StaffRoles.Billing);
        using var browser = await clerk.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await browser.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(pdf.Bytes);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Content.Headers.ContentDisposition.FileName.ShouldBe(pdf.FileName);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);

        (await StatusAsync($"staff/invoices/{invoice.Number}/exe")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync("staff/invoices/1999-00001/pdf")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync("staff/invoices/export?from=2026-01-01&to=2026-12-31")).ShouldBe(HttpStatusCode.OK);
        await clerk.DisableAsync();
        (await StatusAsync(path)).ShouldNotBe(HttpStatusCode.OK, "the account was disabled");

        async Task<HttpStatusCode> StatusAsync(string asked)
        {
            using var asking = new HttpRequestMessage(HttpMethod.Get, asked);
            using var response = await browser.SendAsync(asking);
            return response.StatusCode;
        }
    }

    private Task OpenAsync() => OpenAsync(user: null, typeof(SearchInvoices), typeof(ShowInvoice), typeof(InvoicePageActs));
}
