using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using SelfHelpPortal.Data;
using SelfHelpPortal.Features.Account.Mails;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Preview;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>The outbox on PostgreSQL with a server on a real socket; only the clock is ours.</summary>
public sealed class OutboxTests : IClassFixture<PostgresFixture>, IAsyncLifetime, IAsyncDisposable
{
    private readonly PostgresFixture _postgres;
    private readonly ScriptedSmtpServer _server = new();
    private readonly TestClock _clock = new();
    private readonly OutboxQueue _queue;
    private readonly Outbox _outbox = MailParts.Outbox();
    private readonly List<MailAttachmentSource> _sources = [];
    private int _count;

    public OutboxTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _queue = new OutboxQueue(new Contexts(postgres), new MailCircuits(NullLogger<MailCircuits>.Instance));
    }

    public async Task InitializeAsync()
    {
        await using var db = CreateDbContext();
        await db.Database.ExecuteSqlRawAsync("DELETE FROM outbox; DELETE FROM mail_circuit; DELETE FROM mail_address");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task A_mail_exists_exactly_when_the_change_does()
    {
        await using (var db = CreateDbContext())
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await _outbox.EnqueueAsync(db, MailExamples.Released("de"), _clock.Now);
            (await AllAsync()).ShouldBeEmpty();
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        (await AllAsync()).ShouldBeEmpty();

        await EnqueueAsync(MailExamples.Released("de") with { CustomerId = Guid.NewGuid() });
        var mail = (await AllAsync()).Single();
        mail.ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(OutboxState.Pending),
            m => m.Kind.ShouldBe("released"),
            m => m.BusinessKey.ShouldBe("9V1A2B3C4D5E6/1"),
            m => m.ExpiresAt.ShouldBe(_clock.Now.AddHours(24)),
            m => m.MessageId.ShouldBe($"<{m.Id}@muster-software.example>"),
            m => m.Reference.ShouldBe("L-1044"),
            m => m.CustomerId.ShouldNotBeNull(),
            m => m.ToAddress.ShouldBe("kasse@muster-gastro.example"),
            m => m.Subject.ShouldBe("Lizenz freigegeben: BeamAlign [L-1044]"),
            m => m.CopyText.ShouldContain("Das war ich nicht"),
            m => m.CopyText.ShouldNotContain("https"));
        Encoding.UTF8.GetString(mail.Payload.ShouldNotBeNull()).ShouldNotContain("object");
        Should.Throw<CryptographicException>(() => MailPayload.Unseal(MailParts.Secrets, Guid.NewGuid(), mail.Payload));
        MailPayload.Unseal(MailParts.Secrets, mail.Id, mail.Payload).Text.ShouldContain("https://licenses.example.org/object/");
    }

    [Fact]
    public async Task The_same_fact_is_told_once()
    {
        await EnqueueAsync(MailExamples.Released("de"));
        var twice = await Should.ThrowAsync<DbUpdateException>(() => EnqueueAsync(MailExamples.Released("en")));
        twice.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
        (await AllAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_wakes_the_sender_and_nothing_before_it_does()
    {
        var signal = new OutboxSignal();
        var outbox = MailParts.Outbox(signal);
        Task<bool> IsWokenAsync() => signal.WaitAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        await using var db = new PortalDbContext(
            new DbContextOptionsBuilder<PortalDbContext>().UsePortal(_postgres.Source).AddInterceptors(signal).Options);

        await db.SaveChangesAsync();
        (await IsWokenAsync()).ShouldBeFalse("there was no mail");

        await outbox.EnqueueAsync(db, MailExamples.Released("de"), _clock.Now);
        (await IsWokenAsync()).ShouldBeFalse("it is not saved");
        await db.SaveChangesAsync();
        (await IsWokenAsync()).ShouldBeTrue();
        (await IsWokenAsync()).ShouldBeFalse("once is enough");

        await using var transaction = await db.Database.BeginTransactionAsync();
        await outbox.EnqueueAsync(db, MailExamples.Released("de") with { Generation = 2 }, _clock.Now);
        await db.SaveChangesAsync();
        (await IsWokenAsync()).ShouldBeFalse("it is not committed");
        await transaction.CommitAsync();
        (await IsWokenAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_sent_mail_keeps_no_content_and_remembers_the_address()
    {
        await EnqueueAsync(MailExamples.Released("de"));
        await RoundAsync();

        var mail = (await AllAsync()).Single();
        mail.ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(OutboxState.Sent),
            m => m.SentAt.ShouldBe(_clock.Now),
            m => m.Payload.ShouldBeNull(),
            m => m.Attempts.ShouldBe(1),
            m => m.LeaseToken.ShouldBeNull());
        EmlFile.Parse(_server.Deliveries.Single().Content).Header("Message-ID").ShouldBe(mail.MessageId);
        mail.LastReply.ShouldBe("2.0.0 queued as 1");
        (await AttemptsAsync()).Single().ShouldSatisfyAllConditions(
            a => a.Result.ShouldBe(AttemptResult.Sent),
            a => a.Number.ShouldBe(1),
            a => a.Reply.ShouldBe("2.0.0 queued as 1"),
            a => a.StatusCode.ShouldBe(250));
        await using var db = CreateDbContext();
        var address = await db.Set<MailAddressStanding>().SingleAsync();
        address.State.ShouldBe(MailAddressState.Ok);
        address.AddressHash.ShouldBe(MailAddresses.Hash("kasse@muster-gastro.example"));
    }

    [Fact]
    public async Task Eight_workers_take_each_mail_exactly_once()
    {
        const int rows = 500;
        await using (var db = CreateDbContext())
        {
            db.AddRange(Enumerable.Range(0, rows).Select(_ => Row()));
            await db.SaveChangesAsync();
        }

        var claims = new ConcurrentBag<Guid>();
        var largest = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (await _queue.ClaimAsync(_clock.Now, 20) is { Count: > 0 } batch)
            {
                InterlockedMax(ref largest, batch.Count);
                foreach (var mail in batch)
                {
                    claims.Add(mail.Id);
                    (await _queue.StartAsync(mail, _clock.Now)).ShouldBeTrue();
                    (await _queue.FinishAsync(mail, new SendOutcome(SendResult.Sent, null, ""), _clock.Now, _clock.Now, 0)).ShouldBeTrue();
                }
            }
        }));

        claims.Count.ShouldBe(rows);
        claims.Distinct().Count().ShouldBe(rows);
        largest.ShouldBe(20);
        (await AllAsync()).ShouldAllBe(m => m.State == OutboxState.Sent && m.Attempts == 1);
        (await AttemptsAsync()).Count.ShouldBe(rows);
    }

    [Fact]
    public async Task The_most_urgent_and_then_the_oldest_goes_first()
    {
        await AddAsync(Row(MailPriority.Normal, "b"), Row(MailPriority.Low, "d"), Row(MailPriority.Normal, "c", _clock.Now.AddSeconds(-1)),
            Row(MailPriority.Urgent, "a"));
        var first = await _queue.ClaimAsync(_clock.Now, 3);
        first.Select(m => m.ToName).ShouldBe(["a", "c", "b"]);
    }

    [Fact]
    public async Task A_worker_that_wakes_late_neither_sends_nor_writes()
    {
        await AddAsync(Row());
        var late = (await _queue.ClaimAsync(_clock.Now, 1)).Single();
        _clock.Advance(OutboxQueue.Lease);
        (await _queue.StartAsync(late, _clock.Now)).ShouldBeFalse();

        (await _queue.RecoverAsync(_clock.Now)).ShouldBe(1);
        var owner = (await _queue.ClaimAsync(_clock.Now, 1)).Single();
        owner.Id.ShouldBe(late.Id);
        owner.Attempts.ShouldBe(1, "the claim that sent nothing is no attempt");
        (await _queue.StartAsync(late, _clock.Now)).ShouldBeFalse();
        (await _queue.StartAsync(owner, _clock.Now)).ShouldBeTrue();
        (await _queue.FinishAsync(late, new SendOutcome(SendResult.RecipientRefused, 550, "no"), _clock.Now, _clock.Now, 0))
            .ShouldBeFalse();
        (await AllAsync()).Single().State.ShouldBe(OutboxState.Sending);
        (await _queue.FinishAsync(owner, new SendOutcome(SendResult.Sent, null, ""), _clock.Now, _clock.Now, 0)).ShouldBeTrue();

        (await AllAsync()).Single().State.ShouldBe(OutboxState.Sent);
        (await AttemptsAsync()).Select(a => a.Result).ShouldBe([AttemptResult.Late, AttemptResult.Sent]);
    }

    [Fact]
    public async Task A_mail_whose_worker_died_while_sending_is_sent_once_more_and_then_given_up()
    {
        await AddAsync(Row());
        for (var death = 1; death <= 2; death++)
        {
            var mail = (await _queue.ClaimAsync(_clock.Now, 1)).Single();
            mail.Attempts.ShouldBe(death);
            await _queue.StartAsync(mail, _clock.Now);
            (await _queue.RecoverAsync(_clock.Now)).ShouldBe(0, "its lease still runs");
            _clock.Advance(OutboxQueue.Lease);
            (await _queue.RecoverAsync(_clock.Now)).ShouldBe(1);
            (await AllAsync()).Single().State.ShouldBe(death == 1 ? OutboxState.Unknown : OutboxState.Failed);
            (await _queue.ClaimAsync(_clock.Now, 1)).ShouldBeEmpty();
            _clock.Advance(MailVerdict.WaitWhenUnknown);
        }

        (await _queue.ClaimAsync(_clock.Now, 1)).ShouldBeEmpty();
        (await AttemptsAsync()).Select(a => (a.Number, a.Result, a.ResendAfterUnknown))
            .ShouldBe([(1, AttemptResult.Unknown, false), (2, AttemptResult.Unknown, true)]);
    }

    [Fact]
    public async Task A_mail_nobody_knows_about_is_sent_again_once_under_the_same_id()
    {
        await EnqueueAsync(MailExamples.Released("de"));
        _server.On(SmtpStep.FinalDot, SmtpAnswer.Close);
        await RoundAsync();
        (await AllAsync()).Single()
            .ShouldSatisfyAllConditions(m => m.State.ShouldBe(OutboxState.Unknown), m => m.DueAt.ShouldBe(_clock.Now.AddMinutes(15)));
        _clock.Advance(TimeSpan.FromMinutes(14));
        (await RoundAsync()).ShouldBe(0);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await RoundAsync();

        var mail = (await AllAsync()).Single();
        mail.State.ShouldBe(OutboxState.Failed);
        mail.UnknownCount.ShouldBe((short)2);
        _server.Deliveries.Select(d => EmlFile.Parse(d.Content).Header("Message-ID")).ShouldBe([mail.MessageId, mail.MessageId]);
    }

    [Fact]
    public async Task A_busy_server_is_tried_for_48_hours_at_growing_distances()
    {
        await AddAsync(await RowAsync("a@example.org"));
        _server.On(SmtpStep.Rcpt, "451 4.7.1 greylisted");
        int[] minutes = [1, 5, 15, 30, 60, 120];
        var start = _clock.Now;
        for (var attempt = 1; ; attempt++)
        {
            (await RoundAsync()).ShouldBe(1);
            var mail = (await AllAsync()).Single();
            mail.Attempts.ShouldBe(attempt);
            if (_clock.Now == start.AddHours(48))
            {
                mail.State.ShouldBe(OutboxState.Failed);
                mail.LastReply.ShouldNotBeNull().ShouldContain("greylisted");
                attempt.ShouldBeInRange(17, 20);
                break;
            }

            mail.State.ShouldBe(OutboxState.Pending);
            double wait = attempt <= minutes.Length ? minutes[attempt - 1] : 240;
            if (mail.DueAt != start.AddHours(48))
            {
                (mail.DueAt - _clock.Now).TotalMinutes.ShouldBeInRange(wait * 0.9, wait * 1.1);
            }

            _clock.Now = mail.DueAt.AddSeconds(-1);
            (await RoundAsync()).ShouldBe(0);
            _clock.Now = mail.DueAt;
        }
    }

    [Fact]
    public async Task A_dead_link_is_never_sent()
    {
        await EnqueueAsync(MailExamples.Confirm("de"));
        _clock.Advance(TimeSpan.FromMinutes(10));
        await RoundAsync();

        (await AllAsync()).Single().ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(OutboxState.Failed), m => m.LastResult.ShouldBe(AttemptResult.Expired), m => m.Payload.ShouldBeNull());
        _server.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_address_is_not_written_to_again()
    {
        var refused = MailExamples.Customer("de");
        await EnqueueAsync(MailExamples.Released("de"));
        await AddAsync(await RowAsync(refused.Address.ToUpperInvariant(), _clock.Now.AddHours(1)), await RowAsync("other@example.org"));
        _server.OnRecipient(refused.Address, "550 5.1.1 unknown");
        await RoundAsync();
        await RoundAsync();

        var mails = await AllAsync();
        mails.Count(m => m.State == OutboxState.Failed && m.LastResult == AttemptResult.RecipientRefused).ShouldBe(2);
        mails.Count(m => m.State == OutboxState.Sent).ShouldBe(1);
        var next = await EnqueueAsync(MailExamples.Released("de") with { Generation = 2 });
        next.State.ShouldBe(OutboxState.Failed);
        next.LastReply.ShouldNotBeNull().ShouldContain("unknown");
        (await RoundAsync()).ShouldBe(0);

        // Not for ever: a mailbox may have been full. After a week the next mail tries, and one that is refused again waits again.
        _clock.Advance(TimeSpan.FromDays(MailParts.MailOptions().RefusedDays) - TimeSpan.FromSeconds(1));
        (await EnqueueAsync(MailExamples.Released("de") with { Generation = 5 })).State.ShouldBe(OutboxState.Failed);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _server.OnRecipient(refused.Address, "550 5.1.1 unknown");
        var later = MailExamples.Released("de") with { Objection = new("https://muster.example/object/x", _clock.Now.AddDays(1)) };
        (await EnqueueAsync(later with { Generation = 3 })).State.ShouldBe(OutboxState.Pending);
        (await RoundAsync()).ShouldBe(1);
        (await EnqueueAsync(later with { Generation = 4 })).State.ShouldBe(OutboxState.Failed);
    }

    [Theory]
    [InlineData(nameof(SmtpStep.Rcpt), "550 5.7.1 refused by a rule")]
    [InlineData(nameof(SmtpStep.Rcpt), "552 5.3.4 too big")]
    [InlineData(nameof(SmtpStep.FinalDot), "554 5.6.0 content refused")]
    public async Task A_mail_that_is_refused_for_what_it_says_does_not_silence_its_mailbox(string step, string refusal)
    {
        var refused = await EnqueueAsync(MailExamples.Released("de"));
        _server.On(Enum.Parse<SmtpStep>(step), refusal);
        await RoundAsync();
        _server.AgreeAgain();

        var mail = (await AllAsync()).Single();
        (mail.State, mail.LastResult).ShouldBe((OutboxState.Failed, AttemptResult.MessageRefused));
        mail.LastReply.ShouldNotBeNull().ShouldContain(refusal[4..]);
        mail.Payload.ShouldNotBeNull("it can be sent again");
        await using var db = CreateDbContext();
        (await db.Set<MailAddressStanding>().CountAsync()).ShouldBe(0);

        await EnqueueAsync(MailExamples.Released("de") with { Generation = 2 });
        await RoundAsync();
        (await AllAsync()).Single(m => m.Id != refused.Id).State.ShouldBe(OutboxState.Sent);
    }

    [Fact]
    public async Task Its_owner_gets_the_link_by_which_the_address_is_confirmed_and_with_it_all_mails_again()
    {
        var to = MailExamples.Customer("de");
        await EnqueueAsync(MailExamples.Released("de"));
        _server.OnRecipient(to.Address, "550 5.1.1 unknown");
        await RoundAsync();
        _server.AgreeAgain();
        (await EnqueueAsync(MailExamples.Released("de") with { Generation = 2 })).State.ShouldBe(OutboxState.Failed);

        var link = new OneTimeLink($"{MailExamples.PublicUrl}/account/confirm/x", _clock.Now.AddHours(1));
        var asked = await EnqueueAsync(
            new AccountConfirmMail(to) { RegistrationId = Guid.NewGuid(), AskedAt = _clock.Now, HasAccount = false, Link = link });

        asked.State.ShouldBe(OutboxState.Pending);
        (await RoundAsync()).ShouldBe(1);
        (await EnqueueAsync(MailExamples.Released("de") with { Generation = 3 })).State.ShouldBe(OutboxState.Pending);
    }

    [Fact]
    public async Task An_address_that_is_none_fails_the_mail_and_not_the_change()
    {
        var mail = await EnqueueAsync(MailExamples.Released("de") with { To = new("a@b.de, c@d.de\r\nBcc: x@example.org", "x", "de") });
        mail.State.ShouldBe(OutboxState.Failed);
        mail.ToAddress.ShouldNotContain("\n");
        (await RoundAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task The_queue_stands_while_the_server_refuses_us_and_no_attempt_is_burned()
    {
        await AddAsync(await RowAsync("a@example.org"), await RowAsync("b@example.org"), await RowAsync("c@example.org"));
        _server.On(SmtpStep.Mail, "530 5.7.0 authenticate first");
        await RoundAsync();
        (await CircuitAsync()).ShouldSatisfyAllConditions(
            c => c.State.ShouldBe(CircuitState.Open), c => c.Reason.ShouldContain("authenticate first"), c =>
                c.NextTryAt.ShouldBe(_clock.Now.AddMinutes(1)));
        (await RoundAsync()).ShouldBe(0);
        _server.Connections.ShouldBe(1);

        var tried = new List<string>();
        foreach (var minutes in (int[])[2, 5, 10, 30, 30])
        {
            _clock.Now = (await CircuitAsync()).NextTryAt.AddSeconds(-1);
            (await RoundAsync()).ShouldBe(0);
            _clock.Advance(TimeSpan.FromSeconds(1));
            (await RoundAsync()).ShouldBe(1, "one mail is tried");
            (await CircuitAsync()).NextTryAt.ShouldBe(_clock.Now.AddMinutes(minutes));
            await using var db = CreateDbContext();
            tried.Add(await db.Set<OutboxAttempt>().OrderByDescending(a => a.EndedAt)
                .Join(db.Set<OutboxMessage>(), a => a.OutboxId, m => m.Id, (a, m) => m.ToAddress).FirstAsync());
        }

        tried.Zip(tried.Skip(1))
            .ShouldAllBe(pair => pair.First != pair.Second, "a trial takes another recipient than the one that failed last");
        (await AllAsync()).ShouldAllBe(m => m.State == OutboxState.Pending && m.Attempts == 0);
        var state = await MailQueueState.LookAsync(CreateDbContext(), _clock.Now);
        state.IsDegraded.ShouldBeTrue();
        state.IsLate.ShouldBeTrue();
        (await MailQueueFigures.ReadAsync(CreateDbContext(), _clock.Now, default)).Words.ShouldMatch(
            """^oldest due for \d+ s, 3 due, 0 failed, 6 tries failed within the hour, stands since \d{4}-\d\d-\d\dT[\d:]+Z$""");

        _server.AgreeAgain();
        _clock.Now = (await CircuitAsync()).NextTryAt;
        (await RoundAsync()).ShouldBe(1);
        (await CircuitAsync()).State.ShouldBe(CircuitState.Closed);
        (await RoundAsync()).ShouldBe(2);
        (await AllAsync()).ShouldAllBe(m => m.State == OutboxState.Sent && m.Attempts == 1);
        (await MailQueueState.LookAsync(CreateDbContext(), _clock.Now)).IsDegraded.ShouldBeFalse();
    }

    [Fact]
    public async Task By_hand_all_that_waits_for_its_next_try_goes_on_at_once()
    {
        await AddAsync(await RowAsync("a@example.org"), await RowAsync("b@example.org"), await RowAsync("c@example.org"));
        _server.On(SmtpStep.Rcpt, "451 4.3.0 later");
        while ((await CircuitOrNullAsync())?.State != CircuitState.Open)
        {
            await RoundAsync();
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        _server.AgreeAgain();
        await using (var db = CreateDbContext())
        {
            var circuits = new MailCircuits(NullLogger<MailCircuits>.Instance);
            (await circuits.ResumeAsync(db, _clock.Now, default)).ShouldBeTrue();
            (await circuits.ResumeAsync(db, _clock.Now, default)).ShouldBeFalse();
        }

        (await RoundAsync()).ShouldBe(3);
        (await AllAsync()).ShouldAllBe(m => m.State == OutboxState.Sent);
    }

    [Fact]
    public async Task One_bad_recipient_among_good_ones_does_not_stop_the_others()
    {
        await AddAsync(
            await RowAsync("bad@example.org", _clock.Now.AddMinutes(-9)), await RowAsync("a@example.org"), await RowAsync("b@example.org"),
            await RowAsync("c@example.org"));
        _server.OnRecipient("bad@example.org", "554 5.7.1 relay access denied");
        for (var minute = 0; minute < 5; minute++)
        {
            while (await RoundAsync() > 0)
            {
            }

            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        var mails = (await AllAsync()).ToDictionary(m => m.ToAddress);
        mails["bad@example.org"]
            .ShouldSatisfyAllConditions(
                m => m.State.ShouldBe(OutboxState.Failed), m => m.LastResult.ShouldBe(AttemptResult.MessageRefused));
        mails.Values.Where(m => m.ToAddress != "bad@example.org").ShouldAllBe(m => m.State == OutboxState.Sent && m.Attempts == 1);
        (await CircuitAsync()).State.ShouldBe(CircuitState.Closed);
    }

    [Fact]
    public async Task Five_failures_in_a_row_stop_the_queue_if_they_are_not_all_one_recipients()
    {
        _server.On(SmtpStep.Rcpt, "451 4.3.0 later");
        await AddAsync(await RowAsync("a@example.org"), await RowAsync("a@example.org"), await RowAsync("a@example.org"),
            await RowAsync("a@example.org"), await RowAsync("a@example.org"));
        for (var i = 0; i < 5; i++)
        {
            (await RoundAsync()).ShouldBeGreaterThan(0);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await MailQueueState.LookAsync(CreateDbContext(), _clock.Now)).StandsSince.ShouldBeNull();
        await AddAsync(await RowAsync("b@example.org"));
        await RoundAsync();
        var state = await MailQueueState.LookAsync(CreateDbContext(), _clock.Now);
        state.StandsSince.ShouldBe(_clock.Now);
        state.Reason.ShouldNotBeNull().ShouldContain("later");
    }

    [Fact]
    public async Task Documents_are_sent_as_they_were_stored_or_not_at_all()
    {
        var id = Guid.NewGuid();
        var stored = RandomNumberGenerator.GetBytes(1000);
        var hash = Convert.ToHexStringLower(SHA256.HashData(stored));
        _sources.Add(new MailAttachmentSource("license", (wanted, _) => Task.FromResult(wanted == id ? stored : null)));
        MailAttachment Attachment(Guid of) => new("license", of, "Lizenz-L-1044.lshlic", "application/octet-stream", hash, stored.Length);
        async Task<OutboxState> SendAsync(MailAttachment attachment)
        {
            var row = await RowAsync("a@example.org", attachments: [attachment]);
            await AddAsync(row);
            await RoundAsync();
            return (await AllAsync()).Single(m => m.Id == row.Id).State;
        }

        (await SendAsync(Attachment(id))).ShouldBe(OutboxState.Sent);
        EmlFile.Parse(_server.Deliveries.Single().Content).Attachments.ShouldBe(["Lizenz-L-1044.lshlic"]);
        (await SendAsync(Attachment(Guid.NewGuid()))).ShouldBe(OutboxState.Failed, "the document is gone");
        (await SendAsync(Attachment(id) with { Source = "invoice" })).ShouldBe(OutboxState.Failed, "nobody reads such documents");
        stored[0]++;
        (await SendAsync(Attachment(id))).ShouldBe(OutboxState.Failed, "the document was changed");
        (await AllAsync()).Count(m => m.LastResult == AttemptResult.MessageRefused).ShouldBe(3);
        _server.Deliveries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_taken_back_is_not_sent()
    {
        await EnqueueAsync(MailExamples.Released("de"));
        await using (var db = CreateDbContext())
        {
            (await Outbox.CancelAsync(db, "released", "another")).ShouldBeFalse();
            (await Outbox.CancelAsync(db, "released", MailExamples.Released("de").BusinessKey)).ShouldBeTrue();
        }

        (await RoundAsync()).ShouldBe(0);
        (await AllAsync()).Single().ShouldSatisfyAllConditions(m => m.State.ShouldBe(OutboxState.Cancelled), m => m.Payload.ShouldBeNull());
    }

    [Fact]
    public async Task A_sender_that_stops_ends_the_mail_it_sends_and_gives_the_others_back()
    {
        await AddAsync(await RowAsync("a@example.org"), await RowAsync("b@example.org"), await RowAsync("c@example.org"));
        using var stop = new CancellationTokenSource();
        _server.Delivered = stop.Cancel;
        (await RoundAsync(stop: stop.Token)).ShouldBe(3);

        var mails = await AllAsync();
        mails.Count(m => m.State == OutboxState.Sent).ShouldBe(1);
        mails.Count(m => m.State == OutboxState.Pending && m.Attempts == 0 && m.LeaseToken == null).ShouldBe(2);
    }

    [Theory]
    [InlineData(nameof(SmtpStep.Rcpt), nameof(OutboxState.Pending))]
    [InlineData(nameof(SmtpStep.FinalDot), nameof(OutboxState.Unknown))]
    public async Task A_sender_that_stops_does_not_wait_for_ever(string step, string expected)
    {
        await AddAsync(await RowAsync("a@example.org"), await RowAsync("b@example.org"));
        _server.On(Enum.Parse<SmtpStep>(step), SmtpAnswer.Stall);
        using var stop = new CancellationTokenSource();
        var round = RoundAsync(TimeSpan.FromMilliseconds(300), stop: stop.Token);
        await Eventually.BecomesTrueAsync(() => step == nameof(SmtpStep.FinalDot)
            ? !_server.Deliveries.IsEmpty
            : _server.Commands.Any(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
        await stop.CancelAsync();
        await round.WaitAsync(TimeSpan.FromSeconds(30));

        var mails = await AllAsync();
        mails.ShouldAllBe(m => m.LeaseToken == null);
        mails.Single(m => m.Attempts == 1).State.ToString().ShouldBe(expected);
        mails.Single(m => m.Attempts == 0).State.ShouldBe(OutboxState.Pending);
        (await AttemptsAsync()).Single().Reply.ShouldBe("The portal was stopped.");
    }

    /// <summary>A refusal while connecting says nothing about a mail, however often one meets it.</summary>
    [Fact]
    public async Task A_mail_outlives_a_server_that_now_and_then_does_not_take_our_password()
    {
        await AddAsync(await RowAsync("a@example.org"));
        for (var i = 0; i < 3; i++)
        {
            _server.On(SmtpStep.AuthEnd, "454 4.7.0 directory is away");
            await RoundAsync(user: "portal");
            (await AllAsync()).Single(m => m.ToAddress == "a@example.org").ShouldSatisfyAllConditions(
                m => m.State.ShouldBe(OutboxState.Pending), m => m.Attempts.ShouldBe(0));

            // Another one goes through.
            _server.AgreeAgain();
            _clock.Now = (await CircuitAsync()).NextTryAt;
            await AddAsync(await RowAsync($"b{i}@example.org"));
            (await RoundAsync(user: "portal")).ShouldBe(1);
        }

        (await AllAsync()).Count(m => m.State == OutboxState.Sent).ShouldBe(3);
        await RoundAsync(user: "portal");
        (await AllAsync()).ShouldAllBe(m => m.State == OutboxState.Sent);
    }

    [Fact]
    public async Task Nothing_that_somebody_typed_becomes_a_recipient_or_a_header()
    {
        const int count = 250;
        string[] poison = ["\r\nBcc: x@evil.example", "\nX-Evil: 1", "\r", "\0", "\"", "\\", "<x@evil.example>", ", x@evil.example",
            "\u202E", "\u2028Bcc: x@evil.example", "=?utf-8?Q?=0D=0ABcc:x?=", ";", "\t", "\u0085", "(", "😀"];
        string Poisoned(int i, string text) =>
            $"{poison[i % poison.Length]}{text}{poison[(i / poison.Length) % poison.Length]}{text}{poison[(i * 7 + 3) % poison.Length]}";
        await using (var db = CreateDbContext())
        {
            for (var i = 0; i < count; i++)
            {
                var address = i % 4 == 3 ? $"a{Poisoned(i, "@example.org")}" : $"a{i.ToString(CultureInfo.InvariantCulture)}@example.org";
                await _outbox.EnqueueAsync(
                    db, MailExamples.Released("de") with
                    {
                        To = new(address, Poisoned(i, "Muster"), "de"),
                        Product = Poisoned(i + 5, "Beam"),
                        PcName = Poisoned(i + 9, "PC"),
                        Generation = i
                    },
                    _clock.Now);
            }

            await db.SaveChangesAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (await RoundAsync() > 0)
            {
            }
        }));

        var expected = (await AllAsync()).Where(m => m.LastReply != "Not an address that can be written to.").ToList();
        expected.Count.ShouldBeGreaterThanOrEqualTo(count * 3 / 4);
        expected.ShouldAllBe(m => m.State == OutboxState.Sent);
        _server.Deliveries.Count.ShouldBe(expected.Count);
        _server.Deliveries.SelectMany(d => d.Recipients).Order(StringComparer.Ordinal)
            .ShouldBe(expected.Select(m => m.ToAddress).Order(StringComparer.Ordinal));
        foreach (var delivery in _server.Deliveries)
        {
            var read = EmlFile.Parse(delivery.Content);
            read.Headers.Select(h => h.Key).Order(StringComparer.Ordinal).ShouldBe(
            [
                "Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "In-Reply-To", "MIME-Version", "Message-Id",
                "References", "Reply-To", "Subject", "To", "X-Auto-Response-Suppress",
            ]);
            read.Header("Subject").ShouldStartWith("Lizenz freigegeben: ");
            read.Header("Subject").ShouldEndWith("[L-1044]");
        }
    }

    private PortalDbContext CreateDbContext() => _postgres.Open();

    private async Task<OutboxMessage> EnqueueAsync(MailModel mail)
    {
        await using var db = CreateDbContext();
        var message = await _outbox.EnqueueAsync(db, mail, _clock.Now);
        await db.SaveChangesAsync();
        return message;
    }

    private async Task<int> RoundAsync(TimeSpan? grace = null, string user = "", CancellationToken stop = default)
    {
        var options = MailParts.MailOptions(_server.Port, user: user);
        var round = new MailRound(
            _queue, () => MailParts.Smtp(options), MailParts.Secrets, _sources, _clock, NullLogger<MailRound>.Instance)
        {
            Grace = grace ?? TimeSpan.FromMinutes(1),
        };
        return await round.RunAsync(stop);
    }

    private OutboxMessage Row(MailPriority priority = MailPriority.Normal, string? name = null, DateTimeOffset? due = null,
        string address = "a@example.org") => new()
        {
            Kind = "test",
            BusinessKey = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture),
            Priority = priority,
            DueAt = due ?? _clock.Now,
            CreatedAt = _clock.Now,
            MessageId = $"<{_count}@example.org>",
            ToAddress = address,
            ToName = name,
            Culture = "de",
            Subject = "x",
            CopyText = "x",
        };

    /// <summary>A row that can be sent.</summary>
    private async Task<OutboxMessage> RowAsync(
        string address, DateTimeOffset? due = null, IReadOnlyList<MailAttachment>? attachments = null)
    {
        var row = new OutboxMessage
        {
            Kind = "test",
            BusinessKey = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture),
            Priority = MailPriority.Normal,
            DueAt = due ?? _clock.Now,
            CreatedAt = _clock.Now,
            MessageId = $"<{_count}@example.org>",
            ToAddress = address,
            Culture = "de",
            Subject = "x",
            CopyText = "x",
            Attachments = attachments ?? [],
        };
        row.Payload = MailPayload.Seal(MailParts.Secrets, row.Id, await MailParts.Renderer().RenderAsync(MailExamples.Released("de")));
        return row;
    }

    private async Task AddAsync(params OutboxMessage[] rows)
    {
        await using var db = CreateDbContext();
        db.AddRange(rows.AsEnumerable());
        await db.SaveChangesAsync();
    }

    private async Task<List<OutboxMessage>> AllAsync()
    {
        await using var db = CreateDbContext();
        return await db.Set<OutboxMessage>().AsNoTracking().ToListAsync();
    }

    private async Task<List<OutboxAttempt>> AttemptsAsync()
    {
        await using var db = CreateDbContext();
        return await db.Set<OutboxAttempt>().AsNoTracking().OrderBy(a => a.Number).ToListAsync();
    }

    private async Task<MailCircuit?> CircuitOrNullAsync()
    {
        await using var db = CreateDbContext();
        return await db.Set<MailCircuit>().AsNoTracking().SingleOrDefaultAsync();
    }

    private async Task<MailCircuit> CircuitAsync()
    {
        await using var db = CreateDbContext();
        return await db.Set<MailCircuit>().AsNoTracking().SingleAsync();
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private sealed class Contexts(PostgresFixture postgres) : IDbContextFactory<PortalDbContext>
    {
        public PortalDbContext CreateDbContext() => postgres.Open();
    }
}
