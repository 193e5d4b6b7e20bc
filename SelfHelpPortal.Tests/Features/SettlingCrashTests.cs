using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Data;
using SelfHelpPortal.Licensing.Billing;
using SelfHelpPortal.Licensing.Transfers;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Preview;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Shared.Activations;
using SelfHelpPortal.Shared.Transfers;
using SelfHelpPortal.Tests.Support;
using Process = System.Diagnostics.Process;

namespace SelfHelpPortal.Tests.Features;

/// <summary>Where a process that settles and sends is killed.</summary>
internal enum SettlingPoint
{
    BeforeMove,
    AfterNumber,
    Committing,
    Committed,

    /// <summary>The mail server has said yes, and we have not written it down.</summary>
    Delivered,

    /// <summary>Nowhere in particular: whoever started the process kills it.</summary>
    Anywhere,
}

/// <summary>
/// The process is killed on the way from settling to the mail. After a restart nothing is lost and nothing half: each order has one invoice
/// without a gap in the numbers, one new activation, and its mail at least once, always under one Message-ID. With <c>SELFHELP_LONG=1 </c>
/// also at 200 random moments.
/// </summary>
public sealed class SettlingCrashTests : IAsyncLifetime
{
    private const int Kills = 200;

    private readonly ScriptedSmtpServer _server = new();
    private readonly PortalFactory _portal = new();

    public async Task InitializeAsync()
    {
        foreach (var (key, value) in SettlingChild.MailTo(_server.Port))
        {
            _portal.Configuration[key] = value;
        }

        await _portal.BuildAsync();
    }

    public async Task DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Killed_at_the_worst_moments()
    {
        var orders = new List<SampleTransfer>();
        foreach (var point in Effort.SomeOf(2, [.. Enum.GetValues<SettlingPoint>().Where(p => p != SettlingPoint.Anywhere)]))
        {
            var order = await _portal.AddTransferAsync();
            orders.Add(order);
            using var process = Start(point, [order]);
            var said = await process.StandardOutput.ReadToEndAsync().WaitAsync(WaitLimits.LongWait);
            await process.WaitForExitAsync();
            process.ExitCode.ShouldNotBe(0);
            said.ShouldNotContain("came to its end", Case.Sensitive, $"{point} was not met");

            // Before the restart: all of it or nothing.
            var survived = point >= SettlingPoint.Committed;
            (await order.ReadAsync()).State.ShouldBe(survived ? TransferState.Completed : TransferState.InReview, point.ToString());
            await using var db = _portal.Open();
            (await db.Invoices.CountAsync(i => i.TransferRequestId == order.Id)).ShouldBe(survived ? 1 : 0, point.ToString());
            (await db.Set<OutboxMessage>().CountAsync(m => m.Reference == order.Reference)).ShouldBe(survived ? 1 : 0, point.ToString());
        }

        await RestartAsync(orders);
        await ShouldBeWholeAsync(orders);
        _server.Deliveries.Count.ShouldBeLessThanOrEqualTo(orders.Count + 1, "only what was delivered and not written down is sent again");
    }

    [Fact]
    public async Task Killed_at_random()
    {
        if (!Effort.IsLong)
        {
            return;
        }

        var random = new Seeded();
        var orders = new List<SampleTransfer>();
        for (var kill = 0; kill < Kills; kill++)
        {
            var batch = new List<SampleTransfer>();
            for (var i = 0; i < 2; i++)
            {
                batch.Add(await _portal.AddTransferAsync());
            }

            orders.AddRange(batch);
            using var process = Start(SettlingPoint.Anywhere, batch);
            (await process.StandardOutput.ReadLineAsync().WaitAsync(WaitLimits.Wait)).ShouldBe("ready");
            await Task.Delay(random.Below(1500));
            process.Kill();
            await process.WaitForExitAsync();
        }

        await RestartAsync(orders);
        await ShouldBeWholeAsync(orders);
        _server.Deliveries.Count.ShouldBeLessThanOrEqualTo(orders.Count + Kills, "a kill costs one copy at most");
    }

    private Process Start(SettlingPoint point, IEnumerable<SampleTransfer> orders) => ChildMain.Start(
        "settle", _portal.Database.PortalConnection, _portal.SecretsFolder, _server.Port.ToString(CultureInfo.InvariantCulture),
        point.ToString(), string.Join(',', orders.Select(o => o.Id)));

    /// <summary>Settles again whatever is open, and sends when the leases of the dead are over.</summary>
    private async Task RestartAsync(IEnumerable<SampleTransfer> orders)
    {
        foreach (var order in orders)
        {
            await SettlingChild.SettleAsync(_portal.Services, order.Id, _portal.Clock.Now);
        }

        var round = _portal.Services.GetRequiredService<MailRound>();
        for (var i = 0; i < 20 && await WaitingAsync() > 0; i++)
        {
            _portal.Clock.Advance(TimeSpan.FromMinutes(16));
            while (await round.RunAsync(CancellationToken.None) > 0)
            {
            }
        }
    }

