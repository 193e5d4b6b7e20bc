using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Mail.Sending;

internal static class MailOptionsRules
{
    private const int BounceTokenLength = 20;

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
        options.Bounces.ReturnPath = MailAddresses.Normalize(options.Bounces.ReturnPath) ?? options.Bounces.ReturnPath;
        options.PickupDirectory = environment.Resolve(options.PickupDirectory);
        options.Dkim.Domain = options.Dkim.Domain.ToLowerInvariant();
        if (options.Dkim.KeyFile.Length > 0)
        {
            options.Dkim.KeyFile = environment.Resolve(options.Dkim.KeyFile);
        }
    }

    /// <summary>What is missing or dangerous, a sentence for each.</summary>
    public static IEnumerable<string> Validate(MailOptions options, IHostEnvironment environment)
    {
        if (options.Transport is null)
        {
            yield return "Mail:Transport is missing: Pickup or Smtp.";
        }

        if (MailAddresses.Normalize(options.From) is null)
        {
            yield return $"Mail:From is '{options.From}'; it is the one address that mails come from.";
        }

        if (options.ReplyTo.Length > 0 && MailAddresses.Normalize(options.ReplyTo) is null)
        {
            yield return $"Mail:ReplyTo is '{options.ReplyTo}'; it is one address, or left out.";
        }

        var staff = options.StaffRecipients();
        if (staff.Count == 0 || staff.Any(r => MailAddresses.Normalize(r.Address) is null))
        {
            yield return $"Mail:StaffAlerts is '{options.StaffAlerts}'; it is one address, or several separated by commas.";
        }

        if (options.Workers is < 1 or > 16)
        {
            yield return "Mail:Workers is 1 to 16.";
        }

        if (options.RefusedDays is < 1 or > 365)
        {
            yield return "Mail:RefusedDays is 1 to 365.";
        }

        foreach (var sentence in (options.Dkim.IsGiven() ? Validate(options.Dkim, options.Domain()) : [])
            .Concat(options.Transport == MailTransportKind.Smtp ? Validate(options.Smtp) : [])
            .Concat(Validate(options.Bounces)))
        {
            yield return sentence;
        }
    }

    private static IEnumerable<string> Validate(DkimOptions dkim, string sender)
    {
        if (dkim.Domain.Length == 0 || dkim.Selector.Length == 0 || dkim.KeyFile.Length == 0)
        {
            yield return "Mail:Dkim wants Domain, Selector and KeyFile: give all three, or none.";
            yield break;
        }

        if (sender != dkim.Domain && !sender.EndsWith("." + dkim.Domain, StringComparison.Ordinal))
        {
            yield return $"Mail:Dkim:Domain is '{dkim.Domain}', but Mail:From is at '{sender}': receivers want the same domain, "
                + $"or one above it.";
        }

        if (!dkim.Selector.Split('.').All(IsLabel))
        {
            yield return $"Mail:Dkim:Selector is '{dkim.Selector}'; it is a part of a name in DNS, such as portal2026.";
        }

        if (KeyComplaint(dkim) is { } unreadable)
        {
            yield return unreadable;
        }
    }

    private static IEnumerable<string> Validate(SmtpOptions smtp)
    {
        if (string.IsNullOrWhiteSpace(smtp.Host))
        {
            yield return "Mail:Smtp:Host is missing: the server that takes our mails.";
        }
        else if (Uri.CheckHostName(smtp.Host) == UriHostNameType.Unknown)
        {
            yield return $"Mail:Smtp:Host is '{smtp.Host}'; it is the name of a server, such as smtp.example.org, and nothing else.";
        }

        if (smtp.Port is < 1 or > 65535)
        {
            yield return "Mail:Smtp:Port is 1 to 65535.";
        }

        if (smtp.Security == SmtpSecurity.None && smtp.Host.Length > 0 && !smtp.IsLoopback())
        {
            yield return $"Mail:Smtp:Security is None, which only a server on this computer may have; {smtp.Host} is not one.";
        }

        if (smtp.User.Length == 0 && (smtp.Password.Length > 0 || smtp.TokenCommand.Count > 0))
        {
            yield return "Mail:Smtp:User is missing, but there is a Password or a TokenCommand.";
        }

        if (smtp.User.Length > 0 && smtp.Password.Length == 0 && smtp.TokenCommand.Count == 0)
        {
            yield return $"Mail:Smtp:User is '{smtp.User}' without Password, PasswordFile or TokenCommand.";
        }

        if (smtp.Password.Length > 0 && smtp.TokenCommand.Count > 0)
        {
            yield return "Mail:Smtp has a Password and a TokenCommand; keep one.";
        }

        if (smtp.TokenCommand.Count > 0 && !(Path.IsPathFullyQualified(smtp.TokenCommand[0]) && File.Exists(smtp.TokenCommand[0])))
        {
            yield return $"Mail:Smtp:TokenCommand begins with '{smtp.TokenCommand[0]}'; it is the whole path of a program, then "
                + $"its arguments.";
        }

        if (smtp.TimeoutSeconds is < 1 or > 600)
        {
            yield return "Mail:Smtp:TimeoutSeconds is 1 to 600.";
        }
    }

    private static IEnumerable<string> Validate(BounceOptions bounces)
    {
        if (bounces.ReturnPath.Length > 0 && MailAddresses.Normalize(bounces.ReturnPath) is null)
        {
            yield return $"Mail:Bounces:ReturnPath is '{bounces.ReturnPath}'; it is one address, or left out.";
        }

        if (bounces.Token.Length > 0 && (bounces.Token.Length < BounceTokenLength || bounces.Token.Any(c => c is <= ' ' or > '~')))
        {
            yield return $"Mail:Bounces:Token is too short or has a space; it has at least {BounceTokenLength} letters and digits "
                + $"(openssl rand -hex 20).";
        }

        if (bounces.Host.Length == 0)
        {
            if (bounces.User.Length > 0 || bounces.Password.Length > 0)
            {
                yield return "Mail:Bounces:Host is missing, but there is a User or a Password.";
            }

            yield break;
        }

        if (Uri.CheckHostName(bounces.Host) == UriHostNameType.Unknown)
        {
            yield return $"Mail:Bounces:Host is '{bounces.Host}'; it is the name of a server, such as imap.example.org, and nothing else.";
        }

        if (bounces.Port is < 1 or > 65535)
        {
            yield return "Mail:Bounces:Port is 1 to 65535.";
        }

        if (bounces.Security == SmtpSecurity.None && !SmtpOptions.IsLoopback(bounces.Host))
        {
            yield return $"Mail:Bounces:Security is None, which only a server on this computer may have; {bounces.Host} is not one.";
        }

        if (bounces.User.Length == 0 || bounces.Password.Length == 0)
        {
            yield return "Mail:Bounces has a Host, but no User or no Password or PasswordFile.";
        }

        if (string.IsNullOrWhiteSpace(bounces.Folder))
        {
            yield return "Mail:Bounces:Folder is empty; usually it is INBOX.";
        }

        if (bounces.Minutes is < 1 or > 1440)
        {
            yield return "Mail:Bounces:Minutes is 1 to 1440.";
        }
    }

    private static string? KeyComplaint(DkimOptions dkim)
    {
        try
        {
            DkimKey.Read(dkim);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return $"Mail:Dkim:KeyFile: {e.Message}";
        }
    }

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string Or(string value, string fallback) => string.IsNullOrWhiteSpace(value) ? fallback : value;
}
