using System.Globalization;
using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Desk;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Schedules;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>What becomes of invoices once they are issued: paid, reminded of, sent again, exported, and looked after.</summary>
public class InvoiceActTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    private DateOnly Today => DateOnly.FromDateTime(Now.Date);

    [Fact]
    public async Task A_payment_is_recorded_once_however_often_it_is_sent()
    {
        var invoice = await Portal.StoreAsync();
        var act = await ground.ActAsync("Kontoauszug 47");
        for (var i = 0; i < 3; i++)
        {
            (await ground.Use<RecordPayment>().ExecuteAsync(act, invoice.Id, new(new Money(8330), Today), Now, default))
                .ShouldBe(StaffResult.Done);
        }

        (await ground.Use<RecordPayment>()
            .ExecuteAsync(act, invoice.Id, new(new Money(1), Today), Now, default)).Refused.ShouldBe(StaffRefusal.SentBefore);
        var after = await Portal.ReadInvoiceAsync(invoice.Id);
        after.State.ShouldBe(InvoiceState.Paid);
        after.PaidAt.ShouldBe(Now);
        after.Payments.ShouldHaveSingleItem().Note.ShouldBe("Kontoauszug 47");
        var told = await LastEventAsync(invoice, EventKind.PaymentRecorded);
        EventLog.Read(told.Data).ShouldBe(new EventData { Document = invoice.Number, Cents = 8330, Before = "Issued", After = "Paid" });
        told.ActorId.ShouldBe(ground.Clerk.Id);
        (await MailsAsync(invoice)).ShouldBeEmpty("customers are thanked only where the operator wants it");
    }

    [Theory]
    [InlineData(0, 0, StaffRefusal.Amount)]
    [InlineData(100_000_001, 0, StaffRefusal.Amount)]
    [InlineData(100, 1, StaffRefusal.Day)]
    [InlineData(100, int.MaxValue, StaffRefusal.Day)]
    [InlineData(100, int.MinValue, StaffRefusal.Day)]
    [InlineData(100, -400, StaffRefusal.Day)]
    public async Task A_payment_that_makes_no_sense_is_refused(long cents, int days, StaffRefusal expected)
    {
        var invoice = await Portal.StoreAsync();

        var day = DateOnly.FromDayNumber(
            (int)Math.Clamp(Today.DayNumber + (long)days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));

        (await ground.Use<RecordPayment>()
            .ExecuteAsync(await ground.ActAsync(), invoice.Id, new(new Money(cents), day), Now, default)).Refused.ShouldBe(expected);

        (await Portal.ReadInvoiceAsync(invoice.Id)).Payments.ShouldBeEmpty();
    }

    /// <summary>What is outstanding is recorded at once, what differs once somebody means it, and what nobody can mean never.</summary>
    [Theory]
    [InlineData(8330, null)]
    [InlineData(8300, StaffRefusal.AmountDiffers)]
    [InlineData(8331, StaffRefusal.AmountDiffers)]
    [InlineData(83300, StaffRefusal.AmountDiffers)]
    [InlineData(83301, StaffRefusal.AmountImpossible)]
    [InlineData(-1, StaffRefusal.AmountImpossible)]
    public async Task An_amount_that_is_not_outstanding_is_asked_about_or_refused(long cents, StaffRefusal? expected)
    {
        var invoice = await Portal.StoreAsync();
        var act = await ground.ActAsync("Kontoauszug 47");
        var received = new ReceivedMoney(new Money(cents), Today);

        (await ground.Use<RecordPayment>().ExecuteAsync(act, invoice.Id, received, Now, default)).Refused.ShouldBe(expected);

        (await Portal.ReadInvoiceAsync(invoice.Id)).Payments.Count.ShouldBe(expected is null ? 1 : 0);
        (await ground.Use<RecordPayment>().ExecuteAsync(act, invoice.Id, received with { IsConfirmed = true }, Now, default)).Refused
            .ShouldBe(expected == StaffRefusal.AmountImpossible ? expected : null);
    }

    [Fact]
    public async Task What_is_overpaid_is_found_until_the_money_went_back()
    {
        var invoice = await Portal.StoreAsync();

        await PayAsync(9000);
        (await IsFoundAsync()).ShouldBeTrue();
        await PayAsync(-670);
        (await IsFoundAsync()).ShouldBeFalse();
        (await ground.Use<CancelInvoice>()
            .ExecuteAsync(await ground.ActAsync("Storno", ground.Administrator), invoice.Id, Now, default)).ShouldBe(StaffResult.Done);
        (await IsFoundAsync()).ShouldBeTrue("a cancelled invoice asks for nothing");
        await PayAsync(-8330);
        (await IsFoundAsync()).ShouldBeFalse();

        async Task PayAsync(long cents) =>
            (await ground.Use<RecordPayment>().ExecuteAsync(
                await ground.ActAsync(), invoice.Id, new(new Money(cents), Today) { IsConfirmed = true }, Now, default))
                .ShouldBe(StaffResult.Done);

        async Task<bool> IsFoundAsync() => (await ground.Use<SearchInvoices>()
            .ExecuteAsync(await ground.Clerk.ActorAsync(), InvoiceFilter.Overpaid, invoice.Number, null, default, Now, default))
            .Value!.Invoices.Count == 1;
    }

    [Fact]
    public async Task A_payment_is_taken_back_on_its_day_and_once()
    {
        var invoice = await Portal.StoreAsync();
        (await ground.Use<RecordPayment>().ExecuteAsync(
            await ground.ActAsync(), invoice.Id, new(invoice.Gross, Today), Now, default)).ShouldBe(StaffResult.Done);
        var payment = (await Portal.ReadInvoiceAsync(invoice.Id)).Payments.Single().Id;

        (await UndoAsync(Now.AddDays(1))).Refused.ShouldBe(StaffRefusal.Conflict, "its day is over");
        (await UndoAsync(Now)).ShouldBe(StaffResult.Done);
        (await UndoAsync(Now)).Refused.ShouldBe(StaffRefusal.Conflict, "it was taken back");

        var after = await Portal.ReadInvoiceAsync(invoice.Id);
        (after.State, after.Outstanding, after.Payments.Count).ShouldBe((InvoiceState.Issued, invoice.Gross, 2));
        after.NextReminderAt.ShouldNotBeNull("it is owed again");
        var undo = after.Payments.Single(p => p.UndoesId == payment);
        (await UndoAsync(Now, undo.Id)).Refused.ShouldBe(StaffRefusal.Conflict, "what takes back is not taken back");

        async Task<StaffResult> UndoAsync(DateTimeOffset now, Guid? id = null) =>
            await ground.Use<UndoPayment>().ExecuteAsync(
                new StaffAct(Guid.CreateVersion7(), await ground.Clerk.ActorAsync(authenticatedAt: now), "Falsche Rechnung"), invoice.Id,
                id ?? payment, now, default);
    }

    [Theory]
    [InlineData(InvoiceFormat.Zugferd, 1)]
    [InlineData(InvoiceFormat.XRechnung, 2)]
    [InlineData(InvoiceFormat.PlainPdf, 1)]
    public async Task A_copy_carries_the_stored_documents(InvoiceFormat format, int files)
    {
        var invoice = await Portal.StoreAsync(format);

        (await ground.Use<SendInvoiceAgain>().ExecuteAsync(await ground.ActAsync(), invoice.Id, Now, default)).ShouldBe(StaffResult.Done);

        var mail = (await MailsAsync(invoice)).ShouldHaveSingleItem();
        mail.Kind.ShouldBe("invoice-copy");
        mail.ToAddress.ShouldBe(invoice.Content.Buyer.Email);
        mail.Attachments.Count.ShouldBe(files);
        mail.Attachments[0].FileName.ShouldBe($"Rechnung-{invoice.Number}.pdf");
        await using var db = Portal.Open();
        var pdf = await db.InvoiceDocuments.SingleAsync(d => d.InvoiceId == invoice.Id && d.Kind == InvoiceDocumentKind.Pdf);
        (mail.Attachments[0].Sha256, mail.Attachments[0].Length).ShouldBe((pdf.Sha256, pdf.Bytes.Length));
    }

    [Fact]
    public async Task Each_level_is_reminded_of_once_over_the_weeks_whatever_node_looks_and_how_often()
    {
        var invoice = await Portal.StoreAsync();
        var paused = await Portal.StoreAsync();
        (await ground.Use<PauseReminders>().ExecuteAsync(await ground.ActAsync(), paused.Id, paused: true, Now, default))
            .ShouldBe(StaffResult.Done);
        var start = Now;
        for (var day = 0; day < 80; day++)
        {
            // Three runs at once, as on three nodes.
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ground.Use<RemindInvoices>().RunAsync(start.AddDays(day), default)));
        }

        var mails = await MailsAsync(invoice);
        mails.Where(m => m.Kind == "invoice-reminder").Select(m => (m.BusinessKey, (m.CreatedAt.Date - start.Date).Days)).Order()
            .ShouldBe([($"{invoice.Id}/1", 21), ($"{invoice.Id}/2", 35), ($"{invoice.Id}/3", 49)]);
        mails.Where(m => m.Kind == "invoice-reminder").ShouldAllBe(m => m.Attachments.Count == 1);
        mails.Where(m => m.Kind == "staff-payment").ShouldHaveSingleItem();
        var after = await Portal.ReadInvoiceAsync(invoice.Id);
        (after.ReminderLevel, after.NextReminderAt, after.State).ShouldBe((3, null, InvoiceState.Issued), "a reminder locks nothing");
        (await MailsAsync(paused)).ShouldBeEmpty();
        (await ground.WorkAsync(WorkView.Invoices)).ShouldContain(w => w.Number == after.Number);

        (await ground.Use<PauseReminders>().ExecuteAsync(await ground.ActAsync(), paused.Id, paused: false, Now, default))
            .ShouldBe(StaffResult.Done);
        await ground.Use<RemindInvoices>().RunAsync(start.AddDays(80), default);
        (await MailsAsync(paused)).Select(m => m.Kind).ShouldBe(["invoice-reminder"]);
    }

    [Fact]
    public async Task Reminders_of_a_customer_are_paused_for_every_invoice_and_go_on()
    {
        var invoice = await Portal.StoreAsync();
        var pause = ground.Use<PauseCustomerReminders>();
        (await pause.ExecuteAsync(await ground.ActAsync("Ratenzahlung"), invoice.Id, paused: true, Now, default))
            .ShouldBe(StaffResult.Done);
        (await pause.ExecuteAsync(await ground.ActAsync(), invoice.Id, paused: true, Now, default)).Refused.ShouldBe(StaffRefusal.Conflict);

        await ground.Use<RemindInvoices>().RunAsync(Now.AddDays(30), default);
        (await MailsAsync(invoice)).ShouldBeEmpty();
        (await LastEventAsync(invoice, EventKind.CustomerRemindersPaused)).Detail!.Text.ShouldBe("Ratenzahlung");

        (await pause.ExecuteAsync(await ground.ActAsync(), invoice.Id, paused: false, Now, default)).ShouldBe(StaffResult.Done);
        await ground.Use<RemindInvoices>().RunAsync(Now.AddDays(30), default);
        (await MailsAsync(invoice)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_reminder_that_fails_does_not_hold_up_the_others()
    {
        var broken = await Portal.StoreAsync();
        var next = await Portal.StoreAsync();
        await using (var db = Portal.Open())
        {
            (await ground.Use<SendInvoiceAgain>().ExecuteAsync(await ground.ActAsync(), broken.Id, Now, default))
                .ShouldBe(StaffResult.Done);

            // Its mail was enqueued before, by whatever fault: the unique index refuses a second one.
            await db.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO outbox SELECT (jsonb_populate_record(o, jsonb_build_object(
                     'id', gen_random_uuid(), 'kind', 'invoice-reminder', 'business_key', {broken.Id + "/1"}))).*
                 FROM outbox o LIMIT 1
                 """);
        }

        await ground.Use<RemindInvoices>().RunAsync(Now.AddDays(30), default);

        (await Portal.ReadInvoiceAsync(broken.Id)).ReminderLevel.ShouldBe(0);
        (await Portal.ReadInvoiceAsync(next.Id)).ReminderLevel.ShouldBe(1);
    }

    [Fact]
    public async Task The_export_holds_every_document_of_the_time_as_it_is_stored()
    {
        var inside = await Portal.StoreAsync(date: new DateOnly(2027, 2, 3));
        await Portal.StoreAsync(date: new DateOnly(2027, 2, 28), company: "=HYPERLINK(\"x\");Muster");
        await Portal.StoreAsync(date: new DateOnly(2027, 3, 1));
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.zip");
        try
        {
            var (exit, output) = await Portal.RunAsync("export", "invoices", "--from", "2027-02-01", "--to", "2027-02-28", "--file", path);
            exit.ShouldBe(0, output);
            output.ShouldContain("2 invoices");
            using var zip = ZipFile.OpenRead(path);
            zip.Entries.Select(e => e.Name).Take(2).ShouldBe([$"Rechnung-{inside.Number}.pdf", $"Rechnung-{inside.Number}.xml"]);
            zip.Entries.Select(e => e.Name).Skip(4).ShouldBe(["index.csv", "booking.csv", "payments.csv"]);
            var index = Text(zip, "index.csv");
            foreach (var file in zip.Entries.Take(2))
            {
                using var bytes = new MemoryStream();
                await using (var stream = await file.OpenAsync())
                {
                    await stream.CopyToAsync(bytes);
                }

                index.ShouldContain(string.Create(
                    CultureInfo.InvariantCulture, $"{inside.Number};{file.Name};{InvoiceDocument.HashOf(bytes.ToArray())};{bytes.Length}"));
            }

            Text(zip, "booking.csv").Split("\r\n")[1].ShouldBe(
                $"2027-02-03;{inside.Number};;{inside.Content.Buyer.CustomerNumber};Muster Gastro "
                    + $"GmbH;DE;;70.00;19.00;13.30;83.30;Domestic;");
            Text(zip, "booking.csv").ShouldContain(";\"'=HYPERLINK(\"\"x\"\");Muster\";DE", Case.Sensitive, "a formula is none any more");
        }
        finally
        {
            File.Delete(path);
        }

        (await Portal.RunAsync("export", "invoices", "--from", "2027-02-28", "--to", "2027-02-01", "--file", path)).Exit.ShouldBe(2);
    }

    [Fact]
    public async Task A_person_without_the_right_gets_no_export()
    {
        var nobody = await StaffUser.CreateAsync(Portal, secondFactor: false);
        var refused = await ground.Use<ExportInvoices>()
            .ExecuteAsync(await nobody.ActorAsync(), Today, Today, () => throw new InvalidOperationException("nothing is written"), Now,
                default);
        refused.ShouldBe(StaffRefusal.NotPermitted);
    }

    [Fact]
    public async Task The_list_is_filtered_searched_and_paged()
    {
        var search = ground.Use<SearchInvoices>();
        var mine = await Portal.StoreAsync();
        var paid = await Portal.StoreAsync();
        await ground.Use<RecordPayment>().ExecuteAsync(await ground.ActAsync(), paid.Id, new(paid.Gross, Today), Now, default);
        var actor = await ground.Clerk.ActorAsync();

        (await FindAsync(InvoiceFilter.All, mine.Number)).ShouldBe([mine.Number]);
        (await FindAsync(InvoiceFilter.All, mine.Content.Buyer.CustomerNumber!.ToLowerInvariant())).ShouldBe([mine.Number]);
        (await FindAsync(InvoiceFilter.Paid, paid.Number)).ShouldBe([paid.Number]);
        (await FindAsync(InvoiceFilter.Open, paid.Number)).ShouldBeEmpty();
        (await FindAsync(InvoiceFilter.Overdue, mine.Number)).ShouldBeEmpty();
        (await FindAsync(InvoiceFilter.Overdue, mine.Number, Now.AddDays(15))).ShouldBe([mine.Number]);
        (await FindAsync(InvoiceFilter.Cancellations, mine.Number)).ShouldBeEmpty();
        (await FindAsync(InvoiceFilter.All, "%")).ShouldBeEmpty("a percent sign is a percent sign");

        for (var i = 0; i < SearchInvoices.PageSize; i++)
        {
            await Portal.StoreAsync();
            Portal.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = (await search.ExecuteAsync(actor, InvoiceFilter.All, "", null, default, Now, default)).Value!;
        (first.HasNewer, first.HasOlder, first.Invoices.Count).ShouldBe((false, true, SearchInvoices.PageSize));
        var next = (await search.ExecuteAsync(actor, InvoiceFilter.All, "", null, new(first.Invoices[^1].Number, null), Now, default))
            .Value!;
        next.HasNewer.ShouldBeTrue();
        next.Invoices.Select(i => i.Number).Intersect(first.Invoices.Select(i => i.Number)).ShouldBeEmpty();
        var back = (await search.ExecuteAsync(actor, InvoiceFilter.All, "", null, new(null, next.Invoices[0].Number), Now, default)).Value!;
        back.Invoices.Select(i => i.Number).ShouldBe(first.Invoices.Select(i => i.Number));

        async Task<IEnumerable<string>> FindAsync(InvoiceFilter filter, string term, DateTimeOffset? at = null) =>
            (await search.ExecuteAsync(await ground.Clerk.ActorAsync(authenticatedAt: at), filter, term, null, default, at ?? Now,
                default)).Value!.Invoices.Select(i => i.Number);
    }

    [Fact]
    public async Task A_daily_job_runs_once_a_day_on_one_node_and_again_after_a_failure()
    {
        var runs = 0;
        var fails = true;
        await using var second = await SecondNode.StartAsync(Portal);
        DailyJob job = new($"test-{Guid.NewGuid():n}", new TimeOnly(6, 0), (_, _, _) =>
        {
            Interlocked.Increment(ref runs);
            return fails ? throw new InvalidOperationException("on purpose") : Task.CompletedTask;
        });
        DailyJobs[] nodes = [Node(Portal.Services), Node(second.Services)];
        var start = new DateTimeOffset(2027, 1, 4, 4, 59, 0, TimeSpan.Zero);
        Portal.Clock.Now = start;

        await RunAsync();
        runs.ShouldBe(0, "it is not yet six in Berlin");
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync();
        await RunAsync();
        runs.ShouldBe(1, "one node, and the failed run keeps its lease");
        fails = false;
        Portal.Clock.Advance(DailyJobs.Lease);
        await RunAsync();
        await RunAsync();
        runs.ShouldBe(2);
        Portal.Clock.Now = start.AddDays(1).AddMinutes(1);
        await RunAsync();
        runs.ShouldBe(3);

        Task RunAsync() => Task.WhenAll(nodes.Select(node => node.RunDueAsync(default)));

        DailyJobs Node(IServiceProvider services) =>
            Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<DailyJobs>(services, (IEnumerable<DailyJob>)[job]);
    }

    private async Task<LicenseEvent> LastEventAsync(Invoice invoice, EventKind kind)
    {
        await using var db = Portal.Open();
        return await db.Events.AsNoTracking().Include(e => e.Detail).Where(e => e.Stream == invoice.Id && e.Kind == kind)
            .OrderByDescending(e => e.Seq).FirstAsync();
    }

    private async Task<List<OutboxMessage>> MailsAsync(Invoice invoice)
    {
        await using var db = Portal.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.CustomerId == invoice.CustomerId).ToListAsync();
    }

    private static string Text(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
