namespace SelfHelpPortal.Tests.Support;

/// <summary>
/// A clock that stands still until it is told otherwise. It has the database's resolution, so what is written equals what is read.
/// </summary>
internal sealed class TestClock : TimeProvider
{
    /// <summary>A Monday morning within business hours.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 16, 9, 0, 0, TimeSpan.Zero);

    private long _ticks = Start.UtcTicks;

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
