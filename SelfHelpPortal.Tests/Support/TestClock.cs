using Microsoft.Extensions.Time.Testing;

namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// A clock that stands still until it is told otherwise. It has the database's resolution, so what is written equals what is read.
/// </summary>
/// <remarks>
/// Only the date and the time of day are the test's; timers and measured durations stay real. Otherwise a test that moves the clock by a
/// year would make every timer of a running portal tick for each minute of that year, and whoever waits for a few seconds, as an answer
/// that is held back, would wait until somebody moved the clock.
/// </remarks>
internal sealed class TestClock() : FakeTimeProvider(Start)
{
    /// <summary>A Monday morning within business hours.</summary>
    public static new readonly DateTimeOffset Start = new(2026, 11, 16, 9, 0, 0, TimeSpan.Zero);

    /// <summary>May be set back.</summary>
    public DateTimeOffset Now
    {
        get => GetUtcNow();
        set => AdjustTime(value);
    }

    public override long TimestampFrequency => TimeProvider.System.TimestampFrequency;

    public override long GetTimestamp() => TimeProvider.System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        TimeProvider.System.CreateTimer(callback, state, dueTime, period);
}
