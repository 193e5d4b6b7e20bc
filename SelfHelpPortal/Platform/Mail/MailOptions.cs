using System.Net;
using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Mail;

public enum MailTransportKind
{
    Pickup,
    Smtp,
}

public enum SmtpSecurity
{
    StartTls,

    /// <summary>Clear text, for a server on this computer only.</summary>
    None,
}

/// <summary>Bound from the section <c>Mail</c>. In Development everything has a value; elsewhere transport and addresses must be given.</summary>
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

    /// <summary>Sending loops per node.</summary>
    public int Workers { get; set; } = 2;

    public SmtpOptions Smtp { get; } = new();

    internal string ReplyToOrFrom() => ReplyTo.Length == 0 ? From : ReplyTo;

    /// <summary>The part of <see cref="From"/> behind the @, which names our mails in <c>Message-ID</c>.</summary>
    internal string Domain() => From[(From.LastIndexOf('@') + 1)..];

    /// <summary>One mail goes to each of them.</summary>
    internal IReadOnlyList<MailRecipient> StaffRecipients() =>
        [.. StaffAlerts.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(a => new MailRecipient(a, null, "de"))];
}

public sealed class SmtpOptions
{
    public string Host { get; set; } = "";
    public int Port { get; set; } = 587;
    public string User { get; set; } = "";
    public string Password { get; set; } = "";

    /// <summary>A file that holds the password.</summary>
    public string PasswordFile { get; set; } = "";

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>For one whole conversation; must stay below the lease of a claimed mail.</summary>
    public int TimeoutSeconds { get; set; } = 120;

    internal bool IsLoopback() =>
        Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host, out var ip) && IPAddress.IsLoopback(ip));
}

internal static class MailOptionsRules
{
    /// <summary>Fills in what Development may leave out.</summary>
    public static void Complete(MailOptions options, IHostEnvironment environment)
    {
        if (environment.IsDevelopment())
        {
            options.Transport ??= MailTransportKind.Pickup;
            options.From = Or(options.From, "lizenzen@muster-software.example");
            options.StaffAlerts = Or(options.StaffAlerts, "support@muster-software.example");
        }

        options.From = MailAddresses.Normalize(options.From) ?? options.From;
        options.ReplyTo = MailAddresses.Normalize(options.ReplyTo) ?? options.ReplyTo;
        options.PickupDirectory = environment.Resolve(options.PickupDirectory);
    }

    /// <summary>What is missing or dangerous, as one sentence; null when all is well.</summary>
    public static string? Complaint(MailOptions options, IHostEnvironment environment)
    {
        if (options.Transport is null)
        {
            return "Mail:Transport is missing: Pickup or Smtp.";
        }

        if (MailAddresses.Normalize(options.From) is null)
        {
            return $"Mail:From is '{options.From}'; it is the one address that mails come from.";
        }

        if (options.ReplyTo.Length > 0 && MailAddresses.Normalize(options.ReplyTo) is null)
        {
            return $"Mail:ReplyTo is '{options.ReplyTo}'; it is one address, or left out.";
        }

        var staff = options.StaffRecipients();
        if (staff.Count == 0 || staff.Any(r => MailAddresses.Normalize(r.Address) is null))
        {
            return $"Mail:StaffAlerts is '{options.StaffAlerts}'; it is one address, or several separated by commas.";
        }

        if (options.Workers is < 1 or > 16)
        {
            return "Mail:Workers is 1 to 16.";
        }

        return options.Transport == MailTransportKind.Smtp ? Complaint(options.Smtp) : null;
    }

    private static string? Complaint(SmtpOptions smtp)
    {
        if (string.IsNullOrWhiteSpace(smtp.Host))
        {
            return "Mail:Smtp:Host is missing: the server that takes our mails.";
        }

        if (smtp.Port is < 1 or > 65535)
        {
            return "Mail:Smtp:Port is 1 to 65535.";
        }

        if (smtp.Security == SmtpSecurity.None && !smtp.IsLoopback())
        {
            return $"Mail:Smtp:Security is None, which only a server on this computer may have; {smtp.Host} is not one.";
        }

        return smtp.TimeoutSeconds is < 1 or > 600 ? "Mail:Smtp:TimeoutSeconds is 1 to 600." : null;
    }

    private static string Or(string value, string fallback) => string.IsNullOrWhiteSpace(value) ? fallback : value;
}
