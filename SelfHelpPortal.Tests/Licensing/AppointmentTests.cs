using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Licensing.Checklists;
using SelfHelpPortal.Tests.Support;

namespace SelfHelpPortal.Tests.Licensing;

public class AppointmentTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static readonly AppointmentPolicy Afternoons = new() { IsOffered = true };

    private static readonly AppointmentSlot Slot = new(At("2026-12-03T13:00Z"), At("2026-12-03T13:30Z"));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void Weekday_afternoons_have_five_times_and_the_next_one_is_first()
    {
        var slots = Afternoons.Slots(At("2026-11-30T09:00Z"), Berlin, _ => false);

        slots.Take(6).Select(s => s.StartsAt).ShouldBe(
        [
            At("2026-12-01T13:00Z"), At("2026-12-01T13:30Z"), At("2026-12-01T14:00Z"), At("2026-12-01T14:30Z"), At("2026-12-01T15:00Z"),
            At("2026-12-02T13:00Z"),
        ]);
        slots.ShouldAllBe(s => s.EndsAt - s.StartsAt == TimeSpan.FromMinutes(30));
        slots.Select(s => s.StartsAt.DayOfWeek).ShouldNotContain(DayOfWeek.Saturday);
        slots.Max(s => s.StartsAt).ShouldBeLessThan(At("2027-01-12T00:00Z"));
    }

    [Fact]
    public void What_is_nearer_than_the_lead_time_cannot_be_booked() =>
        Afternoons.Slots(At("2026-11-30T13:31Z"), Berlin, _ => false)[0].StartsAt.ShouldBe(At("2026-12-01T14:00Z"));

    [Fact]
    public void Two_o_clock_stays_two_o_clock_when_the_clocks_change()
    {
        Starts("2026-03-26T08:00Z", "2026-03-27", "2026-03-30").ShouldBe([At("2026-03-27T13:00Z"), At("2026-03-30T12:00Z")]);
        Starts("2026-10-22T08:00Z", "2026-10-23", "2026-10-26").ShouldBe([At("2026-10-23T12:00Z"), At("2026-10-26T13:00Z")]);
    }

    [Fact]
    public void In_the_night_of_a_change_no_time_is_missing_twice_or_told_twice()
    {
        var nights = Afternoons with { From = new(1, 0), Until = new(4, 0), Minutes = 60, Days = new() { Sunday = true }, LeadHours = 0 };

        // 02:00 does not exist on 29 March 2026; on 25 October it does twice, and one of the two can be booked.
        nights.Slots(At("2026-03-28T20:00Z"), Berlin, _ => false).Take(2).Select(s => s.StartsAt)
            .ShouldBe([At("2026-03-29T00:00Z"), At("2026-03-29T01:00Z")]);
        nights.Slots(At("2026-10-24T20:00Z"), Berlin, _ => false).Take(3).Select(s => s.StartsAt)
            .ShouldBe([At("2026-10-24T23:00Z"), At("2026-10-25T01:00Z"), At("2026-10-25T02:00Z")]);
    }

    [Fact]
    public void The_29th_of_February_can_be_booked() =>
        Starts("2028-02-28T08:00Z", "2028-02-29", "2028-03-01").ShouldBe([At("2028-02-29T13:00Z"), At("2028-03-01T13:00Z")]);

    [Fact]
    public void Closed_days_have_no_times_and_are_read_one_a_line()
    {
        var closed = Afternoons with { ClosedDays = "2026-12-02\n\n2026-12-24/2027-01-01" };

        closed.Problems().ShouldBeEmpty();
        var days = closed.Slots(At("2026-11-30T09:00Z"), Berlin, _ => false).Select(s => DateOnly.FromDateTime(s.StartsAt.DateTime))
            .ToList();
        days.ShouldContain(Day("2026-12-01"));
        days.ShouldNotContain(Day("2026-12-02"));
        days.ShouldContain(Day("2026-12-23"));
        days.ShouldNotContain(Day("2026-12-28"));
        days.ShouldContain(Day("2027-01-04"));
    }

    [Theory]
    [InlineData("24.12.2026")]
    [InlineData("2026-12-24/2026-12-01")]
    [InlineData("2026-01-01/2126-01-01")]
    public void Days_that_cannot_be_read_are_refused(string text) =>
        (Afternoons with { ClosedDays = text }).Problems().Select(p => p.Id).ShouldBe(["appointments.closedDays"]);

    [Fact]
    public void A_policy_that_cannot_be_meant_says_where()
    {
        var wrong = Afternoons with
        {
            Minutes = 3,
            Lanes = 0,
            LeadHours = -1,
            HorizonDays = 61,
            Holidays = "DE-XX",
            Days = new() { Monday = false, Tuesday = false, Wednesday = false, Thursday = false, Friday = false },
        };

        wrong.Problems().Select(p => p.Id).ShouldBe(
        [
            "appointments.days.monday", "appointments.minutes", "appointments.lanes", "appointments.leadHours", "appointments.horizonDays",
            "appointments.holidays",
        ]);
        (Afternoons with { Minutes = 151 }).Problems().Select(p => p.Id).ShouldBe(["appointments.until"]);
        wrong.Slots(At("2026-11-30T09:00Z"), Berlin, _ => false).ShouldBeEmpty();
        new AppointmentPolicy().Slots(At("2026-11-30T09:00Z"), Berlin, _ => false).ShouldBeEmpty("it is not offered");
    }

    [Theory]
    [InlineData("2026-12-03", "2026-12-02")] // Thursday
    [InlineData("2026-12-07", "2026-12-04")] // Monday
    [InlineData("2027-03-30", "2027-03-25")] // Tuesday after Easter
    public void The_working_day_before_leaves_out_weekends_and_holidays(string day, string before)
    {
        DateOnly[] holidays = [Day("2027-03-26"), Day("2027-03-29")];

        Afternoons.WorkingDayBefore(Day(day), holidays.Contains).ShouldBe(Day(before));
    }

    [Fact]
    public void It_is_moved_and_cancelled_until_it_begins_and_each_change_raises_the_sequence()
    {
        var appointment = Booked();
        var later = new AppointmentSlot(At("2026-12-04T13:00Z"), At("2026-12-04T13:30Z"));
        appointment.Remind(At("2026-12-02T14:00Z")).ShouldBeTrue();
        appointment.Remind(At("2026-12-02T14:01Z")).ShouldBeFalse();

        appointment.Move(later, 1, At("2026-12-02T15:00Z")).ShouldSucceed();

        (appointment.StartsAt, appointment.Lane, appointment.Sequence).ShouldBe((later.StartsAt, 1, 1));
        appointment.Remind(At("2026-12-03T14:00Z")).ShouldBeTrue("it is another day now");
        appointment.Move(Slot, 0, later.StartsAt).Succeeded.ShouldBeFalse("it has begun");
        appointment.Prepare(Preparation.Drive, later.StartsAt).Succeeded.ShouldBeFalse();
        appointment.Cancel(later.StartsAt).ShouldSucceed();
        (appointment.State, appointment.Sequence).ShouldBe((AppointmentState.Cancelled, 2));
        appointment.Cancel(later.StartsAt).Succeeded.ShouldBeFalse();
        appointment.Move(Slot, 0, At("2026-12-01T15:00Z")).Succeeded.ShouldBeFalse();
        appointment.Remind(At("2026-12-02T15:00Z")).ShouldBeFalse();
    }

    [Fact]
    public void The_steps_come_one_after_the_other_and_the_fiscal_unit_is_not_everybodys()
    {
        var appointment = Booked();
        var now = Slot.StartsAt;
        appointment.Finish(now).Succeeded.ShouldBeFalse();
        appointment.Tick(MoveStep.NewPcActivated, now).Succeeded.ShouldBeFalse();
        appointment.Tick(MoveStep.OldPcReleased, now).ShouldSucceed();
        appointment.Tick(MoveStep.OldPcReleased, now).Succeeded.ShouldBeFalse();
        appointment.Miss(now).Succeeded.ShouldBeFalse("somebody was there");
        appointment.Tick(MoveStep.NewPcActivated, now).ShouldSucceed();
        appointment.NextStep.ShouldBe(MoveStep.FiscalUnitMoved);
        appointment.MayBeDone.ShouldBeTrue();
        appointment.Tick(MoveStep.FiscalUnitMoved, now).ShouldSucceed();
        appointment.NextStep.ShouldBeNull();

        appointment.Finish(now).ShouldSucceed();

        appointment.State.ShouldBe(AppointmentState.Done);
        appointment.Cancel(now).Succeeded.ShouldBeFalse();
    }

    [Fact]
    public void The_checklist_can_be_ticked_until_it_is_over_and_no_calendar_hears_of_it()
    {
        var appointment = Booked();
        var (before, reply) = (appointment.ChangedAt, new ChecklistReply("DE", null, ["tse"], ["tse"]));
        appointment.KeepChecklist(new ChecklistReply(null, null, ["tse"], []), SampleChecklists.Policy).ShouldSucceed();
        appointment.Checklist.ShouldBeNull("nothing was said");
        appointment.KeepChecklist(reply, SampleChecklists.Policy).ShouldSucceed();
        appointment.Checklist.ShouldBe(new ChecklistAnswers { Country = "DE", Done = ["tse"] });
        (appointment.Sequence, appointment.ChangedAt).ShouldBe((0, before));

        appointment.Cancel(Slot.StartsAt).ShouldSucceed();
        appointment.KeepChecklist(reply with { Done = [] }, SampleChecklists.Policy).Succeeded.ShouldBeFalse();
        appointment.Checklist!.Done.ShouldBe(["tse"]);
    }

    [Fact]
    public void Nobody_has_missed_what_has_not_begun()
    {
        var appointment = Booked();
        appointment.Miss(Slot.StartsAt.AddSeconds(-1)).Succeeded.ShouldBeFalse();
        appointment.Miss(Slot.StartsAt).ShouldSucceed();
        appointment.State.ShouldBe(AppointmentState.NoShow);
    }

    private static Appointment Booked() =>
        Appointment.Book(Guid.NewGuid(), "muster-pos", SampleAppointments.Wish(), Slot, 0, At("2026-12-01T09:00Z"));

    /// <summary>The first time on each of the days.</summary>
    private static IEnumerable<DateTimeOffset> Starts(string now, params string[] days)
    {
        var slots = Afternoons.Slots(At(now), Berlin, _ => false);
        return days.Select(day => slots.First(s => DateOnly.FromDateTime(s.StartsAt.DateTime) == Day(day)).StartsAt);
    }
}
