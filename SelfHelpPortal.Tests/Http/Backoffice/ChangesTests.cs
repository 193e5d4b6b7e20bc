using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Transfers;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Tests.Http.Api;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Http.Backoffice;

/// <summary>What happened since: complete, in order, and without what is nobody's business outside.</summary>
public sealed class ChangesTests : IAsyncLifetime
{
    private readonly Shop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task What_happened_to_a_license_is_listed_in_order_with_a_place_to_go_on_from()
    {
        var customer = await _shop.CustomerAsync();
        var begin = (await _shop.GetAsync("/changes"))["next"]!.GetValue<string>();
        var created = await _shop.PostAsync("/licenses", Shop.NewLicense(customer));
        var license = Shop.Number(created);
        var till = await _shop.Api.TillAsync("KASSE-1", key: created["activationKey"]!.GetValue<string>());
        (await till.ActivateAsync()).ShouldBeActivated(201);
        await _shop.PostAsync($"/licenses/{license}/renew", new() { ["maintenanceUntil"] = "2027-12-31" });
        await _shop.PostAsync($"/licenses/{license}/suspend", new() { ["reason"] = "Not paid, says Frau Muster" });

        var answer = await _shop.GetAsync($"/changes?since={begin}");

        var changes = Changes(answer);
        changes.Select(c => c["type"]!.GetValue<string>())
            .ShouldBe(["license.created", "license.activated", "license.renewed", "license.suspended"]);
        changes.ShouldAllBe(c => c["license"]!.GetValue<string>() == license && c["customer"]!.GetValue<string>() == customer);
        changes.Select(c => c["actor"]!.GetValue<string>()).ShouldBe(["api", "device", "api", "api"]);
        changes[2]["maintenanceUntil"]!.GetValue<string>().ShouldBe("2027-12-31");
        answer["hasMore"]!.GetValue<bool>().ShouldBeFalse();
        answer.Text.ShouldNotContain("Frau Muster");
        answer.Text.ShouldNotContain("KASSE-1");
        answer.Text.ShouldNotContain("Webshop");
        Changes(await _shop.GetAsync($"/changes?since={answer["next"]}")).ShouldBeEmpty();

        var paged = new List<JsonNode>();
        var next = begin;
        for (var more = true; more;)
        {
            var page = await _shop.GetAsync($"/changes?since={next}&limit=1");
            paged.AddRange(Changes(page));
            (next, more) = (page["next"]!.GetValue<string>(), page["hasMore"]!.GetValue<bool>());
        }

        paged.Select(c => c.ToJsonString()).ShouldBe(changes.Select(c => c.ToJsonString()));
    }

