using System.Globalization;

namespace SelfHelpPortal.Licensing.Appointments;

/// <summary>A time that can be booked.</summary>
public readonly record struct AppointmentSlot(DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>The days of the week on which there are appointments.</summary>
public sealed record AppointmentDays
{
    public bool Monday { get; init; } = true;
    public bool Tuesday { get; init; } = true;
    public bool Wednesday { get; init; } = true;
    public bool Thursday { get; init; } = true;
    public bool Friday { get; init; } = true;
    public bool Saturday { get; init; }
    public bool Sunday { get; init; }

    public bool Any => Monday || Tuesday || Wednesday || Thursday || Friday || Saturday || Sunday;

    public bool Contains(DayOfWeek day) => day switch
    {
        DayOfWeek.Monday => Monday,
        DayOfWeek.Tuesday => Tuesday,
        DayOfWeek.Wednesday => Wednesday,
        DayOfWeek.Thursday => Thursday,
        DayOfWeek.Friday => Friday,
        DayOfWeek.Saturday => Saturday,
        DayOfWeek.Sunday => Sunday,
    };
}

/// <summary>
/// When somebody of the vendor's helps to move a license, as rules in the vendor's time zone. The calendar of public holidays comes in as a
/// function, since this project knows no country.
/// </summary>
public sealed record AppointmentPolicy
{
    /// <summary>How far back the working day before an appointment is looked for.</summary>
    private const int LongestBreak = 60;

    private const int MostClosedDays = 400;

    public bool IsOffered { get; init; }

    public AppointmentDays Days { get; init; } = new();

    public TimeOnly From { get; init; } = new(14, 0);

    public TimeOnly Until { get; init; } = new(16, 30);

    /// <summary>How long one appointment takes; the next one begins after it.</summary>
    public int Minutes { get; init; } = 30;

    /// <summary>How many appointments there are at the same time.</summary>
    public int Lanes { get; init; } = 1;

    /// <summary>The least time between booking and appointment.</summary>
    public int LeadHours { get; init; } = 24;

    /// <summary>How many days ahead can be booked.</summary>
    public int HorizonDays { get; init; } = 42;

    /// <summary>Whose public holidays are free: a state of Germany such as <c>DE-BY</c>, or <c>AT</c>; null = none.</summary>
    public string? Holidays { get; init; }

    /// <summary>Days without appointments: one a line, or the first and the last one as <c>2026-12-24/2027-01-01</c>.</summary>
    public string? ClosedDays { get; init; }

    /// <summary>What can be booked at this moment if nobody has booked it, the next one first.</summary>
    public IReadOnlyList<AppointmentSlot> Slots(DateTimeOffset now, TimeZoneInfo zone, Func<DateOnly, bool> isHoliday)
    {
        var slots = new List<AppointmentSlot>();
        if (!IsOffered || Problems().Any())
        {
            return slots;
        }

        var closed = Closed(ClosedDays)!;
        var (earliest, length) = (now.AddHours(LeadHours), TimeSpan.FromMinutes(Minutes));
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        for (var day = today; day.DayNumber <= today.DayNumber + HorizonDays; day = day.AddDays(1))
        {
            if (!Days.Contains(day.DayOfWeek) || closed.Contains(day) || isHoliday(day))
            {
                continue;
            }

            for (var begin = From.ToTimeSpan(); begin + length <= Until.ToTimeSpan(); begin += length)
            {
                var local = day.ToDateTime(TimeOnly.FromTimeSpan(begin));

                // There is no such time on the clock in the night when the clocks go forward.
                if (zone.IsInvalidTime(local))
                {
                    continue;
                }

                var at = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
                if (at >= earliest)
                {
                    slots.Add(new AppointmentSlot(at, at + length));
                }
            }
        }

        return slots;
    }

    /// <summary>The last day before this one on which people work: no weekend, no public holiday, not closed.</summary>
    public DateOnly WorkingDayBefore(DateOnly day, Func<DateOnly, bool> isHoliday)
    {
        var closed = Closed(ClosedDays) ?? [];
        for (var before = day.AddDays(-1); before.DayNumber > day.DayNumber - LongestBreak; before = before.AddDays(-1))
        {
            if (before.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !closed.Contains(before) && !isHoliday(before))
            {
                return before;
            }
        }

        return day.AddDays(-1);
    }

    /// <summary>What cannot be meant, by the path of the setting.</summary>
    public IEnumerable<BrokenRule> Problems()
    {
        (bool Holds, string Path, string German, string English)[] rules =
        [
            (!IsOffered || Days.Any, "appointments.days.monday",
                "Wählen Sie mindestens einen Wochentag.", "Choose at least one day of the week."),
            (Minutes is >= 5 and <= 480, "appointments.minutes",
                "Geben Sie eine Zahl von 5 bis 480 ein.", "Enter a number from 5 to 480."),
            (Minutes < 5 || From.ToTimeSpan() + TimeSpan.FromMinutes(Minutes) <= Until.ToTimeSpan(), "appointments.until",
                "Zwischen Beginn und Ende muss ein Termin passen.", "One appointment must fit between beginning and end."),
            (Lanes is >= 1 and <= 20, "appointments.lanes",
                "Geben Sie eine Zahl von 1 bis 20 ein.", "Enter a number from 1 to 20."),
            (LeadHours is >= 0 and <= 336, "appointments.leadHours",
                "Geben Sie eine Zahl von 0 bis 336 ein.", "Enter a number from 0 to 336."),
            (HorizonDays is >= 1 and <= 60, "appointments.horizonDays",
                "Geben Sie eine Zahl von 1 bis 60 ein.", "Enter a number from 1 to 60."),
            (Holidays is null || HolidayRegions.All.Contains(Holidays), "appointments.holidays",
                $"Geben Sie eines dieser Kürzel ein oder nichts: {string.Join(", ", HolidayRegions.All)}.",
                $"Enter one of these, or nothing: {string.Join(", ", HolidayRegions.All)}."),
            (Closed(ClosedDays) is not null, "appointments.closedDays",
                "Ein Tag je Zeile, etwa 2026-12-24, oder der erste und der letzte Tag, etwa 2026-12-24/2027-01-01.",
                "One day a line, such as 2026-12-24, or the first and the last day, such as 2026-12-24/2027-01-01."),
        ];
        return rules.Where(r => !r.Holds).Select(r => new BrokenRule(r.Path, r.German, r.English));
    }

    /// <summary>Null when it cannot be read.</summary>
    private static HashSet<DateOnly>? Closed(string? text)
    {
        var closed = new HashSet<DateOnly>();
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var days = line.Split('/');
            if (days.Length > 2 || !TryRead(days[0], out var first) || !TryRead(days[^1], out var last)
                || last < first || last.DayNumber - first.DayNumber > MostClosedDays)
            {
                return null;
            }

            for (var day = first; day <= last; day = day.AddDays(1))
            {
                closed.Add(day);
            }
        }

        return closed;
    }

    private static bool TryRead(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}

/// <summary>The calendars of public holidays that can be chosen.</summary>
public static class HolidayRegions
{
    public static IReadOnlyList<string> All { get; } =
    [
        "AT", "DE-BB", "DE-BE", "DE-BW", "DE-BY", "DE-HB", "DE-HE", "DE-HH", "DE-MV", "DE-NI", "DE-NW", "DE-RP", "DE-SH", "DE-SL", "DE-SN",
        "DE-ST", "DE-TH",
    ];
}
