using PublicHoliday;

namespace SelfHelpPortal.Shared.Appointments;

/// <summary>The calendars behind <see cref="Licensing.Appointments.HolidayRegions"/>.</summary>
internal static class PublicHolidays
{
    /// <param name="region">Null: no day is one.</param>
    public static Func<DateOnly, bool> In(string? region) => region switch
    {
        null => _ => false,
        "AT" => Ask(new AustriaPublicHoliday()),
        _ => Ask(new GermanPublicHoliday { State = Enum.Parse<GermanPublicHoliday.States>(region["DE-".Length..]) }),
    };

    private static Func<DateOnly, bool> Ask(IPublicHolidays calendar) => day => calendar.IsPublicHoliday(day.ToDateTime(TimeOnly.MinValue));
}
