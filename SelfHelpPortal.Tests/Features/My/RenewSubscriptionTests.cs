using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Portal.Kit;
using SelfHelpPortal.Features.Portal.Renew;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.CheckIn;
using SelfHelpPortal.Licensing.Files;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Pdf;
using SelfHelpPortal.Platform.Signing;
using SelfHelpPortal.Platform.Vendor;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Invoicing;
using SelfHelpPortal.Shared.Products;
using SelfHelpPortal.Tests.Features.Staff;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.My;

/// <summary>Renewing a subscription: new end, invoice, mail and license files are there together and once, or none of them is.</summary>
public class RenewSubscriptionTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private const string VatId = "ATU12345675";

    private PortalFactory Portal => ground.Portal;

    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Portal.Clock.Now, SampleInvoices.Zone).DateTime);

    [Theory]
    [InlineData("DE", false, "", 149_00, VatCase.Domestic, 28_31, 177_31)]
    [InlineData("DE", false, "", 97_50, VatCase.Domestic, 18_53, 116_03)] // 18.525 up
    [InlineData("DE", true, "", 149_00, VatCase.Domestic, 28_31, 177_31)]
    [InlineData("AT", false, "", 149_00, VatCase.Domestic, 28_31, 177_31)]
    [InlineData("AT", false, "confirmed", 149_00, VatCase.ReverseCharge, 0, 149_00)]
    [InlineData("CH", false, "", 149_00, VatCase.ThirdCountry, 0, 149_00)]
    [InlineData("DE", false, "small", 149_00, VatCase.SmallBusiness, 0, 149_00)]
    [InlineData("AT", true, "consumers at home", 149_00, VatCase.Domestic, 28_31, 177_31)]
    public async Task Each_tax_case_is_right_to_the_cent(
        string country, bool consumer, string given, long net, VatCase expected, long vat, long gross)
    {
        var renewal = await Portal.AddRenewalAsync(cents: net, customer: c =>
        {
            (c.Country, c.IsConsumer) = (country, consumer);
            c.VatId = given == "confirmed" ? "ATU 123 456 75" : null;
        });
        if (given == "confirmed")
        {
            await ConfirmAsync(renewal, isValid: true);
        }

        var (offers, renew) = With(
            v => v.SmallBusiness = given == "small", given == "consumers at home" ? EuConsumers.DomesticVat : EuConsumers.StaffDecide);
        var offer = (await OfferAsync(renewal, offers)).Offer.ShouldNotBeNull();
        (offer.Totals.Vat.Cents, offer.Totals.Gross.Cents).ShouldBe((vat, gross), "what was shown is what is billed");

        var done =
            (await renewal.RenewAsync(new(renewal.License.Number, offer.Shown, null, null, "de"), with: renew)).Done.ShouldNotBeNull();

        var invoice = (await InvoicesAsync(renewal)).ShouldHaveSingleItem();
        (invoice.Number, invoice.Net.Cents, invoice.Vat.Cents, invoice.Gross.Cents).ShouldBe((done.InvoiceNumber, net, vat, gross));
        (invoice.VatCase, invoice.ServiceDate, invoice.Content.Buyer.Country).ShouldBe((expected, done.Until, country));
        (invoice.Content.Buyer.Company, invoice.Content.Buyer.Person)
            .ShouldBe(consumer ? (null, "Muster Gastro GmbH") : ("Muster Gastro GmbH", null));
        invoice.Content.Buyer.VatId.ShouldBe(given == "confirmed" ? VatId : null);
        var line = invoice.Content.Lines.ShouldHaveSingleItem();
        line.Period.ShouldBe(new Period(Today, done.Until));
        line.Description.ShouldBe($"Lizenz {renewal.License.Number}");
        (await renewal.License.ReadAsync()).MaintenanceUntil.ShouldBe(done.Until);
    }

    [Theory]
    [InlineData(null, null, "2027-11-15")]
    [InlineData("2026-11-16", "2026-11-17", "2027-11-16")] // its last day is today
    [InlineData("2026-11-15", null, "2027-11-15")] // over since yesterday: from today on
    [InlineData("2020-01-31", null, "2027-11-15")]
    [InlineData("2027-06-30", "2027-07-01", "2028-06-30")] // early: the term is added
    [InlineData("2027-02-28", "2027-03-01", "2028-02-29")]
    [InlineData("2028-02-28", "2028-02-29", "2029-02-28")]
    public async Task The_term_begins_behind_the_old_end_or_today(string? end, string? from, string until)
    {
        Portal.Clock.Now = TestClock.Start;
        var renewal = await Portal.AddRenewalAsync(end is null ? null : Day(end));

        (await renewal.RenewAsync()).Done.ShouldNotBeNull().Until.ShouldBe(Day(until));

        (await InvoicesAsync(renewal))
            .Single().Content.Lines.Single().Period.ShouldBe(new Period(from is null ? Today : Day(from), Day(until)));
        (await renewal.License.ReadAsync()).MaintenanceUntil.ShouldBe(Day(until));

        static DateOnly Day(string day) => DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Point 1: not the day of the order counts but the period, and its last day for the tax; the page shows it.</summary>
    [Fact]
    public async Task A_renewal_has_its_period_and_the_tax_rate_of_its_last_day()
    {
        await using (var db = Portal.Open())
        {
            db.Add(new VatRate { Country = "DE", Category = VatRate.Standard, ValidFrom = new(2040, 1, 1), Percent = 16 });
            await db.SaveChangesAsync();
        }

        var renewal = await Portal.AddRenewalAsync(new(2039, 6, 30), cents: 100_00);
        (await OfferAsync(renewal, ground.Use<RenewalOffers>())).Offer!.Totals.Gross.Cents.ShouldBe(116_00);

        (await renewal.RenewAsync()).Done.ShouldNotBeNull();

        var invoice = (await InvoicesAsync(renewal)).ShouldHaveSingleItem();
        (invoice.VatRate, invoice.Vat.Cents, invoice.ServiceDate).ShouldBe((16m, 16_00, new DateOnly(2040, 6, 30)));
        invoice.Content.ServicePeriod.ShouldBe(new Period(new(2039, 7, 1), new(2040, 6, 30)));
        await CancelAsync(invoice);
    }

    [Fact]
    public async Task One_mail_brings_invoice_and_license_files_to_the_address_on_file()
    {
        var renewal = await Portal.AddRenewalAsync(Today.AddDays(20), computers: ["KASSE-1", "KASSE-2"]);
        var order = await renewal.OrderAsync() with { BuyerReference = "04011000-12345-03", OrderNumber = "B-17", Language = "en" };

        var done = (await renewal.RenewAsync(order)).Done.ShouldNotBeNull();

        var mail = (await MailsAsync(renewal)).ShouldHaveSingleItem();
        var license = await renewal.License.ReadAsync();
        (mail.Kind, mail.ToAddress).ShouldBe(("subscription-renewed", (await CustomerAsync(renewal)).Email));
        mail.Subject.ShouldBe($"Subscription renewed until {LocalTimes.Date(done.Until, new("en"))} [{license.Number}]");
        mail.Attachments.Select(a => a.FileName).ShouldBe(
            [$"Lizenz-{license.Number}-1.lshlic", $"Lizenz-{license.Number}-2.lshlic", $"Invoice-{done.InvoiceNumber}.pdf",
                $"Invoice-{done.InvoiceNumber}.xml"]);
        mail.CopyText.ShouldContain("177.31");
        mail.CopyText.ShouldContain((await renewal.Owner.ActorAsync()).Name);
        foreach (var (attachment, computer) in mail.Attachments.Zip(license.ActiveComputers.OrderBy(a => a.Seat)))
        {
            var text = System.Text.Encoding.UTF8.GetString(
                (await ground.Use<LicenseFiles>().ReadAsync(attachment.Id, default)).ShouldNotBeNull());
            var file = LicenseFile.Read(text, ground.Use<SigningKeys>().Verifier).Claims.ShouldNotBeNull();
            (file.Handle, DateOnly.FromDateTime(file.MaintenanceUntil!.Value.UtcDateTime)).ShouldBe((computer.Handle, done.Until));
        }

        var invoice = (await InvoicesAsync(renewal)).Single();
        (invoice.Content.Format, invoice.Content.Buyer.BuyerReference, invoice.Content.Buyer.OrderNumber)
            .ShouldBe((InvoiceFormat.XRechnung, "04011000-12345-03", "B-17"));
        (invoice.Content.Language, invoice.Content.Lines.Single().Name).ShouldBe(("en", "Renewal of the subscription, 12 months"));
        var told = (await renewal.License.EventsAsync())[^1];
        (told.Kind, told.ActorKind, told.ActorId).ShouldBe((EventKind.SubscriptionRenewed, ActorKind.Customer, renewal.Owner.Id));
        DateOnly.FromDateTime(EventLog.Read(told.Data).Until!.Value.UtcDateTime).ShouldBe(done.Until);
    }

    [Fact]
    public async Task One_computers_file_has_the_plain_name_and_without_one_there_is_none()
    {
        var one = await Portal.AddRenewalAsync(computers: ["KASSE-1"]);
        var none = await Portal.AddRenewalAsync();
        await one.RenewAsync();
        await none.RenewAsync();

        (await MailsAsync(one)).Single().Attachments[0].FileName.ShouldBe($"Lizenz-{one.License.Number}.lshlic");
        (await MailsAsync(none)).Single().Attachments.ShouldHaveSingleItem().FileName.ShouldEndWith(".pdf");
    }

    [Theory]
    [InlineData("suspended", RenewalError.Suspended)]
    [InlineData("revoked", RenewalError.Revoked)]
    [InlineData("locked", RenewalError.Locked)]
    [InlineData("expired", RenewalError.Expired)]
    [InlineData("no renewal", RenewalError.NotOffered)]
    [InlineData("no price", RenewalError.NotOffered)]
    [InlineData("no street", RenewalError.DetailsIncomplete)]
    [InlineData("no invoicing", RenewalError.NoInvoicing)]
    [InlineData("VAT id", RenewalError.VatIdNotConfirmed)]
    [InlineData("VAT id refuted", RenewalError.VatIdNotConfirmed)]
    [InlineData("another VAT id confirmed", RenewalError.VatIdNotConfirmed)]
    [InlineData("consumer in Austria", RenewalError.TaxUndecided)]
    [InlineData("consumer in Switzerland", RenewalError.TaxUndecided)]
    [InlineData("other price", RenewalError.Changed)]
    [InlineData("consumer without the tick", RenewalError.NotAgreed)]
    [InlineData("unwritable", RenewalError.NotDrawable)]
    public async Task What_is_refused_leaves_nothing_behind(string why, RenewalError expected)
    {
        var renewal = await Portal.AddRenewalAsync(
            Today.AddDays(20), isOffered: why != "no renewal", computers: ["KASSE-ALT"], customer: c =>
                (c.Country, c.IsConsumer, c.VatId, c.Street, c.Company) = why switch
                {
                    "no street" => ("DE", false, null, " ", c.Company),
                    "VAT id" or "VAT id refuted" => ("AT", false, VatId, c.Street, c.Company),
                    "another VAT id confirmed" => ("AT", false, "ATU62895905", c.Street, c.Company),
                    "consumer in Austria" => ("AT", true, null, c.Street, c.Company),
                    "consumer in Switzerland" => ("CH", true, null, c.Street, c.Company),
                    "consumer without the tick" => ("DE", true, null, c.Street, c.Company),
                    "unwritable" => ("DE", false, null, c.Street, "Muster \U00013000 GmbH"),
                    _ => ("DE", false, null, c.Street, c.Company),
                });
        var shown = (await renewal.OfferAsync()).Offer?.Shown ?? "nothing";
        switch (why)
        {
            case "suspended":
                await renewal.License.SuspendAsync();
                break;
            case "revoked":
                await renewal.License.ActAsync((l, _) => Task.FromResult(l.Revoke(Portal.Clock.Now).ShouldSucceed()));
                break;
            case "locked":
                await LockAsync(renewal.License);
                break;
            case "expired":
                await renewal.License.ActAsync((l, _) => Task.FromResult(l.ExpiresAt = Portal.Clock.Now));
                break;
            case "no price":
                await PriceAsync(renewal, newCents: null);
                break;
            case "other price":
                await PriceAsync(renewal, newCents: 159_00);
                break;
            case "VAT id refuted":
                await ConfirmAsync(renewal, isValid: true);
                Portal.Clock.Advance(TimeSpan.FromMinutes(1));
                await ConfirmAsync(renewal, isValid: false);
                break;
            case "another VAT id confirmed":
                await ConfirmAsync(renewal, isValid: true);
                break;
        }

        var (before, last) = (await StoredAsync(renewal), await LastPlaceAsync());
        var (offers, renew) = With(v => (v.Iban, v.WithdrawalDe) =
            (why == "no invoicing" ? "DE00" : v.Iban, why == "consumer without the tick" ? "Sie dürfen widerrufen." : null));

        var answer = await renewal.RenewAsync(new(renewal.License.Number, shown, null, null, "de"), with: renew);

        (answer.Done, answer.Stopped, answer.Refused).ShouldBe((null, expected, null));
        (await StoredAsync(renewal)).ShouldBe(before);
        (await LastPlaceAsync()).ShouldBe(last);
        if (expected is not (RenewalError.Changed or RenewalError.NotAgreed or RenewalError.InvoiceInvalid))
        {
            (await OfferAsync(renewal, offers)).Stopped.ShouldBe(expected, "the page says so before anything is ordered");
        }
    }

    [Fact]
    public async Task Members_strangers_and_staff_renew_nothing()
    {
        var renewal = await Portal.AddRenewalAsync();
        var order = await renewal.OrderAsync();
        var member = await CustomerUser.CreateAsync(renewal.License, CustomerRole.Member);
        var stranger = (await Portal.AddRenewalAsync()).Owner;
        var nobody = await CustomerUser.CreateAsync(Portal, customer: null);
        var stale = await renewal.ActAsync();
        stale = stale with { Actor = stale.Actor with { Stamp = "before" } };

        (await renewal.RenewAsync(order, await renewal.ActAsync(member))).Refused.ShouldBe(CustomerRefusal.NotPermitted);
        (await renewal.RenewAsync(order, await renewal.ActAsync(stranger))).Refused.ShouldBe(CustomerRefusal.NotFound);
        (await renewal.RenewAsync(order, await renewal.ActAsync(nobody))).Refused.ShouldBe(CustomerRefusal.NotFound);
        (await renewal.RenewAsync(order with { LicenseNumber = "L-0" })).Refused.ShouldBe(CustomerRefusal.NotFound);
        (await renewal.RenewAsync(order, stale)).Refused.ShouldBe(CustomerRefusal.SignInEnded);

        (await StoredAsync(renewal)).ShouldBe((null, 0, 0, 1));
    }

    [Fact]
    public async Task Two_tabs_order_once_and_the_second_one_is_shown_what_has_changed()
    {
        var renewal = await Portal.AddRenewalAsync(Today.AddDays(20));
        var order = await renewal.OrderAsync();
        var first = await renewal.ActAsync();
        var done = (await renewal.RenewAsync(order, first)).Done.ShouldNotBeNull();

        (await renewal.RenewAsync(order, first)).Done.ShouldBe(done, "a double click");
        (await renewal.RenewAsync(order with { OrderNumber = "other" }, first)).Refused.ShouldBe(CustomerRefusal.SentBefore);
        (await renewal.RenewAsync(order)).Stopped.ShouldBe(RenewalError.Changed);
        (await InvoicesAsync(renewal)).ShouldHaveSingleItem();

        // Who sees the new period and wants it gets the one behind.
        (await renewal.RenewAsync()).Done.ShouldNotBeNull().Until.ShouldBe(done.Until.AddMonths(12));
        var periods = (await InvoicesAsync(renewal)).Select(i => i.Content.Lines.Single().Period!).ToList();
        periods[1].From.ShouldBe(periods[0].To.AddDays(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Twenty_posts_at_once_are_one_invoice(bool sameForm)
    {
        var renewal = await Portal.AddRenewalAsync(computers: ["KASSE-1"]);
        var last = await LastPlaceAsync();
        var order = await renewal.OrderAsync();
        var act = await renewal.ActAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => Task.Run(() => renewal.RenewAsync(order, sameForm ? act : act with { CommandId = Guid.NewGuid() }))));

        var invoice = (await InvoicesAsync(renewal)).ShouldHaveSingleItem();
        invoice.Place.ShouldBe(last + 1);
        (await LastPlaceAsync()).ShouldBe(last + 1, "no number is lost");
        answers.Count(a => a.Done?.InvoiceNumber == invoice.Number).ShouldBe(sameForm ? 20 : 1);
        answers.Count(a => a.Stopped == RenewalError.Changed).ShouldBe(sameForm ? 0 : 19);
        (await MailsAsync(renewal)).ShouldHaveSingleItem();
        EventLog.IsIntact(await renewal.License.EventsAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_failure_on_the_way_leaves_nothing_and_the_same_form_can_be_sent_again()
    {
        var renewal = await Portal.AddRenewalAsync(computers: ["KASSE-1"]);
        var (before, last) = (await StoredAsync(renewal), await LastPlaceAsync());
        var (order, act) = (await renewal.OrderAsync(), await renewal.ActAsync());
        await AsOwnerAsync("""
            CREATE FUNCTION break_mail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the last step breaks'; END $$;
            CREATE TRIGGER break_mail BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION break_mail();
            """);
        await Should.ThrowAsync<DbUpdateException>(() => renewal.RenewAsync(order, act));
        await AsOwnerAsync("DROP TRIGGER break_mail ON outbox; DROP FUNCTION break_mail();");

        (await StoredAsync(renewal)).ShouldBe(before);
        (await LastPlaceAsync()).ShouldBe(last);
        (await renewal.RenewAsync(order, act)).Done.ShouldNotBeNull();
        (await LastPlaceAsync()).ShouldBe(last + 1);
    }

    [Fact]
    public async Task Days_that_a_transfer_has_billed_are_not_billed_again_nor_the_other_way_round()
    {
        var order = await Portal.AddTransferAsync(new(TransferRemedy.Renewal, LicenseIssue.OnPayment));
        await FillAddressAsync(order);
        (await ground.Use<SettleTransfer>().ExecuteAsync(await ground.ActAsync(), order.Id, Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);
        var license = order.Licenses[0];
        var renewal = new SampleRenewal(license, (await order.ReadAsync()).CustomerId!.Value, await CustomerUser.CreateAsync(license));
        var billed = await BilledAsync(order);
        (await license.ReadAsync()).MaintenanceUntil.ShouldNotBe(billed.To, "the license follows the payment");

        (await renewal.RenewAsync()).Done.ShouldNotBeNull();

        var mine = (await InvoicesAsync(renewal)).ShouldHaveSingleItem().Content.Lines.Single().Period!;
        mine.From.ShouldBe(billed.To.AddDays(1));
        (await license.ReadAsync()).MaintenanceUntil.ShouldBe(mine.To);
    }

    [Fact]
    public async Task A_cancelled_renewal_is_taken_back_before_its_first_day_and_not_after()
    {
        var end = Today.AddDays(20);
        var renewal = await Portal.AddRenewalAsync(end);
        await renewal.RenewAsync();
        await renewal.RenewAsync();
        var invoices = await InvoicesAsync(renewal);

        // Something was added behind the first one, so that staff decide; the second one goes.
        await CancelAsync(invoices[0]);
        (await renewal.License.ReadAsync()).MaintenanceUntil.ShouldBe(invoices[1].Content.Lines.Single().Period!.To);
        await CancelAsync(invoices[1]);
        (await renewal.License.ReadAsync()).MaintenanceUntil.ShouldBe(invoices[0].Content.Lines.Single().Period!.To);
        (await renewal.License.EventsAsync())[^1].Kind.ShouldBe(EventKind.SubscriptionShortened);
        await using var db = Portal.Open();
        var mail = await db.Set<OutboxMessage>()
            .SingleAsync(m => m.Kind == "invoice-cancelled" && m.CustomerId == renewal.CustomerId && m.CopyText!.Contains("Subscription"));
        mail.CopyText!.ShouldContain(LocalTimes.Date(invoices[0].Content.Lines.Single().Period!.To, new("de")));

        // From today on: it is in use.
        var used = await Portal.AddRenewalAsync();
        var done = (await used.RenewAsync()).Done!;
        await CancelAsync((await InvoicesAsync(used)).Single());
        (await used.License.ReadAsync()).MaintenanceUntil.ShouldBe(done.Until);
    }

    private async Task CancelAsync(Invoice invoice) =>
        (await ground.Use<CancelInvoice>()
            .ExecuteAsync(await ground.ActAsync("Irrtümlich bestellt", by: ground.Accountant), invoice.Id, Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);

    /// <summary>The use case of a vendor with other settings, on this portal's database.</summary>
    private (RenewalOffers Offers, RenewSubscription Renew) With(Action<VendorOptions> change, EuConsumers consumers = default)
    {
        var vendor = new VendorOptions();
        change(vendor);
        var invoicing = new VendorInvoicing(
            Options.Create(vendor), Options.Create(new TaxOptions { EuConsumers = consumers }), ground.Use<IHostEnvironment>(), []);
        var offers = new RenewalOffers(new TaxCases(invoicing, ground.Use<LocalTimes>()), ground.Use<InvoiceLetters>());
        return (offers, new RenewSubscription(
            ground.Use<IDbContextFactory<PortalDbContext>>(), ground.Use<CustomerActs>(), ground.Use<ProductCatalog>(), offers,
            new IssueInvoice(ground.Use<InvoiceIssuer>(), invoicing), ground.Use<RenewalMailer>(),
            Options.Create(vendor)));
    }

    private async Task<RenewalChoice> OfferAsync(SampleRenewal renewal, RenewalOffers offers)
    {
        await using var db = Portal.Open();
        var license = await renewal.License.ReadAsync();
        var product = await ground.Use<ProductCatalog>().GetAsync(license.ProductId, default);
        return await offers.OfferAsync(db, license, product, await CustomerAsync(renewal), "de", Portal.Clock.Now, default);
    }

    /// <summary>Staff have looked the VAT id up, for a transfer of the same customer.</summary>
    private async Task ConfirmAsync(SampleRenewal renewal, bool isValid)
    {
        var order = await Portal.AddTransferAsync(new(Contact: c => c with { Country = "AT", VatId = VatId }));
        await AsOwnerAsync($"UPDATE transfer_request SET customer_id = '{renewal.CustomerId}' WHERE id = '{order.Id}'");
        (await ground.Use<RecordVatIdCheck>().ExecuteAsync(await ground.ActAsync("VIES"), order.Id, isValid, Portal.Clock.Now, default))
            .ShouldBe(StaffResult.Done);
    }

    private static async Task LockAsync(SampleLicense license)
    {
        var strict = license with { Policies = license.Policies with { Flag = new() { Rule = FlagRule.Strict } } };
        await strict.ReleaseAsync("KASSE-ALT");
        license.Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        await strict.ActivateAsync("KASSE-NEU");
        license.Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        await strict.SightAsync("KASSE-ALT");
        (await strict.ReadAsync()).State.ShouldBe(LicenseState.Locked);
    }

    /// <param name="newCents">Null: the article is sold no longer.</param>
    private async Task PriceAsync(SampleRenewal renewal, long? newCents)
    {
        await using var db = Portal.Open();
        var sku = (await renewal.License.ReadAsync()).ProductId;
        var old = await db.PriceList.SingleAsync(e => e.ProductId == sku);
        old.ValidUntil = Today.AddDays(-1);
        await db.SaveChangesAsync();
        if (newCents is { } cents)
        {
            db.Add(new PriceListEntry
            {
                ProductId = old.ProductId,
                Sku = old.Sku,
                NetCents = cents,
                TermMonths = old.TermMonths,
                ValidFrom = Today,
                NameDe = old.NameDe,
                NameEn = old.NameEn,
            });
            await db.SaveChangesAsync();
        }
    }

    private async Task FillAddressAsync(SampleTransfer order)
    {
        var request = await order.ReadAsync();
        await using var db = Portal.Open();
        await db.Customers.Where(c => c.Id == request.CustomerId)
            .ExecuteUpdateAsync(s => s.SetProperty(c => c.Street, "Musterstraße 1").SetProperty(c => c.PostalCode, "12345")
                .SetProperty(c => c.City, "Musterstadt"));
    }

    private async Task<Period> BilledAsync(SampleTransfer order)
    {
        await using var db = Portal.Open();
        return (await db.Invoices.AsNoTracking().SingleAsync(i => i.TransferRequestId == order.Id)).Content.Lines.Single().Period!;
    }

    private async Task<Customer> CustomerAsync(SampleRenewal renewal)
    {
        await using var db = Portal.Open();
        return await db.Customers.SingleAsync(c => c.Id == renewal.CustomerId);
    }

    private async Task<List<Invoice>> InvoicesAsync(SampleRenewal renewal)
    {
        await using var db = Portal.Open();
        return await db.Invoices.AsNoTracking().Where(i => i.LicenseId == renewal.License.Id && i.Kind == InvoiceKind.Invoice)
            .OrderBy(i => i.Place).ToListAsync();
    }

    private async Task<List<OutboxMessage>> MailsAsync(SampleRenewal renewal)
    {
        await using var db = Portal.Open();
        return await db.Set<OutboxMessage>().AsNoTracking()
            .Where(m => m.Kind == "subscription-renewed" && m.Reference == renewal.License.Number).ToListAsync();
    }

    private async Task<(DateOnly? End, int Invoices, int Mails, int Events)> StoredAsync(SampleRenewal renewal) => (
        (await renewal.License.ReadAsync()).MaintenanceUntil,
        (await InvoicesAsync(renewal)).Count,
        (await MailsAsync(renewal)).Count,
        (await renewal.License.EventsAsync()).Count);

    private async Task<int> LastPlaceAsync()
    {
        await using var db = Portal.Open();
        return await db.Invoices.Where(i => i.Kind == InvoiceKind.Invoice).MaxAsync(i => (int?)i.Place) ?? 0;
    }

    private async Task AsOwnerAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Portal.Database.OwnerConnection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
