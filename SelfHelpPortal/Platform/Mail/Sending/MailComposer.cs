using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>
/// Makes MimeKit's message of ours. The same mail gives the same bytes at each attempt, so that a copy that follows an uncertain one is
/// recognized as a copy. Everything is ASCII and no line is long, so no server on the way has to change it.
/// </summary>
internal sealed class MailComposer
{
    private readonly MailOptions _options;
    private readonly IOptions<VendorOptions> _vendor;
    private readonly DkimKey? _dkim;

    /// <exception cref="FormatException"><c>Mail:Dkim:KeyFile</c> has no private key.</exception>
    /// <exception cref="IOException"><c>Mail:Dkim:KeyFile</c> cannot be read.</exception>
    public MailComposer(IOptions<MailOptions> options, IOptions<VendorOptions> vendor)
    {
        _options = options.Value;
        _vendor = vendor;
        _dkim = _options.Dkim.IsGiven() ? DkimKey.Read(_options.Dkim) : null;
    }

    /// <summary>How messages are written wherever they go.</summary>
    public static FormatOptions Format { get; } = new()
    {
        NewLineFormat = NewLineFormat.Dos,
        ParameterEncodingMethod = ParameterEncodingMethod.Rfc2231,
    };

    /// <exception cref="FormatException">An address or a content type is none.</exception>
    public MimeMessage Compose(MailEnvelope mail)
    {
        var message = new MimeMessage { Date = mail.Date, Subject = Plain(mail.Subject), MessageId = mail.MessageId };
        message.From.Add(Mailbox(_vendor.Value.Name, _options.From));
        message.To.Add(Mailbox(mail.ToName, mail.ToAddress));
        message.ReplyTo.Add(Mailbox(null, _options.ReplyToOrFrom()));
        if (mail.Reference is not null)
        {
            message.InReplyTo = $"{mail.Reference.ToLowerInvariant()}@{_options.Domain()}";
            message.References.Add(message.InReplyTo);
        }

        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        message.Headers.Add(HeaderId.ContentLanguage, CultureInfo.GetCultureInfo(mail.Culture).TwoLetterISOLanguageName);
        message.Body = Body(mail);

        // Adds what is still missing, such as MIME-Version. Last of all the signature: whatever changed afterwards would break it.
        message.Prepare(EncodingConstraint.SevenBit);
        _dkim?.Sign(message);
        return message;
    }

    private static MimeEntity Body(MailEnvelope mail)
    {
        var texts = new Multipart("alternative") { Text("plain", mail.Text), Text("html", mail.Html) };
        texts.Boundary = $"=-{mail.Id:n}-0";
        if (mail.Files.Count == 0)
        {
            return texts;
        }

        var all = new Multipart("mixed") { texts };
        all.Boundary = $"=-{mail.Id:n}-1";
        foreach (var file in mail.Files)
        {
            all.Add(new MimePart(ContentType.Parse(file.ContentType))
            {
                Content = new MimeContent(new MemoryStream(file.Content, writable: false)),
                ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
                ContentTransferEncoding = ContentEncoding.Base64,
                FileName = Plain(file.Name),
            });
        }

        return all;
    }

    private static TextPart Text(string subtype, string text)
    {
        // Also where all is ASCII: links are longer than a line.
        var part = new TextPart(subtype) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(Encoding.UTF8, text.ReplaceLineEndings("\r\n"));
        return part;
    }

    private static MailboxAddress Mailbox(string? name, string address)
    {
        var normal = MailAddresses.Normalize(address)
            ?? throw new FormatException($"'{address}' is not an address that can be written to.");
        return new MailboxAddress(Encoding.UTF8, name is null ? null : Plain(name), normal);
    }

    /// <summary>One line. Nothing in it looks like an encoded word, which a reader would decode into what was taken out.</summary>
    private static string Plain(string text) => UntrustedText.OneLine(text).Replace("=?", "= ?", StringComparison.Ordinal);
}
