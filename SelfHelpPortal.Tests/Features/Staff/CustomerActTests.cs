using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.Invoices;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>
/// Customers are entered, found and changed by staff: by the rules of lists and shop, and what a thief would want is guarded.
/// </summary>
public class CustomerActTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private const string TooLong = "too long";
    private const string NoText = "no text";

    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    [Fact]
    public async Task A_customer_is_entered_once_however_often_it_is_sent()
    {
        var (actor, id) = (await ground.Clerk.ActorAsync(), Guid.CreateVersion7());
        var typed = Typed("Muster Neu GmbH", "NEU@Muster-Neu.example");
        typed[CustomerField.VatId] = "de 136 695 976";

        var first = await ground.Use<AddCustomer>().ExecuteAsync(actor, id, typed, Now, default);
        var again = await ground.Use<AddCustomer>().ExecuteAsync(actor, id, typed, Now, default);

        (first.Refused, again.Number).ShouldBe((null, first.Number));
        await using var db = Portal.Open();
        var customer = await db.Customers.SingleAsync(c => c.Company == "Muster Neu GmbH");
        (customer.Number, customer.Email, customer.VatId, customer.Country).ShouldBe(
            (first.Number, "NEU@muster-neu.example", "DE136695976", "DE"));
        (await EventsAsync(customer.Id)).ShouldBe([(EventKind.CustomerCreated, null)]);
        (await db.AuditEntries.SingleAsync(e => e.Kind == AuditKind.CustomerCreated && e.Subject == first.Number)).Stream
            .ShouldBe(actor.Id);
    }

    [Fact]
    public async Task A_number_of_ones_own_is_taken_and_counted_on_from_and_never_given_twice()
    {
        var actor = await ground.Clerk.ActorAsync();
        var typed = Typed("Muster Nummer GmbH", "nummer@muster.example");
        typed[CustomerField.Number] = "C-77000";

        (await ground.Use<AddCustomer>().ExecuteAsync(actor, Guid.CreateVersion7(), typed, Now, default)).Number.ShouldBe("C-77000");

        var twice = await ground.Use<AddCustomer>().ExecuteAsync(actor, Guid.CreateVersion7(), typed, Now, default);
        (twice.Refused, twice.Result.Broken.ShouldNotBeNull().Single().Id).ShouldBe((StaffRefusal.SettingInvalid, CustomerField.Number));
        typed[CustomerField.Number] = "";
        (await ground.Use<AddCustomer>().ExecuteAsync(actor, Guid.CreateVersion7(), typed, Now, default)).Number.ShouldBe("C-77001");
    }

    [Fact]
    public async Task Of_two_who_take_the_same_number_at_once_one_is_told()
    {
        var actor = await ground.Clerk.ActorAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var typed = Typed($"Muster Gleich {i} GmbH", $"gleich{i}@muster.example");
            typed[CustomerField.Number] = "GLEICH-1";
            return await ground.Use<AddCustomer>().ExecuteAsync(actor, Guid.CreateVersion7(), typed, Now, default);
        })));

        answers.Count(a => a.Number == "GLEICH-1").ShouldBe(1);
        answers.Count(a => a.Refused == StaffRefusal.SettingInvalid).ShouldBe(3);
    }

    [Theory]
    [InlineData(CustomerField.Company, "  ")]
    [InlineData(CustomerField.Email, "keine Adresse")]
    [InlineData(CustomerField.Number, "c-1")]
    [InlineData(CustomerField.PostalCode, "1234")]
    [InlineData(CustomerField.Country, "XX")]
    [InlineData(CustomerField.Language, "fr")]
    [InlineData(CustomerField.VatId, "DE123456789")]
    [InlineData(CustomerField.VatId, "ATU12345675")]
    [InlineData(CustomerField.City, TooLong)]
    [InlineData(CustomerField.Street, NoText)]
    public async Task What_breaks_a_rule_is_named_at_its_field_in_both_languages(string field, string value)
    {
        var typed = Typed("Muster Regel GmbH", "regel@muster.example");
        typed[CustomerField.PostalCode] = "12345";
        typed[field] = value switch { TooLong => new string('x', 201), NoText => "Weg\0", _ => value };

        var refused = await ground.Use<AddCustomer>()
            .ExecuteAsync(await ground.Clerk.ActorAsync(), Guid.CreateVersion7(), typed, Now, default);

        refused.Refused.ShouldBe(StaffRefusal.SettingInvalid);
        var problem = refused.Result.Broken.ShouldNotBeNull().Single();
        (problem.Id, problem.German == problem.English).ShouldBe((field, false));
        await using var db = Portal.Open();
        (await db.Customers.AnyAsync(c => c.Company == "Muster Regel GmbH")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_search_finds_by_number_name_address_and_town_and_is_noted()
    {
        var actor = await ground.Clerk.ActorAsync();
        var typed = Typed("Muster Suche & Söhne", "fund@sucherei.example");
        (typed[CustomerField.City], typed[CustomerField.PostalCode]) = ("Fundstadt", "12345");
        var number = (await ground.Use<AddCustomer>().ExecuteAsync(actor, Guid.CreateVersion7(), typed, Now, default)).Number!;

        foreach (var term in new[] { number, number.ToLowerInvariant(), "suche & sö", "fund@suche", "fundSTADT" })
        {
            var found = await ground.Use<SearchCustomers>().ExecuteAsync(actor, term, default, Now, default);
            found.Value.ShouldNotBeNull().Customers.Select(c => c.Number).ShouldContain(number, term);
        }

        (await ground.Use<SearchCustomers>().ExecuteAsync(actor, "fund%stadt", default, Now, default)).Value!.Customers.ShouldBeEmpty();
        await using var db = Portal.Open();
        (await db.AuditEntries.CountAsync(e => e.Kind == AuditKind.CustomersSearched && e.Text == "fund@suche")).ShouldBe(1);
    }

    [Fact]
    public async Task The_list_is_cut_into_pages_without_a_gap()
    {
        var actor = await ground.Clerk.ActorAsync();
        for (var i = 0; i < SearchCustomers.PageSize + 2; i++)
        {
            (await ground.Use<AddCustomer>()
                .ExecuteAsync(actor, Guid.CreateVersion7(), Typed($"Seitenweise {i:00}", $"seite{i}@muster.example"), Now, default))
                .Refused.ShouldBeNull();
        }

        var first = (await ground.Use<SearchCustomers>().ExecuteAsync(actor, "Seitenweise", default, Now, default)).Value!;
        var second = (await ground.Use<SearchCustomers>()
            .ExecuteAsync(actor, "Seitenweise", new(first.Customers[^1].Number, null), Now, default)).Value!;
        var back = (await ground.Use<SearchCustomers>()
            .ExecuteAsync(actor, "Seitenweise", new(null, second.Customers[0].Number), Now, default)).Value!;

        (first.HasNewer, first.HasOlder, second.HasNewer, second.HasOlder).ShouldBe((false, true, true, false));
        second.Customers.Select(c => c.Company).ShouldBe(["Seitenweise 01", "Seitenweise 00"]);
        back.Customers.ShouldBe(first.Customers);
    }

    [Fact]
    public async Task Details_are_changed_and_only_the_names_of_the_fields_are_kept()
    {
        var license = await Portal.AddLicenseAsync();
        var (id, shown) = await ShownAsync(license);
        var actor = await ground.Accountant.ActorAsync();
        var typed = CustomerInput.From(shown);
        (typed[CustomerField.Street], typed[CustomerField.PostalCode], typed[CustomerField.City]) = ("Musterweg 9", "54321", "Neustadt");
        typed[CustomerField.InvoiceFormat] = nameof(InvoiceFormat.PlainPdf);

        (await ground.Use<EditCustomer>().ExecuteAsync(actor, Guid.NewGuid(), id, shown, typed, Now, default)).ShouldBe(StaffResult.Done);

        await using var db = Portal.Open();
        var customer = await db.Customers.SingleAsync(c => c.Id == id);
        (customer.Street, customer.PostalCode, customer.City, customer.Company, customer.Email)
            .ShouldBe(("Musterweg 9", "54321", "Neustadt", shown.Company, SampleLicense.Owner));
        customer.InvoiceFormat.ShouldBe(InvoiceFormat.PlainPdf);
        (await EventsAsync(id)).ShouldBe([(EventKind.CustomerChanged, "street, postalCode, city, invoiceFormat")]);
        (await db.AuditEntries.CountAsync(e => e.Kind == AuditKind.CustomerChanged && e.Subject == customer.Number)).ShouldBe(1);
    }

    [Fact]
    public async Task Saving_what_stands_there_already_leaves_no_trace()
    {
        var (id, shown) = await ShownAsync(await Portal.AddLicenseAsync());

        (await ground.Use<EditCustomer>().ExecuteAsync(
            await ground.Clerk.ActorAsync(), Guid.NewGuid(), id, shown, CustomerInput.From(shown), Now, default))
            .ShouldBe(StaffResult.Done);

        (await EventsAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_who_edit_at_once_the_second_changes_nothing_and_is_told()
    {
        var (id, shown) = await ShownAsync(await Portal.AddLicenseAsync());
        var edits = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var typed = CustomerInput.From(shown);
            typed[CustomerField.City] = $"Stadt {i}";
            return (i, Result: await ground.Use<EditCustomer>().ExecuteAsync(
                await ground.Clerk.ActorAsync(), Guid.NewGuid(), id, shown, typed, Now, default));
        })));

        var done = edits.Single(e => e.Result.Succeeded);
        edits.Where(e => !e.Result.Succeeded).ShouldAllBe(e => e.Result.Refused == StaffRefusal.CustomerChanged);
        await using var db = Portal.Open();
        (await db.Customers.SingleAsync(c => c.Id == id)).City.ShouldBe($"Stadt {done.i}");
        (await EventsAsync(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_address_on_file_is_told_to_the_former_one_in_the_same_transaction()
    {
        var license = await Portal.AddLicenseAsync();
        var id = await license.OfAsync("alt@muster-umzug.example", "Muster Umzug GmbH");
        var act = await ground.ActAsync("Der Inhaber hat angerufen");

        var result = await ground.Use<ChangeCustomerMail>()
            .ExecuteAsync(act, id, "alt@muster-umzug.example", "Neu@Muster-Umzug.example", Now, default);

        result.ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        var customer = await db.Customers.SingleAsync(c => c.Id == id);
        customer.Email.ShouldBe("Neu@muster-umzug.example");
        var mail = (await ground.MailsAsync("address-on-file-changed", customer.Number)).ShouldHaveSingleItem();
        (mail.ToAddress, mail.CustomerId, mail.CreatedAt).ShouldBe(("alt@muster-umzug.example", id, Now));
        mail.CopyText.ShouldNotContain(customer.Email);
        (await EventsAsync(id)).ShouldBe([(EventKind.CustomerMailChanged, "Der Inhaber hat angerufen")]);
        (await db.AuditEntries.CountAsync(e => e.Kind == AuditKind.CustomerMailChanged && e.Subject == customer.Number)).ShouldBe(1);

        (await ground.Use<ChangeCustomerMail>().ExecuteAsync(act, id, "alt@muster-umzug.example", "Neu@Muster-Umzug.example", Now, default))
            .ShouldBe(StaffResult.Done);
        (await ground.MailsAsync("address-on-file-changed", customer.Number)).Count.ShouldBe(1, "sent again it has the same end");
    }

    [Theory]
    [InlineData("inhaber@muster-gastro.example", "neu@muster.example", "", StaffRefusal.Reason)]
    [InlineData("jemand@muster.example", "neu@muster.example", "Anruf", StaffRefusal.CustomerChanged)]
    [InlineData("inhaber@muster-gastro.example", "keine", "Anruf", StaffRefusal.AccountAddress)]
    [InlineData("inhaber@muster-gastro.example", "inhaber@muster-gastro.example", "Anruf", StaffRefusal.AccountAddress)]
    public async Task An_address_is_not_changed_without_a_reason_or_to_nothing(
        string shown, string typed, string reason, StaffRefusal expected)
    {
        var (id, _) = await ShownAsync(await Portal.AddLicenseAsync());

        (await ground.Use<ChangeCustomerMail>().ExecuteAsync(await ground.ActAsync(reason), id, shown, typed, Now, default))
            .Refused.ShouldBe(expected);

        await using var db = Portal.Open();
        (await db.Customers.SingleAsync(c => c.Id == id)).Email.ShouldBe(SampleLicense.Owner);
        (await db.Set<OutboxMessage>().CountAsync(m => m.CustomerId == id)).ShouldBe(0);
    }

    [Fact]
    public async Task Billing_does_not_change_an_address_on_file()
    {
        var (id, _) = await ShownAsync(await Portal.AddLicenseAsync());

        (await ground.Use<ChangeCustomerMail>().ExecuteAsync(
            await ground.ActAsync(by: ground.Accountant), id, SampleLicense.Owner, "neu@muster.example", Now, default))
            .Refused.ShouldBe(StaffRefusal.NotPermitted);
    }

    [Fact]
    public async Task An_open_order_and_an_issued_invoice_keep_the_recipient_they_had()
    {
        var settled = await Portal.AddTransferAsync();
        (await ground.Use<SettleTransfer>().ExecuteAsync(await ground.ActAsync(), settled.Id, Now, default)).ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        var invoice = await db.Invoices.AsNoTracking().SingleAsync(i => i.TransferRequestId == settled.Id);
        var open = await Portal.AddTransferAsync();
        var owner = (await open.Licenses[0].ReadAsync()).CustomerId;
        foreach (var customer in new[] { invoice.CustomerId, owner })
        {
            var shown = CustomerDetails.From(await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer));
            var typed = CustomerInput.From(shown);
            (typed[CustomerField.Company], typed[CustomerField.City]) = ("Muster Umbenannt GmbH", "Woanders");
            (await ground.Use<EditCustomer>()
                .ExecuteAsync(await ground.Clerk.ActorAsync(), Guid.NewGuid(), customer, shown, typed, Now, default))
                .ShouldBe(StaffResult.Done);
            (await ground.Use<ChangeCustomerMail>().ExecuteAsync(
                await ground.ActAsync(), customer, SampleTransfer.Orderer, "anders@muster.example", Now, default))
                .ShouldBe(StaffResult.Done);
        }

        (await ground.Use<SendInvoiceAgain>().ExecuteAsync(await ground.ActAsync(), invoice.Id, Now, default)).ShouldBe(StaffResult.Done);

        var after = await db.Invoices.AsNoTracking().SingleAsync(i => i.Id == invoice.Id);
        after.Content.Buyer.ShouldBe(invoice.Content.Buyer);
        (await db.Set<OutboxMessage>().Where(m => m.Kind == "invoice-copy" && m.CustomerId == invoice.CustomerId)
            .Select(m => m.ToAddress).SingleAsync()).ShouldBe(SampleTransfer.Orderer);
        var contact = (await open.ReadAsync()).Contact.ShouldNotBeNull();
        (contact.Company, contact.Email, contact.City).ShouldBe(("Muster Gastro GmbH", SampleTransfer.Orderer, "Musterstadt"));
    }

    [Fact]
    public async Task What_is_gone_is_neither_edited_nor_written_to()
    {
        var license = await Portal.AddLicenseAsync();
        var (id, shown) = await ShownAsync(license);
        await using (var db = Portal.Open())
        {
            await db.Customers.Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.ErasedAt, Now));
        }

        (await ground.Use<EditCustomer>().ExecuteAsync(
            await ground.Clerk.ActorAsync(), Guid.NewGuid(), id, shown, CustomerInput.From(shown), Now, default))
            .Refused.ShouldBe(StaffRefusal.CustomerGone);
        (await ground.Use<ChangeCustomerMail>()
            .ExecuteAsync(await ground.ActAsync(), id, SampleLicense.Owner, "neu@muster.example", Now, default))
            .Refused.ShouldBe(StaffRefusal.CustomerGone);
        (await ground.Use<EditCustomer>().ExecuteAsync(
            await ground.Clerk.ActorAsync(), Guid.NewGuid(), Guid.NewGuid(), shown, CustomerInput.From(shown), Now, default))
            .Refused.ShouldBe(StaffRefusal.NotFound);
    }

    private static CustomerInput Typed(string company, string email) => new()
    {
        [CustomerField.Company] = company,
        [CustomerField.Email] = email,
        [CustomerField.Language] = "de",
        [CustomerField.Country] = "DE",
    };

    private async Task<(Guid Id, CustomerDetails Shown)> ShownAsync(SampleLicense license)
    {
        var id = (await license.ReadAsync()).CustomerId;
        await using var db = Portal.Open();
        return (id, CustomerDetails.From(await db.Customers.AsNoTracking().SingleAsync(c => c.Id == id)));
    }

    private async Task<List<(EventKind Kind, string? Text)>> EventsAsync(Guid stream)
    {
        await using var db = Portal.Open();
        var events = await db.Events.AsNoTracking().Include(e => e.Detail).Where(e => e.Stream == stream && e.Kind != EventKind.Refused)
            .OrderBy(e => e.Seq).ToListAsync();
        return events.ConvertAll(e => (e.Kind, e.Detail!.Text));
    }
}
