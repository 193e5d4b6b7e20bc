using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>An order that a clerk enters for a caller: the customer's own order, but for who typed it.</summary>
public sealed class EnterTransferTests(StaffGround ground) : StaffPageContext(ground)
{
    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task The_owner_is_asked_at_the_address_on_file_and_the_history_says_who_entered_it()
    {
        var tills = await Tills.AddAsync(Portal);
        var typed = Typed(tills.Numbers[0]);

        var entered = await EnterAsync(typed);

        entered.Refused.ShouldBeNull();
        var request = await RequestAsync(entered.Reference!);
        (request.State, request.CustomerId, request.Remedy, request.Price!.GrossCents)
            .ShouldBe((TransferState.AwaitingConfirmation, tills.CustomerId, TransferRemedy.Fee, 83_30));
        request.Items.ShouldHaveSingleItem().ActivationId.ShouldNotBeNull();
        request.Contact!.Remark.ShouldBe("Ruft morgen wieder an");
        (await Ground.MailsAsync("transfer-confirm", request.Reference!)).ShouldHaveSingleItem().ToAddress.ShouldBe(tills.Owner);
        (await Ground.MailsAsync("transfer-received", request.Reference!)).ShouldHaveSingleItem().ToAddress
            .ShouldBe(SampleTransfer.Orderer);
        await using var db = Portal.Open();
        var told = await db.Set<LicenseEvent>().Where(e => e.Stream == request.Id).SingleAsync();
        (told.ActorKind, told.ActorId).ShouldBe((ActorKind.Staff, (await Ground.Clerk.ActorAsync()).Id));
        (await db.Invoices.CountAsync(i => i.TransferRequestId == request.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task Sent_twice_there_is_one_order_and_one_question()
    {
        var tills = await Tills.AddAsync(Portal);
        var typed = Typed(tills.Numbers[0]);
        var id = Guid.CreateVersion7();
        var price = (await CheckAsync(typed)).Chosen!.Shown;

        var both = await Task.WhenAll(EnterAsync(typed, id, price), EnterAsync(typed, id, price));
        var again = await EnterAsync(typed, id, price);

        var references = both.Append(again).Select(e => e.Reference).OfType<string>().Distinct().ToList();
        var reference = references.ShouldHaveSingleItem();
        (await Ground.MailsAsync("transfer-confirm", reference)).Count.ShouldBe(1);
        (await EnterAsync(typed)).Refused.ShouldBe(StaffRefusal.InOtherRequest, "another order for the same license");
    }

    [Fact]
    public async Task A_key_proves_the_license_and_stands_nowhere_in_the_order()
    {
        var tills = await Tills.AddAsync(Portal);

        var entered = await EnterAsync(Typed(tills.Keys[1]));

        var request = await RequestAsync(entered.Reference!);
        request.Items[0].IdentifiedBy.ShouldBe(TransferIdentification.Key);
        request.Items[0].StatedLicense.ShouldBeNull();
    }

    [Fact]
    public async Task A_suspended_license_is_refused_and_nothing_is_sent()
    {
        var tills = await Tills.AddAsync(Portal);
        await using var db = Portal.Open();
        var license = await db.Licenses.Where(l => l.Number == tills.Numbers[0]).Select(l => l.Id).SingleAsync();
        (await Ground.Use<SuspendLicense>().ExecuteAsync(await Ground.ActAsync(), license, Now, default)).Succeeded.ShouldBeTrue();

        (await EnterAsync(Typed(tills.Numbers[0]))).Refused.ShouldBe(StaffRefusal.LicenseStanding);

        (await db.Transfers.AnyAsync(r => r.CustomerId == tills.CustomerId)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_missing_is_named_by_its_field()
    {
        var tills = await Tills.AddAsync(Portal);
        var free = await tills.AddFreeAsync();

        (await ProblemsAsync(new TypedTransfer())).ShouldBe(
            ["License", "NewHardware", "Name", "Email", "Street", "PostalCode", "City"]);
        (await ProblemsAsync(Typed("L-99999999"))).ShouldBe(["License"]);
        (await ProblemsAsync(Typed(free))).ShouldBe(["License"]);
        (await ProblemsAsync(Typed(tills.Numbers[0]) with { Remedy = null })).ShouldBe(["Remedy"]);
        (await ProblemsAsync(Typed(tills.Numbers[0]) with { NewHardware = A.Hardware("KASSE-2").ToString() })).ShouldBe(["NewHardware"]);
        (await ProblemsAsync(Typed(tills.Numbers[0]) with { WorkingPcs = "Kasse 2" })).ShouldBe(["WorkingPcs"]);
        var refused = await EnterAsync(Typed("L-99999999"), shown: new DraftPrice(Guid.Empty, 0, null, 0));
        refused.Refused.ShouldBe(StaffRefusal.SettingInvalid);
        refused.Result.Broken!.ShouldHaveSingleItem().ShouldBe(TransferProblems.NoLicense);
    }

    [Fact]
    public async Task Another_price_than_the_one_that_was_told_is_refused()
    {
        var tills = await Tills.AddAsync(Portal);
        var typed = Typed(tills.Numbers[0]);
        var shown = (await CheckAsync(typed)).Chosen!.Shown;

        var entered = await EnterAsync(typed, shown: shown with { UnitNetCents = shown.UnitNetCents - 1 });

        entered.Result.Broken!.ShouldHaveSingleItem().ShouldBe(TransferProblems.PriceChanged);
    }

    [Fact]
    public async Task A_pasted_mail_fills_in_the_form_and_what_is_on_file_the_rest()
    {
        var tills = await Tills.AddAsync(Portal);
        var mail = $"""
            Von: Einkauf <kasse@muster-gastro.example>
            Lizenz {tills.Numbers[1]}, Schlüssel {tills.Keys[1]}
            alter Code {A.Hardware("KASSE-2")}
            Code {A.Hardware("KASSE-1")}
            neuer PC {A.Hardware("GANZ-NEU")}
            """;

        var read = (await Ground.Use<ReadTransferMail>()
            .ExecuteAsync(await Ground.Clerk.ActorAsync(), mail, new TypedTransfer(), Now, default)).Value.ShouldNotBeNull();

        read.Lines.Select(l => l.As).ShouldBe([ReadAs.Key, ReadAs.License, ReadAs.OldPc, ReadAs.WorkingPc, ReadAs.NewPc]);
        read.Lines.ShouldAllBe(l => !l.Text.Contains(tills.Keys[1]));
        (read.Typed.License, read.Typed.NewHardware, read.Typed.WorkingPcs)
            .ShouldBe((tills.Keys[1], A.Hardware("GANZ-NEU").ToString(), A.Hardware("KASSE-1").ToString()));
        (read.Typed.ContactOf("Company"), read.Typed.ContactOf("Email")).ShouldBe(("Muster Gastro GmbH", "kasse@muster-gastro.example"));
    }

    [Theory]
    [InlineData("de", "Lesen Sie das dem Kunden vor", "83,30\u00A0€")]
    [InlineData("en", "Read this to the customer", "EUR\u00A083.30")]
    public async Task From_the_paste_to_the_order_nothing_that_was_typed_is_lost(string language, string ready, string price)
    {
        var tills = await Tills.AddAsync(Portal);
        Speak(language);
        await OpenAsync(null, typeof(ReadTransferMail), typeof(CheckTransfer), typeof(EnterTransfer));
        var page = Render<NewTransferPage>();
        page.WaitForElement("#Name");

        await page.Find("#Name").ChangeAsync(new() { Value = "Erika Muster" });
        var mail = $"Bestellnummer: Migration\n{tills.Numbers[0]} {A.Hardware("NEU-" + language)}";
        await page.Find("#pasted").ChangeAsync(new() { Value = mail });
        await page.FindAll("form")[0].SubmitAsync();
        page.WaitForAssertion(() => page.FindAll("table tbody tr").Count.ShouldBe(2));
        page.Find("#License").GetAttribute("value").ShouldBe(tills.Numbers[0]);
        page.Find("#Name").GetAttribute("value").ShouldBe("Erika Muster");

        await page.FindAll("form")[1].SubmitAsync();
        page.WaitForAssertion(() => page.Find("[data-outcome=missing]").TextContent.ShouldNotBeEmpty());
        page.Find("#Street").GetAttribute("aria-invalid").ShouldBe("true");
        foreach (var (field, value) in new[] { ("Street", "Musterweg 2"), ("PostalCode", "12345"), ("City", "Musterstadt") })
        {
            await page.Find("#" + field).ChangeAsync(new() { Value = value });
        }

        await page.FindAll("form")[1].SubmitAsync();
        page.WaitForAssertion(() => page.Find("#ready").TextContent.ShouldBe(ready));
        page.Find("dl").TextContent.ShouldContain(price);
        page.Find("dl").TextContent.ShouldContain(tills.Owner);
        ShouldHoldNoRawKey(page.Nodes);

        await page.Find("section button").ClickAsync(new());
        page.WaitForAssertion(() => Services.GetRequiredService<NavigationManager>().Uri.ShouldContain("/staff/transfers/M-"));
    }

    [Fact]
    public async Task From_the_page_of_a_license_the_form_begins_with_it_and_its_owner()
    {
        var tills = await Tills.AddAsync(Portal);
        Speak("de");
        await OpenAsync(
            null, typeof(ShowLicense), typeof(LicensePageActs), typeof(ReadTransferMail), typeof(CheckTransfer), typeof(EnterTransfer));
        var license = Render<LicensePage>(p => p.Add(x => x.Number, tills.Numbers[0]));
        var link = license.WaitForElement("a[href^='/staff/transfers/new']").GetAttribute("href")!;

        Services.GetRequiredService<NavigationManager>().NavigateTo(link);
        var page = Render<NewTransferPage>();

        page.WaitForAssertion(() => page.Find("#License").GetAttribute("value").ShouldBe(tills.Numbers[0]));
        page.WaitForAssertion(() => page.Find("#Email").GetAttribute("value").ShouldBe(tills.Owner));
    }

    [Fact]
    public async Task What_was_typed_outlives_the_circuit_but_no_key_does()
    {
        var tills = await Tills.AddAsync(Portal);
        Speak("en");
        await OpenAsync(null, typeof(ReadTransferMail), typeof(CheckTransfer), typeof(EnterTransfer));
        var page = Render<NewTransferPage>();
        page.WaitForElement("#Name");
        await page.Find("#Name").ChangeAsync(new() { Value = "Erika Muster" });
        await page.Find("#Remark").ChangeAsync(new() { Value = $"The key is {tills.Keys[0]}." });
        await page.Find("#License").ChangeAsync(new() { Value = tills.Keys[0] });
        await page.Find("#Country").ChangeAsync(new() { Value = "AT" });

        var again = Render<NewTransferPage>();

        again.WaitForAssertion(() => again.Find("#Name").GetAttribute("value").ShouldBe("Erika Muster"));
        again.Find("#taken-up").TextContent.ShouldNotBeEmpty();
        again.Find("#Country option[selected]").GetAttribute("value").ShouldBe("AT");
        (again.Find("#Remark").GetAttribute("value") ?? "").ShouldBeEmpty();
        (again.Find("#License").GetAttribute("value") ?? "").ShouldBeEmpty();
        await using (var db = Portal.Open())
        {
            var kept = await db.Set<TypedText>().Select(t => t.Text).ToListAsync();
            var lastFive = tills.Keys[0][^5..];
            kept.ShouldNotBeEmpty();
            kept.ShouldAllBe(text => !text.Contains(lastFive));
        }

        await again.Find("#taken-up button").ClickAsync(new());
        again.WaitForAssertion(() => again.FindAll("#taken-up").ShouldBeEmpty());
        var anew = Render<NewTransferPage>();
        anew.WaitForElement("#Name");
        (anew.Find("#Name").GetAttribute("value") ?? "").ShouldBeEmpty();
    }

    private static TypedTransfer Typed(string license) => new()
    {
        License = license,
        NewHardware = A.Hardware("KASSE-NEU").ToString(),
        Remedy = TransferRemedy.Fee,
        Contact = new()
        {
            ["Company"] = "Muster Gastro GmbH",
            ["Name"] = "Einkauf",
            ["Email"] = SampleTransfer.Orderer,
            ["Street"] = "Musterstraße 1",
            ["PostalCode"] = "12345",
            ["City"] = "Musterstadt",
            ["Remark"] = "Ruft morgen wieder an",
        },
    };

    private async Task<CheckedTransfer> CheckAsync(TypedTransfer typed) =>
        (await Ground.Use<CheckTransfer>().ExecuteAsync(await Ground.Clerk.ActorAsync(), typed, "de", Now, default)).Value
            .ShouldNotBeNull();

    private async Task<IEnumerable<string>> ProblemsAsync(TypedTransfer typed) => (await CheckAsync(typed)).Problems.Select(p => p.Id);

    private async Task<EnteredTransfer> EnterAsync(TypedTransfer typed, Guid? id = null, DraftPrice? shown = null) =>
        await Ground.Use<EnterTransfer>().ExecuteAsync(
            await Ground.Clerk.ActorAsync(), id ?? Guid.CreateVersion7(), typed, shown ?? (await CheckAsync(typed)).Chosen?.Shown, "de",
            Now, default);

    private async Task<TransferRequest> RequestAsync(string reference)
    {
        await using var db = Portal.Open();
        var id = await db.Transfers.Where(r => r.Reference == reference).Select(r => r.Id).SingleAsync();
        return (await db.LoadTransferAsync(id, default)).ShouldNotBeNull();
    }
}
