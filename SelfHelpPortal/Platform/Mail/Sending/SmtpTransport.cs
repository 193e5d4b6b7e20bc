using System.Net;
using System.Net.Security;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>One SMTP connection at a time, opened by the first mail and kept until the server or the network fails.</summary>
internal sealed class SmtpTransport(IOptions<MailOptions> options, MailComposer composer) : IMailTransport
{
    /// <summary>For saying QUIT. Every mail was answered before, so nothing is lost when a server does not answer it.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    private readonly SmtpOptions _smtp = options.Value.Smtp;

    /// <summary>To whom servers report what comes back; null: to the sender.</summary>
    private readonly MailboxAddress? _returnPath =
        options.Value.Bounces.ReturnPath is { Length: > 0 } address ? new MailboxAddress(null, address) : null;

    private SmtpClient? _client;

    public async Task<SendOutcome> SendAsync(MailEnvelope mail, CancellationToken cancel)
    {
        MimeMessage message;
        try
        {
            message = composer.Compose(mail);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return new SendOutcome(SendResult.MessageRefused, null, SendResults.Reply(e.Message));
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(_smtp.TimeoutSeconds));
        var progress = new HandedOver();
        try
        {
            using (message)
            {
                _client ??= await ConnectAsync(limit.Token);
                var reply = _returnPath is null
                    ? await _client.SendAsync(MailComposer.Format, message, limit.Token, progress)
                    : await _client.SendAsync(
                        MailComposer.Format, message, _returnPath, message.To.Mailboxes, limit.Token, progress);
                return new SendOutcome(SendResult.Sent, (int)SmtpStatusCode.Ok, SendResults.Reply(reply));
            }
        }
#pragma warning disable CA1031 // A transport throws none: a mail of which nothing is written down would count as interrupted.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var handedOver = progress.IsComplete;
            var outcome = e is SmtpCommandException ? SendResults.From(e, handedOver)
                : cancel.IsCancellationRequested ? SendResults.OfInterruption(handedOver, "The portal was stopped.")
                : limit.IsCancellationRequested ? SendResults.OfInterruption(handedOver, $"No answer within {_smtp.TimeoutSeconds} s.")
                : SendResults.From(e, handedOver);
            outcome = outcome with { WhileConnecting = _client is null };

            // The client itself says RSET after a refusal. After anything else the connection is in no known state.
            var goesOn = e is SmtpCommandException { StatusCode: not SmtpStatusCode.ServiceNotAvailable }
                && _client is { IsConnected: true };
            if (!goesOn)
            {
                await DisposeAsync();
            }

            return outcome;
        }
    }

    /// <summary>Connects and signs in, without a mail. Null when the server lets us in, otherwise what stands against it.</summary>
    public async Task<string?> TryAsync(CancellationToken cancel)
    {
        try
        {
            _client ??= await ConnectAsync(cancel);
            await _client.NoOpAsync(cancel);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "it does not answer in time.";
        }
#pragma warning disable CA1031 // Whatever it is, it stands against it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return SendResults.From(e, handedOver: false).Reply;
        }
    }

    /// <summary>Says QUIT.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_client is not { } client)
        {
            return;
        }

        _client = null;
        using (client)
        {
            if (!client.IsConnected)
            {
                return;
            }

            using var limit = new CancellationTokenSource(FarewellTimeout);
            try
            {
                await client.DisconnectAsync(quit: true, limit.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ProtocolException or CommandException)
            {
            }
        }
    }

    private async Task<SmtpClient> ConnectAsync(CancellationToken cancel)
    {
        // Asked for first: it may take longer than a server waits.
        var token = _smtp.TokenCommand.Count > 0 ? await TokenCommand.RunAsync(_smtp.TokenCommand, TokenCommand.Timeout, cancel) : null;
        var client = new Client
        {
            Timeout = _smtp.TimeoutSeconds * 1000,
            CheckCertificateRevocation = _smtp.CheckRevocation,

            // By itself the library also trusts some certificates of large providers that it knows by heart.
            ServerCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None,
        };
        try
        {
            await client.ConnectAsync(_smtp.Host, _smtp.Port, SocketOptionsOf(_smtp.Security), cancel);

            // Mails are ASCII and go by DATA, after which the server answers once everything was handed over.
            client.Capabilities &= ~(SmtpCapabilities.UTF8 | SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime);
            if (token is not null)
            {
                await client.AuthenticateAsync(new SaslMechanismOAuth2(_smtp.User, token), cancel);
            }
            else if (_smtp.User.Length > 0)
            {
                await client.AuthenticateAsync(Encoding.UTF8, new NetworkCredential(_smtp.User, _smtp.Password), cancel);
            }

            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Never one of the library's values that go on in clear text.</summary>
    internal static SecureSocketOptions SocketOptionsOf(SmtpSecurity security) => security switch
    {
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        SmtpSecurity.None => SecureSocketOptions.None,
    };

    /// <summary>Asks servers that can to name the mail in a later report, and not to send its content back: it may have links.</summary>
    private sealed class Client : SmtpClient
    {
        public Client() => DeliveryStatusNotificationType = MailKit.Net.Smtp.DeliveryStatusNotificationType.HeadersOnly;

        protected override string GetEnvelopeId(MimeMessage message) => message.MessageId ?? "";

        protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) =>
            DeliveryStatusNotification.Failure | DeliveryStatusNotification.Delay;

        /// <summary>The composer did it, and a signed message must not be changed.</summary>
        protected override void Prepare(FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength)
        {
        }
    }

    /// <summary>The final dot follows the last byte, so whoever fails before all were handed over has delivered nothing.</summary>
    private sealed class HandedOver : ITransferProgress
    {
        public bool IsComplete { get; private set; }

        public void Report(long bytesTransferred, long totalSize) => IsComplete |= bytesTransferred >= totalSize;

        /// <summary>Without a size nobody knows, so it may be all.</summary>
        public void Report(long bytesTransferred) => IsComplete = true;
    }
}
