using System.Security.Cryptography;
using SelfHelpPortal.Platform.Mail;
using SelfHelpPortal.Platform.Mail.Sending;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Platform.Mail;

/// <summary>A conversation that is cut off: what had been handed over decides whether anybody knows.</summary>
public sealed class SmtpInterruptionTests
{
    [Theory]
    [InlineData(nameof(SmtpStep.Greeting), "", nameof(SendResult.Transient))]
    [InlineData(nameof(SmtpStep.Ehlo), "EHLO", nameof(SendResult.Transient))]
    [InlineData(nameof(SmtpStep.Mail), "MAIL", nameof(SendResult.Transient))]
    [InlineData(nameof(SmtpStep.Rcpt), "RCPT", nameof(SendResult.Transient))]
    [InlineData(nameof(SmtpStep.Data), "DATA", nameof(SendResult.Transient))]
    [InlineData(nameof(SmtpStep.Content), "DATA", nameof(SendResult.Transient))]
    [InlineData(nameof(SmtpStep.FinalDot), "DATA", nameof(SendResult.Unknown))]
    public async Task Cut_off_before_the_final_dot_nothing_was_delivered_and_after_it_nobody_knows(
        string step, string command, string expected)
    {
        await using var server = new ScriptedSmtpServer().On(Enum.Parse<SmtpStep>(step), SmtpAnswer.Stall);

        // More than the buffers between us and a server that reads nothing can hold.
        var size = step == nameof(SmtpStep.Content) ? 30_000_000 : 1_000;
        var file = new MailFile("large.bin", "application/octet-stream", RandomNumberGenerator.GetBytes(size));
        var mail = await MailParts.EnvelopeAsync(MailExamples.Released("de"), file);
        using var stop = new CancellationTokenSource();
        await using var transport = MailParts.Smtp(MailParts.MailOptions(server.Port));
        var sending = transport.SendAsync(mail, stop.Token);
        await Eventually.BecomesTrueAsync(() => server.Connections > 0
            && (command.Length == 0 || server.Commands.Any(c => c.StartsWith(command, StringComparison.Ordinal)))
            && (step != nameof(SmtpStep.FinalDot) || !server.Deliveries.IsEmpty));
        sending.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();

        var outcome = await sending.WaitAsync(TimeSpan.FromSeconds(30));
        outcome.Result.ToString().ShouldBe(expected);
        outcome.Reply.ShouldBe("The portal was stopped.");

        server.AgreeAgain();
        var next = await transport.SendAsync(mail with { Files = [] }, CancellationToken.None);
        next.Result.ShouldBe(SendResult.Sent, "by a new connection");
        server.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_says_a_little_again_and_again_is_not_waited_for_longer()
    {
        await using var server = new ScriptedSmtpServer().On(SmtpStep.Rcpt, SmtpAnswer.Trickle);
        var options = MailParts.MailOptions(server.Port);
        options.Smtp.TimeoutSeconds = 2;
        await using var transport = MailParts.Smtp(options);
        var mail = await MailParts.EnvelopeAsync(MailExamples.Released("de"));
        var outcome = await transport.SendAsync(mail, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        outcome.ShouldBe(new SendOutcome(SendResult.Transient, null, "No answer within 2 s."));
    }
}
