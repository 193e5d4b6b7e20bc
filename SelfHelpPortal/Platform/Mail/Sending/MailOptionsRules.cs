using SelfHelpPortal.Configuration;

namespace SelfHelpPortal.Platform.Mail.Sending;

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
        options.Dkim.Domain = options.Dkim.Domain.ToLowerInvariant();
        if (options.Dkim.KeyFile.Length > 0)
        {
            options.Dkim.KeyFile = environment.Resolve(options.Dkim.KeyFile);
        }
    }

    /// <summary>What is missing or dangerous, as one sentence; null when all is well.</summary>
    public static string? Validate(MailOptions options, IHostEnvironment environment)
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

        return (options.Dkim.IsGiven() ? Validate(options.Dkim, options.Domain()) : null)
            ?? (options.Transport == MailTransportKind.Smtp ? Validate(options.Smtp) : null);
    }

    private static string? Validate(DkimOptions dkim, string sender)
    {
        if (dkim.Domain.Length == 0 || dkim.Selector.Length == 0 || dkim.KeyFile.Length == 0)
        {
            return "Mail:Dkim wants Domain, Selector and KeyFile: give all three, or none.";
        }

        if (sender != dkim.Domain && !sender.EndsWith("." + dkim.Domain, StringComparison.Ordinal))
        {
            return $"Mail:Dkim:Domain is '{dkim.Domain}', but Mail:From is at '{sender}': receivers want the same domain, or one above it.";
        }

        if (!dkim.Selector.Split('.').All(IsLabel))
        {
            return $"Mail:Dkim:Selector is '{dkim.Selector}'; it is a part of a name in DNS, such as portal2026.";
        }

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

    private static string? Validate(SmtpOptions smtp)
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

        if (smtp.User.Length == 0 && (smtp.Password.Length > 0 || smtp.TokenCommand.Count > 0))
        {
            return "Mail:Smtp:User is missing, but there is a Password or a TokenCommand.";
        }

        if (smtp.User.Length > 0 && smtp.Password.Length == 0 && smtp.TokenCommand.Count == 0)
        {
            return $"Mail:Smtp:User is '{smtp.User}' without Password, PasswordFile or TokenCommand.";
        }

        if (smtp.Password.Length > 0 && smtp.TokenCommand.Count > 0)
        {
            return "Mail:Smtp has a Password and a TokenCommand; keep one.";
        }

        if (smtp.TokenCommand.Count > 0 && !(Path.IsPathFullyQualified(smtp.TokenCommand[0]) && File.Exists(smtp.TokenCommand[0])))
        {
            return $"Mail:Smtp:TokenCommand begins with '{smtp.TokenCommand[0]}'; it is the whole path of a program, then its arguments.";
        }

        return smtp.TimeoutSeconds is < 1 or > 600 ? "Mail:Smtp:TimeoutSeconds is 1 to 600." : null;
    }

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string Or(string value, string fallback) => string.IsNullOrWhiteSpace(value) ? fallback : value;
}
