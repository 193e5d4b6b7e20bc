using System.Globalization;
using Microsoft.Extensions.Options;

namespace SelfHelpPortal.Platform.Vendor;

/// <summary>Instants as people read them: in the vendor's zone and the reader's language.</summary>
internal sealed class LocalTimes(IOptions<VendorOptions> vendor)
{
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(vendor.Value.TimeZone);

    public DateTimeOffset ToLocal(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>The day in the vendor's zone: prices, invoices and subscriptions begin and end with it.</summary>
    public DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(ToLocal(now).DateTime);

    /// <summary>When the day begins in the vendor's zone (UTC); of the first day there is, the first instant there is.</summary>
    public DateTimeOffset BeginningOf(DateOnly day)
    {
        // Somebody may have typed any day, and midnight of the first one lies before the beginning of time where clocks are ahead of UTC.
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        var ticks = midnight.Ticks - Zone.GetUtcOffset(midnight).Ticks;
        return new DateTimeOffset(Math.Max(ticks, DateTimeOffset.MinValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>When the next day begins in the vendor's zone (UTC); of the last day there is, the last instant there is.</summary>
    public DateTimeOffset EndOf(DateOnly day) => day == DateOnly.MaxValue ? DateTimeOffset.MaxValue : BeginningOf(day.AddDays(1));

    /// <summary>"21.11.2026, 08:14 Uhr" or "21 Nov 2026, 08:14 (Europe/Berlin)".</summary>
    public string DateAndTime(DateTimeOffset at, CultureInfo culture) => Moment(at, culture) + ZoneNote(culture);

    /// <summary>The part of <see cref="DateAndTime" /> that stays on one line.</summary>
    public string Moment(DateTimeOffset at, CultureInfo culture) =>
        ToLocal(at).ToString(IsGerman(culture) ? "dd.MM.yyyy, HH:mm 'Uhr'" : "d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The rest: readers of English are told the zone.</summary>
    public string ZoneNote(CultureInfo culture) => IsGerman(culture) ? "" : $" ({Zone.Id})";

    /// <summary>"21.11.2026" or "21 Nov 2026".</summary>
    public string Date(DateTimeOffset at, CultureInfo culture) => Date(Today(at), culture);

    /// <inheritdoc cref="Date(DateTimeOffset, CultureInfo)" />
    public static string Date(DateOnly day, CultureInfo culture) =>
        day.ToString(IsGerman(culture) ? "dd.MM.yyyy" : "d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary><see cref="Moment" /> for whoever reads this page: when something may be tried again may be another day.</summary>
    public string DayAndTime(DateTimeOffset at) => Moment(at, CultureInfo.CurrentUICulture);

    private static bool IsGerman(CultureInfo culture) => culture.TwoLetterISOLanguageName == "de";
}
