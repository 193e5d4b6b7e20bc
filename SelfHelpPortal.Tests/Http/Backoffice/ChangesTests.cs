using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SelfHelpPortal.Data;
using SelfHelpPortal.Tests.Http.Api;

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

    private async Task<Guid> IdOfAsync(string license)
    {
        await using var db = _shop.Portal.Open();
        return await db.Licenses.Where(l => l.Number == license).Select(l => l.Id).SingleAsync();
    }
}
