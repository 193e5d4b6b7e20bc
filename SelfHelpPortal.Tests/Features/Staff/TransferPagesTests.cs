using AngleSharp.Dom;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>The queue and the page of a transfer request as a clerk's circuit draws them, on the real use cases and database.</summary>
public sealed class TransferPagesTests(StaffGround ground) : StaffPageContext(ground)
{
    [Theory]
    [InlineData("de", "Migrationen: Migration prüfen", "In Prüfung", "83,30\u00A0€")]
    [InlineData("en", "Migrations: To review", "In review", "EUR\u00A083.30")]
    public async Task The_queue_counts_each_view_and_names_what_waits(string language, string caption, string state, string amount)
    {
        var order = await Portal.AddTransferAsync();
        var unknown = await Portal.AddTransferAsync(new(Identified: false));
        Speak(language);
        await OpenAsync();

        var page = Render<TransfersPage>();
        page.WaitForElement("[data-outcome=transfers] table");

        page.Find("caption").TextContent.ShouldBe(caption);
        var row = Row(page, order);
        row.TextContent.ShouldContain(state);
        row.TextContent.ShouldContain(amount);
        row.QuerySelector("th a")!.GetAttribute("href").ShouldBe($"/staff/transfers/{order.Reference}");
        row.QuerySelector(".tag-warn").ShouldBeNull();
        Row(page, unknown).QuerySelector(".tag-warn").ShouldNotBeNull();
        await using var db = Portal.Open();
        var waiting = await db.Transfers.CountAsync(r => r.State == TransferState.InReview);
        page.Find(".filters [aria-current=page]").TextContent.ShouldEndWith($"({waiting})");
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task It_is_found_by_its_license_its_owner_and_its_reference()
    {
        var order = await Portal.AddTransferAsync();
        var other = await Portal.AddTransferAsync();
        var search = Ground.Use<SearchTransfers>();
        var actor = await Ground.Clerk.ActorAsync();
        await using var db = Portal.Open();
        var request = await order.ReadAsync();
        var customer = await db.Customers.Where(c => c.Id == request.CustomerId).Select(c => c.Number).SingleAsync();

        foreach (var term in (string[])[order.Reference, order.Licenses[0].Number.ToLowerInvariant(), customer])
        {
            var found = (await search.ExecuteAsync(actor, new(TransferQueue.All), term, default, Portal.Clock.Now, default))
                .Value.ShouldNotBeNull();
            found.Transfers.ShouldHaveSingleItem().Reference.ShouldBe(order.Reference);
        }

        (await search.ExecuteAsync(actor, new(TransferQueue.All), "%", default, Portal.Clock.Now, default))
            .Value!.Transfers.ShouldBeEmpty();
        (await search.ExecuteAsync(
            actor, new(TransferQueue.Completed), other.Reference, default, Portal.Clock.Now, default)).Value!.Transfers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_both_ways()
    {
        for (var i = 0; i < SearchTransfers.PageSize + 3; i++)
        {
            await Portal.AddTransferAsync(new(Identified: false));
        }

        foreach (var queue in (TransferQueue[])[TransferQueue.Review, TransferQueue.All])
        {
            var search = Ground.Use<SearchTransfers>();
            var actor = await Ground.Clerk.ActorAsync();
            var seen = new List<string>();
            var pages = new List<TransfersView>();
            string? after = null;
            do
            {
                var page = (await search.ExecuteAsync(
                    actor, new(queue), "", new TransferPlace(after, null), Portal.Clock.Now, default)).Value!;
                pages.Add(page);
                seen.AddRange(page.Transfers.Select(t => t.Reference));
                after = page.Transfers[^1].Reference;
            }
            while (pages[^1].HasAfter);

            var states = SearchTransfers.StatesOf(queue);
            await using var db = Portal.Open();
            seen.Distinct().Count().ShouldBe(await db.Transfers.CountAsync(r => r.Reference != null && states.Contains(r.State)));
            (queue != TransferQueue.Review || pages[0].Counts[queue] == seen.Count).ShouldBeTrue();
            pages.Count.ShouldBeGreaterThan(1);
            var back =
                (await search.ExecuteAsync(
                    actor, new(queue), "", new TransferPlace(null, pages[1].Transfers[0].Reference), Portal.Clock.Now, default)).Value!;
            back.Transfers.Select(t => t.Reference).ShouldBe(pages[0].Transfers.Select(t => t.Reference));
            (back.HasBefore, back.HasAfter).ShouldBe((false, true));
        }
    }

    [Theory]
    [InlineData("de", "Ausgestellt. Lizenz und Rechnung sind unterwegs.", "Alter PC defekt, bitte neue Lizenz kostenpflichtig zusenden",
        "Annehmen und ausstellen")]
    [InlineData("en", "Issued. License and invoice are on their way.", "Old PC dead, please send a new license against payment",
        "Accept and issue")]
    public async Task An_order_is_settled_in_one_click_and_its_dialog(string language, string done, string sentence, string button)
    {
        var order = await Portal.AddTransferAsync();
        Speak(language);
        await OpenAsync();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<TransferPage>(p => p.Add(x => x.Reference, order.Reference));
        page.WaitForElement("[data-outcome=transfer]");
        page.Find(".facts").TextContent.ShouldBe(sentence);
        page.Find("#doubts li").TextContent.ShouldNotBeEmpty();
        ShouldHoldNoRawKey(page.Nodes);

        var acting = page.FindAll("button").Single(b => b.TextContent == button).ClickAsync(new());
        dialogs.WaitForElement(".act-form").TextContent.ShouldContain(language == "de" ? "83,30\u00A0€" : "EUR\u00A083.30");
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find(".act-form").SubmitAsync();
        await acting;

        page.WaitForElement("[role=status][data-outcome=settled]").TextContent.ShouldContain(done);
        (await order.ReadAsync()).State.ShouldBe(TransferState.Completed);
        page.FindAll(".identity-act button").ShouldBeEmpty();
        page.Find("main").InnerHtml.ShouldContain("/staff/invoices/2");
        page.Find(".timeline").TextContent.ShouldContain(order.Reference);
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task An_order_for_a_license_that_no_computer_uses_says_what_to_do_with_it()
    {
        var order = await Portal.AddTransferAsync();
        await using (var db = Portal.Open())
        {
            var license = (await db.LoadLicenseAsync(order.Licenses[0].Id, default))!;
            license.Release(license.ActiveComputers.Single(), ReleaseMethod.InApp, new ReleasePolicy(), Portal.Clock.Now).ShouldSucceed();
            await db.SaveChangesAsync();
        }

        Speak("en");
        await OpenAsync();
        var page = Render<TransferPage>(p => p.Add(x => x.Reference, order.Reference));
        page.WaitForElement("[data-outcome=transfer]");
        page.Find("#doubts").TextContent.ShouldContain("only has to be activated");
        ShouldHoldNoRawKey(page.Nodes);
    }

    [Fact]
    public async Task An_invoice_that_cannot_be_issued_says_why_in_the_dialog()
    {
        var order = await Portal.AddTransferAsync(new(Contact: c => c with { Company = "Muster \U00013000 GmbH" }));
        Speak("de");
        await OpenAsync();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<TransferPage>(p => p.Add(x => x.Reference, order.Reference));
        page.WaitForElement("[data-outcome=transfer]");

        var acting = page.Find(".identity-act button").ClickAsync(new());
        dialogs.WaitForElement("#act-reason");
        await dialogs.Find(".act-form").SubmitAsync();

        dialogs.WaitForElement("[data-outcome=invoiceinvalid] li").TextContent.ShouldContain("P-09");
        await dialogs.FindAll(".act-form button")[^1].ClickAsync(new());
        await acting;
        (await order.ReadAsync()).State.ShouldBe(TransferState.InReview);
    }

    [Fact]
    public async Task A_question_a_VAT_id_and_a_refusal_go_through_their_dialogs()
    {
        var order = await Portal.AddTransferAsync(new(Contact: c => c with { Country = "AT", City = "Wien", VatId = "ATU12345675" }));
        Speak("de");
        await OpenAsync();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<TransferPage>(p => p.Add(x => x.Reference, order.Reference));
        page.WaitForElement("[data-outcome=transfer]");

        foreach (var (button, text, outcome) in new[]
                 {
                     ("Kunden fragen", "Welche Kasse ist es?", "asked"), ("USt-IdNr. bestätigen", "BZSt, heute", "vat-id-checked"),
                         ("Bestellung ablehnen", "Wir kennen Sie nicht.", "declined"),
                 })
        {
            var acting = page.FindAll("button").Single(b => b.TextContent == button).ClickAsync(new());
            dialogs.WaitForElement("#act-reason");
            ShouldHoldNoRawKey(dialogs.Nodes);
            await dialogs.Find(".act-form").SubmitAsync();
            dialogs.WaitForElement("#act-reason-error");
            await dialogs.Find("#act-reason").InputAsync(text);
            await dialogs.Find(".act-form").SubmitAsync();
            await acting;
            page.WaitForElement($"[role=status][data-outcome={outcome}]");
            ShouldHoldNoRawKey(page.Nodes);
        }

        var request = await order.ReadAsync();
        (request.State, request.StaffReason, request.VatIdCheck!.Result, request.Messages[0].Text)
            .ShouldBe((TransferState.Declined, "Wir kennen Sie nicht.", VatIdResult.Valid, "Welche Kasse ist es?"));
        (await Ground.MailsAsync("transfer-question", order.Reference))
            .ShouldHaveSingleItem().CopyText.ShouldContain("Welche Kasse ist es?");
        (await Ground.MailsAsync("transfer-declined", order.Reference))
            .ShouldHaveSingleItem().CopyText.ShouldContain("Wir kennen Sie nicht.");
    }

    [Fact]
    public async Task A_license_is_looked_for_and_assigned()
    {
        var order = await Portal.AddTransferAsync(new(Identified: false));
        Speak("de");
        await OpenAsync();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<TransferPage>(p => p.Add(x => x.Reference, order.Reference));
        page.WaitForElement("[data-outcome=transfer]").TextContent.ShouldContain("angegeben: L-9999");

        var acting = page.FindAll("button").Single(b => b.TextContent.StartsWith("Zuordnen", StringComparison.Ordinal)).ClickAsync(new());
        dialogs.WaitForElement("#id-number").GetAttribute("value").ShouldBe("L-9999");
        await dialogs.FindAll(".act-form button")[0].ClickAsync(new());
        dialogs.WaitForElement("#id-number-error");
        await dialogs.Find("#id-number").ChangeAsync(order.Licenses[0].Number);
        await dialogs.FindAll(".act-form button")[0].ClickAsync(new());
        dialogs.WaitForElement("[name=id-computer]").HasAttribute("checked").ShouldBeTrue();
        ShouldHoldNoRawKey(dialogs.Nodes);
        await dialogs.Find("#act-reason").InputAsync("Der Kunde hat angerufen");
        await dialogs.Find(".act-form").SubmitAsync();
        await acting;

        page.WaitForElement("[role=status][data-outcome=identified]");
        page.Find("tbody").TextContent.ShouldContain(order.Licenses[0].Number);
        (await order.ReadAsync()).IsIdentified.ShouldBeTrue();
    }

    private static IElement Row(IRenderedComponent<TransfersPage> page, SampleTransfer order) =>
        page.FindAll("tbody tr").Single(r => r.TextContent.Contains(order.Reference, StringComparison.Ordinal));

    private Task OpenAsync() => OpenAsync(user: null, typeof(SearchTransfers), typeof(ShowTransfer), typeof(TransferPageActs));
}