    [Theory]
    [InlineData("since=x")]
    [InlineData("since=-1")]
    [InlineData("since=1.5")]
    [InlineData("since=99999999999999999999")]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("limit=-1")]
    [InlineData("limit=a")]
    public async Task A_place_or_a_number_that_is_none_is_refused(string query) =>
        (await _shop.GetAsync("/changes?" + query)).ShouldBeProblem(400, "INVALID_REQUEST");

    [Fact]
    public async Task A_place_ahead_of_everything_stays_where_it_is() =>
        (await _shop.GetAsync($"/changes?since={long.MaxValue}"))["next"]!.GetValue<string>().ShouldBe($"{long.MaxValue}");

    /// <summary>
    /// The first writer has the smaller id and commits last: a list that went by the largest id would never tell of it.
    /// </summary>
    [Fact]
    public async Task An_event_that_commits_late_is_not_passed_over()
    {
        var (early, late) = (await _shop.LicenseAsync(), await _shop.LicenseAsync());
        var begin = (await _shop.GetAsync("/changes"))["next"]!.GetValue<string>();
        await using var slow = _shop.Portal.Open();
        await using var transaction = await slow.Database.BeginTransactionAsync();
        await EventLog.AppendAsync(
            slow, await IdOfAsync(late), EventKind.Restored, new EventData(), Actor.System, null, _shop.Api.Clock.Now, default);
        await slow.SaveChangesAsync();
        (await _shop.PostAsync($"/licenses/{early}/suspend", new() { ["reason"] = "Not paid" })).Status.ShouldBe(200);
        await using (var db = _shop.Portal.Open())
        {
            (await db.Events.MaxAsync(e => e.Id)).ShouldBeGreaterThan(
                await slow.Events.Where(e => e.Kind == EventKind.Restored).MaxAsync(e => e.Id), "the control");
        }

        var before = await _shop.GetAsync($"/changes?since={begin}");
        await transaction.CommitAsync();
        var after = await _shop.GetAsync($"/changes?since={before["next"]}");

        Changes(before).ShouldBeEmpty("the event behind the open one waits for it");
        Changes(after).Select(c => c["type"]!.GetValue<string>()).ShouldBe(["license.restored", "license.suspended"]);
    }

    /// <summary>
    /// A license, an order and an invoice in three transactions that commit in the other order than their ids, and a reader that asks
    /// after each commit.
    /// </summary>
    [Fact]
    public async Task Orders_and_invoices_that_commit_out_of_order_are_told_once_and_in_order()
    {
        var (order, invoice) = await InvoicedOrderAsync();
        var license = await IdOfAsync(await _shop.LicenseAsync());
        var next = (await _shop.GetAsync("/changes"))["next"]!.GetValue<string>();
        await using var first = _shop.Portal.Open();
        await using var second = _shop.Portal.Open();
        await using var third = _shop.Portal.Open();
        await using var ofLicense = await first.Database.BeginTransactionAsync();
        await using var ofOrder = await second.Database.BeginTransactionAsync();
        await using var ofInvoice = await third.Database.BeginTransactionAsync();
        await AppendAsync(first, license, EventKind.Restored, new EventData());
        await AppendAsync(
            second, order.Id, EventKind.Transfer, new EventData { Reference = order.Reference, Before = "Accepted", After = "Completed" });
        await AppendAsync(third, invoice.Id, EventKind.InvoiceSent, new EventData { Document = invoice.Number });
        var seen = new List<JsonNode>();

        foreach (var transaction in (IDbContextTransaction[])[ofInvoice, ofOrder])
        {
            await transaction.CommitAsync();
            await ReadAsync();
            seen.ShouldBeEmpty("the event of the license is still being written");
        }

        await ofLicense.CommitAsync();
        await ReadAsync();
        await ReadAsync();

        seen.Select(c => c["type"]!.GetValue<string>()).ShouldBe(["license.restored", "transfer.changed", "invoice.sent-again"]);
        seen.Select(c => long.Parse(c["id"]!.GetValue<string>(), null)).ShouldBeInOrder();

        async Task AppendAsync(PortalDbContext db, Guid stream, EventKind kind, EventData data)
        {
            await EventLog.AppendAsync(db, stream, kind, data, Actor.System, null, _shop.Api.Clock.Now, default);
            await db.SaveChangesAsync();
        }

        async Task ReadAsync()
        {
            var page = await _shop.GetAsync($"/changes?since={next}&limit=2");
            seen.AddRange(Changes(page));
            next = page["next"]!.GetValue<string>();
        }
    }

    [Fact]
    public async Task Orders_and_invoices_are_told_by_their_numbers_as_webhooks_tell_them()
    {
        var begin = (await _shop.GetAsync("/changes"))["next"]!.GetValue<string>();

        var (order, invoice) = await InvoicedOrderAsync();

        var answer = await _shop.GetAsync($"/changes?since={begin}");
        var changed = Changes(answer).Where(c => c["type"]!.GetValue<string>() == "transfer.changed").ToList();
        changed.ShouldAllBe(c => c["transfer"]!.GetValue<string>() == order.Reference && c["invoice"] == null && c["license"] == null);
        changed[^1]["transferState"]!.GetValue<string>().ShouldBeOneOf("accepted", "completed");
        var issued = Changes(answer).Single(c => c["type"]!.GetValue<string>() == "invoice.issued");
        issued["invoice"]!.GetValue<string>().ShouldBe(invoice.Number);
        await using var db = _shop.Portal.Open();
        var customer = await db.Customers.SingleAsync(c => c.Id == invoice.CustomerId);
        issued["customer"]!.GetValue<string>().ShouldBe(customer.Number);
        changed[^1]["customer"]!.GetValue<string>().ShouldBe(customer.Number);
        foreach (var personal in (string[])[customer.Company, customer.Email, "Bezahlt"])
        {
            answer.Text.ShouldNotContain(personal, Case.Insensitive);
        }

        // The same event says the same in a webhook.
        var told = await ToldEvent.ForAsync(
            db, await db.Events.Where(e => e.Stream == invoice.Id || e.Stream == order.Id).OrderBy(e => e.Id).ToListAsync(), default);
        foreach (var body in told.Select(t => JsonNode.Parse(WebhookBody.From(t).Write())!))
        {
            var change = Changes(answer).Single(c => c["id"]!.GetValue<string>() == body["data"]!["event"]!.GetValue<string>());
            change["type"]!.GetValue<string>().ShouldBe(body["type"]!.GetValue<string>());
            foreach (var (field, value) in body["data"]!.AsObject().Where(field => field.Key != "event"))
            {
                change[field]!.GetValue<string>().ShouldBe(value!.GetValue<string>());
            }
        }
    }

    [Theory]
    [InlineData(ApiScopes.ReadLicenses, "license.created")]
    [InlineData(ApiScopes.ReadTransfers, "transfer.changed")]
    [InlineData(ApiScopes.ReadInvoices, "invoice.issued")]
    public async Task A_token_is_told_of_what_its_scopes_name_and_goes_past_the_rest(string scope, string type)
    {
        await InvoicedOrderAsync();
        var token = await _shop.Portal.AddTokenAsync([scope, ApiScopes.WriteCustomers]);

        var all = await _shop.GetAsync("/changes?limit=500");
        var own = await _shop.GetAsync("/changes?limit=500", token);

        var topic = type.Split('.')[0];
        Changes(all).Select(c => c["type"]!.GetValue<string>().Split('.')[0]).Distinct().Count().ShouldBeGreaterThan(2, "the control");
        Changes(own).Select(c => c["type"]!.GetValue<string>()).ShouldContain(type);
        Changes(own).ShouldAllBe(c => c["type"]!.GetValue<string>().StartsWith(topic + ".", StringComparison.Ordinal));
        own["next"]!.GetValue<string>().ShouldBe(all["next"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_writer_that_gives_up_holds_nobody_back()
    {
        var license = await _shop.LicenseAsync();
        var begin = (await _shop.GetAsync("/changes"))["next"]!.GetValue<string>();
        await using (var slow = _shop.Portal.Open())
        {
            await using var transaction = await slow.Database.BeginTransactionAsync();
            await EventLog.AppendAsync(
                slow, await IdOfAsync(license), EventKind.Restored, new EventData(), Actor.System, null, _shop.Api.Clock.Now, default);
            await slow.SaveChangesAsync();
        }

        (await _shop.PostAsync($"/licenses/{license}/suspend", new() { ["reason"] = "Not paid" })).Status.ShouldBe(200);

        Changes(await _shop.GetAsync($"/changes?since={begin}")).Select(c => c["type"]!.GetValue<string>()).ShouldBe(["license.suspended"]);
    }

    [Fact]
    public async Task With_many_writers_a_reader_gets_every_event_once_and_in_order()
    {
        const int Writers = 6;
        const int Each = 8;
        var licenses = new List<string>();
        for (var i = 0; i < Writers; i++)
        {
            licenses.Add(await _shop.LicenseAsync());
        }

        var next = (await _shop.GetAsync("/changes"))["next"]!.GetValue<string>();
        var seen = new List<long>();
        var writing = Task.WhenAll(licenses.Select(async (license, i) =>
        {
            for (var n = 0; n < Each; n++)
            {
                await using var db = _shop.Portal.Open();
                await using var transaction = await db.Database.BeginTransactionAsync();
                var id = await IdOfAsync(license);
                await db.LockLicenseAsync(id, default);
                await EventLog.AppendAsync(db, id, EventKind.Restored, new EventData(), Actor.System, null, _shop.Api.Clock.Now, default);
                await db.SaveChangesAsync();
                // Some keep their event open while others commit later ones.
                await db.Database.ExecuteSqlAsync($"SELECT pg_sleep({0.005 * (i % 3)})");
                await transaction.CommitAsync();
            }
        }));
        for (var done = false; !done;)
        {
            // Once more after the last commit.
            done = writing.IsCompleted;
            var page = await _shop.GetAsync($"/changes?since={next}&limit=5");
            page.Status.ShouldBe(200, page.Text);
            seen.AddRange(Changes(page).Select(c => long.Parse(c["id"]!.GetValue<string>(), null)));
            next = page["next"]!.GetValue<string>();
            done &= !page["hasMore"]!.GetValue<bool>();
        }

        await writing;
        seen.ShouldBe(seen.Order());
        seen.Distinct().Count().ShouldBe(Writers * Each);
        seen.Count.ShouldBe(Writers * Each);
    }

    [Fact]
    public void Every_word_is_used_once_and_none_tells_of_a_refusal()
    {
        var words = Enum.GetValues<EventKind>().Select(EventTypes.Of).OfType<string>().ToList();

        words.Distinct().Count().ShouldBe(words.Count);
        words.Select(w => w.Split('.')[0]).Distinct().ShouldBe(EventTypes.Topics, ignoreOrder: true);
        EventTypes.KindsOf(EventTypes.Topics).Length.ShouldBe(words.Count);
        EventTypes.Of(EventKind.Refused).ShouldBeNull();
    }

    private static List<JsonNode> Changes(ApiAnswer answer) => [.. answer["changes"]!.AsArray().Select(c => c!)];

    /// <summary>An order that staff have accepted, which has an invoice.</summary>
    private async Task<(SampleTransfer Order, Invoice Invoice)> InvoicedOrderAsync()
    {
        var clerk = await StaffUser.CreateAsync(_shop.Portal, StaffRoles.Administrator);
        var order = await _shop.Portal.AddTransferAsync();
        (await _shop.Portal.Services.GetRequiredService<SettleTransfer>().ExecuteAsync(
            new StaffAct(Guid.NewGuid(), await clerk.ActorAsync(), "Bezahlt"), order.Id, _shop.Api.Clock.Now, default))
            .ShouldBe(StaffResult.Done);
        await using var db = _shop.Portal.Open();
        return (order, await db.Invoices.SingleAsync(i => i.TransferRequestId == order.Id));
    }

    private async Task<Guid> IdOfAsync(string license)
    {
        await using var db = _shop.Portal.Open();
        return await db.Licenses.Where(l => l.Number == license).Select(l => l.Id).SingleAsync();
    }
}
