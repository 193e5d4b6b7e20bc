using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>Tells from an exception of MailKit, and from whether everything was handed over, what became of a mail.</summary>
internal static class SendResults
{
    private const int LongestReply = 500;

    /// <param name="handedOver">The whole mail had left; only the server's answer was missing.</param>
    public static SendOutcome From(Exception error, bool handedOver)
    {
        var command = error as SmtpCommandException ?? error.InnerException as SmtpCommandException;
        int? status = command is null ? null : (int)command.StatusCode;
        return new SendOutcome(ResultOf(error, handedOver), status, ReplyOf(error));
    }

    /// <summary>We gave up, whatever the server would have said.</summary>
    public static SendOutcome OfInterruption(bool handedOver, string why) => new(Interrupted(handedOver), null, why);

    /// <summary>As it is kept: one line, not too long.</summary>
    public static string Reply(string text) => UntrustedText.Shorten(UntrustedText.OneLine(text), LongestReply);

    private static SendResult ResultOf(Exception error, bool handedOver) => error switch
    {
        AuthenticationException or ServiceNotAuthenticatedException => SendResult.Configuration,
        SslHandshakeException or NotSupportedException => SendResult.Configuration,
        SmtpCommandException { StatusCode: >= (SmtpStatusCode)500 } refused =>
            ResultOf(refused.ErrorCode, (int)refused.StatusCode, Refusals.About(refused.Message)),
        SmtpCommandException { StatusCode: >= (SmtpStatusCode)400 } => SendResult.Transient,
        _ => Interrupted(handedOver),
    };

    private static SendResult ResultOf(SmtpErrorCode step, int status, RefusalAbout about) => (step, about) switch
    {
        // Some servers look for the mailbox only when they have the whole mail.
        (SmtpErrorCode.MessageNotAccepted, RefusalAbout.Mailbox) => SendResult.RecipientRefused,
        (SmtpErrorCode.MessageNotAccepted, _) => SendResult.MessageRefused,
        (SmtpErrorCode.RecipientNotAccepted, RefusalAbout.Sender) => SendResult.Configuration,
        (SmtpErrorCode.RecipientNotAccepted, RefusalAbout.Mailbox) when status is 554 || IsOfRecipient(status) =>
            SendResult.RecipientRefused,
        (SmtpErrorCode.RecipientNotAccepted, RefusalAbout.Message) when IsOfRecipient(status) => SendResult.MessageRefused,
        (SmtpErrorCode.RecipientNotAccepted, RefusalAbout.Unsaid) when IsOfRecipient(status) => SendResult.RecipientRefused,

        // Larger than the server takes: it was told the size.
        (SmtpErrorCode.SenderNotAccepted, _) when status == 552 => SendResult.MessageRefused,
        _ => SendResult.Configuration,
    };

    /// <summary>Bad syntax, no such mailbox or domain, moved, full. The others (authenticate first, no relaying) are about us.</summary>
    private static bool IsOfRecipient(int status) => status is 501 or 521 or (>= 550 and <= 553) or 556;

    private static SendResult Interrupted(bool handedOver) => handedOver ? SendResult.Unknown : SendResult.Transient;

    private static string ReplyOf(Exception error)
    {
        var reply = error.Message;
        for (var inner = error.InnerException; inner is not null; inner = inner.InnerException)
        {
            reply += reply.Contains(inner.Message, StringComparison.Ordinal) ? "" : " / " + inner.Message;
        }

        return Reply(reply);
    }
}
