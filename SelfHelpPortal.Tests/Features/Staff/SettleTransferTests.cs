using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Codes;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Licensing.Release;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Settling an order: license, subscription, invoice and mail are there together, or none of them is.</summary>
public class SettleTransferTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, SampleInvoices.Zone).DateTime);

    [Fact]
    public async Task The_license_moves_the_invoice_is_issued_and_one_mail_brings_both()
    {
        var order = await Portal.AddTransferAsync();
        Portal.Clock.Advance(TimeSpan.FromMinutes(5));

        (await SettleAsync(order)).ShouldBe(StaffResult.Done);

        (await order.ReadAsync())
            .ShouldSatisfyAllConditions(
                r => r.State.ShouldBe(TransferState.Completed), r => r.EndedAt.ShouldBe(Now), r => r.FeeWaived.ShouldBeFalse());
        var license = await order.Licenses[0].ReadAsync();
        var old = license.Activations.Single(a => !a.IsActive);
        (old.State, old.ReleasedBy, old.EndedAt).ShouldBe((ActivationState.Superseded, ReleaseMethod.Transfer, Now));
        var moved = license.ActiveComputers.Single();
        (moved.Seat, moved.Generation, moved.PcName).ShouldBe((old.Seat, 2, (await order.ReadAsync()).Items[0].NewPcName));

        var invoice = (await InvoicesAsync(order)).ShouldHaveSingleItem();
        (invoice.Net.Cents, invoice.Gross.Cents, invoice.VatCase, invoice.ServiceDate)
            .ShouldBe((SampleTransfers.FeeCents, 83_30, VatCase.Domestic, Today));
        invoice.Content.Reference.ShouldBe(order.Reference);
        invoice.Content.Lines.ShouldHaveSingleItem().Description!.ShouldContain(license.Number);

        var mail = await MailAsync(order, "transfer-completed");
        mail.ToAddress.ShouldBe(SampleTransfer.Orderer);
        mail.Attachments.Select(a => a.FileName).ShouldBe([$"Lizenz-{license.Number}.lshlic", $"Rechnung-{invoice.Number}.pdf"]);
        mail.CopyText.ShouldContain("83,30");
        mail.CopyText.ShouldContain("2. Stellen Sie zuerst die Fiskaleinheit wieder her. •••");
        mail.CopyText.ShouldContain("3. Wenn die Daten vom alten PC noch da sind: Spielen Sie die Sicherung ein.");
        mail.CopyText.ShouldContain("Die Nutzungsrechte der alten Lizenz erlöschen mit Zugang der neuen Lizenz");
        var file = LicenseFile.Read(
            await LicenseTextAsync(mail), Portal.Services.GetRequiredService<SigningKeys>().Verifier).Claims.ShouldNotBeNull();
        (file.Handle, file.Generation, file.HardwareCode).ShouldBe((moved.Handle, 2, moved.HardwareCode.ToString()));

        (await KindsAsync(order.Licenses[0].Id)).ShouldBe([EventKind.Imported, EventKind.Superseded, EventKind.Activated]);
        (await StatesAsync(order)).ShouldBe(["InReview>Accepted", "Accepted>Completed"]);
        (await ground.MailsAsync("released", license.Number)).ShouldBeEmpty("the owner is the orderer");
    }

    [Fact]
    public async Task A_renewal_extends_the_subscription_by_the_period_of_the_invoice()
    {
        var order = await Portal.AddTransferAsync(new(TransferRemedy.Renewal, Language: "en"));
        var end = (await order.Licenses[0].ReadAsync()).MaintenanceUntil!.Value;

        (await SettleAsync(order)).ShouldBe(StaffResult.Done);

        var license = await order.Licenses[0].ReadAsync();
        var invoice = (await InvoicesAsync(order)).ShouldHaveSingleItem();
        var period = invoice.Content.Lines.Single().Period.ShouldNotBeNull();
        period.ShouldBe(RenewalPeriod.From(end, 12, Today));
        license.MaintenanceUntil.ShouldBe(period.To);
        (invoice.Net.Cents, invoice.Content.Language).ShouldBe((SampleTransfers.RenewalCents, "en"));
        (await KindsAsync(license.Id)).ShouldContain(EventKind.SubscriptionRenewed);
        var mail = await MailAsync(order, "transfer-completed");
        mail.Subject.ShouldBe($"Your new license and invoice [{order.Reference}]");
        mail.CopyText.ShouldContain("Restore the fiscal unit first.");
        var file = LicenseFile.Read(
            await LicenseTextAsync(mail), Portal.Services.GetRequiredService<SigningKeys>().Verifier).Claims.ShouldNotBeNull();
        DateOnly.FromDateTime(file.MaintenanceUntil!.Value.UtcDateTime).ShouldBe(period.To);
    }

    [Fact]
    public async Task Several_licenses_are_one_invoice_with_a_line_each()
    {
        var order = await Portal.AddTransferAsync(new(Licenses: 3));

        (await SettleAsync(order)).ShouldBe(StaffResult.Done);

        var invoice = (await InvoicesAsync(order)).ShouldHaveSingleItem();
        invoice.Content.Lines.Count.ShouldBe(3);
        invoice.Net.Cents.ShouldBe(3 * SampleTransfers.FeeCents);
        (await MailAsync(order, "transfer-completed")).Attachments.Count.ShouldBe(4);
        foreach (var license in order.Licenses)
        {
            (await license.ReadAsync()).ActiveComputers.Single().Generation.ShouldBe(2);
        }
    }

    [Fact]
    public async Task A_waived_fee_moves_the_license_without_invoice_and_renewal()
    {
        var order = await Portal.AddTransferAsync(new(TransferRemedy.Renewal, LicenseIssue.OnPayment));
        var before = (await order.Licenses[0].ReadAsync()).MaintenanceUntil;

        (await ground.Use<WaiveFee>().ExecuteAsync(await ground.ActAsync("Unser Fehler", ground.Accountant), order.Id, Now, default))
            .ShouldBe(StaffResult.Done);

        (await order.ReadAsync())
            .ShouldSatisfyAllConditions(r => r.State.ShouldBe(TransferState.Completed), r => r.FeeWaived.ShouldBeTrue());
        (await InvoicesAsync(order)).ShouldBeEmpty();
        var license = await order.Licenses[0].ReadAsync();
        (license.MaintenanceUntil, license.ActiveComputers.Single().Generation).ShouldBe((before, 2));
        var mail = await MailAsync(order, "transfer-completed");
        mail.Subject.ShouldBe($"Ihre neue Lizenz [{order.Reference}]");
        mail.CopyText.ShouldContain("Wir berechnen Ihnen nichts.");
        mail.CopyText.ShouldNotContain("Unser Fehler");
        mail.Attachments.ShouldHaveSingleItem().FileName.ShouldEndWith(".lshlic");
    }

    [Fact]
    public async Task By_the_policy_on_payment_the_license_follows_the_money()
    {
        var order = await Portal.AddTransferAsync(new(TransferRemedy.Renewal, LicenseIssue.OnPayment));
        var before = (await order.Licenses[0].ReadAsync()).MaintenanceUntil;

        (await SettleAsync(order)).ShouldBe(StaffResult.Done);

        (await order.ReadAsync()).State.ShouldBe(TransferState.Accepted);
        var license = await order.Licenses[0].ReadAsync();
        (license.MaintenanceUntil, license.ActiveComputers.Single().Generation).ShouldBe((before, 1));
        var invoice = (await InvoicesAsync(order)).Single();
        (await MailAsync(order, "transfer-invoice")).Attachments.ShouldHaveSingleItem().FileName.ShouldBe($"Rechnung-{invoice.Number}.pdf");

        Portal.Clock.Advance(TimeSpan.FromDays(3));
        (await PayAsync(invoice, invoice.Gross - new Money(1))).ShouldBe(StaffResult.Done);
        (await order.ReadAsync()).State.ShouldBe(TransferState.Accepted);
        (await PayAsync(invoice, new Money(1))).ShouldBe(StaffResult.Done);

        (await order.ReadAsync()).State.ShouldBe(TransferState.Completed);
        license = await order.Licenses[0].ReadAsync();
        (license.MaintenanceUntil, license.ActiveComputers.Single().Generation).ShouldBe((invoice.Content.Lines[0].Period!.To, 2));
        var mail = await MailAsync(order, "transfer-completed");
        mail.Attachments.ShouldHaveSingleItem().FileName.ShouldEndWith(".lshlic");
        mail.CopyText.ShouldNotContain("Wir berechnen Ihnen nichts.");
    }

    [Fact]
    public async Task A_payment_counts_although_the_license_is_locked_and_the_license_follows_by_hand()
    {
        var order = await Portal.AddTransferAsync(new(Issue: LicenseIssue.OnPayment));
        await SettleAsync(order);
        var invoice = (await InvoicesAsync(order)).Single();
        await order.Licenses[0].SuspendAsync();

        (await PayAsync(invoice, invoice.Gross)).ShouldBe(StaffResult.Done);
        (await Portal.ReadInvoiceAsync(invoice.Id)).State.ShouldBe(InvoiceState.Paid);
        (await order.ReadAsync()).State.ShouldBe(TransferState.Accepted);
        (await IssueAsync(order)).Refused.ShouldBe(StaffRefusal.LicenseStanding);

        await order.Licenses[0].ActAsync((license, _) => Task.FromResult(license.Resume().ShouldSucceed()));
        (await IssueAsync(order)).ShouldBe(StaffResult.Done);
        (await order.ReadAsync()).State.ShouldBe(TransferState.Completed);
        (await IssueAsync(order)).Refused.ShouldBe(StaffRefusal.Conflict);
    }

    [Fact]
    public async Task An_invoiced_order_is_declined_only_after_its_invoice_is_cancelled()
    {
        var order = await Portal.AddTransferAsync(new(Issue: LicenseIssue.OnPayment));
        await SettleAsync(order);
        var invoice = (await InvoicesAsync(order)).Single();

        (await DeclineAsync(order)).Refused.ShouldBe(StaffRefusal.StillInvoiced);
        (await ground.Use<CancelInvoice>()
            .ExecuteAsync(await ground.ActAsync("Doch nicht", by: ground.Accountant), invoice.Id, Now, default)).ShouldBe(StaffResult.Done);
        (await DeclineAsync(order)).ShouldBe(StaffResult.Done);

        (await order.ReadAsync()).State.ShouldBe(TransferState.Declined);
        (await order.Licenses[0].ReadAsync()).ActiveComputers.Single().Generation.ShouldBe(1);
    }

    [Fact]
    public async Task Twenty_clerks_at_once_settle_it_once()
    {
        var order = await Portal.AddTransferAsync();
        var acts = new List<StaffAct>();
        for (var i = 0; i < 20; i++)
        {
            acts.Add(await ground.ActAsync(by: i % 2 == 0 ? ground.Clerk : ground.Administrator));
        }

        // Every act is sent twice, as by a double click.
        var results =
            await Task.WhenAll(acts.Concat(acts).Select(act => ground.Use<SettleTransfer>().ExecuteAsync(act, order.Id, Now, default)));

        results.Count(r => r.Succeeded).ShouldBe(2, "the same act has the same end");
        results.Where(r => !r.Succeeded).ShouldAllBe(r => r.Refused == StaffRefusal.Conflict);
        (await InvoicesAsync(order)).Count.ShouldBe(1);
        (await order.Licenses[0].ReadAsync()).Activations.Count.ShouldBe(2);
        await MailAsync(order, "transfer-completed");
        (await GapsAsync()).ShouldBeEmpty();
    }

    public static TheoryData<string, StaffRefusal> Refusals() => new()
    {
        { "declined", StaffRefusal.Conflict },
        { "withdrawn", StaffRefusal.Conflict },
        { "unidentified", StaffRefusal.NotIdentified },
        { "suspended", StaffRefusal.LicenseStanding },
        { "released", StaffRefusal.LicenseStanding },
        { "banned", StaffRefusal.LicenseStanding },
        { "frozen", StaffRefusal.LicenseStanding },
        { "consumer abroad", StaffRefusal.TaxUndecided },
        { "unwritable", StaffRefusal.InvoiceInvalid },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_leaves_nothing_but_its_note(string why, StaffRefusal expected)
    {
        var order = await Portal.AddTransferAsync(new(Identified: why != "unidentified", Contact: c => why switch
        {
            "consumer abroad" => c with { Company = null, Country = "AT" },
            "unwritable" => c with { Company = "Muster \U00013000 GmbH" },
            _ => c,
        }));
        await PrepareAsync(why, order);
        var before = await EverythingAsync(order);

        var result = await SettleAsync(order);

        result.Refused.ShouldBe(expected);
        (result.Broken is { Count: > 0 }).ShouldBe(expected == StaffRefusal.InvoiceInvalid);
        (await EverythingAsync(order)).ShouldBe(before);
        await using var db = Portal.Open();
        var noted = await db.Events.AsNoTracking().Where(e => e.Stream == order.Id).OrderByDescending(e => e.Seq).FirstAsync();
        EventLog.Read(noted.Data).ShouldBe(new EventData { Method = nameof(SettleTransfer), Refusal = expected.ToString() });
        (await GapsAsync()).ShouldBeEmpty();
    }

    private async Task PrepareAsync(string why, SampleTransfer order)
    {
        var license = order.Licenses[0];
        switch (why)
        {
            case "declined":
                (await DeclineAsync(order)).ShouldBe(StaffResult.Done);
                break;
            case "withdrawn":
                await order.ActAsync(r => r.Withdraw(Now).ShouldSucceed());
                break;
            case "suspended":
                await license.SuspendAsync();
                break;
            case "released":
                await license.ReleaseAsync((await license.ReadAsync()).ActiveComputers.Single().PcName!);
                break;
            case "banned":
                var name = (await order.ReadAsync()).Items[0].NewPcName!;
                await license.ActAsync((l, _) =>
                {
                    l.ReleaseByStaff(l.ActiveComputers.Single(), Now).ShouldSucceed();
                    return Task.FromResult(0);
                });
                await license.ActivateAsync(name);
                await license.ActAsync((l, _) =>
                    Task.FromResult(l.Exclude(l.ActiveComputers.Single(), license.Policies.Hardware, Now).ShouldSucceed()));
                break;
            case "frozen":
                await license.ActAsync(async (l, db) =>
                {
                    var secrets = Portal.Services.GetRequiredService<ActivationSecretsFactory>().Make();
                    return l.Object(l.Activations[0], null, await Numbers.NextFlagAsync(db, default), secrets, license.Policies.Hardware,
                        Now);
                });
                break;
        }
    }

    [Fact]
    public async Task A_confirmed_VAT_id_lets_the_buyer_owe_the_tax()
    {
        var order = await Portal.AddTransferAsync(new(Contact: c => c with { Country = "AT", City = "Wien", VatId = "ATU12345675" }));
        (await ground.Use<RecordVatIdCheck>().ExecuteAsync(await ground.ActAsync("BZSt, heute"), order.Id, isValid: true, Now, default))
            .ShouldBe(StaffResult.Done);

        (await SettleAsync(order)).ShouldBe(StaffResult.Done);

        var invoice = (await InvoicesAsync(order)).Single();
        (invoice.VatCase, invoice.Gross.Cents, invoice.Content.Buyer.VatId)
            .ShouldBe((VatCase.ReverseCharge, SampleTransfers.FeeCents, "ATU12345675"));
        invoice.VatEvidence!.ShouldContain("BZSt");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_it_German_tax_is_charged(bool looked)
    {
        var order = await Portal.AddTransferAsync(new(Contact: c => c with { Country = "AT", City = "Wien", VatId = "ATU12345675" }));
        if (looked)
        {
            await ground.Use<RecordVatIdCheck>().ExecuteAsync(await ground.ActAsync("BZSt, heute"), order.Id, isValid: false, Now, default);
        }

        (await SettleAsync(order)).ShouldBe(StaffResult.Done);

        var invoice = (await InvoicesAsync(order)).Single();
        (invoice.VatCase, invoice.Gross.Cents, invoice.Content.Buyer.VatId).ShouldBe((VatCase.Domestic, 83_30, null));
    }

    /// <summary>Point 2: the case says why no invoice can be issued; staff correct the recipient, and it is finished.</summary>
    [Fact]
    public async Task Staff_correct_a_recipient_that_no_invoice_can_name()
    {
        var order = await Portal.AddTransferAsync(new(Contact: c => c with { Company = "株式会社見本" }));
        var refused = await SettleAsync(order);
        refused.Refused.ShouldBe(StaffRefusal.InvoiceInvalid);
        refused.Broken.ShouldNotBeNull().ShouldHaveSingleItem().Id.ShouldBe("P-09");
        var shown = (await ground.Use<ShowTransfer>().ExecuteAsync(await ground.Clerk.ActorAsync(), order.Reference, Now, default)).Value!;
        shown.RecipientProblems.ShouldHaveSingleItem().German.ShouldStartWith("Das Zeichen „株“ können wir auf der Rechnung nicht drucken");

        var contact = (await order.ReadAsync()).Contact!;
        var again = await CorrectAsync(order, RecipientInput.From(contact) with { Company = "見本 K.K.", City = " " });
        again.Refused.ShouldBe(StaffRefusal.InvoiceInvalid);
        again.Broken.ShouldNotBeNull().Select(rule => rule.Id).ShouldBe(["City", "Company"], ignoreOrder: true);
        (await order.ReadAsync()).Contact.ShouldBe(contact);
        (await CorrectAsync(order, RecipientInput.From(contact) with { Company = "Mihon K.K." })).ShouldBe(StaffResult.Done);

        (await SettleAsync(order)).ShouldBe(StaffResult.Done);
        (await InvoicesAsync(order)).Single().Content.Buyer.Company.ShouldBe("Mihon K.K.");
        (await CorrectAsync(order, RecipientInput.From(contact))).Refused.ShouldBe(StaffRefusal.InvoiceInvalid);
        (await CorrectAsync(order, RecipientInput.From(contact) with { Company = "Zu spät GmbH" })).Refused.ShouldBe(StaffRefusal.Conflict);
    }

    private async Task<StaffResult> CorrectAsync(SampleTransfer order, RecipientInput input) => await ground.Use<CorrectRecipient>()
        .ExecuteAsync(await ground.ActAsync("Wie im Register"), order.Id, input, Now, default);

    [Fact]
    public async Task An_office_with_a_routing_number_gets_an_XRechnung()
    {
        var order = await Portal.AddTransferAsync(new(Contact: c => c with { BuyerReference = "04011000-12345-03" }));

        (await SettleAsync(order)).ShouldBe(StaffResult.Done);

        (await InvoicesAsync(order)).Single().Content.Format.ShouldBe(InvoiceFormat.XRechnung);
        (await MailAsync(order, "transfer-completed")).Attachments.Select(a => Path.GetExtension(a.FileName))
            .ShouldBe([".lshlic", ".pdf", ".xml"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_owner_at_another_address_is_told_and_can_object()
    {
        var order = await Portal.AddTransferAsync(new(AddressOnFile: "inhaber@muster-gastro.example"));

        (await SettleAsync(order)).ShouldBe(StaffResult.Done);

        var told = (await ground.MailsAsync("released", order.Licenses[0].Number)).ShouldHaveSingleItem();
        told.ToAddress.ShouldBe("inhaber@muster-gastro.example");
        told.CopyText.ShouldContain("auf einen anderen PC umgezogen");
        var brought = await ground.MailsAsync("transfer-completed", order.Reference);
        brought.Select(m => (m.ToAddress, Has(m, ".lshlic"), Has(m, ".pdf"))).ShouldBe(
            [(SampleTransfer.Orderer, false, true), ("inhaber@muster-gastro.example", true, false)], ignoreOrder: true,
            "nobody has allowed the orderer a copy");

        static bool Has(OutboxMessage mail, string end) => mail.Attachments.Any(a => a.FileName.EndsWith(end, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clerk_finds_the_license_and_settles()
    {
        var order = await Portal.AddTransferAsync(new(Identified: false));
        var computer = (await order.Licenses[0].ReadAsync()).Activations.Single();
        var item = (await order.ReadAsync()).Items.Single().Id;

        (await IdentifyAsync(order, item, computer.Id)).ShouldBe(StaffResult.Done);
        (await SettleAsync(order)).ShouldBe(StaffResult.Done);

        var request = await order.ReadAsync();
        (request.State, request.Items[0].IdentifiedBy, request.CustomerId)
            .ShouldBe((TransferState.Completed, TransferIdentification.Staff, (await order.Licenses[0].ReadAsync()).CustomerId));
    }

    [Fact]
    public async Task A_clerk_cannot_assign_what_is_another_customers_or_in_another_order()
    {
        var order = await Portal.AddTransferAsync();
        var item = (await order.ReadAsync()).Items.Single();
        var foreign = await Portal.AddTransferAsync();
        var elsewhere = (await foreign.Licenses[0].ReadAsync()).Activations.Single();

        // Of another product.
        (await IdentifyAsync(order, item.Id, elsewhere.Id)).Refused.ShouldBe(StaffRefusal.NotFound);
        (await IdentifyAsync(order, item.Id, Guid.NewGuid())).Refused.ShouldBe(StaffRefusal.NotFound);

        // The same customer's computer that another order moves; and another customer's.
        var (sameCustomer, otherCustomer) = await LicensesBesideAsync(order);
        await OrderAlsoAsync(order, sameCustomer);
        (await IdentifyAsync(order, item.Id, (await sameCustomer.ReadAsync()).Activations.Single().Id)).Refused.ShouldBe(
            StaffRefusal.InOtherRequest);
        (await IdentifyAsync(order, item.Id, (await otherCustomer.ReadAsync()).Activations.Single().Id)).Refused.ShouldBe(
            StaffRefusal.OtherCustomer);
        (await order.ReadAsync()).Items.Single().ActivationId.ShouldBe(item.ActivationId);
    }

    private async Task<(SampleLicense Same, SampleLicense Other)> LicensesBesideAsync(SampleTransfer order)
    {
        await using var db = Portal.Open();
        var first = await order.Licenses[0].ReadAsync();
        var stranger = new Customer
        {
            Number = await Numbers.NextCustomerAsync(db, default),
            Company = "Muster Bau GmbH",
            Email = "bau@muster-bau.example"
        };
        db.Add(stranger);
        var made = new List<SampleLicense>();
        foreach (var customer in (Guid[])[first.CustomerId, stranger.Id])
        {
            var key = ActivationKey.New();
            var license = ground.Use<LicenseFactory>()
                .Make(await Numbers.NextLicenseAsync(db, default), first.ProductId, customer, key.Normalized, key.ToString(), 1, Now);
            db.Add(license);
            made.Add(new SampleLicense(Portal, license.Id, license.Number, key.ToString(), order.Licenses[0].Policies));
        }

        await db.SaveChangesAsync();
        foreach (var license in made)
        {
            await license.ActivateAsync($"PC von {license.Number}");
        }

        return (made[0], made[1]);
    }

    private async Task OrderAlsoAsync(SampleTransfer order, SampleLicense license)
    {
        var first = await order.ReadAsync();
        var computer = (await license.ReadAsync()).Activations.Single();
        var second = new TransferRequest { CreatedAt = Now };
        var item = new OrderedItem(A.Hardware("KASSE-99"), null, null, null, license.Id, computer.Id, TransferIdentification.Key);
        second.Order(
            new TransferOrder
            {
                Remedy = TransferRemedy.Fee,
                Items = [item],
                Contact = first.Contact!,
                Price = first.Price!,
                Language = "de",
                CustomerId = first.CustomerId
            },
            RequestReference.New(), first.ProductId, null, Now).ShouldSucceed();
        second.Confirm(Now).ShouldSucceed();
        await using var db = Portal.Open();
        db.Add(second);
        await db.SaveChangesAsync();
    }

    private async Task<StaffResult> SettleAsync(SampleTransfer order) =>
        await ground.Use<SettleTransfer>().ExecuteAsync(await ground.ActAsync(), order.Id, Now, default);

    private async Task<StaffResult> DeclineAsync(SampleTransfer order) =>
        await ground.Use<DeclineTransfer>().ExecuteAsync(await ground.ActAsync("Wir kennen diese Lizenz nicht"), order.Id, Now, default);

    private async Task<StaffResult> IssueAsync(SampleTransfer order) =>
        await ground.Use<IssueLicense>().ExecuteAsync(await ground.ActAsync(), order.Id, Now, default);

    private async Task<StaffResult> IdentifyAsync(SampleTransfer order, Guid item, Guid computer) =>
        await ground.Use<IdentifyLicense>().ExecuteAsync(await ground.ActAsync(), order.Id, item, computer, Now, default);

    private async Task<StaffResult> PayAsync(Invoice invoice, Money amount) =>
        await ground.Use<RecordPayment>().ExecuteAsync(await ground.ActAsync("Kontoauszug 47"), invoice.Id,
            new(amount, Today) { IsConfirmed = true }, Now, default);

    private async Task<IReadOnlyList<Invoice>> InvoicesAsync(SampleTransfer order)
    {
        await using var db = Portal.Open();
        return await db.Invoices.AsNoTracking().Where(i => i.TransferRequestId == order.Id && i.Kind == InvoiceKind.Invoice).ToListAsync();
    }

    private async Task<OutboxMessage> MailAsync(SampleTransfer order, string kind) =>
        (await ground.MailsAsync(kind, order.Reference)).ShouldHaveSingleItem();

    private async Task<string> LicenseTextAsync(OutboxMessage mail)
    {
        var file = mail.Attachments.Single(a => a.Source == LicenseFiles.Source);
        return System.Text.Encoding.UTF8.GetString((await ground.Use<LicenseFiles>().ReadAsync(file.Id, default))!);
    }

    private async Task<IEnumerable<EventKind>> KindsAsync(Guid stream)
    {
        await using var db = Portal.Open();
        var events = await db.Events.AsNoTracking().Include(e => e.Detail).Where(e => e.Stream == stream).OrderBy(e => e.Seq).ToListAsync();
        EventLog.IsIntact(events).ShouldBeTrue();
        return events.Select(e => e.Kind);
    }

    private async Task<IEnumerable<string>> StatesAsync(SampleTransfer order)
    {
        await using var db = Portal.Open();
        var events = await db.Events.AsNoTracking().Where(e => e.Stream == order.Id && e.Kind == EventKind.Transfer).OrderBy(e => e.Seq)
            .ToListAsync();
        return events.Select(e => EventLog.Read(e.Data)).Select(d => $"{d.Before}>{d.After}");
    }

    /// <summary>What must not change when settling is refused.</summary>
    private async Task<string> EverythingAsync(SampleTransfer order)
    {
        await using var db = Portal.Open();
        var request = await order.ReadAsync();
        var license = await order.Licenses[0].ReadAsync();
        return string.Join('\n',
            $"{request.State} {request.AcceptedAt} {request.ChangedAt} {request.FeeWaived}",
            $"{license.State} {license.MaintenanceUntil} "
                + $"{string.Join(',', license.Activations.OrderBy(a => a.ActivatedAt).Select(a => $"{a.Id} {a.State} {a.EndedAt}"))}",
            $"{await db.Invoices.CountAsync()} invoices, {await db.Set<StoredLicenseFile>().CountAsync()} files, "
                + $"{await db.Set<OutboxMessage>().CountAsync(m => m.Reference == order.Reference)} mails",
            $"{await db.Events.CountAsync(e => e.Stream == license.Id)} events");
    }

    /// <summary>Numbers of invoices that nobody has.</summary>
    private async Task<IEnumerable<int>> GapsAsync()
    {
        await using var db = Portal.Open();
        var places = await db.Invoices.Where(i => i.Kind == InvoiceKind.Invoice).Select(i => new { i.Year, i.Place }).ToListAsync();
        return places.GroupBy(p => p.Year)
            .SelectMany(year => Enumerable.Range(1, year.Max(p => p.Place)).Except(year.Select(p => p.Place)));
    }
}
