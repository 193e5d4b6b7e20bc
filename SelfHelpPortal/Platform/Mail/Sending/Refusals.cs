using System.Globalization;
using System.Text.RegularExpressions;

namespace SelfHelpPortal.Platform.Mail.Sending;

/// <summary>What a final refusal is about, whatever number it has.</summary>
internal enum RefusalAbout
{
    /// <summary>The server has not said.</summary>
    Unsaid,

    /// <summary>There is no such mailbox, or it takes no mail from anybody.</summary>
    Mailbox,

    /// <summary>This mail: its content, its size, or a rule of the receiver's. The next one may arrive.</summary>
    Message,

    /// <summary>Us, whoever receives it.</summary>
    Sender,
}

/// <summary>
/// Reads what servers say of a refusal: by the enhanced status code (RFC 3463) where there is one, since 550 alone stands for an unknown
/// mailbox and for spam alike; by a few words where there is none. A doubtful one does not count against the mailbox for that.
/// </summary>
internal static partial class Refusals
{
    public static RefusalAbout About(string reply)
    {
        if (Code().Match(reply) is not { Success: true } code)
        {
            return Words(reply);
        }

        var detail = code.Groups["detail"].Value;
        return (code.Groups["subject"].Value, int.Parse(detail, CultureInfo.InvariantCulture)) switch
        {
            // The address of the sender.
            ("1", 7 or 8) => RefusalAbout.Sender,
            ("1", _) => RefusalAbout.Mailbox,

            // Longer than this mailbox takes.
            ("2", 3) => RefusalAbout.Message,
            ("2", _) => RefusalAbout.Mailbox,
            ("3", 4) => RefusalAbout.Message,

            // Not delivered in time, wherever it hung.
            ("4", 7) => RefusalAbout.Message,
            ("6", _) => RefusalAbout.Message,
            ("7", _) => Relaying().IsMatch(reply) ? RefusalAbout.Sender : RefusalAbout.Message,
            _ => Words(reply),
        };
    }

    private static RefusalAbout Words(string reply) =>
        Relaying().IsMatch(reply) ? RefusalAbout.Sender : Rules().IsMatch(reply) ? RefusalAbout.Message : RefusalAbout.Unsaid;

    /// <summary>Of a final refusal, at the beginning of what was said.</summary>
    [GeneratedRegex(@"^\s*(?:5\d\d[ -])?5\.(?<subject>\d{1,3})\.(?<detail>\d{1,3})(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex(@"\brelay", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Relaying();

    [GeneratedRegex(
        @"\b(spam|virus|malware|phishing|black ?list|block ?list|blocked|polic|reputation|content|SPF|DKIM|DMARC|size|"
            + @"too (large|big|long))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rules();
}
