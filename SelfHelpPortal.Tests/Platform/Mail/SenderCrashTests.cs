using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Preview;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Platform.Secrets;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>Where a sending process stands when it is killed.</summary>
internal enum CrashPoint
{
    Claimed,
    Sending,
    Accepted,
    Recovering,
}

/// <summary>A sender of its own process, killed at the worst moments; another one goes on when the lease is over.</summary>
public sealed class SenderCrashTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly ScriptedSmtpServer _server = new();
    private readonly TestClock _clock = new();
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("selfhelp-crash-");

    public async Task InitializeAsync()
    {
        await using var db = postgres.Open();
        await db.Database.ExecuteSqlRawAsync("DELETE FROM outbox; DELETE FROM mail_circuit; DELETE FROM mail_address");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _keys.Delete(recursive: true);
    }

    [Fact]
    public async Task Killed_before_the_start_it_was_no_attempt()
    {
        await EnqueueAsync();
        await KillAsync(CrashPoint.Claimed);
        (await MailAsync()).ShouldSatisfyAllConditions(m => m.State.ShouldBe(OutboxState.Sending), m => m.SendStartedAt.ShouldBeNull());

        (await RoundAsync()).ShouldBe(0, "the lease still runs");
        _clock.Advance(OutboxQueue.Lease + TimeSpan.FromSeconds(1));
        await RoundAsync();

        (await MailAsync()).ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(OutboxState.Sent), m => m.Attempts.ShouldBe(1), m => m.UnknownCount.ShouldBe((short)0));
        _server.Deliveries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Killed_while_sending_a_copy_follows_with_the_same_id()
    {
        _server.On(SmtpStep.FinalDot, SmtpAnswer.Stall);
        await EnqueueAsync();
        await KillAsync(CrashPoint.Sending, () => Eventually.BecomesTrueAsync(() => !_server.Deliveries.IsEmpty));
        await SentOnceMoreAsync();
    }

    [Fact]
    public async Task Killed_between_the_servers_yes_and_our_commit_a_copy_follows_with_the_same_id()
    {
        await EnqueueAsync();
        await KillAsync(CrashPoint.Accepted);
        await SentOnceMoreAsync();
    }

    [Fact]
    public async Task Killed_while_taking_back_what_another_left_nothing_is_lost_and_nothing_doubled()
    {
        await EnqueueAsync();
        await KillAsync(CrashPoint.Accepted);
        _clock.Advance(OutboxQueue.Lease + TimeSpan.FromSeconds(1));

        // The attempts are held here, so that the second process is killed in the middle of taking the mail back.
        await using (var held = new NpgsqlConnection(postgres.Database.OwnerConnection))
        {
            await held.OpenAsync();
            await using var transaction = await held.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("LOCK TABLE outbox_attempt IN EXCLUSIVE MODE", held, transaction);
            await hold.ExecuteNonQueryAsync();
            await KillAsync(CrashPoint.Recovering, () => StatementsThatWaitAsync(1));
        }

        // The server ends the statement of the dead process, or takes it back; either way it is done once.
        await StatementsThatWaitAsync(0);
        await RoundAsync();
        (await MailAsync()).ShouldSatisfyAllConditions(m => m.State.ShouldBe(OutboxState.Unknown), m => m.UnknownCount.ShouldBe((short)1));
        _clock.Advance(TimeSpan.FromMinutes(16));
        await RoundAsync();
        (await MailAsync()).State.ShouldBe(OutboxState.Sent);
        _server.Deliveries.Count.ShouldBe(2);
    }

    private async Task SentOnceMoreAsync()
    {
        (await MailAsync()).ShouldSatisfyAllConditions(m => m.State.ShouldBe(OutboxState.Sending), m => m.SendStartedAt.ShouldNotBeNull());
        _server.AgreeAgain();
        _clock.Advance(OutboxQueue.Lease + TimeSpan.FromSeconds(1));
        (await RoundAsync()).ShouldBe(0, "what became of it is unknown, so it waits");
        (await MailAsync()).State.ShouldBe(OutboxState.Unknown);
        _clock.Advance(TimeSpan.FromMinutes(16));
        await RoundAsync();

        var mail = await MailAsync();
        mail.State.ShouldBe(OutboxState.Sent);
        _server.Deliveries.Select(d => EmlFile.Parse(d.Content).Header("Message-ID")).ShouldBe([mail.MessageId, mail.MessageId]);
        await using var db = postgres.Open();
        (await db.Set<OutboxAttempt>().SingleAsync(a => a.Result == AttemptResult.Sent)).ResendAfterUnknown.ShouldBeTrue();
    }

    private Task StatementsThatWaitAsync(int count) => Eventually.BecomesTrueAsync(async () =>
    {
        await using var connection = await postgres.Source.OpenConnectionAsync();
        await using var waiting = new NpgsqlCommand(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = "
                + "current_database())", connection);
        return (long)(await waiting.ExecuteScalarAsync())! == count;
    });

    private async Task KillAsync(CrashPoint point, Func<Task>? then = null)
    {
        using var process = ChildMain.Start(
            "mail-sender", postgres.Database.PortalConnection, _keys.FullName, _server.Port.ToString(CultureInfo.InvariantCulture),
            point.ToString(),
            _clock.Now.ToString("O", CultureInfo.InvariantCulture));
        try
        {
            (await process.StandardOutput.ReadLineAsync().WaitAsync(WaitLimits.Wait)).ShouldBe(point.ToString());
            await (then?.Invoke() ?? Task.CompletedTask);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private async Task EnqueueAsync()
    {
        await using var db = postgres.Open();
        await MailParts.Outbox(secrets: SenderChild.Secrets(_keys.FullName)).EnqueueAsync(db, MailExamples.Released("de"), _clock.Now);
        await db.SaveChangesAsync();
    }

    private async Task<OutboxMessage> MailAsync()
    {
        await using var db = postgres.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().SingleAsync();
    }

    private Task<int> RoundAsync() =>
        SenderChild.Round(postgres.Source, _keys.FullName, _clock, () => SenderChild.Smtp(_server.Port)).RunAsync(CancellationToken.None);
}

/// <summary>The process that is killed: a real round against a real server, which says where it stands and stays there.</summary>
internal static class SenderChild
{
    public static async Task<int> RunAsync(string connection, string keys, int port, CrashPoint point, DateTimeOffset now)
    {
        await using var source = PortalDataSource.Create(connection);
        if (point == CrashPoint.Recovering)
        {
            Say(point);
        }

        var round = Round(source, keys, new TestClock { Now = now }, () =>
        {
            if (point == CrashPoint.Claimed)
            {
                Say(point);
                Thread.Sleep(Timeout.Infinite);
            }

            return new Halting(Smtp(port), point);
        });
        await round.RunAsync(CancellationToken.None);
        return 0;
    }

    public static StoredSecrets Secrets(string keys) => new(DataProtectionProvider.Create(new DirectoryInfo(keys)));

    public static SmtpTransport Smtp(int port) => MailParts.Smtp(MailParts.MailOptions(port));

    public static MailRound Round(NpgsqlDataSource source, string keys, TimeProvider time, Func<IMailTransport> transports) =>
        new(new OutboxQueue(new Contexts(source), new MailCircuits(NullLogger<MailCircuits>.Instance)), transports, Secrets(keys), [], time,
            NullLogger<MailRound>.Instance);

    private static void Say(CrashPoint point)
    {
        Console.Out.WriteLine(point);
        Console.Out.Flush();
    }

    private sealed class Halting(SmtpTransport inner, CrashPoint point) : IMailTransport
    {
        public async Task<SendOutcome> SendAsync(MailEnvelope mail, CancellationToken cancel)
        {
            if (point == CrashPoint.Sending)
            {
                Say(point);
            }

            var outcome = await inner.SendAsync(mail, cancel);
            if (point == CrashPoint.Accepted && outcome.Result == SendResult.Sent)
            {
                Say(point);
                Thread.Sleep(Timeout.Infinite);
            }

            return outcome;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Contexts(NpgsqlDataSource source) : IDbContextFactory<PortalDbContext>
    {
        public PortalDbContext CreateDbContext() => new(new DbContextOptionsBuilder<PortalDbContext>().UsePortal(source).Options);
    }
}