    private async Task<int> WaitingAsync()
    {
        await using var db = _portal.Open();
        return await db.Set<OutboxMessage>().CountAsync(m => m.State != OutboxState.Sent);
    }

    private async Task ShouldBeWholeAsync(IReadOnlyList<SampleTransfer> orders)
    {
        await using var db = _portal.Open();
        var delivered = _server.Deliveries.Select(d => EmlFile.Parse(d.Content)).GroupBy(m => m.Header("Message-ID"))
            .ToDictionary(g => g.Key!, g => g.Count());
        foreach (var order in orders)
        {
            (await order.ReadAsync()).State.ShouldBe(TransferState.Completed);
            var license = await order.Licenses[0].ReadAsync();
            license.Activations.Select(a => a.Generation).Order().ShouldBe([1, 2]);
            license.ActiveComputers.Single().Generation.ShouldBe(2);
            EventLog.IsIntact(await order.Licenses[0].EventsAsync()).ShouldBeTrue();
            (await db.Invoices.CountAsync(i => i.TransferRequestId == order.Id)).ShouldBe(1);
            (await db.Set<StoredLicenseFile>()
                .CountAsync(f => db.Activations.Any(a => a.Id == f.ActivationId && a.LicenseId == license.Id))).ShouldBe(1);
            var mail = await db.Set<OutboxMessage>().SingleAsync(m => m.Reference == order.Reference);
            mail.State.ShouldBe(OutboxState.Sent);
            delivered.ShouldContainKey(mail.MessageId);
        }

        delivered.Count.ShouldBe(orders.Count, "one Message-ID each");
        (await db.Invoices.Where(i => i.Kind == InvoiceKind.Invoice).Select(i => i.Place).OrderBy(p => p).ToListAsync())
            .ShouldBe(Enumerable.Range(1, orders.Count));
    }
}

/// <summary>A portal without pages that settles the orders it is given and sends their mails, and dies at one point of it.</summary>
internal static class SettlingChild
{
    public static Dictionary<string, string?> MailTo(int port) => new()
    {
        ["Mail:Transport"] = "Smtp",
        ["Mail:From"] = "portal@muster-software.example",
        ["Mail:Smtp:Host"] = "localhost",
        ["Mail:Smtp:Port"] = port.ToString(CultureInfo.InvariantCulture),
        ["Mail:Smtp:Security"] = "None",
    };

    public static async Task<int> RunAsync(string connection, string secrets, int port, SettlingPoint point, string orders)
    {
        await using var app = DyingPortal.Build(connection, secrets, MailTo(port), new DeathPlan
        {
            Before = sql => point == SettlingPoint.BeforeMove && sql.Contains("UPDATE activation", StringComparison.Ordinal),
            After = sql => point == SettlingPoint.AfterNumber && sql.Contains("INSERT INTO invoice_series", StringComparison.Ordinal),
            Committing = point == SettlingPoint.Committing,
            Committed = point == SettlingPoint.Committed,
        });
        var services = app.Services;
        var round = new MailRound(
            services.GetRequiredService<OutboxQueue>(),
            () => new DiesAfterSending(
                new SmtpTransport(services.GetRequiredService<IOptions<MailOptions>>(), services.GetRequiredService<MailComposer>()),
                point),
            services.GetRequiredService<StoredSecrets>(),
            services.GetServices<MailAttachmentSource>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<MailRound>>());
        await Console.Out.WriteLineAsync("ready");
        foreach (var order in orders.Split(','))
        {
            await SettleAsync(services, Guid.Parse(order), TestClock.Start);
            await round.RunAsync(CancellationToken.None);
        }

        await Console.Out.WriteLineAsync("came to its end");
        return point == SettlingPoint.Anywhere ? 0 : 1;
    }

    /// <summary>As a clerk's act does, if it is still to be done.</summary>
    public static async Task SettleAsync(IServiceProvider services, Guid order, DateTimeOffset now)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var locked = (await db.LockTransferWithLicensesAsync(order, CancellationToken.None))!;
        if (locked.Request.State != TransferState.InReview)
        {
            return;
        }

        (await services.GetRequiredService<TransferSettlement>()
            .SettleAsync(db, locked, Actor.System, waiveFee: false, null, now, CancellationToken.None)).Succeeded.ShouldBeTrue();
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    private sealed class DiesAfterSending(SmtpTransport inner, SettlingPoint point) : IMailTransport
    {
        public async Task<SendOutcome> SendAsync(MailEnvelope mail, CancellationToken cancel)
        {
            var outcome = await inner.SendAsync(mail, cancel);
            DyingPortal.DieIf(point == SettlingPoint.Delivered && outcome.Result == SendResult.Sent);
            return outcome;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
