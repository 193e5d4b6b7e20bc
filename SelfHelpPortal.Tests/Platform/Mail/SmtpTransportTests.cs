using System.Security.Cryptography;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Preview;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>Real sockets, a server that fails at every step in every way, and what <see cref="SmtpTransport"/> makes of it.</summary>
public sealed class SmtpTransportTests
{
    private static readonly (SmtpStep Step, SmtpAnswer Answer, SendResult Expected)[] Failures =
    [
        (SmtpStep.Greeting, SmtpAnswer.Close, SendResult.Transient),
        (SmtpStep.Greeting, SmtpAnswer.Stall, SendResult.Transient),
        (SmtpStep.Greeting, "421 4.3.2 busy", SendResult.Transient),
        (SmtpStep.Greeting, "554 5.7.1 blocked", SendResult.Configuration),
        (SmtpStep.Greeting, "no greeting at all", SendResult.Transient),
        (SmtpStep.Ehlo, SmtpAnswer.Close, SendResult.Transient),
        (SmtpStep.Ehlo, "421 4.3.2 busy", SendResult.Transient),
        (SmtpStep.Ehlo, "550 5.7.1 no", SendResult.Configuration),
        (SmtpStep.Mail, SmtpAnswer.Close, SendResult.Transient),
        (SmtpStep.Mail, SmtpAnswer.Stall, SendResult.Transient),
        (SmtpStep.Mail, "421 4.7.0 later", SendResult.Transient),
        (SmtpStep.Mail, "451 4.3.0 later", SendResult.Transient),
        (SmtpStep.Mail, "452 4.3.1 full", SendResult.Transient),
        (SmtpStep.Mail, "530 5.7.0 authenticate first", SendResult.Configuration),
        (SmtpStep.Mail, "550 5.7.1 sender refused", SendResult.Configuration),
        (SmtpStep.Mail, "552 5.3.4 too big", SendResult.MessageRefused),
        (SmtpStep.Mail, "553 5.1.8 sender refused", SendResult.Configuration),
        (SmtpStep.Rcpt, SmtpAnswer.Close, SendResult.Transient),
        (SmtpStep.Rcpt, SmtpAnswer.Stall, SendResult.Transient),
        (SmtpStep.Rcpt, "421 4.3.2 busy", SendResult.Transient),
        (SmtpStep.Rcpt, "450 4.2.1 greylisted", SendResult.Transient),
        (SmtpStep.Rcpt, "451 4.7.1 greylisted", SendResult.Transient),
        (SmtpStep.Rcpt, "452 4.2.2 mailbox full", SendResult.Transient),
        (SmtpStep.Rcpt, "501 5.1.3 bad syntax", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "503 5.5.1 out of order", SendResult.Configuration),
        (SmtpStep.Rcpt, "521 5.3.2 takes no mail", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "530 5.7.0 authenticate first", SendResult.Configuration),
        (SmtpStep.Rcpt, "550 5.1.1 unknown", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "551 5.1.6 moved", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "552 5.2.2 mailbox full", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "553 5.1.3 bad address", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "554 5.7.1 relay access denied", SendResult.Configuration),
        (SmtpStep.Rcpt, "556 5.1.10 domain takes no mail", SendResult.RecipientRefused),

        // One number for an unknown mailbox and for spam: the code behind it counts, or else the words.
        (SmtpStep.Rcpt, "550 5.2.1 mailbox disabled", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "550 5.4.1 access denied", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "554 5.1.1 unknown", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "550 no such user", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "550 5.7.1 refused", SendResult.MessageRefused),
        (SmtpStep.Rcpt, "550-5.7.26 not authenticated\r\n550 5.7.26 see our page", SendResult.MessageRefused),
        (SmtpStep.Rcpt, "552 5.3.4 too big", SendResult.MessageRefused),
        (SmtpStep.Rcpt, "552 5.2.3 longer than this mailbox takes", SendResult.MessageRefused),
        (SmtpStep.Rcpt, "550 5.6.0 content refused", SendResult.MessageRefused),
        (SmtpStep.Rcpt, "550 this looks like spam", SendResult.MessageRefused),
        (SmtpStep.Rcpt, "550 5.7.54 unable to relay", SendResult.Configuration),
        (SmtpStep.Rcpt, "550 relay not permitted", SendResult.Configuration),
        (SmtpStep.Rcpt, "550 5.1.8 sender's domain unknown", SendResult.Configuration),
        (SmtpStep.Data, SmtpAnswer.Close, SendResult.Transient),
        (SmtpStep.Data, SmtpAnswer.Stall, SendResult.Transient),
        (SmtpStep.Data, "451 4.3.0 later", SendResult.Transient),
        (SmtpStep.Data, "554 5.5.1 no", SendResult.Configuration),
        (SmtpStep.FinalDot, SmtpAnswer.Close, SendResult.Unknown),
        (SmtpStep.FinalDot, SmtpAnswer.Stall, SendResult.Unknown),
        (SmtpStep.FinalDot, "354 go on", SendResult.Unknown),
        (SmtpStep.FinalDot, "no answer at all", SendResult.Unknown),
        (SmtpStep.FinalDot, "421 4.3.2 shutting down", SendResult.Transient),
        (SmtpStep.FinalDot, "451 4.7.1 later", SendResult.Transient),
        (SmtpStep.FinalDot, "452 4.3.1 full", SendResult.Transient),
        (SmtpStep.FinalDot, "550 5.7.1 spam", SendResult.MessageRefused),
        (SmtpStep.FinalDot, "550 refused", SendResult.MessageRefused),
        (SmtpStep.FinalDot, "550 5.1.1 unknown", SendResult.RecipientRefused),
        (SmtpStep.FinalDot, "550 5.2.1 mailbox disabled", SendResult.RecipientRefused),
        (SmtpStep.FinalDot, "552 5.3.4 too big", SendResult.MessageRefused),
        (SmtpStep.FinalDot, "554 5.6.0 content refused", SendResult.MessageRefused),
        (SmtpStep.Greeting, SmtpAnswer.Last("554 5.7.1 blocked"), SendResult.Configuration),
        (SmtpStep.Mail, SmtpAnswer.Last("421 4.7.0 later"), SendResult.Transient),
        (SmtpStep.Mail, SmtpAnswer.Last("550 5.7.1 sender refused"), SendResult.Configuration),
        (SmtpStep.Rcpt, SmtpAnswer.Last("550 5.1.1 unknown"), SendResult.RecipientRefused),
        (SmtpStep.Data, SmtpAnswer.Last("451 4.3.0 later"), SendResult.Transient),
        (SmtpStep.FinalDot, SmtpAnswer.Last("250 2.0.0 queued as 1"), SendResult.Sent),
        (SmtpStep.FinalDot, SmtpAnswer.Last("421 4.3.2 shutting down"), SendResult.Transient),
        (SmtpStep.FinalDot, SmtpAnswer.Last("554 5.6.0 content refused"), SendResult.MessageRefused),
        (SmtpStep.Quit, SmtpAnswer.Close, SendResult.Sent),
        (SmtpStep.Quit, SmtpAnswer.Stall, SendResult.Sent),
    ];

