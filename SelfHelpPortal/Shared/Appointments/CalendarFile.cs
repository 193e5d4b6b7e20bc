using System.Globalization;
using System.Text;
using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Platform.Mail;

namespace SelfHelpPortal.Shared.Appointments;

/// <summary>What a calendar is told of an appointment.</summary>
/// <param name="Uid">The same for every change of one appointment.</param>
/// <param name="Sequence">Higher with every change.</param>
internal sealed record CalendarEntry(
    string Uid, int Sequence, bool IsCancelled, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset WrittenAt, string Title,
    string Text, string Organizer, string OrganizerAddress, string GuestAddress)
{
    /// <summary>One for the mails and for the feed, so that a calendar that has both shows the appointment once.</summary>
    public static string UidOf(Appointment appointment, MailOptions mail) => $"{appointment.Id:n}@{mail.Domain()}";
}

/// <summary>
/// Writes a calendar file (RFC 5545, RFC 5546), with all times in UTC so that it needs no definition of a zone.
/// </summary>
internal static class CalendarFile
{
    /// <summary>Octets of a line before it is folded.</summary>
    private const int LongestLine = 75;

    public static string ContentType(bool isCancelled) => $"text/calendar; charset=utf-8; method={Method(isCancelled)}";

    /// <summary>For the calendar of whoever booked.</summary>
    public static byte[] Write(CalendarEntry entry) => Write(
        Method(entry.IsCancelled),
        [
            .. Event(entry),
            $"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:{entry.GuestAddress}",
            "END:VEVENT",
        ]);

    /// <summary>For a calendar that reads all of them again and again.</summary>
    public static byte[] WriteFeed(IReadOnlyList<CalendarEntry> entries) =>
        Write("PUBLISH", entries.SelectMany(entry => (string[])[.. Event(entry), "END:VEVENT"]));

    private static string[] Event(CalendarEntry entry) =>
    [
        "BEGIN:VEVENT",
        $"UID:{entry.Uid}",
        string.Create(CultureInfo.InvariantCulture, $"SEQUENCE:{entry.Sequence}"),
        $"DTSTAMP:{Utc(entry.WrittenAt)}",
        $"DTSTART:{Utc(entry.StartsAt)}",
        $"DTEND:{Utc(entry.EndsAt)}",
        $"SUMMARY:{Escape(entry.Title)}",
        $"DESCRIPTION:{Escape(entry.Text)}",
        $"ORGANIZER;CN=\"{Quoted(entry.Organizer)}\":mailto:{entry.OrganizerAddress}",
        $"STATUS:{(entry.IsCancelled ? "CANCELLED" : "CONFIRMED")}",
    ];

    private static byte[] Write(string method, IEnumerable<string> events)
    {
        string[] lines =
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//SelfHelpPortal//Appointments//EN",
            "CALSCALE:GREGORIAN",
            $"METHOD:{method}",
            .. events,
            "END:VCALENDAR",
        ];
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            Fold(text, line);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Method(bool isCancelled) => isCancelled ? "CANCEL" : "REQUEST";

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.ReplaceLineEndings("\n")
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>A quoted parameter can hold neither quotation marks nor line ends.</summary>
    private static string Quoted(string text) => text.ReplaceLineEndings(" ").Replace('"', '\'');

    /// <summary>No symbol is torn: a reader that joins the lines byte by byte and one that joins them as text find the same.</summary>
    private static void Fold(StringBuilder text, string line)
    {
        var used = 0;
        foreach (var symbol in line.EnumerateRunes())
        {
            if (used + symbol.Utf8SequenceLength > LongestLine)
            {
                text.Append("\r\n ");
                used = 1;
            }

            text.Append(symbol.ToString());
            used += symbol.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }
}
