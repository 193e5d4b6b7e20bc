using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>
/// One SMTP connection through System.Net.Mail. <see cref="SmtpClient.Timeout"/> covers the whole conversation and is the only brake:
/// a cancellation token does not interrupt one that has started, so none is taken.
/// </summary>
internal sealed class SmtpTransport(IOptions<MailOptions> options, IOptions<VendorOptions> vendor) : IMailTransport
{
    private readonly MailOptions _options = options.Value;
    private SmtpClient? _client;

    public async Task<SendOutcome> SendAsync(MailEnvelope mail)
    {
        MailMessage message;
        TrackedContent last;
        try
        {
            message = MimeMessage.Of(mail, _options, vendor.Value.Name, out last);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return new SendOutcome(SendResult.MessageRefused, null, ForeignText.Shorten(ForeignText.OneLine(e.Message), 500));
        }

        using (message)
        {
            try
            {
                await (_client ??= Connect()).SendMailAsync(message);
                return new SendOutcome(SendResult.Sent, null, "");
            }
            catch (Exception e) when (e is SmtpException or IOException or InvalidOperationException or FormatException or ArgumentException)
            {
                // A client that has failed once is in no known state.
                Dispose();
                return SendResults.Of(e, last);
            }
        }
    }

    private SmtpClient Connect()
    {
        var smtp = _options.Smtp;
        var client = new SmtpClient(smtp.Host, smtp.Port)
        {
            // A server that does not offer STARTTLS is refused before any byte of mail.
            EnableSsl = smtp.Security == SmtpSecurity.StartTls,
            Timeout = smtp.TimeoutSeconds * 1000,
        };
        if (!string.IsNullOrEmpty(smtp.User))
        {
            client.Credentials = new NetworkCredential(smtp.User, smtp.Password);
        }

        return client;
    }

    /// <summary>Says QUIT; a failure there is none, because every mail was answered before.</summary>
    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
    }
}
