using Microsoft.EntityFrameworkCore;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Backoffice.Customers;
using SelfHelpPortal.Features.Backoffice.Kit;
using SelfHelpPortal.Features.Backoffice.Licenses;
using SelfHelpPortal.Features.Staff.Customers;
using SelfHelpPortal.Features.Staff.DataChecks;
using SelfHelpPortal.Features.Staff.Import;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Ownership;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Shared.Access;
using SelfHelpPortal.Shared.Api;
using SelfHelpPortal.Shared.Licenses;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Features.Staff;

/// <summary>Two customers that are the same become one: everything moves, nothing is lost, and nobody's rights grow unseen.</summary>
public class MergeCustomersTests(StaffGround ground) : IClassFixture<StaffGround>
{
    private static readonly Dictionary<Guid, MergedAccess> Nobody = [];

    private PortalFactory Portal => ground.Portal;

    private DateTimeOffset Now => Portal.Clock.Now;

    /// <summary>A column that names customers and is not moved fails here, and so does one of which this test has no row.</summary>
    [Fact]
    public async Task Nothing_names_the_merged_customer_afterwards_in_whatever_table()
    {
        var (source, target) = (await FullAsync(), await TargetAsync());
        var columns = await ColumnsAsync();
        columns.ShouldContain("license.customer_id");
        columns.ShouldContain("outbox.customer_id");
        foreach (var column in columns)
        {
            (await CountAsync(column, source)).ShouldBeGreaterThan(0, $"the test needs a row that names the customer in {column}");
        }

        (await MergeAsync(source, target)).ShouldBe(StaffResult.Done);

        foreach (var column in columns)
        {
            (await CountAsync(column, source)).ShouldBe(0, $"a merge leaves {column} behind");
        }

        (await CountAsync("license.customer_id", target)).ShouldBeGreaterThan(0);
        (await CountAsync("customer.merged_into_id", target)).ShouldBe(2, "the numbers that led to the source lead on");
        (await ground.Use<CheckData>().RunAsync(allDocuments: true, Now, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_source_is_left_as_a_number_that_leads_to_the_target_everywhere()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var source = await license.OfAsync("alt@muster-eins.example", "Muster Eins GmbH");
        var target = await TargetAsync();
        var (former, stays) = (await NumberAsync(source), await NumberAsync(target));

        (await MergeAsync(source, target)).ShouldBe(StaffResult.Done);

        await using var db = Portal.Open();
        var left = await db.Customers.SingleAsync(c => c.Id == source);
        (left.Number, left.Company, left.Email, left.MergedIntoId).ShouldBe((former, former, "", target));
        var actor = await ground.Clerk.ActorAsync();
        (await ground.Use<ShowCustomer>().ExecuteAsync(actor, former, Now, default)).Value.ShouldNotBeNull().FormerNumbers
            .ShouldBe([former]);
        (await ground.Use<SearchCustomers>().ExecuteAsync(actor, former, default, Now, default)).Value!.Customers.Select(c => c.Number)
            .ShouldBe([stays]);
        (await ground.Use<SearchLicenses>().ExecuteAsync(actor, former, default, Now, default)).Value!.Licenses.Select(l => l.Number)
            .ShouldContain(license.Number);
        (await db.CustomersAt("alt@muster-eins.example").CountAsync()).ShouldBe(0, "no key goes to the former address");
    }

    [Fact]
    public async Task The_vendors_programs_go_on_with_the_former_number()
    {
        var license = await Portal.AddLicenseAsync();
        var source = await license.OfAsync("alt@muster-zwei.example", "Muster Zwei GmbH");
        var target = await TargetAsync();
        var (former, stays) = (await NumberAsync(source), await NumberAsync(target));
        (await MergeAsync(source, target)).ShouldBe(StaffResult.Done);
        var caller = await CallerAsync();

        (await ground.Use<ReadCustomer>().ExecuteAsync(caller, former, Now, default)).Value.ShouldNotBeNull().Number.ShouldBe(stays);
        var sold = await ground.Use<CreateLicense>().ExecuteAsync(
            caller, new Once(null), new CreateLicenseBody { Product = (await license.ReadAsync()).ProductId, Customer = former }, null, Now,
            default);
        sold.Value.ShouldNotBeNull().Customer.ShouldBe(stays);
        (await ground.Use<CreateCustomer>().ExecuteAsync(
            caller, new Once(null), new NewCustomer(former, "Muster Shop GmbH", "shop@muster.example"), Now, default)).Refused
            .ShouldBe(BackofficeRefusal.NumberTaken);
        (await ground.Use<ReadLicense>().ExecuteAsync(license.Number, default)).Value!.Customer.ShouldBe(stays);
    }

    [Fact]
    public async Task A_list_with_the_former_number_adds_to_the_target_and_brings_nothing_back()
    {
        var license = await Portal.AddLicenseAsync();
        var source = await license.OfAsync("alt@muster-drei.example", "Muster Drei GmbH");
        var target = await TargetAsync();
        var former = await NumberAsync(source);
        (await MergeAsync(source, target)).ShouldBe(StaffResult.Done);
        var product = (await license.ReadAsync()).ProductId;
        await using var db = Portal.Open();
        var kept = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == target);

        var added = await ground.Use<AddLicense>().ExecuteAsync(
            await ground.Administrator.ActorAsync(), Guid.NewGuid(),
            new TypedLicense { [ImportField.Product] = product, [ImportField.CustomerNumber] = former }, Now, default);
        added.Number.ShouldNotBeNull();
        (await db.Licenses.SingleAsync(l => l.Number == added.Number)).CustomerId.ShouldBe(target);

        // The list that the license once came from: with the former name and address.
        var list = $"license_number,product,customer_number,company,email\n"
            + $"{license.Number},{product},{former},Muster Drei GmbH,alt@muster-drei.example\n"
            + $"{license.Number},{product},{former},{kept.Company},{kept.Email}\n";
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, list.Split('\n')[0] + "\n" + list.Split('\n')[1] + "\n");
        (await Portal.RunAsync("import", "licenses", path, "--update")).Exit.ShouldBe(1, "the former details are a stranger's now");
        await File.WriteAllTextAsync(path, list.Split('\n')[0] + "\n" + list.Split('\n')[2] + "\n");
        (await Portal.RunAsync("import", "licenses", path, "--update")).Exit.ShouldBe(0);
        File.Delete(path);
        (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == target)).ShouldBeEquivalentTo(kept);
    }

    [Fact]
    public async Task Details_of_the_target_stay_and_what_is_empty_there_is_filled()
    {
        var (source, target) = (await (await Portal.AddLicenseAsync()).OfAsync("alt@muster.example"), await TargetAsync());
        await using var db = Portal.Open();
        await db.Customers.Where(c => c.Id == source).ExecuteUpdateAsync(s => s.SetProperty(c => c.Street, "Quellweg 1")
            .SetProperty(c => c.PostalCode, "8010").SetProperty(c => c.City, "Graz").SetProperty(c => c.Country, "AT")
            .SetProperty(c => c.VatId, "ATU12345675").SetProperty(c => c.Company, "Ander Name").SetProperty(c => c.RemindersPaused, true));

        (await MergeAsync(source, target)).ShouldBe(StaffResult.Done);

        var merged = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == target);
        (merged.Company, merged.Email).ShouldBe(("Muster Ziel GmbH", "ziel@muster-ziel.example"));
        (merged.Street, merged.PostalCode, merged.City, merged.Country, merged.VatId, merged.RemindersPaused)
            .ShouldBe(("Quellweg 1", "8010", "Graz", "AT", "ATU12345675", true));
    }

    [Fact]
    public void An_address_is_never_put_together_from_two()
    {
        var target = new CustomerDetails("Ziel", false, "de", null, null, "Zielstadt", "DE", null, InvoiceFormat.Zugferd);
        var source = new CustomerDetails("Quelle", true, "en", "Quellweg 1", "8010", "Graz", "AT", "ATU12345675", InvoiceFormat.PlainPdf);

        target.FilledFrom(source).ShouldBe(target, "a street of Graz in Zielstadt, or an Austrian VAT id in Germany, would be nobody's");
    }

    [Fact]
    public async Task People_of_the_source_see_what_they_saw_and_no_more_unless_somebody_chooses()
    {
        var license = await Portal.AddLicenseAsync(computers: ["KASSE-1"]);
        var source = await license.OfAsync("alt@muster-vier.example", "Muster Vier GmbH");
        var theirs = await Portal.AddLicenseAsync();
        var target = await theirs.OfAsync("ziel@muster-ziel.example", "Muster Ziel GmbH");
        var (silent, member, owner, gone) = (await OfAsync(source), await OfAsync(source), await OfAsync(source), await OfAsync(source));
        var (holder, both) = (await CustomerUser.CreateByKeyAsync(license), await OfAsync(source));
        await using (var db = Portal.Open())
        {
            db.Add(new CustomerMember { CustomerId = target, UserId = both.Id, Role = CustomerRole.Member, Since = Now });
            await db.SaveChangesAsync();
        }

        var chosen = new Dictionary<Guid, MergedAccess>
        {
            [member.Id] = MergedAccess.Member,
            [owner.Id] = MergedAccess.Owner,
            [gone.Id] = MergedAccess.None,
            // Nobody gets more by this than the target's owners have given already.
            [both.Id] = MergedAccess.Owner,
        };
        (await MergeAsync(source, target, chosen)).ShouldBe(StaffResult.Done);

        (await SeesAsync(silent)).ShouldBe([license.Number]);
        (await SeesAsync(holder)).ShouldBe([license.Number]);
        (await SeesAsync(gone)).ShouldBeEmpty();
        foreach (var all in new[] { member, owner, both })
        {
            (await SeesAsync(all)).ShouldBe([license.Number, theirs.Number], ignoreOrder: true);
        }

        (await OwnsAsync(silent), await OwnsAsync(member), await OwnsAsync(owner), await OwnsAsync(both))
            .ShouldBe((false, false, true, false));
    }

    [Fact]
    public async Task An_invitation_to_the_source_opens_nothing_of_the_target()
    {
        var source = await FullAsync();
        var target = await TargetAsync();

        (await MergeAsync(source, target)).ShouldBe(StaffResult.Done);

        await using var db = Portal.Open();
        (await db.Set<Registration>().CountAsync(r => r.CustomerId == target && r.UsedAt == null)).ShouldBe(0);
        (await db.Set<Registration>().CountAsync(r => r.CustomerId == target && r.UsedAt != null)).ShouldBe(1, "what was used is history");
    }

    [Fact]
    public async Task Histories_are_whole_and_tell_of_it_and_invoices_say_what_they_said()
    {
        var source = await FullAsync();
        var target = await TargetAsync();
        await using var db = Portal.Open();
        var invoices = await db.Invoices.AsNoTracking().Where(i => i.CustomerId == source).OrderBy(i => i.Id).ToListAsync();
        var licenses = await db.Licenses.Where(l => l.CustomerId == source).Select(l => l.Id).ToListAsync();
        var before = await db.Events.AsNoTracking().Where(e => e.Stream == source).OrderBy(e => e.Seq).ToListAsync();

        (await MergeAsync(source, target, reason: "Doppelt importiert")).ShouldBe(StaffResult.Done);

        var after = await db.Invoices.AsNoTracking().Where(i => i.CustomerId == target).OrderBy(i => i.Id).ToListAsync();
        after.Select(i => (i.Id, i.Number, i.Content.Buyer)).ShouldBe(invoices.Select(i => (i.Id, i.Number, i.Content.Buyer)));
        foreach (var stream in licenses.Append(source).Append(target))
        {
            var events = await db.Events.AsNoTracking().Include(e => e.Detail).Where(e => e.Stream == stream).OrderBy(e => e.Seq)
                .ToListAsync();
            EventLog.IsIntact(events).ShouldBeTrue();
            var told = events.Last(e => e.Kind == (licenses.Contains(stream) ? EventKind.LicenseChanged : EventKind.CustomerMerged));
            var numbers = $"{await NumberAsync(source)} → {await NumberAsync(target)}";
            told.Detail!.Text.ShouldBe(licenses.Contains(stream) ? $"customer_number {numbers}" : "Doppelt importiert");
        }

        (await db.Events.AsNoTracking().Where(e => e.Stream == source).OrderBy(e => e.Seq).Take(before.Count).Select(e => e.Hash)
            .ToListAsync()).ShouldBe(before.Select(e => e.Hash));
        var noted = $"→ {await NumberAsync(target)}: Doppelt importiert";
        (await db.AuditEntries.SingleAsync(e => e.Kind == AuditKind.CustomersMerged && e.Text == noted)).Subject
            .ShouldBe(await NumberAsync(source));
    }

    [Fact]
    public async Task The_former_address_is_told_unless_it_is_the_same()
    {
        var source = await (await Portal.AddLicenseAsync()).OfAsync("alt@muster-fuenf.example", "Muster Fünf GmbH");
        var same = await (await Portal.AddLicenseAsync()).OfAsync("ZIEL@muster-ziel.example", "Muster Sechs GmbH");
        var target = await TargetAsync();
        var former = await NumberAsync(source);

        (await MergeAsync(source, target)).ShouldBe(StaffResult.Done);
        (await MergeAsync(same, target)).ShouldBe(StaffResult.Done);

        var mail = (await ground.MailsAsync("address-on-file-changed", former)).ShouldHaveSingleItem();
        mail.ToAddress.ShouldBe("alt@muster-fuenf.example");
        mail.CopyText.ShouldContain(await NumberAsync(target));
        mail.CopyText.ShouldNotContain("ziel@muster-ziel.example");
        (await ground.MailsAsync("address-on-file-changed", await NumberAsync(same))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_merge_into_itself_of_a_merged_one_or_into_one_is_refused()
    {
        var (first, second, third) = (await TargetAsync(), await TargetAsync(), await TargetAsync());
        (await MergeAsync(first, first)).Refused.ShouldBe(StaffRefusal.SameCustomer);
        (await MergeAsync(first, second)).ShouldBe(StaffResult.Done);

        (await MergeAsync(first, third)).Refused.ShouldBe(StaffRefusal.CustomerGone);
        (await MergeAsync(third, first)).Refused.ShouldBe(StaffRefusal.CustomerGone);
        (await MergeAsync(third, Guid.NewGuid())).Refused.ShouldBe(StaffRefusal.NotFound);
        (await ground.Use<MergeCustomers>().ExecuteAsync(
            await ground.ActAsync("Doppelt"), third, second, Nobody, Now, default)).Refused.ShouldBe(StaffRefusal.NotPermitted);
        (await MergeAsync(third, second, reason: "")).Refused.ShouldBe(StaffRefusal.Reason);
        var actor = await ground.Administrator.ActorAsync();
        (await ground.Use<ShowMerge>().ExecuteAsync(actor, await NumberAsync(first), await NumberAsync(second), Now, default)).Refused
            .ShouldBe(StaffRefusal.NotFound, "both numbers are one customer's");
    }

    [Fact]
    public async Task Of_merges_at_once_in_both_directions_one_happens_and_none_hangs()
    {
        for (var round = 0; round < 3; round++)
        {
            var (one, other) = (await FullAsync(), await FullAsync());
            var answers = await Task.WhenAll(
                Task.Run(() => MergeAsync(one, other)), Task.Run(() => MergeAsync(other, one)), Task.Run(() => MergeAsync(one, other)));

            answers.Count(a => a.Succeeded).ShouldBe(1);
            answers.Where(a => !a.Succeeded).ShouldAllBe(a => a.Refused == StaffRefusal.CustomerGone);
        }

        (await ground.Use<CheckData>().RunAsync(allDocuments: false, Now, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_sold_or_ordered_while_customers_are_merged_ends_at_the_target()
    {
        var caller = await CallerAsync();
        for (var round = 0; round < 5; round++)
        {
            var order = await Portal.AddTransferAsync();
            var license = await order.Licenses[0].ReadAsync();
            var (source, target) = (license.CustomerId, await TargetAsync());
            var number = await NumberAsync(source);

            var sold = Task.Run(() => ground.Use<CreateLicense>().ExecuteAsync(
                caller, new Once(null), new CreateLicenseBody { Product = license.ProductId, Customer = number }, null, Now, default));
            var settled = Task.Run(async () =>
                await ground.Use<SettleTransfer>().ExecuteAsync(await ground.ActAsync(), order.Id, Now, default));
            var merged = Task.Run(() => MergeAsync(source, target));

            (await merged).ShouldBe(StaffResult.Done);
            (await sold).Value.ShouldNotBeNull();
            (await settled).ShouldBe(StaffResult.Done);
            await using var db = Portal.Open();
            (await db.Licenses.CountAsync(l => l.CustomerId == target)).ShouldBe(2);
            (await db.Invoices.CountAsync(i => i.CustomerId == target)).ShouldBe(1);
        }

        (await ground.Use<CheckData>().RunAsync(allDocuments: false, Now, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_invoice_changes_its_customer_by_a_merge_and_by_nothing_else()
    {
        var invoice = await Portal.StoreAsync();
        var other = await TargetAsync();
        await using var db = Portal.Open();

        var refused = await Should.ThrowAsync<PostgresException>(() =>
            db.Invoices.Where(i => i.Id == invoice.Id).ExecuteUpdateAsync(s => s.SetProperty(i => i.CustomerId, other)));

        refused.SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);
    }

    [Fact]
    public async Task The_preview_shows_both_sides_who_gains_and_what_comes_of_it()
    {
        var source = await FullAsync();
        var license = await Portal.AddLicenseAsync();
        var target = await license.OfAsync("ziel@muster-ziel.example", "Muster Ziel GmbH");
        var owner = await OfAsync(target);

        var view = (await ground.Use<ShowMerge>().ExecuteAsync(
            await ground.Administrator.ActorAsync(), await NumberAsync(source), await NumberAsync(target), Now, default)).Value
            .ShouldNotBeNull();

        (view.Source.Licenses.Count, view.Source.Orders, view.Source.Invoices, view.Source.Invitations).ShouldBe((1, 1, 1, 1));
        view.Source.Mails.ShouldBeGreaterThan(0);
        view.Newcomers.ShouldHaveSingleItem().Role.ShouldBe(CustomerRole.Owner);
        view.Gainers.Select(p => p.Id).ShouldBe([owner.Id]);
        view.Result.Company.ShouldBe("Muster Ziel GmbH");
        var likely = (await ground.Use<ShowMerge>().FindAsync(
            await ground.Administrator.ActorAsync(), await NumberAsync(target), Now, default)).Value!.Likely;
        likely.ShouldAllBe(c => c.Company == "Muster Ziel GmbH" && c.Number != view.Target.Number);
    }

    /// <summary>A customer with a row in everything that names customers.</summary>
    private async Task<Guid> FullAsync()
    {
        var order = await Portal.AddTransferAsync();
        (await ground.Use<SettleTransfer>().ExecuteAsync(await ground.ActAsync(), order.Id, Now, default)).ShouldBe(StaffResult.Done);
        var license = order.Licenses[0];
        var customer = (await license.ReadAsync()).CustomerId;
        await CustomerUser.CreateAsync(license);
        await CustomerUser.CreateByKeyAsync(license);
        (await MergeAsync(await TargetAsync(), customer)).ShouldBe(StaffResult.Done);
        await using var db = Portal.Open();
        foreach (var used in new DateTimeOffset?[] { null, Now })
        {
            db.Add(new Registration
            {
                Id = Guid.NewGuid(),
                Email = $"{Guid.NewGuid():n}@muster.example",
                CustomerId = customer,
                Role = CustomerRole.Member,
                CreatedAt = Now,
                ExpiresAt = Now.AddDays(1),
                UsedAt = used,
            });
        }

        var whole = await license.ReadAsync();
        db.Add(new LicenseHolder { LicenseId = whole.Id, CustomerId = customer, From = whole.CreatedAt, Until = whole.CreatedAt });
        var change = OwnerChange.Begin(SampleOwnerChanges.Wish(OwnerChangeKind.Data, whole.ProductId), Now);
        change.Send(whole, Now).ShouldSucceed();
        change.OwnerAgrees(null, Now).ShouldSucceed();
        change.Complete(customer, invoice: null, Now).ShouldSucceed();
        db.Add(change);
        await db.SaveChangesAsync();
        return customer;
    }

    private async Task<Guid> TargetAsync()
    {
        await using var db = Portal.Open();
        var customer = new Customer
        {
            Number = await Numbers.NextCustomerAsync(db, default),
            Company = "Muster Ziel GmbH",
            Email = "ziel@muster-ziel.example",
        };
        db.Add(customer);
        await db.SaveChangesAsync();
        return customer.Id;
    }

    private Task<CustomerUser> OfAsync(Guid customer) => CustomerUser.CreateAsync(Portal, customer);

    private async Task<StaffResult> MergeAsync(
        Guid source, Guid target, Dictionary<Guid, MergedAccess>? people = null, string reason = "Doppelt angelegt") =>
        await ground.Use<MergeCustomers>().ExecuteAsync(
            await ground.ActAsync(reason, ground.Administrator), source, target, people ?? Nobody, Now, default);

    private async Task<string> NumberAsync(Guid customer)
    {
        await using var db = Portal.Open();
        return await db.Customers.Where(c => c.Id == customer).Select(c => c.Number).SingleAsync();
    }

    private async Task<List<string>> SeesAsync(CustomerUser person)
    {
        await using var db = Portal.Open();
        return await Customers.LicensesOf(db, await person.ActorAsync(), CustomerRole.KeyHolder).Select(l => l.Number).ToListAsync();
    }

    private async Task<bool> OwnsAsync(CustomerUser person)
    {
        await using var db = Portal.Open();
        return await Customers.For(db, await person.ActorAsync(), CustomerRole.Owner).AnyAsync();
    }

    private async Task<TokenCaller> CallerAsync()
    {
        await Portal.AddTokenAsync(ApiScopes.All);
        await using var db = Portal.Open();
        var token = await db.ApiTokens.OrderByDescending(t => t.CreatedAt).FirstAsync();
        return new(token.Id, token.Name, token.Scopes, null);
    }

    /// <summary>Foreign keys to customers, and whatever is called as if it were one.</summary>
    private async Task<List<string>> ColumnsAsync()
    {
        await using var db = Portal.Open();
        return await db.Database.SqlQuery<string>(
            $"""
             SELECT k.table_name || '.' || k.column_name AS "Value"
             FROM information_schema.referential_constraints r
             JOIN information_schema.key_column_usage k
                 ON k.constraint_name = r.constraint_name AND k.constraint_schema = r.constraint_schema
             JOIN information_schema.table_constraints t
                 ON t.constraint_name = r.unique_constraint_name AND t.constraint_schema = r.unique_constraint_schema
             WHERE t.table_name = 'customer'
             UNION SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = current_schema() AND column_name LIKE '%customer_id'
             """).ToListAsync();
    }

    private async Task<int> CountAsync(string column, Guid customer)
    {
        var (table, name) = (column.Split('.')[0], column.Split('.')[1]);
        await using var db = Portal.Open();
#pragma warning disable EF1002 // Names from the catalog of the database.
        return await db.Database.SqlQueryRaw<int>(
            $"SELECT count(*)::int AS \"Value\" FROM {table} WHERE {name} = {{0}}", customer).SingleAsync();
#pragma warning restore EF1002
    }
}