    /// <summary>What large servers offer. The last five change what is said, or how it is sent.</summary>
    private static readonly string[] AllExtensions =
        ["SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES", "PIPELINING", "DSN", "SMTPUTF8", "CHUNKING", "BINARYMIME"];

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Every_way_to_fail_is_told_apart(bool withAttachment, bool withExtensions)
    {
        var mail = await MailAsync(withAttachment);
        var found = new Dictionary<(SmtpStep, SmtpAnswer), SendResult>();
        foreach (var (step, answer, _) in Failures.Where(f => !IsStall(f.Answer)))
        {
            found[(step, answer)] = await FailAsync(step, answer);
        }

        // Each waits for its timeout, so they wait together.
        await Task.WhenAll(Failures.Where(f => IsStall(f.Answer)).Select(async f =>
        {
            var result = await FailAsync(f.Step, f.Answer);
            lock (found)
            {
                found[(f.Step, f.Answer)] = result;
            }
        }));

        Failures.Select(f => $"{f.Step}: {f.Answer} → {found[(f.Step, f.Answer)]}")
            .ShouldBe(Failures.Select(f => $"{f.Step}: {f.Answer} → {f.Expected}"));

        static bool IsStall(SmtpAnswer answer) => ReferenceEquals(answer, SmtpAnswer.Stall);

        async Task<SendResult> FailAsync(SmtpStep step, SmtpAnswer answer)
        {
            await using var server = withExtensions ? new ScriptedSmtpServer { Extensions = AllExtensions } : new ScriptedSmtpServer();
            server.On(step, answer);
            var options = MailParts.MailOptions(server.Port);
            options.Smtp.TimeoutSeconds = IsStall(answer) ? 4 : 60;
            await using var transport = Transport(options);
            return (await transport.SendAsync(mail, CancellationToken.None)).Result;
        }
    }

