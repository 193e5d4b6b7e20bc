using SelfHelpPortal.Licensing.Appointments;
using SelfHelpPortal.Shared.Appointments;

namespace SelfHelpPortal.Tests.Features.Appointments;

public class PublicHolidaysTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static readonly AppointmentPolicy Offered = new() { IsOffered = true };

    [Theory]
    [InlineData("2026-06-04", "DE-BY", "DE-BE")] // Corpus Christi
    [InlineData("2026-01-06", "DE-BW", "DE-NW")] // Epiphany
    [InlineData("2026-10-31", "DE-SN", "DE-BY")] // Reformation
    [InlineData("2026-10-26", "AT", "DE-BY")] // Austria's national day
    public void A_public_holiday_is_free_where_it_is_one(string day, string there, string elsewhere)
    {
        PublicHolidays.In(there)(Day(day)).ShouldBeTrue();
        PublicHolidays.In(elsewhere)(Day(day)).ShouldBeFalse();
        PublicHolidays.In(null)(Day(day)).ShouldBeFalse();
    }

    [Fact]
    public void Every_region_that_can_be_chosen_has_a_calendar() =>
        HolidayRegions.All.ShouldAllBe(region => PublicHolidays.In(region)(new DateOnly(2026, 12, 25)));

    [Fact]
    public void A_holiday_in_one_state_only_has_no_times_there()
    {
        Times("DE-BY").ShouldNotContain(Day("2026-06-04"));
        Times("DE-BE").ShouldContain(Day("2026-06-04"));

        static IEnumerable<DateOnly> Times(string region) => Offered.Slots(At("2026-06-01T08:00Z"), Berlin, PublicHolidays.In(region))
            .Select(s => DateOnly.FromDateTime(s.StartsAt.DateTime));
    }

    [Fact]
    public void No_working_day_is_a_holiday_of_the_region() => // Good Friday and Easter Monday
        Offered.WorkingDayBefore(Day("2027-03-30"), PublicHolidays.In("DE-BY")).ShouldBe(Day("2027-03-25"));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
