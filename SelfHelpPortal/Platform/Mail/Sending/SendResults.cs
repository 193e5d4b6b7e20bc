using System.Net.Mail;
using System.Security.Authentication;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>Tells from an exception of System.Net.Mail and the last part's content what became of a mail.</summary>
internal static class SendResults
{
    public static SendOutcome Of(Exception error, TrackedContent last)
    {
        int? status = error is SmtpException { StatusCode: > 0 } smtp ? (int)smtp.StatusCode : null;
        return new SendOutcome(ResultOf(error, status, last), status, ReplyOf(error));
    }

    private static SendResult ResultOf(Exception error, int? status, TrackedContent last)
    {
        if (error is SmtpFailedRecipientException)
        {
            return status >= 500 ? SendResult.RecipientRefused : SendResult.Transient;
        }

        if (last.Started)
        {
            return status switch
            {
                >= 500 => SendResult.MessageRefused,
                >= 400 => SendResult.Transient,

                // Content that was not read to its end cannot have been followed by the final dot.
                _ => last.Finished ? SendResult.Unknown : SendResult.Transient,
            };
        }

        return status switch
        {
            552 => SendResult.MessageRefused,
            >= 500 => SendResult.Configuration,
            _ => error.InnerException is AuthenticationException ? SendResult.Configuration : SendResult.Transient,
        };
    }

    private static string ReplyOf(Exception error)
    {
        var reply = error.Message;
        for (var inner = error.InnerException; inner is not null; inner = inner.InnerException)
        {
            reply += " / " + inner.Message;
        }

        return ForeignText.Shorten(ForeignText.OneLine(reply), 500);
    }
}
