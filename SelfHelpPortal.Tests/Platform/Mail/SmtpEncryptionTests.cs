using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>TLS by STARTTLS and from the first byte on, with servers that do not do it or that nobody trusts.</summary>
public sealed class SmtpEncryptionTests
{
    [Fact]
    public async Task Nothing_is_sent_in_clear_when_encryption_is_asked_for()
    {
        using var certificate = TestCertificates.SelfSigned("localhost");
        await using var without = new ScriptedSmtpServer();
        await using var untrusted = new ScriptedSmtpServer(certificate);
        await using var busy = new ScriptedSmtpServer(certificate).On(SmtpStep.StartTls, "454 4.7.0 not now");
        await using var untrustedAtOnce = new ScriptedSmtpServer(certificate, tlsOnConnect: true);

        var refused = await SendAsync(without, SmtpSecurity.StartTls);
        refused.Result.ShouldBe(SendResult.Configuration);
        refused.Reply.ShouldContain("STARTTLS");
        (await SendAsync(untrusted, SmtpSecurity.StartTls)).ShouldSatisfyAllConditions(
            o => o.Result.ShouldBe(SendResult.Configuration), o => o.Reply.ShouldContain("certificate"));
        (await SendAsync(busy, SmtpSecurity.StartTls)).Result.ShouldBe(SendResult.Transient);
        (await SendAsync(untrustedAtOnce, SmtpSecurity.Tls)).Result.ShouldBe(SendResult.Configuration);

        // The wrong one of the two ways.
        (await SendAsync(without, SmtpSecurity.Tls)).Result.ShouldBe(SendResult.Configuration);

        foreach (var server in (ScriptedSmtpServer[])[without, untrusted, busy, untrustedAtOnce])
        {
            server.MailLinesInClear.ShouldBe(0);
            server.SignIns.ShouldBeEmpty();
            server.Deliveries.ShouldBeEmpty();
        }

        // The counter counts.
        await using var plain = new ScriptedSmtpServer();
        await SendAsync(plain, SmtpSecurity.None);
        plain.MailLinesInClear.ShouldBe(3);
    }

    /// <summary>Trust comes from the environment of a process, so the sender here is one of its own.</summary>
    [Theory]
    [InlineData("StartTls", "localhost", true, "Sent")]
    [InlineData("StartTls", "mail.example.org", true, "Configuration")]
    [InlineData("StartTls", "localhost", false, "Configuration")]
    [InlineData("Tls", "localhost", true, "Sent")]
    [InlineData("Tls", "mail.example.org", true, "Configuration")]
    [InlineData("Tls", "localhost", false, "Configuration")]
    public async Task A_private_authority_is_trusted_through_SSL_CERT_FILE_and_the_name_must_match(
        string security, string name, bool isTrusted, string expected)
    {
        var output = await SendFromChildAsync(security, name, isTrusted, checkRevocation: false);
        var count = expected == "Sent" ? 1 : 0;
        output.ShouldBe($"{expected}, {count} mails, {count} sign-ins, 0 lines in clear");
    }

    [Fact]
    public async Task An_authority_that_cannot_be_asked_about_a_certificate_is_not_enough_where_it_has_to_be() =>
        (await SendFromChildAsync("Tls", "localhost", isTrusted: true, checkRevocation: true)).ShouldStartWith("Configuration, 0 mails");

    private static async Task<string> SendFromChildAsync(string security, string name, bool isTrusted, bool checkRevocation)
    {
        var folder = Directory.CreateTempSubdirectory("selfhelp-certificates-");
        try
        {
            var authority = TestCertificates.IssueInto(folder.FullName, name);
            var (exit, output) = await ChildMain.StartAsync(
                ["smtp-tls", folder.FullName, name, security, checkRevocation.ToString()],
                isTrusted ? new() { ["SSL_CERT_FILE"] = authority } : []);
            exit.ShouldBe(0, output);
            return output.Trim();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<SendOutcome> SendAsync(ScriptedSmtpServer server, SmtpSecurity security)
    {
        await using var transport = MailParts.Smtp(MailParts.MailOptions(server.Port, security));
        return await transport.SendAsync(await MailParts.EnvelopeAsync(MailExamples.Released("de")), CancellationToken.None);
    }
}

/// <summary>A server with the certificate of a file, and a sender that trusts what the environment says.</summary>
internal static class SmtpTlsChild
{
    public static async Task<int> RunAsync(string folder, string name, SmtpSecurity security, bool checkRevocation)
    {
        using var certificate = TestCertificates.Load(folder, name);
        await using var server = new ScriptedSmtpServer(certificate, tlsOnConnect: security == SmtpSecurity.Tls);
        var options = MailParts.MailOptions(server.Port, security, "portal");
        options.Smtp.CheckRevocation = checkRevocation;
        await using var transport = MailParts.Smtp(options);
        var outcome = await transport.SendAsync(await MailParts.EnvelopeAsync(MailExamples.Released("de")), CancellationToken.None);
        await Console.Out.WriteLineAsync(
            $"{outcome.Result}, {server.Deliveries.Count} mails, {server.SignIns.Count} sign-ins, " +
            $"{server.MailLinesInClear} lines in clear");
        return 0;
    }
}
