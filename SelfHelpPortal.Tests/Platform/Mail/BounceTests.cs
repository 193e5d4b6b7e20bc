using System.Net;
using System.Text;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MimeKit;
using SelfHelpPortal.Data;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Bounces;
using SelfHelpPortal.Platform.Mail.Preview;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>Reports of mails that came back later: read from a real IMAP server, and what becomes of the mails.</summary>
public sealed class BounceTests : IClassFixture<PostgresFixture>
{
    private static int _count;

    private readonly PostgresFixture _postgres;
    private readonly TestClock _clock = new();
    private readonly TakeBounce _take;

    public BounceTests(PostgresFixture postgres)
    {
        _postgres = postgres;
        _take = new TakeBounce(new Contexts(postgres), NullLogger<TakeBounce>.Instance);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_reports_about_our_mails_are_taken_and_what_people_write_is_left_alone(bool delete)
    {
        await using var server = DovecotServer.Start();
        var unknown = await SentAsync("unknown@example.org");
        var spam = await SentAsync("spam@example.org");
        var late = await SentAsync("late@example.org");
        var quiet = await SentAsync("quiet@example.org");
        var foreign = unknown.MessageId.Replace("@muster-software.example", "@elsewhere.example", StringComparison.Ordinal);
        using var client = await OpenAsync(server);
        foreach (var eml in (string[])[
            Report(unknown.MessageId, "failed", "5.1.1", "smtp; 550 5.1.1 <unknown@example.org>: unknown"),
            Report(spam.MessageId, "failed (will not be tried again)", "5.7.1", "smtp; 550 5.7.1 looks like spam", whole: true),
            Report(late.MessageId, "delayed", "4.4.1", "smtp; connect timed out"),
            Report($"<{Guid.CreateVersion7()}@muster-software.example>", "failed", "5.1.1", "smtp; 550 5.1.1 forged"),
            Report(foreign.Replace(unknown.Id.ToString(), quiet.Id.ToString(), StringComparison.Ordinal), "failed", "5.1.1", "forged"),
            Report(quiet.MessageId, "delivered", "2.1.5", "smtp; 250 ok"),
            $"From: a@example.org\r\nSubject: hello {quiet.MessageId}\r\n\r\nIt failed: {quiet.MessageId} 5.1.1\r\n"])
        {
            using var message = MimeMessage.Load(new MemoryStream(Encoding.ASCII.GetBytes(eml)));
            await client.Inbox.AppendAsync(new AppendRequest(message));
        }

        var mailbox = Mailbox(server, delete: delete);
        (await mailbox.ReadAsync(CancellationToken.None)).ShouldBe(3);
        (await mailbox.ReadAsync(CancellationToken.None)).ShouldBe(0);

        (await MailAsync(unknown.Id)).ShouldSatisfyAllConditions(
            m => m.State.ShouldBe(OutboxState.Failed), m => m.LastResult.ShouldBe(AttemptResult.Bounced),
            m => m.LastReply.ShouldBe("5.1.1 550 5.1.1 <unknown@example.org>: unknown"));
        (await MailAsync(spam.Id)).State.ShouldBe(OutboxState.Failed);
        (await MailAsync(late.Id)).State.ShouldBe(OutboxState.Sent);
        (await MailAsync(quiet.Id)).State.ShouldBe(OutboxState.Sent);
        (await ResultsAsync(late.Id)).ShouldBe([AttemptResult.Delayed]);
        (await ResultsAsync(quiet.Id)).ShouldBeEmpty();
        (await IsRefusedAsync("unknown@example.org")).ShouldBeTrue();
        (await IsRefusedAsync("spam@example.org")).ShouldBeFalse();
        (await IsRefusedAsync("late@example.org")).ShouldBeFalse();
        (await IsRefusedAsync("quiet@example.org")).ShouldBeFalse();

        await client.Inbox.OpenAsync(FolderAccess.ReadOnly);
        client.Inbox.Count.ShouldBe(delete ? 4 : 7);
        var unread = await client.Inbox.SearchAsync(SearchQuery.NotSeen);
        using var left = await client.Inbox.GetMessageAsync(unread.Single());
        left.Subject.ShouldStartWith("hello");
    }

    [Fact]
    public async Task A_server_that_refuses_and_a_folder_that_is_none_are_named()
    {
        await using var server = DovecotServer.Start();
        (await Mailbox(server).TryAsync(default)).ShouldBeNull();
        (await Mailbox(server, password: "wrong").TryAsync(default)).ShouldNotBeNull().ShouldContain("Authentication failed");
        (await Mailbox(server, folder: "Bounces").TryAsync(default)).ShouldBe("there is no folder 'Bounces'.");
        await Should.ThrowAsync<AuthenticationException>(() => Mailbox(server, password: "wrong").ReadAsync(default));
    }

    [Fact]
    public async Task The_same_said_again_changes_nothing()
    {
        var mail = await SentAsync("again@example.org");
        var (id, late) = (mail.MessageId.Trim('<', '>'), new BounceReport(mail.MessageId.Trim('<', '>'), false, "4.2.2", "full"));
        (await _take.ExecuteAsync(late, _clock.Now, default)).ShouldBeTrue();
        (await _take.ExecuteAsync(late, _clock.Now, default)).ShouldBeTrue();
        var failed = new BounceReport(id, HasFailed: true, "5.2.1", "closed");
        (await _take.ExecuteAsync(failed, _clock.Now, default)).ShouldBeTrue();
        await using (var db = _postgres.Open())
        {
            await MailAddressStanding.LiftAsync(db, mail.ToAddress, default);
        }

        (await _take.ExecuteAsync(failed, _clock.Now, default)).ShouldBeTrue();
        (await _take.ExecuteAsync(late with { Words = "still full" }, _clock.Now, default)).ShouldBeTrue();

        (await ResultsAsync(mail.Id)).ShouldBe([AttemptResult.Delayed, AttemptResult.Bounced]);
        (await IsRefusedAsync(mail.ToAddress)).ShouldBeFalse("an old report does not silence a mailbox again");
    }

    [Theory]
    [InlineData("")]
    [InlineData("@muster-software.example")]
    [InlineData("1@muster-software.example")]
    [InlineData("00000000-0000-0000-0000-000000000000@muster-software.example")]
    public async Task An_id_that_is_none_of_ours_is_nobodys(string id) =>
        (await _take.ExecuteAsync(new BounceReport(id, HasFailed: true, "5.1.1", ""), _clock.Now, default)).ShouldBeFalse();

    [Theory]
    [InlineData("5.1.1", "550 5.1.1 unknown", true)]
    [InlineData("5.2.1", "", true)]
    [InlineData("5.4.4", "Host not found", true)]
    [InlineData("5.0.0", "550 5.1.1 unknown", true)]
    [InlineData("5.0.0", "550 5.7.1 refused", false)]
    [InlineData("5.7.1", "550 5.7.1 refused", false)]
    [InlineData("5.6.0", "", false)]
    [InlineData("5.3.4", "too big", false)]
    [InlineData("", "550 this is spam", false)]
    [InlineData("5.4.7", "delivery time expired", false)]
    [InlineData("4.4.7", "delivery time expired", false)]
    public void Whether_the_next_mail_would_come_back_too_is_told_apart(string status, string words, bool refuses)
    {
        new BounceReport("x", HasFailed: true, status, words).RefusesMailbox.ShouldBe(refuses);
        new BounceReport("x", HasFailed: false, status, words).RefusesMailbox.ShouldBeFalse();
    }

    [Fact]
    public void The_id_on_the_envelope_is_enough()
    {
        var eml = Report("<a@example.org>", "failed", "5.1.1", "smtp; 550 no", original: false);
        using var message = MimeMessage.Load(new MemoryStream(Encoding.ASCII.GetBytes(eml)));
        BounceReport.Read(message).ShouldBe(new BounceReport("a@example.org", HasFailed: true, "5.1.1", "550 no"));
    }

    [Fact]
    public async Task A_program_with_the_token_posts_what_came_back()
    {
        const string Token = "0123456789abcdef0123456789abcdef";
        await using var portal = new PortalFactory { Configuration = { ["Mail:Bounces:Token"] = Token } };
        await portal.InitializeAsync();
        var id = await portal.AddFailedMailAsync(
            "posted@muster-gastro.example", m => (m.State, m.LastResult) = (OutboxState.Sent, AttemptResult.Sent));
        await using var db = portal.Open();
        await MailAddressStanding.LiftAsync(db, "posted@muster-gastro.example", default);
        var mail = await db.Set<OutboxMessage>().AsNoTracking().SingleAsync(m => m.Id == id);
        using var client = portal.CreateClient();

        (await PostAsync(null, "{}")).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(Token[1..] + "0", $$"""{ "messageId": "{{mail.MessageId}}", "action": "failed" }"""))
            .ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(Token, "{}")).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(Token, "no JSON")).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(Token, """{ "messageId": "<1@example.org>", "action": "failed" }""")).ShouldBe(HttpStatusCode.NoContent);
        (await PostAsync(Token, $$"""{ "messageId": "{{mail.MessageId}}", "action": "delivered" }""")).ShouldBe(HttpStatusCode.NoContent);
        (await StateAsync()).ShouldBe(OutboxState.Sent);
        (await PostAsync(
            Token, $$"""{ "messageId": "{{mail.MessageId}}", "action": "failed", "status": "5.1.1", "reply": "unknown" }"""))
            .ShouldBe(HttpStatusCode.NoContent);

        (await StateAsync()).ShouldBe(OutboxState.Failed);
        (await MailAddressStanding.RefusalAsync(db, mail.ToAddress, new(), portal.Clock.Now, default)).ShouldNotBeNull()
            .LastReply.ShouldBe("5.1.1 unknown");

        Task<OutboxState> StateAsync() => db.Set<OutboxMessage>().Where(m => m.Id == id).Select(m => m.State).SingleAsync();

        async Task<HttpStatusCode> PostAsync(string? token, string json)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, BounceEndpoint.Path)
            {
                Content = new StringContent(json, Encoding.UTF8, "application/json"),
            };
            if (token is not null)
            {
                request.Headers.Authorization = new("Bearer", token);
            }

            using var answer = await client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task What_comes_back_goes_to_the_address_of_the_configuration()
    {
        await using var server = new ScriptedSmtpServer();
        var options = MailParts.MailOptions(server.Port);
        options.Bounces.ReturnPath = "bounces@muster-software.example";
        await using var transport = MailParts.Smtp(options);
        var mail = await MailParts.EnvelopeAsync(MailExamples.Released("de"));

        (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);

        var delivery = server.Deliveries.Single();
        delivery.From.ShouldStartWith("MAIL FROM:<bounces@muster-software.example>");
        delivery.Recipients.ShouldBe([mail.ToAddress]);
        EmlFile.Parse(delivery.Content).Header("From").ShouldContain("lizenzen@muster-software.example");
    }

    private static string Report(
        string messageId, string action, string status, string diagnostic, bool whole = false, bool original = true) =>
        $"""
         From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
         To: bounces@muster-software.example
         Subject: Undelivered Mail Returned to Sender
         Message-ID: <{Guid.NewGuid()}@mx.example.org>
         MIME-Version: 1.0
         Content-Type: multipart/report; report-type=delivery-status;
          boundary="b1"

         --b1
         Content-Type: text/plain; charset=us-ascii

         I'm sorry to have to inform you that your message could not be delivered.

         --b1
         Content-Type: message/delivery-status

         Reporting-MTA: dns; mx.example.org
         {(original ? "X-Postfix-Queue-ID: 4BX2" : $"Original-Envelope-Id: {messageId.Trim('<', '>')}")}

         Final-Recipient: rfc822; somebody@example.org
         Action: {action}
         Status: {status}
         Diagnostic-Code: {diagnostic}

         --b1
         Content-Type: {(!original ? "text/plain" : whole ? "message/rfc822" : "text/rfc822-headers")}

         Subject: Lizenz freigegeben
         Message-ID: {messageId}

         --b1--

         """.ReplaceLineEndings("\r\n");

    private BounceMailbox Mailbox(
        DovecotServer server, string password = DovecotServer.Password, string folder = "INBOX", bool delete = true)
    {
        var options = MailParts.MailOptions();
        (options.Bounces.Host, options.Bounces.Port, options.Bounces.Security) = ("127.0.0.1", server.Port, SmtpSecurity.None);
        (options.Bounces.User, options.Bounces.Password) = (DovecotServer.User, password);
        (options.Bounces.Folder, options.Bounces.Delete) = (folder, delete);
        return new BounceMailbox(Options.Create(options), _take, _clock);
    }

    private static async Task<ImapClient> OpenAsync(DovecotServer server)
    {
        var client = new ImapClient();
        await client.ConnectAsync("127.0.0.1", server.Port, SecureSocketOptions.None);
        await client.AuthenticateAsync(DovecotServer.User, DovecotServer.Password);
        return client;
    }

    private async Task<OutboxMessage> SentAsync(string address)
    {
        await using var db = _postgres.Open();
        await MailAddressStanding.LiftAsync(db, address, default);
        var mail = await MailParts.Outbox().EnqueueAsync(
            db,
            MailExamples.Released("de") with { To = new(address, "x", "de"), Generation = 20_000 + Interlocked.Increment(ref _count) },
            _clock.Now);
        (mail.State, mail.LastResult, mail.SentAt, mail.Payload) = (OutboxState.Sent, AttemptResult.Sent, _clock.Now, null);
        await db.SaveChangesAsync();
        return mail;
    }

    private async Task<OutboxMessage> MailAsync(Guid id)
    {
        await using var db = _postgres.Open();
        return await db.Set<OutboxMessage>().AsNoTracking().SingleAsync(m => m.Id == id);
    }

    private async Task<List<AttemptResult>> ResultsAsync(Guid id)
    {
        await using var db = _postgres.Open();
        return await db.Set<OutboxAttempt>().Where(a => a.OutboxId == id).OrderBy(a => a.Number).Select(a => a.Result).ToListAsync();
    }

    private async Task<bool> IsRefusedAsync(string address)
    {
        await using var db = _postgres.Open();
        return await MailAddressStanding.RefusalAsync(db, address, new(), _clock.Now, default) is not null;
    }

    private sealed class Contexts(PostgresFixture postgres) : IDbContextFactory<PortalDbContext>
    {
        public PortalDbContext CreateDbContext() => postgres.Open();
    }
}
