using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
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
        (SmtpStep.Ehlo, SmtpAnswer.Close, SendResult.Transient),
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
        (SmtpStep.Rcpt, "550 5.1.1 unknown", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "551 5.1.6 moved", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "552 5.2.2 mailbox full", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "553 5.1.3 bad address", SendResult.RecipientRefused),
        (SmtpStep.Rcpt, "554 5.7.1 relay access denied", SendResult.Configuration),
        (SmtpStep.Data, SmtpAnswer.Close, SendResult.Transient),
        (SmtpStep.Data, SmtpAnswer.Stall, SendResult.Transient),
        (SmtpStep.Data, "451 4.3.0 later", SendResult.Transient),
        (SmtpStep.Data, "554 5.5.1 no", SendResult.Configuration),
        (SmtpStep.FinalDot, SmtpAnswer.Close, SendResult.Unknown),
        (SmtpStep.FinalDot, SmtpAnswer.Stall, SendResult.Unknown),
        (SmtpStep.FinalDot, "421 4.3.2 shutting down", SendResult.Transient),
        (SmtpStep.FinalDot, "451 4.7.1 later", SendResult.Transient),
        (SmtpStep.FinalDot, "452 4.3.1 full", SendResult.Transient),
        (SmtpStep.FinalDot, "550 5.7.1 spam", SendResult.MessageRefused),
        (SmtpStep.FinalDot, "552 5.3.4 too big", SendResult.MessageRefused),
        (SmtpStep.FinalDot, "554 5.6.0 content refused", SendResult.MessageRefused),
        (SmtpStep.Quit, SmtpAnswer.Close, SendResult.Sent),
        (SmtpStep.Quit, SmtpAnswer.Stall, SendResult.Sent),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_way_to_fail_is_told_apart(bool withAttachment)
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

        Failures.Select(f => $"{f.Step}: {f.Answer} → {found[(f.Step, f.Answer)]}").ShouldBe(Failures.Select(f => $"{f.Step}: {f.Answer} → {f.Expected}"));

        static bool IsStall(SmtpAnswer answer) => ReferenceEquals(answer, SmtpAnswer.Stall);

        async Task<SendResult> FailAsync(SmtpStep step, SmtpAnswer answer)
        {
            await using var server = new ScriptedSmtpServer().On(step, answer);
            var options = MailParts.MailOptions(server.Port);
            options.Smtp.TimeoutSeconds = IsStall(answer) ? 4 : 60;
            using var transport = Transport(options);
            return (await transport.SendAsync(mail)).Result;
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
            using var transport = Transport(options);
            var outcome = await transport.SendAsync(await MailAsync(withAttachment: true));

            // How much had been read by then is a matter of timing.
            outcome.Result.ShouldBeOneOf(SendResult.Transient, SendResult.Unknown);
        }
    }

    [Fact]
    public async Task Refused_credentials_are_a_matter_of_configuration_where_the_server_insists_on_them()
    {
        await using var strict = new ScriptedSmtpServer().On(SmtpStep.AuthEnd, "535 5.7.8 wrong").On(SmtpStep.Mail, "530 5.7.0 authenticate first");
        (await SendAsync(strict, await MailAsync(), user: "portal")).ShouldSatisfyAllConditions(
            o => o.Result.ShouldBe(SendResult.Configuration), o => o.StatusCode.ShouldBe(530), o => o.Reply.ShouldContain("authenticate first"));

        // The library swallows the refusal and goes on without; the README says so.
        await using var lax = new ScriptedSmtpServer().On(SmtpStep.AuthEnd, "535 5.7.8 wrong");
        (await SendAsync(lax, await MailAsync(), user: "portal")).Result.ShouldBe(SendResult.Sent);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_tried_again()
    {
        var server = new ScriptedSmtpServer();
        var port = server.Port;
        await server.DisposeAsync();
        using var transport = Transport(MailParts.MailOptions(port));
        (await transport.SendAsync(await MailAsync())).Result.ShouldBe(SendResult.Transient);
    }

    [Fact]
    public async Task Nothing_is_sent_in_clear_when_encryption_is_asked_for()
    {
        using var certificate = TestCertificates.SelfSigned("localhost");
        await using var without = new ScriptedSmtpServer();
        await using var untrusted = new ScriptedSmtpServer(certificate);
        await using var busy = new ScriptedSmtpServer(certificate).On(SmtpStep.StartTls, "454 4.7.0 not now");

        (await SendAsync(without, await MailAsync(), SmtpSecurity.StartTls)).Result.ShouldBe(SendResult.Transient);
        (await SendAsync(untrusted, await MailAsync(), SmtpSecurity.StartTls)).Result.ShouldBe(SendResult.Configuration);
        (await SendAsync(busy, await MailAsync(), SmtpSecurity.StartTls)).Result.ShouldBe(SendResult.Transient);

        foreach (var server in (ScriptedSmtpServer[])[without, untrusted, busy])
        {
            server.MailLinesInClear.ShouldBe(0);
            server.Deliveries.ShouldBeEmpty();
        }

        // The counter counts.
        await using var plain = new ScriptedSmtpServer();
        await SendAsync(plain, await MailAsync());
        plain.MailLinesInClear.ShouldBe(3);
    }

    /// <summary>Trust comes from the environment of a process, so the sender here is one of its own.</summary>
    [Theory]
    [InlineData("localhost", true, "Sent")]
    [InlineData("mail.example.org", true, "Configuration")]
    [InlineData("localhost", false, "Configuration")]
    public async Task A_private_authority_is_trusted_through_SSL_CERT_FILE_and_the_name_must_match(string name, bool isTrusted, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("selfhelp-certificates-");
        try
        {
            var authority = TestCertificates.IssueInto(folder.FullName, name);
            var (exit, output) = await ChildMain.StartAsync(["smtp-tls", folder.FullName, name], isTrusted ? new() { ["SSL_CERT_FILE"] = authority } : []);
            output.Trim().ShouldBe($"{expected}, {(expected == "Sent" ? 1 : 0)} mails, 0 lines in clear");
            exit.ShouldBe(0);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_batch_uses_one_connection_and_after_a_failure_a_new_one()
    {
        await using var server = new ScriptedSmtpServer();
        var mail = await MailAsync();
        using (var transport = Transport(MailParts.MailOptions(server.Port)))
        {
            for (var i = 0; i < 3; i++)
            {
                (await transport.SendAsync(mail)).Result.ShouldBe(SendResult.Sent);
            }

            server.Connections.ShouldBe(1);
            server.OnRecipient(mail.ToAddress, "550 5.1.1 unknown");
            (await transport.SendAsync(mail)).Result.ShouldBe(SendResult.RecipientRefused);
            server.AgreeAgain();
            (await transport.SendAsync(mail)).Result.ShouldBe(SendResult.Sent);
        }

        server.Connections.ShouldBe(2);
        await Eventually.BecomesTrueAsync(() => server.Commands.Contains("QUIT"));
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
            "Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "In-Reply-To", "MIME-Version", "Message-ID",
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
        return withAttachment ? await MailParts.EnvelopeAsync(MailExamples.Released("de"), file) : await MailParts.EnvelopeAsync(MailExamples.Released("de"));
    }

    private static SmtpTransport Transport(MailOptions options) => new(Options.Create(options), MailParts.Vendor);

    private static async Task<SendOutcome> SendAsync(ScriptedSmtpServer server, MailEnvelope mail, SmtpSecurity security = SmtpSecurity.None, string user = "")
    {
        using var transport = Transport(MailParts.MailOptions(server.Port, security, user));
        return await transport.SendAsync(mail);
    }
}

/// <summary>A server with the certificate of a file, and a sender that trusts what the environment says.</summary>
internal static class SmtpTlsChild
{
    public static async Task<int> RunAsync(string folder, string name)
    {
        using var certificate = TestCertificates.Load(folder, name);
        await using var server = new ScriptedSmtpServer(certificate);
        using var transport = new SmtpTransport(Options.Create(MailParts.MailOptions(server.Port, SmtpSecurity.StartTls)), MailParts.Vendor);
        var outcome = await transport.SendAsync(await MailParts.EnvelopeAsync(MailExamples.Released("de")));
        await Console.Out.WriteLineAsync($"{outcome.Result}, {server.Deliveries.Count} mails, {server.MailLinesInClear} lines in clear");
        return 0;
    }
}
