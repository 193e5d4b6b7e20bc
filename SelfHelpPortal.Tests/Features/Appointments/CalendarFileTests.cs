using System.Text;
using Ical.Net;
using SelfHelpPortal.Shared.Appointments;

namespace SelfHelpPortal.Tests.Features.Appointments;

/// <summary>The files are read by a library that had no part in writing them.</summary>
public class CalendarFileTests
{
    private static readonly CalendarEntry Entry = new(
        "0199@example.org", 0, IsCancelled: false, new DateTimeOffset(2026, 12, 3, 13, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2026, 12, 3, 13, 30, 0, TimeSpan.Zero), new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero),
        "Umzug der Lizenz Müller; Söhne, „Kasse“ \\ Büro",
        "Starten Sie die Fernwartung auf beiden PCs und rufen Sie uns an: +49 30 0000000\n"
            + "Bis dann, äöüß äöüß äöüß äöüß äöüß äöüß äöüß",
        "Muster \"Software\" GmbH", "portal@example.org", "kasse@muster-gastro.example");

    [Fact]
    public void It_says_when_what_and_by_whom()
    {
        var calendar = Read(Entry);

        calendar.Method.ShouldBe("REQUEST");
        var appointment = calendar.Events.ShouldHaveSingleItem();
        appointment.Uid.ShouldBe(Entry.Uid);
        appointment.Sequence.ShouldBe(0);
        appointment.Start!.AsUtc.ShouldBe(Entry.StartsAt.UtcDateTime);
        appointment.End!.AsUtc.ShouldBe(Entry.EndsAt.UtcDateTime);
        appointment.DtStamp!.AsUtc.ShouldBe(Entry.WrittenAt.UtcDateTime);
        appointment.Summary.ShouldBe(Entry.Title);
        appointment.Description.ShouldBe(Entry.Text);
        appointment.Organizer!.Value!.ToString().ShouldBe("mailto:portal@example.org");
        appointment.Attendees.ShouldHaveSingleItem().Value!.ToString().ShouldBe("mailto:kasse@muster-gastro.example");
        appointment.Status.ShouldBe("CONFIRMED");
    }

    [Fact]
    public void A_cancellation_has_the_same_id_and_a_higher_sequence()
    {
        var calendar = Read(Entry with { IsCancelled = true, Sequence = 2 });

        calendar.Method.ShouldBe("CANCEL");
        var appointment = calendar.Events.ShouldHaveSingleItem();
        (appointment.Uid, appointment.Sequence, appointment.Status).ShouldBe((Entry.Uid, 2, "CANCELLED"));
        CalendarFile.ContentType(isCancelled: true).ShouldBe("text/calendar; charset=utf-8; method=CANCEL");
    }

    [Fact]
    public void Lines_end_as_they_must_and_have_75_octets_at_most()
    {
        var text = Encoding.UTF8.GetString(CalendarFile.Write(Entry));

        text.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain('\n');
        text.ShouldEndWith("END:VCALENDAR\r\n");
        text.Split("\r\n").ShouldAllBe(line => Encoding.UTF8.GetByteCount(line) <= 75);
    }

    private static Calendar Read(CalendarEntry entry) =>
        Calendar.Load(Encoding.UTF8.GetString(CalendarFile.Write(entry))).ShouldNotBeNull();
}
