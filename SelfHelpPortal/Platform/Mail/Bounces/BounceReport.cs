using MimeKit;
using SelfHelpPortal.Platform.Mail.Sending;

namespace SelfHelpPortal.Platform.Mail.Bounces;

/// <summary>What a server says of a mail that another one had taken.</summary>
/// <param name="MessageId">Which mail, without angle brackets.</param>
/// <param name="HasFailed">It will not arrive; otherwise the server still tries.</param>
/// <param name="Status">The enhanced status code (RFC 3463), or empty.</param>
/// <param name="Words">What the last server answered.</param>
internal sealed record BounceReport(string MessageId, bool HasFailed, string Status, string Words)
{
    private const string DeliveryStatus = "delivery-status";

    /// <summary>As it is kept and judged: the code first, unless it only says that there is none.</summary>
    public string Reply =>
        SendResults.Reply(Status.Length == 0 || (Status.EndsWith(".0.0", StringComparison.Ordinal) && Words.Length > 0)
            ? Words
            : $"{Status} {Words}".TrimEnd());

    /// <summary>Whether the mailbox takes no mail, so that the next one would come back too: as a 550 at once would say.</summary>
    public bool RefusesMailbox =>
        HasFailed && !Status.StartsWith('4') && Refusals.About(Reply) is RefusalAbout.Mailbox or RefusalAbout.Unsaid;

    /// <summary>Whether a mail with this type is a report at all (RFC 3462).</summary>
    public static bool IsReport(ContentType type) =>
        type.IsMimeType("multipart", "report")
        && string.Equals(type.Parameters["report-type"], DeliveryStatus, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Null for whatever is no report that a mail failed or is late (RFC 3464). Anybody can write one: it counts only for the mail whose
    /// id it has, and nobody but its reader and the servers on the way knows that.
    /// </summary>
    public static BounceReport? Read(MimeMessage message)
    {
        if (message.Body is not MultipartReport report || !IsReport(report.ContentType)
            || report.OfType<MessageDeliveryStatus>().FirstOrDefault() is not { } told)
        {
            return null;
        }

        // The first group is about the mail, each further one about a recipient; ours have one.
        var groups = told.StatusGroups;
        if (groups.Skip(1).FirstOrDefault(g => IsAction(g["Action"], "failed") || IsAction(g["Action"], "delayed")) is not { } recipient)
        {
            return null;
        }

        var original = report.OfType<MessagePart>().Select(p => p.Message?.MessageId).FirstOrDefault(id => !string.IsNullOrEmpty(id));
        return (original ?? groups[0]["Original-Envelope-Id"]) is { Length: > 0 } id
            ? new BounceReport(
                id.Trim().Trim('<', '>'), IsAction(recipient["Action"], "failed"), FirstWord(recipient["Status"]),
                WithoutType(recipient["Diagnostic-Code"]))
            : null;
    }

    private static bool IsAction(string? told, string action) =>
        string.Equals(FirstWord(told), action, StringComparison.OrdinalIgnoreCase);

    private static string FirstWord(string? text) => (text ?? "").Trim().Split(' ', ';', '(')[0];

    /// <summary><c>smtp; 550 5.1.1 unknown</c></summary>
    private static string WithoutType(string? diagnostic) => (diagnostic ?? "").Split(';', 2)[^1].Trim();
}
