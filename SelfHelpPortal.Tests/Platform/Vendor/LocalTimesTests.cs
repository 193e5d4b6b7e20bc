using Microsoft.Extensions.Options;
using SelfHelpPortal.Platform.Vendor;

namespace SelfHelpPortal.Tests.Platform.Vendor;

/// <summary>When a day begins and ends where the vendor is.</summary>
public class LocalTimesTests
{
    [Theory]
    [InlineData("Europe/Berlin", "2026-11-21", "2026-11-20T23:00Z", "2026-11-21T23:00Z")]
    [InlineData("Europe/Berlin", "2026-03-29", "2026-03-28T23:00Z", "2026-03-29T22:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z")]
    [InlineData("America/New_York", "2026-01-01", "2026-01-01T05:00Z", "2026-01-02T05:00Z")]
    [InlineData("UTC", "2026-01-01", "2026-01-01T00:00Z", "2026-01-02T00:00Z")]
    public void A_day_begins_and_ends_at_midnight_where_the_vendor_is(string zone, string day, string begins, string ends)
    {
        var (times, date) = (Times(zone), DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));

        times.BeginningOf(date).ShouldBe(At(begins));
        times.EndOf(date).ShouldBe(At(ends));
        times.BeginningOf(date).Offset.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/Los_Angeles")]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("UTC")]
    public void The_first_and_the_last_day_there_is_begin_and_end_too(string zone)
    {
        var times = Times(zone);

        foreach (var day in (DateOnly[])[DateOnly.MinValue, DateOnly.MinValue.AddDays(1), DateOnly.MaxValue.AddDays(-1), DateOnly.MaxValue])
        {
            times.EndOf(day).ShouldBeGreaterThan(times.BeginningOf(day), $"{day:yyyy-MM-dd}");
        }

        times.EndOf(DateOnly.MaxValue).ShouldBe(DateTimeOffset.MaxValue);
    }

    private static LocalTimes Times(string zone) => new(Options.Create(new VendorOptions { TimeZone = zone }));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
