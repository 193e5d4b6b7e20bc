using System.Globalization;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>Makes the message of System.Net.Mail out of ours. Header values go in through the library's types only.</summary>
internal static class MimeMessage
{
    /// <param name="last">The content of the last part.</param>
    /// <exception cref="FormatException">The library takes one of the values for none.</exception>
    public static MailMessage Of(MailEnvelope mail, MailOptions options, string fromName, out TrackedContent last)
    {
        var from = new MailAddress(options.From, fromName, Encoding.UTF8);
        var message = new MailMessage(from, new MailAddress(mail.ToAddress, mail.ToName, Encoding.UTF8))
        {
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        try
        {
            message.ReplyToList.Add(new MailAddress(options.ReplyToOrFrom()));
            message.Headers.Add("Message-ID", mail.MessageId);
            if (mail.Reference is not null)
            {
                var thread = $"<{mail.Reference.ToLowerInvariant()}@{from.Host}>";
                message.Headers.Add("In-Reply-To", thread);
                message.Headers.Add("References", thread);
            }

            message.Headers.Add("Auto-Submitted", "auto-generated");
            message.Headers.Add("X-Auto-Response-Suppress", "All");
            message.Headers.Add("Content-Language", CultureInfo.GetCultureInfo(mail.Culture).TwoLetterISOLanguageName);

            message.AlternateViews.Add(new AlternateView(new MemoryStream(Lines(mail.Text)), Utf8(MediaTypeNames.Text.Plain)));
            last = new TrackedContent(Lines(mail.Html));
            message.AlternateViews.Add(new AlternateView(last, Utf8(MediaTypeNames.Text.Html)));
            foreach (var file in mail.Files)
            {
                last = new TrackedContent(file.Content);
                var attachment = new Attachment(last, file.Name, file.ContentType);

                // By itself the library writes the name only into Content-Type.
                attachment.ContentDisposition!.FileName = file.Name;
                message.Attachments.Add(attachment);
            }

            return message;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private static ContentType Utf8(string mediaType) => new(mediaType) { CharSet = "utf-8" };

    private static byte[] Lines(string text) =>
        Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").Replace("\n", "\r\n", StringComparison.Ordinal));
}
