using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features;

/// <summary>Issuing and cancelling with real documents on a real database: all of it or nothing.</summary>
public class IssueInvoiceTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    [Theory]
    [InlineData(InvoiceFormat.Zugferd, "Pdf Xml Check", 1)]
    [InlineData(InvoiceFormat.XRechnung, "Pdf Xml Check", 2)]
    [InlineData(InvoiceFormat.PlainPdf, "Pdf Check", 1)]
    public async Task An_issued_invoice_has_its_rows_and_its_documents(InvoiceFormat format, string kinds, int attached)
    {
        var issued = await IssueAsync(await OrderAsync() with { Format = format });

        var invoice = await Portal.ReadInvoiceAsync(issued.Id);
        (invoice.Net, invoice.Vat, invoice.Gross).ShouldBe((new Money(7000), new Money(1330), new Money(8330)));
        invoice.DueDate.ShouldBe(invoice.IssueDate.AddDays(14));
        invoice.RetainUntil.ShouldBe(new DateOnly(invoice.Year + 8, 12, 31));
        await using var db = Portal.Open();
        var documents = await db.InvoiceDocuments.Where(d => d.InvoiceId == issued.Id).OrderBy(d => d.Id).ToListAsync();
        string.Join(' ', documents.Select(d => d.Kind).OrderBy(k => k)).ShouldBe(kinds);
        documents.ShouldAllBe(d => InvoiceDocument.HashOf(d.Bytes) == d.Sha256);
        var pdf = documents.Single(d => d.Kind == InvoiceDocumentKind.Pdf);
        pdf.FileName.ShouldBe($"Rechnung-{issued.Number}.pdf");
        Encoding.Latin1.GetString(pdf.Bytes, 0, 8).ShouldBe("%PDF-1.7");
        if (documents.SingleOrDefault(d => d.Kind == InvoiceDocumentKind.Xml) is { } xml)
        {
            EInvoiceRules.Check(xml.Bytes).ShouldBeEmpty();
            InvoicePdfRules.Check(pdf.Bytes, xml.Bytes, attached: format == InvoiceFormat.Zugferd).ShouldBeEmpty();
        }

        using var check = JsonDocument.Parse(documents.Single(d => d.Kind == InvoiceDocumentKind.Check).Bytes);
        check.RootElement.GetProperty("pdf").GetString().ShouldBe(pdf.Sha256);
        check.RootElement.GetProperty("kept").EnumerateArray().Select(e => e.GetString()).ShouldContain("P-01");
        issued.Attachments.Select(a => a.Source).ShouldBe(Enumerable.Repeat("invoice", attached));
        issued.Attachments[0].Sha256.ShouldBe(pdf.Sha256);
        (await db.Events.SingleAsync(e => e.Stream == issued.Id)).Kind.ShouldBe(EventKind.InvoiceIssued);
        (await db.Set<InvoiceLineRow>().SingleAsync(l => l.InvoiceId == issued.Id)).Sku.ShouldBe("TRANSFER-muster-pos");
    }

    [Fact]
    public async Task What_breaks_a_rule_is_refused_in_sentences_and_takes_no_number()
    {
        var before = await LastNumberAsync();
        var order = await OrderAsync();
        var broken = new (InvoiceOrder Order, string Rule)[]
        {
            (order with { Buyer = order.Buyer with { Company = "Muster \U00013000 GmbH" } }, "P-09"),
            (order with { Buyer = order.Buyer with { City = " " } }, "P-06"),
            (order with { ServiceDate = order.ServiceDate.AddDays(1) }, "P-04"),
            (order with { Format = InvoiceFormat.XRechnung, Buyer = order.Buyer with { BuyerReference = null } }, "P-06"),
            (order with { Vat = new VatTreatment(VatCase.ReverseCharge, "AE", 0, "VATEX-EU-AE", LegalTexts.ReverseCharge),
                Buyer = order.Buyer with { Country = "AT", VatId = "ATU12345675" } }, "P-13"),
        };
        foreach (var (wrong, rule) in broken)
        {
            await using var db = Portal.Open();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var refused = (await Use<IssueInvoice>().ExecuteAsync(db, wrong, Actor.System, Now, default))
                .ShouldBeRefused(Refusal.InvoiceInvalid);
            refused.BrokenRules.ShouldNotBeNull().Select(r => r.Id).ShouldContain(rule);
            refused.BrokenRules.ShouldAllBe(r => r.German.Length > 20 && r.English.Length > 20);

            // No lock on the series: another one issues before this transaction ends.
            await IssueAsync(order with { TransferRequestId = null });
        }

        (await LastNumberAsync()).ShouldBe(before + broken.Length);
    }

    /// <summary>Point 5: a node whose clock is more than five minutes off issues and cancels nothing, and says why.</summary>
    [Theory]
    [InlineData(6, "6 Minuten vor", "6 minutes fast")]
    [InlineData(-7, "7 Minuten nach", "7 minutes slow")]
    [InlineData(4, null, null)]
    [InlineData(-4, null, null)]
    public async Task A_wrong_clock_issues_nothing(int minutes, string? german, string? english)
    {
        var issuer = new InvoiceIssuer(
            Use<IInvoiceRenderer>(), Use<IOptions<VendorOptions>>(), Use<LocalTimes>(), new NodeClock(new ShiftedClock(minutes)),
            NullLogger<InvoiceIssuer>.Instance);
        var order = await OrderAsync();
        var before = await LastNumberAsync();
        await using var db = Portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();

        var outcome = await new IssueInvoice(issuer, Use<VendorInvoicing>()).ExecuteAsync(db, order, Actor.System, Now, default);

        outcome.Succeeded.ShouldBe(german is null);
        if (german is not null)
        {
            var rule = outcome.Refused.BrokenRules.ShouldNotBeNull().ShouldHaveSingleItem();
            (rule.Id, rule.German.Contains(german, StringComparison.Ordinal), rule.English.Contains(english!, StringComparison.Ordinal))
                .ShouldBe(("Clock", true, true), rule.German + rule.English);
        }

        await transaction.RollbackAsync();
        (await LastNumberAsync()).ShouldBe(before);
    }

    /// <summary>Point 5: where a wrong clock has dated a series into the future already, none of the later ones follows it there.</summary>
    [Fact]
    public async Task Nothing_is_issued_into_a_series_that_is_ahead()
    {
        var order = await OrderAsync();
        await using var db = Portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await InvoiceNumbers.TakeAsync(db, InvoiceKind.Invoice, order.ServiceDate.AddDays(3), default);

        var outcome = await Use<IssueInvoice>().ExecuteAsync(db, order, Actor.System, Now, default);

        outcome.ShouldBeRefused(Refusal.InvoiceInvalid).BrokenRules.ShouldNotBeNull().ShouldHaveSingleItem().Id.ShouldBe("Clock");
    }

    [Fact]
    public async Task Two_nodes_issuing_at_once_with_failures_leave_no_gap()
    {
        await using var second = await SecondNode.StartAsync(Portal);
        var before = await LastNumberAsync();
        var orders = new List<InvoiceOrder>();
        for (var i = 0; i < 24; i++)
        {
            orders.Add(await OrderAsync());
        }

        var numbers = await Task.WhenAll(orders.Select(async (order, i) =>
        {
            var services = i % 2 == 0 ? Portal.Services : second.Services;
            await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var issued = (await services.GetRequiredService<IssueInvoice>().ExecuteAsync(db, order, Actor.System, Now, default))
                .ShouldSucceed();
            await db.SaveChangesAsync();
            if (i % 3 == 0)
            {
                return null;
            }

            await transaction.CommitAsync();
            return issued.Number;
        }));

        var kept = numbers.OfType<string>().Order(StringComparer.Ordinal).ToList();
        kept.ShouldBe(Enumerable.Range(before + 1, 16).Select(place => InvoiceNumber.Format(InvoiceKind.Invoice, Now.Year, place)));
    }

    [Fact]
    public async Task A_request_is_invoiced_once_and_again_after_the_cancellation()
    {
        var order = await OrderAsync() with { TransferRequestId = await RequestAsync() };
        var first = await IssueAsync(order);

        var twice = await Should.ThrowAsync<DbUpdateException>(() => IssueAsync(order));
        twice.InnerException.ShouldBeOfType<PostgresException>().ConstraintName.ShouldBe("ux_invoice_living");
        (await ground.Use<CancelInvoice>()
            .ExecuteAsync(await ground.ActAsync("Falscher Empfänger", by: ground.Accountant), first.Id, Now, default))
            .ShouldBe(StaffResult.Done);
        var next = await IssueAsync(order);

        next.Number.ShouldNotBe(first.Number);
        await using var db = Portal.Open();
        var listed = await RequestDocuments.ListAsync(db, order.TransferRequestId!.Value, default);
        listed.Select(d => d.FileName).ShouldContain($"Rechnung-{next.Number}.pdf");
        listed.Count.ShouldBe(6, "two invoices and a cancellation, each as PDF and XML");
        var file = (await RequestDocuments.ReadAsync(db, order.TransferRequestId.Value, $"Rechnung-{next.Number}.pdf", default))
            .ShouldNotBeNull();
        InvoiceDocument.HashOf(file.Bytes).ShouldBe(next.Attachments[0].Sha256);
        (await RequestDocuments.ReadAsync(db, Guid.NewGuid(), $"Rechnung-{next.Number}.pdf", default)).ShouldBeNull("it is another's");
        (await RequestDocuments.ReadAsync(db, order.TransferRequestId.Value, $"Pruefung-{next.Number}.json", default))
            .ShouldBeNull("not for customers");
    }

    [Fact]
    public async Task A_cancellation_is_the_invoice_with_the_other_sign_and_goes_out_by_mail()
    {
        var issued = await IssueAsync(await OrderAsync() with { Reference = "M-9ZZZ-11" });

        (await ground.Use<CancelInvoice>()
            .ExecuteAsync(await ground.ActAsync("Doppelt bestellt", by: ground.Accountant), issued.Id, Now, default))
            .ShouldBe(StaffResult.Done);

        var original = await Portal.ReadInvoiceAsync(issued.Id);
        original.State.ShouldBe(InvoiceState.Cancelled);
        var cancellation = await Portal.ReadInvoiceAsync(original.CancelledById!.Value);
        (cancellation.Net, cancellation.Vat, cancellation.Gross).ShouldBe((-original.Net, -original.Vat, -original.Gross));
        cancellation.Number.ShouldStartWith("S2026-");
        cancellation.Content.Notes.ShouldBe(
        [
            "Grund der Stornierung: Doppelt bestellt",
            $"Bereits ausgeglichen: Rechnung {original.Number} war nicht bezahlt und hebt sich mit dieser Stornorechnung auf. "
                + "Zu zahlen ist nichts.",
        ]);
        var mail = (await ground.MailsAsync("invoice-cancelled", "M-9ZZZ-11")).ShouldHaveSingleItem();
        mail.Attachments.ShouldHaveSingleItem().FileName.ShouldBe($"Stornorechnung-{cancellation.Number}.pdf");
        await using var db = Portal.Open();
        var xml = await db.InvoiceDocuments.SingleAsync(d => d.InvoiceId == cancellation.Id && d.Kind == InvoiceDocumentKind.Xml);
        EInvoiceRules.Check(xml.Bytes).ShouldBeEmpty();
        var told = await db.Events.SingleAsync(e => e.Stream == original.Id && e.Kind == EventKind.InvoiceCancelled);
        EventLog.Read(told.Data).ShouldBe(new EventData { Document = cancellation.Number, Before = "Issued", After = "Cancelled" });
    }

    /// <summary>Point 7 and 8: how the money comes back, in the language of the invoice, in a file with a name in it.</summary>
    [Fact]
    public async Task A_cancellation_of_what_was_paid_says_how_the_money_returns()
    {
        var issued = await IssueAsync(await OrderAsync() with { Language = "en", Reference = "M-9ZZZ-12" });
        (await ground.Use<RecordPayment>().ExecuteAsync(
            await ground.ActAsync(), issued.Id, new(issued.Invoice.Gross, issued.Invoice.IssueDate), Now, default))
            .ShouldBe(StaffResult.Done);

        (await ground.Use<CancelInvoice>()
            .ExecuteAsync(await ground.ActAsync("Ordered twice", by: ground.Accountant), issued.Id, Now, default))
            .ShouldBe(StaffResult.Done);

        var cancellation = await Portal.ReadInvoiceAsync((await Portal.ReadInvoiceAsync(issued.Id)).CancelledById!.Value);
        cancellation.Content.Notes.ShouldBe(
        [
            "Reason for the cancellation: Ordered twice",
            "To be refunded: we transfer your payment of 83,30\u00A0€ back to the account it came from. There is nothing to pay.",
        ]);
        issued.Attachments[0].FileName.ShouldBe($"Invoice-{issued.Number}.pdf");
        var mail = (await ground.MailsAsync("invoice-cancelled", "M-9ZZZ-12")).ShouldHaveSingleItem();
        mail.Attachments.ShouldHaveSingleItem().FileName.ShouldBe($"Cancellation-{cancellation.Number}.pdf");
        mail.CopyText.ShouldContain("back to the account it came from");
    }

    [Fact]
    public async Task A_reason_that_cannot_be_drawn_refuses_the_cancellation_in_a_sentence()
    {
        var issued = await IssueAsync(await OrderAsync());

        var result = await ground.Use<CancelInvoice>()
            .ExecuteAsync(await ground.ActAsync("Grund: \U00013000", by: ground.Accountant), issued.Id, Now, default);

        result.Refused.ShouldBe(StaffRefusal.InvoiceInvalid);
        result.Broken.ShouldNotBeNull().Select(r => r.Id).ShouldBe(["P-09"]);
        (await Portal.ReadInvoiceAsync(issued.Id)).State.ShouldBe(InvoiceState.Issued);
        await using var db = Portal.Open();
        (await db.Invoices.AnyAsync(i => i.CancelsId == issued.Id)).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_clerks_cancel_an_invoice_once()
    {
        var issued = await IssueAsync(await OrderAsync());
        var acts = new[] { await ground.ActAsync(by: ground.Accountant), await ground.ActAsync(by: ground.Administrator) };

        var results = await Task.WhenAll(acts.Select(act => ground.Use<CancelInvoice>().ExecuteAsync(act, issued.Id, Now, default)));

        results.Count(r => r.Succeeded).ShouldBe(1);
        results.Single(r => !r.Succeeded).Refused.ShouldBe(StaffRefusal.Conflict);
        await using var db = Portal.Open();
        (await db.Invoices.CountAsync(i => i.CancelsId == issued.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task Documents_of_an_invoice_and_a_license_file_arrive_byte_for_byte()
    {
        var order = await OrderAsync() with { Format = InvoiceFormat.XRechnung };
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-NEU"]);
        const string file = "-----BEGIN LICENSE FILE-----\nAA\n-----END LICENSE FILE-----\n";
        IReadOnlyList<MailAttachment> attachments;
        await using (var db = Portal.Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var loaded = (await db.LockLicenseAsync(license.Id, default))!;
            var kept = Use<LicenseFiles>().Keep(db, loaded, loaded.Activations.Single(), file, Now);
            attachments =
                [.. (await Use<IssueInvoice>().ExecuteAsync(db, order, Actor.System, Now, default)).ShouldSucceed().Attachments, kept];
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }

        attachments.Select(a => Path.GetExtension(a.FileName)).ShouldBe([".pdf", ".xml", ".lshlic"]);
        var sources = Portal.Services.GetServices<MailAttachmentSource>().ToDictionary(s => s.Name);
        var files = new List<MailFile>();
        foreach (var attachment in attachments)
        {
            var bytes = (await sources[attachment.Source].ReadAsync(attachment.Id, default)).ShouldNotBeNull();
            InvoiceDocument.HashOf(bytes).ShouldBe(attachment.Sha256);
            bytes.Length.ShouldBe((int)attachment.Length);
            files.Add(new MailFile(attachment.FileName, attachment.ContentType, bytes));
        }

        Encoding.UTF8.GetString(files[2].Content).ShouldBe(file);
        await using var stored = Portal.Open();
        Encoding.Latin1.GetString((await stored.Set<StoredLicenseFile>().SingleAsync(f => f.Id == attachments[2].Id)).SealedText)
            .ShouldNotContain("BEGIN LICENSE");
        (await sources["license"].ReadAsync(Guid.NewGuid(), default)).ShouldBeNull();
    }

    private async Task<IssuedInvoice> IssueAsync(InvoiceOrder order)
    {
        await using var db = Portal.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var issued = (await Use<IssueInvoice>().ExecuteAsync(db, order, Actor.System, Now, default)).ShouldSucceed();
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return issued;
    }

    private async Task<InvoiceOrder> OrderAsync()
    {
        await using var db = Portal.Open();
        var customer = new Customer
        {
            Number = await Numbers.NextCustomerAsync(db, default),
            Company = "Muster Gastro GmbH",
            Email = SampleLicense.Owner
        };
        db.Add(customer);
        await db.SaveChangesAsync();
        var sample = SampleInvoices.Content(DateOnly.FromDateTime(Now.Date));
        return new InvoiceOrder
        {
            CustomerId = customer.Id,
            Reference = "M-7F3K-20",
            Buyer = sample.Buyer with { CustomerNumber = customer.Number, BuyerReference = "04011000-12345-03" },
            Lines = sample.Lines,
            ServiceDate = sample.ServiceDate,
            Vat = sample.Vat,
            Language = "de",
        };
    }

    private async Task<Guid> RequestAsync()
    {
        await using var db = Portal.Open();
        var request = new TransferRequest { CreatedAt = Now };
        db.Add(request);
        await db.SaveChangesAsync();
        return request.Id;
    }

    private async Task<int> LastNumberAsync()
    {
        await using var db = Portal.Open();
        return await db.Invoices.Where(i => i.Kind == InvoiceKind.Invoice).MaxAsync(i => (int?)i.Place) ?? 0;
    }

    private T Use<T>()
        where T : notnull => ground.Use<T>();
}
