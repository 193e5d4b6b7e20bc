using System.Net;
using SelfHelpPortal.Platform.Mail.Sending;

namespace SelfHelpPortal.Platform.Mail;

public enum MailTransportKind
{
    Pickup,
    Smtp,
}

public enum SmtpSecurity
{
    /// <summary>Encrypted from the command STARTTLS on; a server that does not offer it gets no mail.</summary>
    StartTls,

    /// <summary>Encrypted from the first byte, as on port 465.</summary>
    Tls,

    /// <summary>Clear text, for a server on this computer only.</summary>
    None,
}

/// <summary>
/// Bound from the section <c>Mail </c>. In Development everything has a value; elsewhere transport and addresses must be given.
/// </summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    public MailTransportKind? Transport { get; set; }

    /// <summary>Where <c>.eml</c> files go; relative ones begin where the clone or the program lies.</summary>
    public string PickupDirectory { get; set; } = ".data/mail";

    public string From { get; set; } = "";

    /// <summary>Empty: as <see cref="From"/>.</summary>
    public string ReplyTo { get; set; } = "";

    /// <summary>Who is told of flags, objections and stopped locks; several addresses are separated by commas.</summary>
    public string StaffAlerts { get; set; } = "";

    /// <summary>Whether <see cref="StaffAlerts"/> are told on Mondays what the week came to.</summary>
    public bool WeeklyDigest { get; set; } = true;

    /// <summary>Sending loops per node.</summary>
    public int Workers { get; set; } = 2;

    /// <summary>For how long a mailbox that a server refused is not written to.</summary>
    public int RefusedDays { get; set; } = 7;

    public SmtpOptions Smtp { get; } = new();

    public DkimOptions Dkim { get; } = new();

    public BounceOptions Bounces { get; } = new();

    internal string ReplyToOrFrom() => ReplyTo.Length == 0 ? From : ReplyTo;

    /// <summary>The part of <see cref="From"/> behind the @, which names our mails in <c>Message-ID</c>.</summary>
    internal string Domain() => From[(From.LastIndexOf('@') + 1)..];

    /// <summary>One mail goes to each of them.</summary>
    internal IReadOnlyList<MailRecipient> StaffRecipients() =>
        [.. StaffAlerts.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(a => new MailRecipient(a, null, MailRecipient.VendorsLanguage))];
}

public sealed class SmtpOptions
{
    public string Host { get; set; } = "";
    public int Port { get; set; } = 587;
    public string User { get; set; } = "";
    public string Password { get; set; } = "";

    /// <summary>A file that holds the password.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>A program and its arguments, run at each connect; its first line is the token of <see cref="User"/> (XOAUTH2).</summary>
    public IList<string> TokenCommand { get; } = [];

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>Whether the certificate's issuer is asked if it took it back. One that cannot be asked counts as yes.</summary>
    public bool CheckRevocation { get; set; }

    /// <summary>For connecting and one mail; must stay below the lease of a claimed mail.</summary>
    public int TimeoutSeconds { get; set; } = 120;

    internal bool IsLoopback() => IsLoopback(Host);

    internal static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
}

/// <summary>How the portal hears of mails that a server took and that came back later. Nothing is read by itself.</summary>
public sealed class BounceOptions
{
    /// <summary>The sender on the envelope, to whom servers report. Empty: <see cref="MailOptions.From"/>.</summary>
    public string ReturnPath { get; set; } = "";

    /// <summary>The IMAP server of the mailbox that reports go to. Empty: none is read.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 993;
    public SmtpSecurity Security { get; set; } = SmtpSecurity.Tls;
    public string User { get; set; } = "";
    public string Password { get; set; } = "";

    /// <summary>A file that holds the password.</summary>
    public string PasswordFile { get; set; } = "";

    public string Folder { get; set; } = "INBOX";

    /// <summary>Whether reports about our mails are deleted once they were read; otherwise they are marked as read.</summary>
    public bool Delete { get; set; } = true;

    /// <summary>From one look to the next.</summary>
    public int Minutes { get; set; } = 5;

    /// <summary>With which a program may post what came back. Empty: none may.</summary>
    public string Token { get; set; } = "";

    /// <summary>A file that holds the token.</summary>
    public string TokenFile { get; set; } = "";
}

/// <summary>With what mails are signed: all three, or none.</summary>
public sealed class DkimOptions
{
    /// <summary>The domain of <see cref="MailOptions.From"/>, or one above it.</summary>
    public string Domain { get; set; } = "";

    /// <summary>Under which the public key stands in DNS: <c>{selector}._domainkey.{domain}</c>.</summary>
    public string Selector { get; set; } = "";

    /// <summary>A private key in PEM, RSA or Ed25519.</summary>
    public string KeyFile { get; set; } = "";

    internal bool IsGiven() => Domain.Length > 0 || Selector.Length > 0 || KeyFile.Length > 0;
}
