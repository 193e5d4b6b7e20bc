using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Customer.ChangeOwner;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Ownership;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Loans;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Ownership;
using SelfHelpPortal.Shared.PersonalData;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Ownership;

/// <summary>From the form to the settled case, and what neither a stranger nor a former licensee can do.</summary>
public sealed class ChangeOwnerTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task New_data_stand_on_license_files_and_the_invoice_once_the_licensee_and_staff_agree()
    {
        var held = await Portal.AddHeldAsync(cents: 20_00, computers: "KASSE-1");
        var change = await Portal.AddOwnerChangeAsync(OwnerChangeKind.Data, held);
        (await CompanyAsync(held.CustomerId)).ShouldBe("Muster Gastro GmbH", "nothing changes before");
        await change.AgreedAsync();
        (await CompanyAsync(held.CustomerId)).ShouldBe("Muster Gastro GmbH");

        (await SettleAsync(change)).ShouldBe(StaffResult.Done);
        (await SettleAsync(change)).Refused.ShouldBe(StaffRefusal.Conflict, "once");

        var after = await change.ReadAsync();
        (after.State, after.NewCustomerId).ShouldBe((OwnerChangeState.Completed, held.CustomerId));
        await using var db = Portal.Open();
        var customer = await db.Customers.SingleAsync(c => c.Id == held.CustomerId);
        (customer.Company, customer.Street, customer.City).ShouldBe(("Muster Gastro AG", "Beispielweg 2", "Beispielstadt"));
        var invoice = await db.Invoices.SingleAsync(i => i.Id == after.InvoiceId);
        (invoice.Net.Cents, invoice.CustomerId, invoice.Content.Buyer.Company, invoice.Content.Reference)
            .ShouldBe((20_00, held.CustomerId, "Muster Gastro AG", after.Reference));
        var mail = (await ground.MailsAsync("owner-settled", after.Reference)).ShouldHaveSingleItem();
        mail.ToAddress.ShouldBe(customer.Email);
        mail.Attachments.Select(a => a.FileName)
            .ShouldBe([$"Lizenz-{held.License.Number}.lshlic", $"Rechnung-{invoice.Number}.pdf"]);
        (await db.LicenseHolders.AnyAsync(h => h.LicenseId == held.License.Id)).ShouldBeFalse("the licensee is the same");
        (await db.Events.AnyAsync(e => e.Stream == held.CustomerId && e.Kind == EventKind.CustomerChanged)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_takeover_ends_every_right_of_the_former_licensee_over_this_license_and_no_other()
    {
        var held = await Portal.AddHeldAsync(cents: 49_00, computers: ["KASSE-1", "KASSE-2"]);
        var other = await AddToAsync(held);
        var byKey = await CustomerUser.CreateByKeyAsync(held.License);
        var objection = await held.License.ReleaseAsync("KASSE-2");
        var links = new List<string> { await held.License.LinkAsync(LinkPurpose.Objection, objection.Id),
            await held.License.LinkAsync(LinkPurpose.LicenseInformation, held.License.Id) };
        var lent = await AskForLoanAsync(held.License);
        var loan = await held.License.LinkAsync(LinkPurpose.Loan, lent);
        var rival = await Portal.AddOwnerChangeAsync(OwnerChangeKind.Data, held);
        await AddDraftAsync(held.License.Id);
        var change = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover, held)).AgreedAsync();
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));

        (await SettleAsync(change)).ShouldBe(StaffResult.Done);

        var after = await change.ReadAsync();
        await using var db = Portal.Open();
        var license = await held.License.ReadAsync();
        var taker = await db.Customers.SingleAsync(c => c.Id == license.CustomerId);
        (taker.Company, taker.Email, taker.Id).ShouldBe(("Beispiel Betriebs GmbH", after.Licensee.Email!, after.NewCustomerId!.Value));
        license.ActiveComputers.ShouldHaveSingleItem().PcName.ShouldBe("KASSE-1", "the till goes on");

        // Of the former one: members, whoever had the key, links, drafts and other cases.
        var owner = await held.Owner.ActorAsync();
        (await Customers.LicensesOf(db, owner, CustomerRole.KeyHolder).Select(l => l.Number).ToListAsync()).ShouldBe([other]);
        (await Customers.LicensesOf(db, await byKey.ActorAsync(), CustomerRole.KeyHolder).AnyAsync()).ShouldBeFalse();
        (await db.KeyAccesses.AnyAsync(k => k.LicenseId == held.License.Id)).ShouldBeFalse();
        foreach (var link in links)
        {
            (await SecretLinks.FindAsync(db, LinkPurpose.Objection, link, Now)).ShouldBeNull();
            (await SecretLinks.FindAsync(db, LinkPurpose.LicenseInformation, link, Now)).ShouldBeNull();
        }

        (await SecretLinks.FindAsync(db, LinkPurpose.Loan, loan, Now)).ShouldBeNull("the former owner could still agree to it");
        (await db.Loans.AnyAsync(l => l.LicenseId == held.License.Id)).ShouldBeFalse("and staff could still grant it");

        var drafts = await db.Transfers.Where(r => r.State == TransferState.Draft).Select(r => r.Draft).ToListAsync();
        drafts.ShouldAllBe(d => d.LicenseId != held.License.Id);
        (await rival.ReadAsync()).State.ShouldBe(OwnerChangeState.Withdrawn);

        // History, invoice and mails.
        var view = (await ground.Use<ShowLicense>().ExecuteAsync(await ground.Clerk.ActorAsync(), license.Number, Now, default)).Value!;
        view.Holders.Select(h => (h.CustomerNumber, h.From, h.Until)).ShouldBe(
            [(taker.Number, Now, null), ((await db.Customers.SingleAsync(c => c.Id == held.CustomerId)).Number, license.CreatedAt, Now)]);
        view.History[0].Kind.ShouldBe(EventKind.HolderChanged);
        var invoice = await db.Invoices.SingleAsync(i => i.Id == after.InvoiceId);
        (invoice.CustomerId, invoice.Net.Cents, invoice.Content.Buyer.Email).ShouldBe((taker.Id, 49_00, taker.Email));
        (await ground.MailsAsync("owner-settled", after.Reference)).ShouldHaveSingleItem().ToAddress.ShouldBe(taker.Email);
        var goodbye = (await ground.MailsAsync("license-handed-over", after.Reference)).ShouldHaveSingleItem();
        goodbye.CopyText!.ShouldNotContain("Beispiel Betriebs", Case.Insensitive, "who has it now is not the former one's business");
    }

    [Fact]
    public async Task The_one_that_takes_over_may_be_a_customer_already()
    {
        var (known, change) = (await Portal.AddRenewalAsync(),
            await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover)).AgreedAsync());
        await using var db = Portal.Open();
        var number = await db.Customers.Where(c => c.Id == known.CustomerId).Select(c => c.Number).SingleAsync();
        var own = await db.Customers.Where(c => c.Id == change.Held.CustomerId).Select(c => c.Number).SingleAsync();

        (await SettleAsync(change, "C-99999999")).Refused.ShouldBe(StaffRefusal.NoSuchCustomer);
        (await SettleAsync(change, own)).Refused.ShouldBe(StaffRefusal.NoSuchCustomer, "it has the license");
        (await SettleAsync(change, number)).ShouldBe(StaffResult.Done);

        (await change.Held.License.ReadAsync()).CustomerId.ShouldBe(known.CustomerId);
        (await change.ReadAsync()).InvoiceId.ShouldBeNull("without a price it is free of charge");
        (await Customers.LicensesOf(db, await known.Owner.ActorAsync(), CustomerRole.Owner).CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task What_is_locked_or_under_way_is_settled_first()
    {
        var locked = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover)).AgreedAsync();
        await using (var db = Portal.Open())
        {
            await db.Database.ExecuteSqlAsync($"UPDATE license SET state = 'Suspended' WHERE id = {locked.Held.License.Id}");
        }

        (await SettleAsync(locked)).Refused.ShouldBe(StaffRefusal.LicenseNotTransferable);
        (await locked.ReadAsync()).State.ShouldBe(OwnerChangeState.InReview, "a refusal leaves nothing behind");

        var order = await Portal.AddTransferAsync();
        var license = await order.Licenses[0].ReadAsync();
        var held = new SampleRenewal(order.Licenses[0], license.CustomerId, await CustomerUser.CreateAsync(order.Licenses[0]));
        var moving = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover, held, withDocument: true)).AgreedAsync();
        (await SettleAsync(moving)).Refused.ShouldBe(StaffRefusal.OrderUnderWay);
    }

    [Fact]
    public async Task A_stranger_learns_nothing_and_the_licensee_loses_nothing()
    {
        var held = await Portal.AddHeldAsync();
        var real = await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover, held);
        var none = await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover, held, stated: "L-99999999");

        var (known, unknown) = (await ShowAsync(real.Token), await ShowAsync(none.Token));
        (known.Change.State, known.Product.Id).ShouldBe((unknown.Change.State, unknown.Product.Id), "the same answer");
        var asked = (await ground.MailsAsync("owner-confirm", known.Change.Reference)).ShouldHaveSingleItem();
        (await ground.MailsAsync("owner-confirm", unknown.Change.Reference)).ShouldBeEmpty();
        asked.CopyText!.ShouldNotContain("Erika Muster", Case.Insensitive, "what a stranger typed stands on the page only");
        asked.CopyText!.ShouldNotContain("Beispiel Betriebs");
        await using var db = Portal.Open();
        (await db.Set<OutboxMessage>().AnyAsync(m => m.ToAddress == known.Change.Licensee.Email))
            .ShouldBeFalse("nobody is written to whom nobody has confirmed");

        // The token of the page agrees to nothing, and staff cannot settle without the licensee.
        (await ground.Use<AgreeToOwnerChange>().ExecuteAsync(real.Token, "free", false, SampleAppointments.Somebody(), Now, default))
            .ShouldBe(AgreeOutcome.Over);
        (await real.AgreeAsync(LinkPurpose.TakerConfirm)).ShouldBe(AgreeOutcome.Over, "the licensee is asked first");
        (await SettleAsync(real)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await SettleAsync(none)).Refused.ShouldBe(StaffRefusal.Conflict);
        (await held.License.ReadAsync()).CustomerId.ShouldBe(held.CustomerId);
    }

    [Fact]
    public async Task Floods_are_stopped_for_mails_pages_and_documents()
    {
        var held = await Portal.AddHeldAsync();
        var (caller, product) = (SampleAppointments.Somebody(), (await held.License.ReadAsync()).ProductId);
        var outcomes = new List<OwnerSendOutcome>();
        for (var i = 0; i < 5; i++)
        {
            var begun = await ground.Use<BeginOwnerChange>().ExecuteAsync(
                SampleOwnerChanges.Wish(OwnerChangeKind.Data, product), held.License.Number, caller, person: null, Now, default);
            outcomes.Add((await ground.Use<SendOwnerChange>().ExecuteAsync(begun.Token!, caller, null, Now, default)).Outcome);
        }

        outcomes.ShouldBe(
            [OwnerSendOutcome.Sent, OwnerSendOutcome.Sent, OwnerSendOutcome.Sent, OwnerSendOutcome.TooManyTries,
                OwnerSendOutcome.TooManyTries]);
        BeginResult last;
        var pages = 0;
        do
        {
            last = await ground.Use<BeginOwnerChange>().ExecuteAsync(
                SampleOwnerChanges.Wish(OwnerChangeKind.Data, product), "L-1", caller, person: null, Now, default);
        }
        while (last.Token is not null && ++pages < 100);

        pages.ShouldBeLessThan(20);
        last.RetryAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_price_that_changed_is_agreed_to_again()
    {
        var change = await Portal.AddOwnerChangeAsync(OwnerChangeKind.Data, await Portal.AddHeldAsync(cents: 20_00));
        var link = await change.LinkAsync(LinkPurpose.OwnerConfirm);
        var agreement = ground.Use<AgreeToOwnerChange>();
        var before = (await agreement.ShowAsync(link, Now, default))!.Quote!.Shown;
        await using (var db = Portal.Open())
        {
            var product = (await change.ReadAsync()).ProductId;
            var today = DateOnly.FromDateTime(Now.UtcDateTime);
            await db.PriceList.Where(p => p.ProductId == product && p.Sku == "DATA")
                .ExecuteUpdateAsync(p => p.SetProperty(e => e.ValidUntil, today.AddDays(-1)));
            db.Add(new PriceListEntry
            {
                ProductId = product,
                Sku = "DATA",
                NetCents = 30_00,
                ValidFrom = today,
                NameDe = "Artikel DATA",
                NameEn = "Article DATA",
            });
            await db.SaveChangesAsync();
        }

        (await agreement.ExecuteAsync(link, before, false, SampleAppointments.Somebody(), Now, default)).ShouldBe(AgreeOutcome.Changed);
        (await change.AgreeAsync(LinkPurpose.OwnerConfirm)).ShouldBe(AgreeOutcome.Done);
        (await change.ReadAsync()).Price!.NetCents.ShouldBe(30_00);
    }

    [Fact]
    public async Task A_question_goes_to_whoever_agreed_last_and_its_answer_comes_back()
    {
        var change = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover)).AgreedAsync();
        var after = await change.ReadAsync();
        (await ground.MailsAsync("staff-owner-change", after.Reference)).ShouldHaveSingleItem().Subject.ShouldContain("prüfen");

        (await ground.Use<AskAboutOwnerChange>().ExecuteAsync(await ground.ActAsync("Seit wann?"), change.Id, Now, default))
            .ShouldBe(StaffResult.Done);

        (await ground.MailsAsync("owner-question", after.Reference)).ShouldHaveSingleItem().ToAddress.ShouldBe(after.Licensee.Email);
        var link = await change.LinkAsync(LinkPurpose.OwnerAnswer);
        (await ground.Use<AnswerOwnerChange>().ExecuteAsync(link, "Seit Mai.", SampleAppointments.Somebody(), Now, default)).ShouldBeTrue();
        (await ground.Use<AnswerOwnerChange>().ExecuteAsync(link, "Nein.", SampleAppointments.Somebody(), Now, default)).ShouldBeFalse();
        (await change.ReadAsync()).Answer.ShouldBe("Seit Mai.");
        (await ground.MailsAsync("staff-owner-change", after.Reference)).Select(m => m.Subject)
            .ShouldBe([$"Änderung des Lizenznehmers prüfen [{after.Reference}]", $"Antwort [{after.Reference}]"], ignoreOrder: true);

        (await ground.Use<DeclineOwnerChange>().ExecuteAsync(await ground.ActAsync("Kein Nachweis"), change.Id, Now, default))
            .ShouldBe(StaffResult.Done);
        (await ground.MailsAsync("owner-declined", after.Reference)).Select(m => m.ToAddress).Order()
            .ShouldBe(new[] { after.Licensee.Email!, await EmailAsync(change.Held.CustomerId) }.Order());
    }

    [Fact]
    public async Task A_fee_is_waived_up_to_the_limit_of_support()
    {
        var dear = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Data, await Portal.AddHeldAsync(cents: 500_00))).AgreedAsync();
        (await SettleAsync(dear, waive: true)).Refused.ShouldBe(StaffRefusal.AboveLimit);

        var cheap = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Data, await Portal.AddHeldAsync(cents: 20_00))).AgreedAsync();
        (await SettleAsync(cheap, waive: true)).ShouldBe(StaffResult.Done);
        (await cheap.ReadAsync()).InvoiceId.ShouldBeNull();
    }

    [Fact]
    public async Task A_vat_id_of_another_state_is_for_people_to_decide()
    {
        var change = await (await Portal.AddOwnerChangeAsync(
            OwnerChangeKind.Data, await Portal.AddHeldAsync(cents: 20_00),
            change: wish => wish with { Licensee = wish.Licensee with { Country = "AT", VatId = "ATU12345675" } })).AgreedAsync();

        (await SettleAsync(change)).Refused.ShouldBe(StaffRefusal.TaxUndecided);
        (await CompanyAsync(change.Held.CustomerId)).ShouldBe("Muster Gastro GmbH", "all of it or nothing");
        (await SettleAsync(change, waive: true)).ShouldBe(StaffResult.Done);
    }

    [Fact]
    public async Task Each_licensee_exports_and_erases_the_own_time_only()
    {
        var held = await Portal.AddHeldAsync(computers: ["KASSE-ALT", "KASSE-BLEIBT"]);
        await held.License.ReleaseAsync("KASSE-ALT");
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var change = await (await Portal.AddOwnerChangeAsync(OwnerChangeKind.Takeover, held, withDocument: true)).AgreedAsync();
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        (await SettleAsync(change)).ShouldBe(StaffResult.Done);
        Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await held.License.ActivateAsync("KASSE-NEU");
        var taker = (await change.ReadAsync()).NewCustomerId!.Value;

        var (former, present) = (await ExportAsync(held.CustomerId), await ExportAsync(taker));

        former.ShouldContain("KASSE-ALT");
        former.ShouldNotContain("KASSE-BLEIBT");
        former.ShouldNotContain("KASSE-NEU");
        former.ShouldContain("\"until\"");
        former.ShouldNotContain("Beispielweg");
        former.ShouldNotContain("%PDF");
        present.ShouldContain("KASSE-BLEIBT");
        present.ShouldContain("KASSE-NEU");
        present.ShouldNotContain("KASSE-ALT");
        present.ShouldNotContain("Muster Gastro GmbH");
        present.ShouldContain("%PDF");

        await using var db = Portal.Open();
        await Anonymizer.OfCustomerAsync(db, await db.Customers.SingleAsync(c => c.Id == held.CustomerId), Now, default);
        await db.SaveChangesAsync();
        (await held.License.ReadAsync()).Activations.Select(a => a.PcName).Order().ShouldBe([null, "KASSE-BLEIBT", "KASSE-NEU"]);
        (await db.Set<OwnerDocument>().AnyAsync(d => d.ChangeId == change.Id)).ShouldBeTrue("it is the other's");
        await Anonymizer.OfCustomerAsync(db, await db.Customers.SingleAsync(c => c.Id == taker), Now, default);
        await db.SaveChangesAsync();
        (await held.License.ReadAsync()).Activations.ShouldAllBe(a => a.PcName == null);
        (await db.Set<OwnerDocument>().AnyAsync(d => d.ChangeId == change.Id)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_database_keeps_size_and_order()
    {
        var change = await Portal.AddOwnerChangeAsync(OwnerChangeKind.Data);
        await using var db = Portal.Open();
        var large = new byte[5 * 1024 * 1024 + 1];
        (await Should.ThrowAsync<PostgresException>(() => db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO owner_document (id, change_id, format, content, sha256, created_at)
             VALUES (gen_random_uuid(), {change.Id}, 'Pdf', {large}, 'x', now())
             """)))
            .ConstraintName.ShouldBe("ck_owner_document_size");
        db.Add(Holder(Now.AddDays(-2), Now.AddDays(-1)));
        await db.SaveChangesAsync();
        db.Add(Holder(Now.AddDays(-3), Now.AddDays(-1)));
        (await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync())).InnerException.ShouldBeOfType<PostgresException>()
            .SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);

        LicenseHolder Holder(DateTimeOffset from, DateTimeOffset until) =>
            new() { LicenseId = change.Held.License.Id, CustomerId = change.Held.CustomerId, From = from, Until = until };
    }

    [Fact]
    public async Task What_waits_too_long_ends_and_what_was_never_sent_goes_with_its_document()
    {
        var waiting = await Portal.AddOwnerChangeAsync(OwnerChangeKind.Data);
        var draft = await ground.Use<BeginOwnerChange>().ExecuteAsync(
            SampleOwnerChanges.Wish(OwnerChangeKind.Data, (await waiting.ReadAsync()).ProductId), "L-1", SampleAppointments.Somebody(),
            person: null, Now, default);
        (await ground.Use<SendOwnerChange>().AttachAsync(
            draft.Token!, SampleOwnerChanges.Pdf, SampleAppointments.Somebody(), person: null, Now, default)).Outcome
            .ShouldBe(OwnerSendOutcome.Sent);
        await using var db = Portal.Open();
        var id = (await ShowOwnerChange.IdOfAsync(db, draft.Token!, Now, default)).ShouldNotBeNull();

        await ground.Use<ExpireOwnerChanges>().RunAsync(Now + OwnerChange.Lifetime, default);

        (await waiting.ReadAsync()).State.ShouldBe(OwnerChangeState.Expired);
        (await db.OwnerChanges.AnyAsync(c => c.Id == id)).ShouldBeFalse();
        (await db.Set<OwnerDocument>().AnyAsync(d => d.ChangeId == id)).ShouldBeFalse();
    }

    private async Task<StaffResult> SettleAsync(SampleOwnerChange change, string? customer = null, bool waive = false) =>
        await ground.Use<SettleOwnerChange>().ExecuteAsync(
            await ground.ActAsync("Angaben geprüft"), change.Id, new OwnerSettlement(customer, waive), Now, default);

    private async Task<OwnerChangeView> ShowAsync(string token) =>
        (await ground.Use<ShowOwnerChange>().ExecuteAsync(token, Now, default)).ShouldNotBeNull();

    private async Task<string> CompanyAsync(Guid customer)
    {
        await using var db = Portal.Open();
        return await db.Customers.Where(c => c.Id == customer).Select(c => c.Company).SingleAsync();
    }

    private async Task<string> EmailAsync(Guid customer)
    {
        await using var db = Portal.Open();
        return await db.Customers.Where(c => c.Id == customer).Select(c => c.Email).SingleAsync();
    }

    /// <summary>All files of the export, one behind the other.</summary>
    private async Task<string> ExportAsync(Guid customer)
    {
        using var file = new MemoryStream();
        await ground.Use<WriteExport>().OfCustomerAsync(customer, System.Globalization.CultureInfo.GetCultureInfo("en"), file, default);
        file.Position = 0;
        await using var zip = new ZipArchive(file);
        var text = new StringBuilder();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            text.AppendLine(entry.FullName).AppendLine(await reader.ReadToEndAsync());
        }

        return text.ToString();
    }

    /// <summary>Another license of the same customer.</summary>
    private async Task<string> AddToAsync(SampleRenewal held)
    {
        var other = await Portal.AddLicenseAsync();
        await using var db = Portal.Open();
        await db.Database.ExecuteSqlAsync($"UPDATE license SET customer_id = {held.CustomerId} WHERE id = {other.Id}");
        return other.Number;
    }

    private async Task<Guid> AskForLoanAsync(SampleLicense license)
    {
        await using var db = Portal.Open();
        var loan = new Loan
        {
            ProductId = (await license.ReadAsync()).ProductId,
            LicenseId = license.Id,
            StatedLicense = license.Number,
            HardwareCode = A.Hardware("ERSATZ"),
            PcName = "ERSATZ",
            AppVersion = null,
            Reason = "Netzteil von Kasse 1",
            LastDay = DateOnly.FromDateTime(Now.Date).AddDays(14),
            CreatedAt = Now,
        };
        db.Add(loan);
        await db.SaveChangesAsync();
        return loan.Id;
    }

    private async Task AddDraftAsync(Guid license)
    {
        await using var db = Portal.Open();
        db.Add(new TransferRequest { CreatedAt = Now, Draft = new TransferDraft { ProductId = "x", LicenseId = license } });
        await db.SaveChangesAsync();
    }
}