    [Fact]
    public async Task A_connection_that_breaks_within_the_content_is_never_taken_for_sent()
    {
        foreach (var answer in (SmtpAnswer[])[SmtpAnswer.Close, SmtpAnswer.Stall])
        {
            await using var server = new ScriptedSmtpServer().On(SmtpStep.Content, answer);
            var options = MailParts.MailOptions(server.Port);
            options.Smtp.TimeoutSeconds = 2;
            await using var transport = Transport(options);
            var outcome = await transport.SendAsync(await MailAsync(withAttachment: true), CancellationToken.None);

            // How much had been read by then is a matter of timing.
            outcome.Result.ShouldBeOneOf(SendResult.Transient, SendResult.Unknown);
        }
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_tried_again()
    {
        var server = new ScriptedSmtpServer();
        var port = server.Port;
        await server.DisposeAsync();
        await using var transport = Transport(MailParts.MailOptions(port));
        (await transport.SendAsync(await MailAsync(), CancellationToken.None)).Result.ShouldBe(SendResult.Transient);
    }

    [Fact]
    public async Task A_batch_uses_one_connection_also_after_a_refusal_and_a_new_one_after_a_broken_one()
    {
        await using var server = new ScriptedSmtpServer();
        var mail = await MailAsync();
        await using (var transport = Transport(MailParts.MailOptions(server.Port)))
        {
            for (var i = 0; i < 20; i++)
            {
                (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);
            }

            foreach (var (step, refusal) in ((SmtpStep, string)[])[
                (SmtpStep.Mail, "451 4.3.0 later"),
                (SmtpStep.Rcpt, "550 5.1.1 unknown"),
                (SmtpStep.Rcpt, "450 4.2.1 greylisted"),
                (SmtpStep.Data, "451 4.3.0 later"),
                (SmtpStep.FinalDot, "554 5.6.0 content refused"),
                (SmtpStep.FinalDot, "452 4.3.1 full")])
            {
                server.On(step, refusal);
                (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldNotBe(SendResult.Sent);
                server.AgreeAgain();
                (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent, refusal);
            }

            server.Connections.ShouldBe(1);
            server.Commands.Count(c => c == "RSET").ShouldBe(6);

            foreach (var (step, end) in ((SmtpStep, SmtpAnswer)[])[
                (SmtpStep.Mail, SmtpAnswer.Close), (SmtpStep.FinalDot, "not a reply"), (SmtpStep.Rcpt, "421 4.3.2 bye")])
            {
                var before = server.Connections;
                server.On(step, end);
                (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldNotBe(SendResult.Sent);
                server.AgreeAgain();
                (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent, end.ToString());
                server.Connections.ShouldBe(before + 1, end.ToString());
            }
        }

        await Eventually.BecomesTrueAsync(() => server.Commands.Contains("QUIT"));
    }

    [Fact]
    public async Task One_recipients_refusal_is_theirs_alone()
    {
        await using var server = new ScriptedSmtpServer();
        var mail = await MailAsync();
        server.OnRecipient("unknown@example.org", "550 5.1.1 unknown");
        await using var transport = Transport(MailParts.MailOptions(server.Port));
        var refused = await transport.SendAsync(mail with { ToAddress = "unknown@example.org" }, CancellationToken.None);
        refused.ShouldBe(new SendOutcome(SendResult.RecipientRefused, 550, "5.1.1 unknown"));
        (await transport.SendAsync(mail, CancellationToken.None)).Result.ShouldBe(SendResult.Sent);
    }

    [Fact]
    public async Task What_the_server_said_at_the_end_is_kept()
    {
        await using var server = new ScriptedSmtpServer().On(SmtpStep.FinalDot, "250 2.0.0 Ok: queued as 4BX2");
        (await SendAsync(server, await MailAsync())).ShouldBe(new SendOutcome(SendResult.Sent, 250, "2.0.0 Ok: queued as 4BX2"));
    }

    [Fact]
    public async Task A_mail_that_cannot_be_made_is_refused_without_a_connection()
    {
        await using var server = new ScriptedSmtpServer();
        var mail = await MailAsync();
        foreach (var wrong in (MailEnvelope[])[
            mail with { ToAddress = "nobody" },
            mail with { ToAddress = "a@example.org\r\nRCPT TO:<b@example.org>" },
            mail with { ToAddress = "grüße@example.org" },
            mail with { Files = [new MailFile("a.bin", "not a type", [1])] }])
        {
            (await SendAsync(server, wrong)).Result.ShouldBe(SendResult.MessageRefused, wrong.ToAddress);
        }

        server.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Reports_name_the_mail_and_do_not_send_it_back()
    {
        await using var server = new ScriptedSmtpServer { Extensions = AllExtensions };
        var mail = await MailAsync();
        await SendAsync(server, mail with { ToAddress = "info@xn--mller-kva.example" });

        // Nothing is international on the wire: neither the address nor, by SMTPUTF8, the headers.
        server.Commands.ShouldAllBe(c => !c.Contains("SMTPUTF8"));
        var sender = server.Commands.Single(c => c.StartsWith("MAIL", StringComparison.Ordinal));
        sender.ShouldContain($"ENVID={mail.MessageId.Trim('<', '>')} RET=HDRS");
        server.Commands.ShouldContain(c => c.StartsWith("RCPT TO:<info@xn--mller-kva.example> NOTIFY=", StringComparison.Ordinal));
        server.Deliveries.Single().Content.ShouldAllBe(c => c < 128);
    }

    [Fact]
    public async Task The_mail_has_the_headers_it_must_have_and_no_other()
    {
        await using var server = new ScriptedSmtpServer();
        var mail = await MailAsync(withAttachment: true);
        await SendAsync(server, mail);

        var delivery = server.Deliveries.Single();
        delivery.From.ShouldStartWith("MAIL FROM:<lizenzen@muster-software.example>");
        delivery.Recipients.ShouldBe(["kasse@muster-gastro.example"]);
        var read = EmlFile.Parse(delivery.Content);
        read.Headers.Select(h => h.Key).Order(StringComparer.Ordinal).ShouldBe(
        [
            "Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "In-Reply-To", "MIME-Version", "Message-Id",
            "References", "Reply-To", "Subject", "To", "X-Auto-Response-Suppress",
        ]);
        read.Header("Message-ID").ShouldBe(mail.MessageId);
        read.Header("In-Reply-To").ShouldBe("<l-1044@muster-software.example>");
        read.Header("References").ShouldBe("<l-1044@muster-software.example>");
        read.Header("Auto-Submitted").ShouldBe("auto-generated");
        read.Header("X-Auto-Response-Suppress").ShouldBe("All");
        read.Header("Content-Language").ShouldBe("de");
        read.Header("Reply-To").ShouldBe("support@muster-software.example");
        read.Header("From").ShouldContain("Muster Software GmbH");
        read.Header("Subject").ShouldBe("Lizenz freigegeben: BeamAlign [L-1044]");
        read.Text.ReplaceLineEndings("\n").ShouldBe(mail.Text);
        read.Html.ReplaceLineEndings("\n").ShouldBe(mail.Html.ReplaceLineEndings("\n"));
        read.Attachments.ShouldBe(["Lizenz-L-1044.lshlic"]);
    }

    private static async Task<MailEnvelope> MailAsync(bool withAttachment = false)
    {
        var file = new MailFile("Lizenz-L-1044.lshlic", "application/octet-stream", RandomNumberGenerator.GetBytes(200_000));
        return withAttachment
            ? await MailParts.EnvelopeAsync(MailExamples.Released("de"), file)
            : await MailParts.EnvelopeAsync(MailExamples.Released("de"));
    }

    private static SmtpTransport Transport(MailOptions options) => MailParts.Smtp(options);

    private static async Task<SendOutcome> SendAsync(ScriptedSmtpServer server, MailEnvelope mail)
    {
        await using var transport = Transport(MailParts.MailOptions(server.Port));
        return await transport.SendAsync(mail, CancellationToken.None);
    }
}
