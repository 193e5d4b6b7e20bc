using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SelfHelpPortal.Data;
using SelfHelpPortal.Data.Accounts;
using SelfHelpPortal.Features.Staff.Kit;
using SelfHelpPortal.Features.Staff.Licenses;
using SelfHelpPortal.Features.Staff.Webhooks;
using SelfHelpPortal.Platform.Webhooks;
using SelfHelpPortal.Tests.Support;
using EventLog = SelfHelpPortal.Data.EventLog;

namespace SelfHelpPortal.Tests.Platform.Webhooks;

/// <summary>
/// Webhooks against a real server. Nothing runs in the background here: a round is made when the test wants one, and the clock stands
/// still.
/// </summary>
public sealed partial class WebhookTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, IPAddress[]> _names = new();
    private readonly KeptLog _log = new();
    private readonly PortalFactory _portal;
    private Receiver _receiver = default!;
    private StaffUser _administrator = default!;

    public WebhookTests()
    {
        _portal = new PortalFactory
        {
            Change = builder =>
            {
                builder.Services.AddSingleton<ILoggerProvider>(_log);
                builder.Services.AddSingleton<ResolveName>((host, cancel) => _names.TryGetValue(host, out var known)
                    ? Task.FromResult(known)
                    : Dns.GetHostAddressesAsync(host, cancel));
            },
        };
        _portal.Configuration["Webhooks:AllowPrivateAddresses"] = "true";
        _portal.Configuration["Webhooks:TimeoutSeconds"] = "1";
    }

    private DateTimeOffset Now => _portal.Clock.Now;

    public async Task InitializeAsync()
    {
        await _portal.BuildAsync();
        _receiver = await Receiver.StartAsync();
        _administrator = await StaffUser.CreateAsync(_portal, StaffRoles.Administrator);
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _portal.DisposeAsync();
    }

    [Fact]
    public async Task What_happens_is_told_and_verifies_by_code_written_from_the_document_alone()
    {
        var secret = await AddAsync();
        var license = await SuspendAsync();

        await RoundsAsync();

        var received = _receiver.Received.Single(r => r.Text.Contains("license.suspended", StringComparison.Ordinal));
        received.Path.ShouldBe("/hook");
        received.Headers["content-type"].ShouldBe("application/json");
        var body = JsonNode.Parse(received.Body)!;
        body["type"]!.GetValue<string>().ShouldBe("license.suspended");
        body["timestamp"]!.GetValue<string>().ShouldBe(Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        body["data"]!["license"]!.GetValue<string>().ShouldBe(license.Number);
        body["data"]!["customer"]!.GetValue<string>().ShouldStartWith("C-");
        IsSigned(secret, received).ShouldBeTrue();
        (await VerifyByPythonAsync(secret, received, received.Body)).ShouldBeTrue();

        // The controls: another secret, a changed body, a changed time, an old one.
        IsSigned(WebhookSecret.New().Text, received).ShouldBeFalse();
        (await VerifyByPythonAsync(WebhookSecret.New().Text, received, received.Body)).ShouldBeFalse();
        (await VerifyByPythonAsync(secret, received, [.. received.Body, 32])).ShouldBeFalse();
        (await VerifyByPythonAsync(secret, received, received.Body, late: 301)).ShouldBeFalse();
        (await VerifyByPythonAsync(secret, received, received.Body, late: 299)).ShouldBeTrue();
    }

    [Fact]
    public async Task No_name_address_computer_reason_or_secret_is_sent()
    {
        await AddAsync(topics: EventTypes.Topics);
        var license = await SuspendAsync("Frau Muster zahlt nicht");
        await license.ReadAsync();
        await using (var db = _portal.Open())
        {
            var customer = await db.Customers.SingleAsync(c => db.Licenses.Any(l => l.Id == license.Id && l.CustomerId == c.Id));
            await RoundsAsync();

            _receiver.Received.Count.ShouldBeGreaterThan(1);
            foreach (var personal in (string[])[customer.Company, customer.Email, "KASSE-1", "Muster", _administrator.Email, "whsec_"])
            {
                _receiver.Received.ShouldAllBe(r => !r.Text.Contains(personal, StringComparison.OrdinalIgnoreCase), personal);
            }
        }
    }

    [Fact]
    public async Task Only_the_wanted_topics_are_told_and_only_what_happens_from_then_on()
    {
        await SuspendAsync();
        await AddAsync(topics: [EventTypes.Invoice, EventTypes.Flag]);
        await SuspendAsync();
        await RoundsAsync();
        _receiver.Received.ShouldBeEmpty();

        await AddAsync();
        await RoundsAsync();
        _receiver.Received.ShouldBeEmpty("what was before it is nobody's business there");
        await SuspendAsync();
        await RoundsAsync();
        Types().ShouldBe(["license.created", "license.suspended"], ignoreOrder: true);
    }

    [Fact]
    public async Task After_500_it_comes_again_in_seconds_with_the_same_id_and_body()
    {
        await AddAsync();
        await SuspendAsync();
        _receiver.AnswerWith(500);
        await RoundsAsync();
        var first = _receiver.Received;
        first.Count.ShouldBe(2);
        (await DeliveriesAsync()).ShouldAllBe(
            d => d.State == WebhookState.Pending && d.LastStatus == 500 && d.Attempts == 1 && d.LeaseToken == null);

        _receiver.AnswerWith(200);
        _portal.Clock.Advance(TimeSpan.FromSeconds(4));
        await RoundsAsync();
        _receiver.Received.Count.ShouldBe(2, "it waits");
        _portal.Clock.Advance(TimeSpan.FromSeconds(2));
        await RoundsAsync();

        var again = _receiver.Received.Skip(2).ToList();
        again.Select(r => (r.Id, r.Text)).ShouldBe(first.Select(r => (r.Id, r.Text)), ignoreOrder: true);
        again.ShouldAllBe(r => r.Headers["webhook-timestamp"] != first[0].Headers["webhook-timestamp"]);
        (await DeliveriesAsync()).ShouldAllBe(d => d.State == WebhookState.Delivered && d.LastStatus == 200 && d.Attempts == 2);
        (await EndpointAsync()).FailingSince.ShouldBeNull();
    }

    [Fact]
    public async Task A_slow_server_is_left_and_tried_again()
    {
        await AddAsync();
        await SuspendAsync();
        var released = new TaskCompletionSource();
        _receiver.Answer = context => released.Task.WaitAsync(context.RequestAborted);
        var began = Stopwatch.GetTimestamp();

        await RoundsAsync();

        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(WaitLimits.Wait);
        (await DeliveriesAsync()).ShouldAllBe(d => d.State == WebhookState.Pending && d.LastFault == WebhookFault.TooSlow);
        released.SetResult();
        _receiver.AnswerWith(204);
        _portal.Clock.Advance(TimeSpan.FromSeconds(6));
        await RoundsAsync();
        (await DeliveriesAsync()).ShouldAllBe(d => d.State == WebhookState.Delivered && d.LastFault == null);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read()
    {
        await AddAsync();
        await SuspendAsync();
        _receiver.Answer = async context =>
        {
            var chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        };

        await RoundsAsync();

        (await DeliveriesAsync()).ShouldAllBe(d => d.State == WebhookState.Delivered);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        await using var other = await Receiver.StartAsync();
        await AddAsync();
        await SuspendAsync();
        foreach (var status in (int[])[301, 302, 307, 308])
        {
            _receiver.AnswerWith(status, other.Address.ToString());
            await RoundsAsync();
            (await DeliveriesAsync()).ShouldAllBe(d => d.State == WebhookState.Pending && d.LastStatus == status);
            _portal.Clock.Advance(TimeSpan.FromHours(1));
        }

        other.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_leads_into_a_private_network_is_refused_when_it_is_connected_to()
    {
        _portal.Configuration["Webhooks:AllowPrivateAddresses"] = "false";
        await _portal.BuildAsync();
        _names["shop.example"] = [IPAddress.Loopback];
        _names["both.example"] = [IPAddress.Parse("93.184.216.34"), IPAddress.Loopback];
        _names["mapped.example"] = [IPAddress.Loopback.MapToIPv6()];
        foreach (var host in _names.Keys.Append("localhost").Append("127.0.0.1").Append("[::1]").Append("2130706433"))
        {
            await AddAsync($"https://{host}:{_receiver.Address.Port}/hook");
        }

        await SuspendAsync();
        await RoundsAsync();

        var deliveries = await DeliveriesAsync();
        deliveries.Count.ShouldBe(7 * 2);
        deliveries.ShouldAllBe(d => d.State == WebhookState.Pending && d.LastFault == WebhookFault.PrivateAddress);
        _receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_there_and_no_encryption_are_told_apart()
    {
        _names["gone.example"] = [];
        int free;
        using (var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            taken.Start();
            free = ((IPEndPoint)taken.LocalEndpoint).Port;
        }

        await AddAsync($"http://127.0.0.1:{free}/");
        await AddAsync("https://gone.example/");
        await AddAsync($"https://127.0.0.1:{_receiver.Address.Port}/");
        await SuspendAsync();
        await RoundsAsync();

        (await DeliveriesAsync()).GroupBy(d => d.LastFault).Select(g => (g.Key, g.Count())).ShouldBe(
            [(WebhookFault.NotReached, 4), (WebhookFault.Encryption, 2)], ignoreOrder: true);
    }

    [Fact]
    public async Task Two_nodes_at_once_send_each_message_once()
    {
        await AddAsync();
        for (var i = 0; i < 4; i++)
        {
            await SuspendAsync();
        }

        await using var second = await SecondNode.StartAsync(_portal);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            var round = (i % 2 == 0 ? _portal.Services : second.Services).GetRequiredService<WebhookRound>();
            for (var n = 0; n < 8; n++)
            {
                await round.RunAsync(default);
            }
        }));
        await RoundsAsync();

        _receiver.Received.Count.ShouldBe(8);
        _receiver.Received.Select(r => r.Id).Distinct().Count().ShouldBe(8);
    }

    [Fact]
    public async Task What_a_dead_node_had_claimed_comes_after_its_lease_and_a_late_one_writes_nothing()
    {
        await AddAsync();
        await SuspendAsync();
        await _portal.Services.GetRequiredService<WebhookFanOut>().RunAsync(Now, default);
        var queue = _portal.Services.GetRequiredService<WebhookQueue>();
        var claimed = await queue.ClaimAsync(Now, default);
        claimed.Count.ShouldBe(2);
        await RoundsAsync();
        _receiver.Received.ShouldBeEmpty();

        _portal.Clock.Advance(WebhookQueue.Lease);
        await RoundsAsync();
        _receiver.Received.Select(r => r.Id).ShouldBe(claimed.Select(c => $"msg_{c.Delivery.Id:n}"), ignoreOrder: true);
        await queue.FinishAsync(claimed[0].Delivery, new WebhookOutcome(500, null), Now, 0, default);
        (await DeliveriesAsync()).ShouldAllBe(d => d.State == WebhookState.Delivered && d.Attempts == 2);
    }

    [Fact]
    public async Task After_three_days_the_message_is_given_up_and_the_address_disabled_with_a_notice()
    {
        await AddAsync();
        await SuspendAsync();
        _receiver.AnswerWith(503);
        var begin = Now;
        var attempts = 0;
        for (var waits = true; waits && attempts < 50; attempts++)
        {
            await RoundsAsync();
            var deliveries = await DeliveriesAsync();
            waits = deliveries.Exists(d => d.State == WebhookState.Pending);
            _portal.Clock.Now = waits ? deliveries.Max(d => d.DueAt) + TimeSpan.FromSeconds(1) : Now;
        }

        attempts.ShouldBeInRange(14, 20);
        (Now - begin).ShouldBeGreaterThan(TimeSpan.FromDays(2.5));
        (await DeliveriesAsync()).ShouldAllBe(d => d.State == WebhookState.GivenUp);

        // The next message, in vain too, after three days of that.
        _portal.Clock.Now = begin + WebhookQueue.DisabledAfter + TimeSpan.FromHours(1);
        await SuspendAsync();
        await RoundsAsync();
        var endpoint = await EndpointAsync();
        (endpoint.DisabledAt, endpoint.DisabledBy).ShouldBe((Now, null));
        _log.Lines.ShouldContain(line => line.Contains("is disabled", StringComparison.Ordinal));
        _log.Lines.ShouldAllBe(line => !line.Contains("/hook", StringComparison.Ordinal), "the path may be a secret of the receiver's");
        var before = _receiver.Received.Count;
        await SuspendAsync();
        _portal.Clock.Advance(TimeSpan.FromHours(12));
        await RoundsAsync();
        _receiver.Received.Count.ShouldBe(before);

        _receiver.AnswerWith(200);
        (await Use<EnableWebhook>().ExecuteAsync(await ActorAsync(), Guid.NewGuid(), endpoint.Id, Now, default)).ShouldBe(StaffResult.Done);
        await RoundsAsync();
        _receiver.Received.Count.ShouldBeGreaterThan(before, "what waited goes on");
        (await EndpointAsync()).FailingSince.ShouldBeNull();
    }

    [Fact]
    public async Task Gone_disables_at_once()
    {
        await AddAsync();
        await SuspendAsync();
        _receiver.AnswerWith(410);

        await RoundsAsync();

        (await EndpointAsync()).DisabledAt.ShouldBe(Now);
    }

    [Fact]
    public async Task A_slow_address_leaves_room_for_the_others()
    {
        await using var slow = await Receiver.StartAsync();
        var released = new TaskCompletionSource();
        slow.Answer = context => released.Task.WaitAsync(context.RequestAborted);
        await AddAsync($"{slow.Address}slow");
        for (var i = 0; i < 8; i++)
        {
            await SuspendAsync();
        }

        await AddAsync();
        await SuspendAsync();
        await Use<WebhookFanOut>().RunAsync(Now, default);
        await Use<WebhookRound>().RunAsync(default);

        _receiver.Received.Count.ShouldBe(2);
        slow.Received.Count.ShouldBe(4);
        released.SetResult();
    }

    [Fact]
    public async Task A_new_secret_signs_beside_the_former_one_for_a_day()
    {
        var former = await AddAsync();
        var secret = WebhookSecret.New();
        var endpoint = (await EndpointAsync()).Id;
        (await Use<RotateWebhookSecret>().ExecuteAsync(await ActorAsync(), Guid.NewGuid(), endpoint, secret, Now, default))
            .ShouldBe(StaffResult.Done);
        await SuspendAsync();
        await RoundsAsync();
        _receiver.Received.ShouldAllBe(r => IsSigned(former, r) && IsSigned(secret.Text, r));
        (await VerifyByPythonAsync(former, _receiver.Received[0], _receiver.Received[0].Body)).ShouldBeTrue();
        (await VerifyByPythonAsync(secret.Text, _receiver.Received[0], _receiver.Received[0].Body)).ShouldBeTrue();

        _portal.Clock.Advance(RotateWebhookSecret.Overlap);
        await SuspendAsync();
        await RoundsAsync();
        _receiver.Received.Skip(2).ShouldAllBe(r => !IsSigned(former, r) && IsSigned(secret.Text, r));
    }

    [Fact]
    public async Task An_edited_address_gets_what_waits_and_only_what_it_is_to_hear_of_from_then_on()
    {
        await using var other = await Receiver.StartAsync();
        var secret = await AddAsync();
        await SuspendAsync();
        _receiver.AnswerWith(500);
        await RoundsAsync();
        var before = await EndpointAsync();
        before.FailingSince.ShouldNotBeNull();
        var shown = WantedWebhook.From(before);
        var wanted = new WantedWebhook($"{other.Address}new", [EventTypes.Invoice, EventTypes.Flag], "  Buchhaltung ");

        (await EditAsync(before.Id, shown, wanted)).ShouldBe(StaffResult.Done);

        var after = await EndpointAsync();
        (after.Url, after.Description, after.FailingSince).ShouldBe((wanted.Url, "Buchhaltung", null));
        after.Topics.ShouldBe([EventTypes.Flag, EventTypes.Invoice]);
        (after.Secret.SequenceEqual(before.Secret), after.LastEventId).ShouldBe((true, before.LastEventId));
        await SuspendAsync();
        _portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await RoundsAsync();
        _receiver.Received.Count.ShouldBe(2, "nothing more goes to the former address");
        other.Received.Select(r => r.Id).ShouldBe(_receiver.Received.Select(r => r.Id), ignoreOrder: true);
        other.Received.ShouldAllBe(r => r.Path == "/new" && IsSigned(secret, r));
        await using var db = _portal.Open();
        var entries = await db.AuditEntries.Where(e => e.Subject == before.Id.ToString()).OrderBy(e => e.Id).ToListAsync();
        (entries[^1].Kind, entries[^1].Text).ShouldBe((AuditKind.WebhookChanged,
            $"EditWebhook {_receiver.Address.Authority} → {other.Address.Authority}: license → flag, invoice"));
        entries.ShouldAllBe(e => !e.Text!.Contains("/new", StringComparison.Ordinal), "the path may be a secret of the receiver's");
    }

    [Fact]
    public async Task An_edit_is_checked_like_a_new_address_and_changes_nothing_when_it_is_refused()
    {
        await AddAsync();
        var before = await EndpointAsync();
        var shown = WantedWebhook.From(before);
        foreach (var (wanted, refusal) in new[]
        {
            (shown with { Url = "http://shop.example/hook" }, StaffRefusal.WebhookAddress),
            (shown with { Url = "https://user@shop.example/" }, StaffRefusal.WebhookAddress),
            (shown with { Url = "" }, StaffRefusal.WebhookAddress),
            (shown with { Topics = [] }, StaffRefusal.WebhookTopics),
            (shown with { Topics = ["everything"] }, StaffRefusal.WebhookTopics),
            (shown with { Description = new string('x', WebhookEndpoint.LongestDescription + 1) }, StaffRefusal.WebhookDescription),
            (shown with { Description = "two\nlines" }, StaffRefusal.WebhookDescription),
        })
        {
            (await EditAsync(before.Id, shown, wanted)).ShouldBe(refusal, $"{wanted}");
        }

        (await EditAsync(Guid.NewGuid(), shown, shown)).ShouldBe(StaffRefusal.NotFound);
        var after = await EndpointAsync();
        WantedWebhook.From(after).IsSameAs(shown).ShouldBeTrue();
        after.DisabledAt.ShouldBeNull();
    }

    /// <summary>Plain http on the own machine goes where the configuration allows it, and nowhere else.</summary>
    [Fact]
    public async Task An_edit_leads_into_no_private_network()
    {
        await AddAsync("https://shop.example/hook");
        _portal.Configuration["Webhooks:AllowPrivateAddresses"] = "false";
        await _portal.BuildAsync();
        var endpoint = await EndpointAsync();
        var shown = WantedWebhook.From(endpoint);

        (await EditAsync(endpoint.Id, shown, shown with { Url = $"{_receiver.Address}hook" })).ShouldBe(StaffRefusal.WebhookAddress);
        (await EditAsync(endpoint.Id, shown, shown with { Url = $"https://127.0.0.1:{_receiver.Address.Port}/" }))
            .ShouldBe(StaffResult.Done);
        await SuspendAsync();
        await RoundsAsync();

        (await DeliveriesAsync()).ShouldAllBe(d => d.LastFault == WebhookFault.PrivateAddress);
        _receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_administrators_who_edit_the_same_address_the_second_is_told()
    {
        await AddAsync();
        var endpoint = await EndpointAsync();
        var shown = WantedWebhook.From(endpoint);
        var command = Guid.NewGuid();

        var both = await Task.WhenAll(
            EditAsync(endpoint.Id, shown, shown with { Description = "Webshop" }),
            EditAsync(endpoint.Id, shown, shown with { Topics = [EventTypes.Invoice] }));

        both.ShouldBe([StaffResult.Done, StaffRefusal.SettingChanged], ignoreOrder: true);
        var now = WantedWebhook.From(await EndpointAsync());
        (await EditAsync(endpoint.Id, now, now with { Description = "Kasse" }, command)).ShouldBe(StaffResult.Done);
        (await EditAsync(endpoint.Id, now, now with { Description = "Kasse" }, command)).ShouldBe(StaffResult.Done, "sent again");
        (await EditAsync(endpoint.Id, now, now with { Description = "Theke" }, command)).ShouldBe(StaffRefusal.SentBefore);
        (await EndpointAsync()).Description.ShouldBe("Kasse");
    }

    [Fact]
    public async Task A_test_is_sent_and_a_message_is_sent_again_with_its_id()
    {
        await AddAsync();
        var actor = await ActorAsync();
        (await Use<SendTestEvent>().ExecuteAsync(actor, Guid.NewGuid(), (await EndpointAsync()).Id, Now, default))
            .ShouldBe(StaffResult.Done);
        await RoundsAsync();
        Types().ShouldBe(["test"]);
        var delivery = (await DeliveriesAsync()).Single();

        (await Use<SendDeliveryAgain>().ExecuteAsync(actor, Guid.NewGuid(), delivery.Id, Now, default)).ShouldBe(StaffResult.Done);
        await RoundsAsync();

        _receiver.Received.Select(r => r.Id).ShouldBe([$"msg_{delivery.Id:n}", $"msg_{delivery.Id:n}"]);
        (await Use<DisableWebhook>().ExecuteAsync(actor, Guid.NewGuid(), (await EndpointAsync()).Id, Now, default))
            .ShouldBe(StaffResult.Done);
        (await Use<SendDeliveryAgain>().ExecuteAsync(actor, Guid.NewGuid(), delivery.Id, Now, default)).ShouldBe(StaffRefusal.Conflict);
        (await Use<SendTestEvent>().ExecuteAsync(actor, Guid.NewGuid(), (await EndpointAsync()).Id, Now, default))
            .ShouldBe(StaffRefusal.Conflict);
        (await Use<RemoveWebhook>().ExecuteAsync(actor, Guid.NewGuid(), (await EndpointAsync()).Id, Now, default))
            .ShouldBe(StaffResult.Done);
        (await DeliveriesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_that_is_still_being_written_is_waited_for()
    {
        await AddAsync();
        var (early, late) = (await _portal.AddLicenseAsync(), await _portal.AddLicenseAsync());
        await RoundsAsync();
        var before = _receiver.Received.Count;
        await using var slow = _portal.Open();
        await using var transaction = await slow.Database.BeginTransactionAsync();
        await EventLog.AppendAsync(slow, late.Id, EventKind.Restored, new EventData(), Actor.System, null, Now, default);
        await slow.SaveChangesAsync();
        await SuspendAsync(license: early);
        await RoundsAsync();
        _receiver.Received.Count.ShouldBe(before);

        await transaction.CommitAsync();
        await RoundsAsync();

        Types().Skip(before).ShouldBe(["license.restored", "license.suspended"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_secret_is_sealed_and_in_no_log()
    {
        var secret = await AddAsync();
        await SuspendAsync();
        await RoundsAsync();

        await using var owner = Npgsql.NpgsqlDataSource.Create(_portal.Database.OwnerConnection + ";Pooling=false");
        var dump = await Dump.ReadAsync(owner, "webhook_endpoint", "webhook_delivery", "audit_entry", "command", "license_event");
        dump.ShouldContain("/hook", Case.Sensitive, "the control");
        dump.ShouldNotContain(secret[6..]);
        dump.ShouldNotContain(Convert.ToHexStringLower(Convert.FromBase64String(secret[6..])));
        _log.Lines.Where(line => line.Contains(secret[6..], StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Orders_and_invoices_are_told_by_their_numbers()
    {
        await AddAsync(topics: [EventTypes.Transfer, EventTypes.Invoice]);
        var order = await _portal.AddTransferAsync();
        (await Use<SelfHelpPortal.Features.Staff.Transfers.SettleTransfer>().ExecuteAsync(
            new StaffAct(Guid.NewGuid(), await ActorAsync(), "Bezahlt"), order.Id, Now, default)).ShouldBe(StaffResult.Done);

        await RoundsAsync();

        var changed = _receiver.Received.Select(r => JsonNode.Parse(r.Body)!).ToList();
        changed.Where(c => c["type"]!.GetValue<string>() == "transfer.changed").ShouldNotBeEmpty();
        changed.Where(c => c["type"]!.GetValue<string>() == "transfer.changed")
            .ShouldAllBe(c => c["data"]!["transfer"]!.GetValue<string>() == order.Reference);
        changed.Last(c => c["type"]!.GetValue<string>() == "transfer.changed")["data"]!["transferState"]!.GetValue<string>()
            .ShouldBeOneOf(["accepted", "completed"]);
        var issued = changed.Single(c => c["type"]!.GetValue<string>() == "invoice.issued");
        await using var db = _portal.Open();
        var invoice = await db.Invoices.SingleAsync(i => i.TransferRequestId == order.Id);
        issued["data"]!["invoice"]!.GetValue<string>().ShouldBe(invoice.Number);
        issued["data"]!["customer"]!.GetValue<string>().ShouldBe(
            await db.Customers.Where(c => c.Id == invoice.CustomerId).Select(c => c.Number).SingleAsync());
    }

    [Fact]
    public void The_document_names_every_type_and_field()
    {
        var document = File.ReadAllText(Repository.At("docs", "webhooks.md"));

        EventTypes.KindsOf(EventTypes.Topics).Select(kind => EventTypes.Of(kind)!)
            .Where(type => !document.Contains($"`{type}`", StringComparison.Ordinal)).ShouldBeEmpty();
        Enum.GetValues<SelfHelpPortal.Licensing.Transfers.TransferState>()
            .Where(state => state != SelfHelpPortal.Licensing.Transfers.TransferState.Draft)
            .Select(state => $"`{JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString())}`")
            .Where(word => !document.Contains(word, StringComparison.Ordinal)).ShouldBeEmpty();
        typeof(WebhookData).GetProperties().Select(p => $"`data.{JsonNamingPolicy.CamelCase.ConvertName(p.Name)}`")
            .Where(field => !document.Contains(field, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>The loop of a running portal does all of it by itself.</summary>
    [Fact]
    public async Task A_running_portal_tells_by_itself()
    {
        var secret = await AddAsync();
        var sender = _portal.Services.GetServices<IHostedService>().OfType<WebhookSender>().Single();
        await sender.StartAsync(default);
        await SuspendAsync();

        await Eventually.BecomesTrueAsync(() => _receiver.Received.Count == 2);

        await sender.StopAsync(default);
        _receiver.Received.ShouldAllBe(r => IsSigned(secret, r));
    }

    private T Use<T>()
        where T : notnull => _portal.Services.GetRequiredService<T>();

    private async Task<SelfHelpPortal.Shared.Access.StaffActor> ActorAsync() => await _administrator.ActorAsync();

    /// <returns>The secret.</returns>
    private async Task<string> AddAsync(string? url = null, string[]? topics = null)
    {
        var secret = WebhookSecret.New();
        var wanted = new WantedWebhook(url ?? $"{_receiver.Address}hook", topics ?? [EventTypes.License]);
        (await Use<CreateWebhook>().ExecuteAsync(await ActorAsync(), Guid.NewGuid(), wanted, secret, Now, default))
            .ShouldBe(StaffResult.Done);
        return secret.Text;
    }

    private async Task<StaffResult> EditAsync(Guid endpoint, WantedWebhook shown, WantedWebhook wanted, Guid? command = null) =>
        await Use<EditWebhook>().ExecuteAsync(
            await ActorAsync(), command ?? Guid.NewGuid(), endpoint, new WebhookEdit(shown, wanted), Now, default);

    /// <summary>A license that is made, unless it is given, and suspended: two events.</summary>
    private async Task<SampleLicense> SuspendAsync(string reason = "Nicht bezahlt", SampleLicense? license = null)
    {
        license ??= await _portal.AddLicenseAsync(computers: ["KASSE-1"]);
        (await Use<SuspendLicense>().ExecuteAsync(new StaffAct(Guid.NewGuid(), await ActorAsync(), reason), license.Id, Now, default))
            .ShouldBe(StaffResult.Done);
        return license;
    }

    private async Task RoundsAsync()
    {
        while (await Use<WebhookRound>().RunAsync(default))
        {
        }
    }

    private IEnumerable<string> Types() => _receiver.Received.Select(r => JsonNode.Parse(r.Body)!["type"]!.GetValue<string>());

    private async Task<List<WebhookDelivery>> DeliveriesAsync()
    {
        await using var db = _portal.Open();
        return await db.Set<WebhookDelivery>().AsNoTracking().ToListAsync();
    }

    private async Task<WebhookEndpoint> EndpointAsync()
    {
        await using var db = _portal.Open();
        return await db.Set<WebhookEndpoint>().AsNoTracking().SingleAsync();
    }

    /// <summary>Written from docs/webhooks.md, "How to verify", and with nothing of the portal's.</summary>
    private static bool IsSigned(string secret, Received received)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed =
        [
            .. Encoding.ASCII.GetBytes(received.Headers["webhook-id"]), (byte)'.',
            .. Encoding.ASCII.GetBytes(received.Headers["webhook-timestamp"]), (byte)'.', .. received.Body,
        ];
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
        return received.Headers["webhook-signature"].Split(' ').Contains(expected);
    }

    /// <summary>The Python of the document, as it stands.</summary>
    private static async Task<bool> VerifyByPythonAsync(string secret, Received received, byte[] body, int late = 0)
    {
        var code = Python().Match(await File.ReadAllTextAsync(Repository.At("docs", "webhooks.md"))).Groups[1].Value;
        code.ShouldContain("def verify");
        var call = new JsonObject
        {
            ["secret"] = secret,
            ["headers"] = new JsonObject(received.Headers.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value))),
            ["body"] = Convert.ToBase64String(body),
            ["now"] = long.Parse(received.Headers["webhook-timestamp"], CultureInfo.InvariantCulture) + late,
        };
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            ArgumentList =
            {
                "-c",
                code + "\nimport json, sys\ncall = json.load(sys.stdin)\n"
                    + "print(verify(call['secret'], call['headers'], base64.b64decode(call['body']), call['now']))",
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var python = Process.Start(start)!;
        await python.StandardInput.WriteAsync(call.ToJsonString());
        python.StandardInput.Close();
        var errors = python.StandardError.ReadToEndAsync();
        var output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        output.Trim().ShouldBeOneOf(["True", "False"], await errors);
        return output.Trim() == "True";
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Python();
}
